package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"setpoint/sensors/display"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
)

// menu is a list of which one item is chosen.
type menu struct {
	title display.Safe
	items []item
	at    int                           // the line the hand is on
	top   int                           // first line shown
	pick  func(m *Model, i int) tea.Cmd // does what item i says
	area  screen.Area                   // where its lines were painted
}

// item is a line of the menu.
type item struct{ name, help string }

// step moves the hand by n lines.
func (u *menu) step(n int) { u.at = min(max(u.at+n, 0), len(u.items)-1) }

// hot returns the letter that chooses each item: the first of its name that no
// other has, j, k and q apart, which move and leave.
func hot(items []item) []byte {
	taken := "jkq "
	out := make([]byte, len(items))
	for i, it := range items {
		for _, c := range []byte(it.name) {
			if strings.IndexByte(taken, c) < 0 {
				taken += string(c)
				out[i] = c
				break
			}
		}
	}
	return out
}

// openMenu opens a menu with the hand on line at.
func (m *Model) openMenu(title display.Safe, items []item, at int, pick func(*Model, int) tea.Cmd) {
	m.open.mode = inMenu
	m.open.menu = menu{title: title, items: items, at: max(at, 0), pick: pick}
}

// choose takes a key while the menu is open.
func (m *Model) choose(key string) tea.Cmd {
	u := &m.open.menu
	switch key {
	case "up", "k":
		u.step(-1)
	case "down", "j":
		u.step(1)
	case "esc", "q":
		m.open.mode = onPage
	case "enter":
		return m.pick(u.at)
	}
	for i, c := range hot(u.items) {
		if key == string(c) {
			return m.pick(i)
		}
	}
	return nil
}

// pick chooses item i of the menu, and closes it.
func (m *Model) pick(i int) tea.Cmd {
	if m.open.mode = onPage; i < 0 || i >= len(m.open.menu.items) {
		return nil
	}
	return m.open.menu.pick(m, i)
}

// draw paints the menu in the middle of a.
func (u *menu) draw(a screen.Area) {
	const wide = 61
	a = dialog(a, wide, len(u.items), screen.Title{
		Name:  screen.Span{Style: theme.Bright | theme.Bold, Text: u.title},
		Hints: []screen.Hint{{Key: "enter", Does: "do"}, {Key: "esc", Does: "leave"}},
	})
	u.area, u.top = a, min(max(u.top, u.at-a.H+1), u.at)
	for y := range min(a.H, len(u.items)-u.top) {
		u.line(a.Sub(0, y, a.W, 1), u.top+y)
	}
}

// line paints item i with its letter.
func (u *menu) line(a screen.Area, i int) {
	const name = 14
	it := u.items[i]
	text, cut := display.Safe(it.name), strings.IndexByte(it.name, hot(u.items)[i])
	if i == u.at {
		a.Rune(0, 0, theme.Accent|theme.Bold, a.Theme().Cursor)
	}
	a.Text(2, 0, theme.Bright, text)
	a.Text(2+cut, 0, theme.Accent|theme.Bold, text[cut:cut+1])
	a.Text(2+name, 0, theme.Dim, display.Truncate(display.Safe(it.help), max(a.W-2-name, 0)))
	if i == u.at {
		a.Add(theme.Select)
	}
}

// dialog dims a and returns room for w by h cells in a box in its middle.
func dialog(a screen.Area, w, h int, t screen.Title) screen.Area {
	a.Add(theme.Shade)
	w, h = min(w+4, a.W), min(h+2, a.H)
	box := a.Sub((a.W-w)/2, (a.H-h)/2, w, h)
	box.Clear()
	return box.Box(t)
}
