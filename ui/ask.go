package ui

import (
	tea "charm.land/bubbletea/v2"

	"setpoint/sensors/display"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
)

// ask is a question to be answered with y or n, or without yes a remark that any
// key closes.
type ask struct {
	title display.Safe
	lines []display.Safe
	yes   func(*Model) tea.Cmd
}

// answer takes a key while the question stands.
func (m *Model) answer(key string) tea.Cmd {
	q := m.open.ask
	switch {
	case q.yes == nil || key == "n" || key == "esc" || key == "q":
		m.open.mode = onPage
	case key == "y":
		m.open.mode = onPage
		return q.yes(m)
	}
	return nil
}

// draw paints the question in the middle of a.
func (q *ask) draw(a screen.Area) {
	const least = 40
	w := least
	for _, l := range q.lines {
		w = max(w, a.Width(l))
	}
	t := screen.Title{
		Name:  screen.Span{Style: theme.Bright | theme.Bold, Text: q.title},
		Hints: []screen.Hint{{Key: "esc", Does: "closes"}},
	}
	if q.yes != nil {
		t.Hints = []screen.Hint{{Key: "y", Does: "yes"}, {Key: "n", Does: "no"}}
	}
	a = dialog(a, w, len(q.lines), t)
	for y, l := range q.lines {
		a.Text(0, y, theme.Text, display.Truncate(l, a.W))
	}
}
