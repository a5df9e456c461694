package ui

import (
	"strings"

	"setpoint/sensors/display"
	"setpoint/ui/action"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
)

// The widths of the help page: of the keys, and of a column of it.
const (
	helpKeys = 11
	helpWide = 38
)

// help is the help page.
type help struct{ top int } // lines scrolled past

// draw paints list, in two columns where one is not enough, and the rest to be
// scrolled to.
func (h *help) draw(a screen.Area, m *Model) {
	list := m.keys.list[m.name()]
	cols := 1
	if len(list) > a.H-2 && a.W >= 2*helpWide {
		cols = 2
	}
	rows := (len(list) + cols - 1) / cols
	t := screen.Title{
		Name:  screen.Span{Style: theme.Bright | theme.Bold, Text: "keys of " + display.Safe(m.name())},
		Hints: []screen.Hint{{Key: "esc", Does: "closes"}},
		Right: []screen.Span{{Style: theme.Dim, Text: "setpoint " + display.Text(m.cfg.Version)}},
	}
	if rows > a.H-2 {
		t.Hints, t.Right = []screen.Hint{{Key: "j k", Does: "scroll"}, t.Hints[0]}, nil
	}
	a = dialog(a, cols*helpWide, rows, t)
	h.top = min(h.top, max(rows-a.H, 0))
	w := a.W / cols
	for i, act := range list {
		if y := i%rows - h.top; y >= 0 {
			helpLine(a.Sub(i/rows*w, y, w-1, 1), act, act.Offered(m))
		}
	}
}

// helpLine paints one action, faintly where it is not on offer.
func helpLine(a screen.Area, act action.Action[*Model], offered bool) {
	names := make([]string, len(act.Keys))
	for j, k := range act.Keys {
		names[j] = action.Key(k)
	}
	style := theme.Accent | theme.Bold
	if !offered {
		style = theme.Dim
	}
	a.Text(0, 0, style, display.Safe(strings.Join(names, " ")))
	a.Text(helpKeys, 0, theme.Text, display.Truncate(display.Safe(act.Help), max(a.W-helpKeys, 0)))
}

// scroll takes a key, and reports false if it is none that scrolls.
func (h *help) scroll(key string, page int) bool {
	switch key {
	case "down", "j":
		h.top++
	case "up", "k":
		h.top = max(h.top-1, 0)
	case "pgdown", "ctrl+d":
		h.top += page / 2
	case "pgup", "ctrl+u":
		h.top = max(h.top-page/2, 0)
	default:
		return false
	}
	return true
}
