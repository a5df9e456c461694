package ui

import (
	tea "charm.land/bubbletea/v2"

	"setpoint/ui/action"
	"setpoint/ui/watch"
	"setpoint/workflow/monitor"
)

// Markdown returns the README's table of keys.
func Markdown() string { return actions().Markdown() }

// actions is everything that a key does. It is a function, not a variable,
// because the help that it opens reads it.
func actions() action.List[*Model] {
	return append(moving(), doing()...)
}

// page makes an action of what a key does to the page alone.
func page(do func(*Model)) func(*Model) tea.Cmd {
	return func(m *Model) tea.Cmd { do(m); return nil }
}

// moving is the actions that look around.
func moving() action.List[*Model] {
	return action.List[*Model]{
		{Keys: []string{"up", "k"}, Hint: "↑↓ sensor", Help: "select the sensor above", Do: page(func(m *Model) { m.page.Select(-1) })},
		{Keys: []string{"down", "j"}, Help: "select the sensor below", Do: page(func(m *Model) { m.page.Select(1) })},
		{Keys: []string{"pgup", "ctrl+u"}, Help: "half a page up", Do: page(func(m *Model) { m.page.SelectPages(-1) })},
		{Keys: []string{"pgdown", "ctrl+d"}, Help: "half a page down", Do: page(func(m *Model) { m.page.SelectPages(1) })},
		{Keys: []string{"g", "home"}, Help: "first sensor", Do: page(func(m *Model) { m.page.Select(-maxSensors) })},
		{Keys: []string{"G"}, Help: "last sensor", Do: page(func(m *Model) { m.page.Select(maxSensors) })},
		{Keys: []string{"n"}, Help: "next sensor not normal", Do: func(m *Model) tea.Cmd { return nextAlarm(m, 1) }},
		{Keys: []string{"N"}, Help: "previous sensor not normal", Do: func(m *Model) tea.Cmd { return nextAlarm(m, -1) }},
		{Keys: []string{"<"}, Help: "zoom in: less time", Do: page(func(m *Model) { m.page.Window.Zoom(m.latest, -1) })},
		{Keys: []string{">"}, Help: "zoom out, then automatic", Do: page(func(m *Model) { m.page.Window.Zoom(m.latest, 1) })},
		{Keys: []string{","}, Help: "scroll back in time", Do: page(func(m *Model) { m.page.Window.Scroll(m.latest, -1) })},
		{Keys: []string{"."}, Help: "scroll forth in time", Do: page(forth)},
		{Keys: []string{"end"}, Help: "back to now", Do: page((*Model).thaw)},
	}
}

// maxSensors is more than there can be.
const maxSensors = 1 << 30

// doing is the actions that change something.
func doing() action.List[*Model] {
	return action.List[*Model]{
		{Keys: []string{"left", "h"}, Hint: "←→ threshold", Help: "threshold to the left", Do: page(func(m *Model) { m.page.Mark(-1) })},
		{Keys: []string{"right", "l"}, Help: "threshold to the right", Do: page(func(m *Model) { m.page.Mark(1) })},
		{Keys: []string{"+", "="}, Hint: "+- move", Help: "threshold up one step", Offer: selected, Do: func(m *Model) tea.Cmd { return m.moved(m.page.Move(1)) }},
		{Keys: []string{"-", "_"}, Help: "threshold down one step", Offer: selected, Do: func(m *Model) tea.Cmd { return m.moved(m.page.Move(-1)) }},
		{Keys: []string{"0"}, Help: "threshold off or on again", Offer: selected, Do: switchOff},
		{Keys: []string{"u"}, Help: "undo the last move", Offer: func(m *Model) bool { return len(m.moves.done) > 0 }, Do: (*Model).undo},
		{Keys: []string{"ctrl+r"}, Help: "redo it", Offer: func(m *Model) bool { return len(m.moves.undone) > 0 }, Do: (*Model).redo},
		{Keys: []string{"a"}, Hint: "a ack", Help: "acknowledge the sensor", Offer: unacked, Do: acknowledge},
		{Keys: []string{"A"}, Help: "acknowledge all in sight", Do: acknowledgeAll},
		{Keys: []string{"i"}, Hint: "i inject", Help: "inject a fault", Offer: selected, Do: page(openMenu)},
		{Keys: []string{"I"}, Help: "inject it again", Offer: injected, Do: func(m *Model) tea.Cmd { return m.inject(m.page.Selected()) }},
		{Keys: []string{"p"}, Hint: "p freeze", Help: "freeze; data go on", Do: page((*Model).freeze)},
		{Keys: []string{"P"}, Help: "pause or run the sources", Do: pause},
		{Keys: []string{"/"}, Hint: "/ filter", Help: "filter by name", Do: page(func(m *Model) { m.filter(true) })},
		{Keys: []string{"?"}, Help: "this help", Do: page(func(m *Model) { m.open.mode, m.open.help.top = inHelp, 0 })},
		{Keys: []string{"esc"}, Help: "close, clear, back to now", Do: page((*Model).back)},
		{Keys: []string{"q"}, Hint: "q quit", Help: "back, then quit", Do: func(*Model) tea.Cmd { return tea.Quit }},
		{Keys: []string{"ctrl+c"}, Help: "quit", Do: func(*Model) tea.Cmd { return tea.Quit }},
	}
}

// selected reports whether there is a selected sensor.
func selected(m *Model) bool { return m.page.Selected() != "" }

// unacked reports whether the selected sensor has an alarm to acknowledge.
func unacked(m *Model) bool { r := m.page.Row(); return r != nil && r.Unacked }

// injected reports whether there is a fault to inject again.
func injected(m *Model) bool { return m.open.menu.last != "" && selected(m) }

// nextAlarm selects the next sensor in alarm, or the one before.
func nextAlarm(m *Model, n int) tea.Cmd {
	if !m.page.NextAlarm(n) {
		return m.say("all sensors are normal")
	}
	return nil
}

// forth scrolls forth in time; a frozen page that arrives at the end goes on.
func forth(m *Model) {
	if m.page.Window.Scroll(m.latest, 1); !m.page.Window.Past() {
		m.thaw()
	}
}

// acknowledge acknowledges the alarms of the selected sensor.
func acknowledge(m *Model) tea.Cmd {
	name := m.page.Selected()
	return tea.Batch(m.send(monitor.Acknowledge{Sensors: []string{name}, By: m.cfg.User}), m.say("acknowledged "+m.page.Label(name)))
}

// acknowledgeAll acknowledges the alarms of all sensors in sight.
func acknowledgeAll(m *Model) tea.Cmd {
	names := watch.Unacked(m.latest)
	if len(names) == 0 {
		return m.say("nothing to acknowledge")
	}
	return tea.Batch(m.send(monitor.Acknowledge{Sensors: names, By: m.cfg.User}), m.say("acknowledged all sensors shown"))
}

// pause holds the sources, or lets them go on.
func pause(m *Model) tea.Cmd {
	return m.send(monitor.Pause{On: m.latest == nil || !m.latest.Paused})
}
