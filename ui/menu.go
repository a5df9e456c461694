package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"setpoint/sensors/display"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
	"setpoint/workflow/monitor"
)

// menu is the list of faults that can be injected.
type menu struct {
	sensor string // into which
	at     int    // the line the hand is on
	top    int    // first line shown
	last   monitor.Fault
	area   screen.Area // where its lines were painted
}

// step moves the hand by n lines.
func (u *menu) step(n int) { u.at = min(max(u.at+n, 0), len(monitor.Faults)-1) }

// hot returns the letter that chooses each fault: the first of its name that no
// other has, j and k apart, which move.
func hot() []byte {
	taken := "jkq"
	out := make([]byte, len(monitor.Faults))
	for i, f := range monitor.Faults {
		for _, c := range []byte(f) {
			if strings.IndexByte(taken, c) < 0 {
				taken += string(c)
				out[i] = c
				break
			}
		}
	}
	return out
}

// openMenu opens the menu for the selected sensor.
func openMenu(m *Model) {
	m.page.Pin()
	m.open.mode, m.open.menu.sensor = inMenu, m.page.Selected()
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
	for i, c := range hot() {
		if key == string(c) {
			return m.pick(i)
		}
	}
	return nil
}

// pick injects fault i of the menu, and closes it.
func (m *Model) pick(i int) tea.Cmd {
	if m.open.mode = onPage; i < 0 || i >= len(monitor.Faults) {
		return nil
	}
	u := &m.open.menu
	u.at, u.last = i, monitor.Faults[i]
	return m.inject(u.sensor)
}

// inject injects the last fault into a sensor.
func (m *Model) inject(sensor string) tea.Cmd {
	c := monitor.InjectFault{Sensor: sensor, Fault: m.open.menu.last, By: m.cfg.User}
	return tea.Batch(m.send(c), m.say("injecting "+display.Safe(c.Fault)+" into "+m.page.Label(sensor)+": "+display.Safe(c.Fault.Help())))
}

// draw paints the menu in the middle of a.
func (u *menu) draw(a screen.Area, label display.Safe) {
	const wide = 58
	a = dialog(a, wide, len(monitor.Faults), screen.Title{
		Name:  screen.Span{Style: theme.Bright | theme.Bold, Text: "inject into " + display.Truncate(label, 20)},
		Hints: []screen.Hint{{Key: "enter", Does: "do"}, {Key: "esc", Does: "leave"}},
	})
	u.area, u.top = a, min(max(u.top, u.at-a.H+1), u.at)
	for y := range min(a.H, len(monitor.Faults)-u.top) {
		u.line(a.Sub(0, y, a.W, 1), u.top+y)
	}
}

// line paints fault i with its letter.
func (u *menu) line(a screen.Area, i int) {
	const name = 11
	f := monitor.Faults[i]
	text, cut := display.Safe(f), strings.IndexByte(string(f), hot()[i])
	if i == u.at {
		a.Rune(0, 0, theme.Accent|theme.Bold, a.Theme().Cursor)
	}
	a.Text(2, 0, theme.Bright, text)
	a.Text(2+cut, 0, theme.Accent|theme.Bold, text[cut:cut+1])
	a.Text(2+name, 0, theme.Dim, display.Truncate(display.Safe(f.Help()), max(a.W-2-name, 0)))
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
