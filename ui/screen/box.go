package screen

import (
	"setpoint/sensors/display"
	"setpoint/ui/theme"
)

// A Span is a text in one style.
type Span struct {
	Style theme.Style
	Text  display.Safe
}

// A Title is what stands in the border of a box or in a rule: its name, what the
// hand can do there, and a remark at the right end.
type Title struct {
	Name  Span
	Hints []Hint // left out from the last when there is no room
	Right []Span // left out before the hints are
}

// A Hint is a key and what it does.
type Hint struct{ Key, Does display.Safe }

// Box paints a border with title t and returns what is inside it, one blank
// column left free at either side. An area too small for a border is all inside.
func (a Area) Box(t Title) Area {
	if a.W < 6 || a.H < 3 {
		return a
	}
	g := &a.s.theme.Glyphs
	a.Rune(0, 0, theme.Faint, g.TopLeft)
	a.rule(t, 1, a.W-1)
	a.Rune(a.W-1, 0, theme.Faint, g.TopRight)
	for y := 1; y < a.H-1; y++ {
		a.Rune(0, y, theme.Faint, g.Along)
		a.Rune(a.W-1, y, theme.Faint, g.Along)
	}
	a.Rune(0, a.H-1, theme.Faint, g.BottomLeft)
	a.Run(1, a.H-1, a.W-2, theme.Faint, g.Across)
	a.Rune(a.W-1, a.H-1, theme.Faint, g.BottomRight)
	return a.Sub(2, 1, a.W-4, a.H-2)
}

// Rule paints t into a line across the top of a and returns what is below it.
func (a Area) Rule(t Title) Area {
	a.rule(t, 0, a.W)
	return a.Sub(1, 1, a.W-2, a.H-1)
}

// rule paints a titled line from column x up to end.
func (a Area) rule(t Title, x, end int) {
	g := &a.s.theme.Glyphs
	a.Run(x, 0, end-x, theme.Faint, g.Across)
	a = a.Sub(0, 0, end, 1)
	x = a.Text(x+1, 0, t.Name.Style, " "+t.Name.Text+" ")
	free := end - x - 3
	right := 0
	for _, s := range t.Right {
		right += a.Width(s.Text)
	}
	if right > 0 && right+2 <= free {
		at := end - right - 3
		a.Rune(at, 0, theme.Plain, ' ')
		for _, s := range t.Right {
			at = a.Text(at+1, 0, s.Style, s.Text) - 1
		}
		a.Rune(at+1, 0, theme.Plain, ' ')
		free -= right + 3
	}
	for _, h := range t.Hints {
		w := a.Width(h.Key) + a.Width(h.Does) + 4
		if w > free {
			return
		}
		free -= w
		a.Rune(x, 0, theme.Faint, g.Across)
		x = a.Text(x+1, 0, theme.Accent|theme.Bold, " "+h.Key+" ")
		x = a.Text(x, 0, theme.Dim, h.Does+" ")
	}
}
