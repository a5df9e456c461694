package ui

import tea "charm.land/bubbletea/v2"

// mouse does what the mouse does where it is.
func (m *Model) mouse(msg tea.MouseMsg) tea.Cmd {
	at := msg.Mouse()
	if m.open.mode != onPage && m.open.mode != inFilter {
		return m.mouseOver(msg)
	}
	switch msg.(type) {
	case tea.MouseClickMsg:
		if at.Button == tea.MouseLeft && !m.clickTab(at.X, at.Y) {
			m.shown().Click(at.X, at.Y)
		}
	case tea.MouseMotionMsg, tea.MouseReleaseMsg:
		_, drop := msg.(tea.MouseReleaseMsg)
		if m.name() == onTune {
			m.tune.Drag(at.Y, drop)
		}
		if c, ok, err := m.watch.Drag(at.Y, drop); ok && m.name() == onWatch {
			return m.moved(c, err)
		}
	case tea.MouseWheelMsg:
		m.shown().Wheel(at.X, at.Y, notch(at.Button))
	}
	return nil
}

// mouseOver does what the mouse does while a dialog is open: a click chooses a
// line of the menu, or closes what is open.
func (m *Model) mouseOver(msg tea.MouseMsg) tea.Cmd {
	at := msg.Mouse()
	switch msg.(type) {
	case tea.MouseWheelMsg:
		m.open.menu.step(notch(at.Button))
		m.open.help.top = max(m.open.help.top+notch(at.Button), 0)
	case tea.MouseClickMsg:
		inside := m.open.mode == inMenu && m.open.menu.area.Has(at.X, at.Y)
		m.open.mode = onPage
		if inside {
			return m.pick(m.open.menu.top + at.Y - m.open.menu.area.Y)
		}
	}
	return nil
}

// notch returns which way the wheel was turned: 1 is down.
func notch(b tea.MouseButton) int {
	switch b {
	case tea.MouseWheelDown:
		return 1
	case tea.MouseWheelUp:
		return -1
	}
	return 0
}
