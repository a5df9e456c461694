package ui

import (
	"strings"

	"setpoint/sensors/display"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
)

// draw builds the frame, and says to the monitor what the next snapshot should
// hold if that has changed.
func (m *Model) draw() {
	m.sheet.Reset(m.size.w, m.size.h, m.look.theme)
	a := m.sheet.Area()
	top, bottom := min(a.H/3, 1), min(a.H/2, 1)
	h := header{m.latest, m.look.theme, m.cfg.Location, m.frozen.since, wrong(m.latest, m.cfg.Location)}
	if m.tabbed() {
		m.tabRow(a.Sub(0, top, a.W, 1), h.wrong)
		h.wrong, top = trouble{}, top+1
	}
	h.draw(a.Sub(0, 0, a.W, min(top, 1)), m.cfg.Version)
	m.alarms.Hold = m.watch.Hold
	if m.name() == onTune && m.tune.Sensor() == "" {
		m.tune.Open(m.watch.Marked())
	}
	m.shown().Draw(a.Sub(0, top, a.W, a.H-top-bottom))
	m.footer(a.Sub(0, a.H-bottom, a.W, bottom))
	switch m.open.mode {
	case inMenu:
		m.open.menu.draw(a)
	case inAsk:
		m.open.ask.draw(a)
	case inHelp:
		m.open.help.draw(a, m)
	case inEntry:
		m.open.entry.draw(a)
	}
	m.frame = m.sheet.String()
	if v := m.view(); v != m.looked && m.cfg.Look != nil && a.W > 0 && a.H > 0 {
		m.looked, m.frozen.shown = v, false
		m.cfg.Look(v)
	}
}

// arrows are how the arrow keys are called where there are only letters.
var arrows = strings.NewReplacer("↑↓", "jk", "←→", "hl")

// footer paints the status, or else the keys that do something now, from the left
// as many as there is room for; the way to the help is always there.
func (m *Model) footer(a screen.Area) {
	const help = 7 // "? help "
	if m.status.text != "" {
		a.Text(1, 0, m.status.style, display.Truncate(m.status.text, max(a.W-2, 0)))
		return
	}
	gap := 2
	if a.W >= 100 {
		gap = 3
	}
	x := 1
	for _, act := range m.keys.list[m.name()] {
		if act.Hint == "" || !act.Offered(m) {
			continue
		}
		hint := act.Hint
		if a.Theme().ASCII {
			hint = arrows.Replace(hint)
		}
		key, does, _ := strings.Cut(hint, " ")
		if x+a.Width(display.Safe(hint))+gap > a.W-help {
			break
		}
		x = a.Text(x, 0, theme.Accent|theme.Bold, display.Safe(key)) + 1
		x = a.Text(x, 0, theme.Dim, display.Safe(does)) + gap
	}
	if a.W > help+2 {
		x = a.Text(a.W-help, 0, theme.Accent|theme.Bold, "?")
		a.Text(x+1, 0, theme.Dim, "help")
	}
}
