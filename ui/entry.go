package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"setpoint/sensors/display"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
)

// mostReason is the longest line that can be typed, in bytes.
const mostReason = 240

// entry is a line that a person types.
type entry struct {
	title    display.Safe
	wants    display.Safe // what is to be typed
	text     string
	optional bool // nothing may be typed
	done     func(m *Model, text string) tea.Cmd
}

// write takes a key while the line is typed.
func (m *Model) write(key, text string) tea.Cmd {
	e := &m.open.entry
	switch key {
	case "esc":
		m.open.mode = onPage
	case "enter":
		said := strings.TrimSpace(e.text)
		if said == "" && !e.optional {
			return m.complain(e.wants + " is wanted; esc leaves")
		}
		m.open.mode = onPage
		return e.done(m, said)
	default:
		e.text = edited(e.text, key, text, mostReason)
	}
	return nil
}

// draw paints the line in the middle of a, its end if it is too long.
func (e *entry) draw(a screen.Area) {
	const wide = 58
	a = dialog(a, wide, 2, screen.Title{
		Name:  screen.Span{Style: theme.Bright | theme.Bold, Text: e.title},
		Hints: []screen.Hint{{Key: "enter", Does: "do"}, {Key: "esc", Does: "leave"}},
	})
	a.Text(0, 0, theme.Dim, e.wants)
	x := a.Text(0, 1, theme.Bright, screen.Last(display.Text(e.text), a.W-1))
	a.Rune(x, 1, theme.Accent|theme.Bold, a.Theme().Glyphs.Text)
}
