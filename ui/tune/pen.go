package tune

import (
	"setpoint/sensors/display"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
)

// A pen writes lines below each other, as many as there is room for.
type pen struct {
	screen.Area
	y int
}

// gap leaves a line free.
func (w *pen) gap() { w.y++ }

// line writes spans side by side; what does not fit is cut off with a sign.
func (w *pen) line(spans ...screen.Span) {
	x := 0
	for _, s := range spans {
		x = w.Text(x, w.y, s.Style, display.Truncate(s.Text, max(w.W-x, 0)))
	}
	w.y++
}

// wrap writes a text in as many lines as it takes, from column x on.
func (w *pen) wrap(x int, st theme.Style, text display.Safe) {
	for _, part := range screen.Wrap(text, max(w.W-x, 1)) {
		w.Text(x, w.y, st, part)
		w.y++
	}
}

// left returns how many lines there is room for.
func (w *pen) left() int { return w.H - w.y }

func dim(text display.Safe) screen.Span    { return screen.Span{Style: theme.Dim, Text: text} }
func plain(text display.Safe) screen.Span  { return screen.Span{Style: theme.Text, Text: text} }
func bright(text display.Safe) screen.Span { return screen.Span{Style: theme.Bright, Text: text} }
func hot(text display.Safe) screen.Span {
	return screen.Span{Style: theme.Accent | theme.Bold, Text: text}
}
