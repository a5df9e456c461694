package ui

import (
	"setpoint/sensors/display"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
)

// tabbed reports whether there is room for the row of tabs.
func (m *Model) tabbed() bool { return m.size.w >= 80 && m.size.h >= 24 }

// tabGap is between two tabs.
const tabGap = 3

// tabRow paints the row of tabs, and what is wrong beside them. Where that has no room
// the tabs make some: those of the other pages are their keys alone.
func (m *Model) tabRow(a screen.Area, t trouble) {
	m.spots = m.spots[:0]
	x, wide := 2, 2
	for _, tab := range tabs {
		wide += len(tab.key) + 1 + len(tab.name) + tabGap
	}
	brief := t.text != "" && wide+a.Width(t.text)+8 > a.W
	for i, tab := range tabs {
		from, st := x, theme.Dim
		if i == m.at {
			st = theme.Bright | theme.Bold
		}
		x = a.Text(x, 0, theme.Accent|theme.Bold, display.Safe(tab.key)) + 1
		if !brief || i == m.at {
			x = a.Text(x, 0, st, display.Safe(tab.name)) + 1
		}
		if n := m.waits(tab.name); n > 0 && !brief {
			x = a.Text(x, 0, theme.High|theme.Bold, screen.Count(uint64(n))) + 1
		}
		m.spots = append(m.spots, a.Sub(from, 0, x-1-from, 1))
		x += tabGap - 1
	}
	if room := a.W - x - 4; t.text != "" && room > 10 {
		text := display.Truncate(t.text, room)
		from := a.Right(a.W-1, 0, t.style, text)
		a.Rune(from-2, 0, t.style|theme.Bold, a.Theme().Up)
	}
}

// waits returns how much on a page waits for a person.
func (m *Model) waits(page string) int {
	switch {
	case m.latest == nil:
	case page == onLetters:
		return m.latest.LetterN
	case page == onAlarms:
		return m.latest.Unacked
	}
	return 0
}

// clickTab turns to the page whose tab is at x, y of the sheet, if there is one.
func (m *Model) clickTab(x, y int) bool {
	for i, s := range m.spots {
		if m.tabbed() && s.Has(x, y) {
			m.at = i
			return true
		}
	}
	return false
}
