package ui

import (
	"slices"

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
	return slices.Concat(turning(), moving(), doing(), tending(onWatch), answering(), tuning(), stepping(), posting(), reverting(), always())
}

// plain makes an action of what sends nothing.
func plain(do func(*Model)) func(*Model) tea.Cmd {
	return func(m *Model) tea.Cmd { do(m); return nil }
}

// moving is the actions that look around.
func moving() action.List[*Model] {
	return action.List[*Model]{
		{Not: onTune, Keys: []string{"up", "k"}, Hint: "↑↓ select", Help: "select the one above", Do: plain(func(m *Model) { m.shown().Select(-1) })},
		{Not: onTune, Keys: []string{"down", "j"}, Help: "select the one below", Do: plain(func(m *Model) { m.shown().Select(1) })},
		{Not: onTune, Keys: []string{"pgup", "ctrl+u"}, Help: "half a page up", Do: plain(func(m *Model) { m.shown().SelectPages(-1) })},
		{Not: onTune, Keys: []string{"pgdown", "ctrl+d"}, Help: "half a page down", Do: plain(func(m *Model) { m.shown().SelectPages(1) })},
		{Not: onTune, Keys: []string{"g", "home"}, Help: "the first", Do: plain(func(m *Model) { m.shown().Select(-mostLines) })},
		{Not: onTune, Keys: []string{"G"}, Help: "the last", Do: plain(func(m *Model) { m.shown().Select(mostLines) })},
		{On: onWatch, Keys: []string{"n"}, Help: "next sensor not normal", Do: func(m *Model) tea.Cmd { return nextAlarm(m, 1) }},
		{On: onWatch, Keys: []string{"N"}, Help: "previous sensor not normal", Do: func(m *Model) tea.Cmd { return nextAlarm(m, -1) }},
		{On: onWatch, Keys: []string{"<"}, Help: "zoom in: less time", Do: plain(func(m *Model) { m.watch.Window.Zoom(m.latest, -1) })},
		{On: onWatch, Keys: []string{">"}, Help: "zoom out, then automatic", Do: plain(func(m *Model) { m.watch.Window.Zoom(m.latest, 1) })},
		{On: onWatch, Keys: []string{","}, Help: "scroll back in time", Do: plain(func(m *Model) { m.watch.Window.Scroll(m.latest, -1) })},
		{On: onWatch, Keys: []string{"."}, Help: "scroll forth in time", Do: plain(forth)},
		{On: onWatch, Keys: []string{"end"}, Help: "back to now", Do: plain((*Model).thaw)},
	}
}

// mostLines is more than a list can have.
const mostLines = 1 << 30

// doing is the actions of the Watch page that change something.
func doing() action.List[*Model] {
	return action.List[*Model]{
		{On: onWatch, Keys: []string{"left", "h"}, Hint: "←→ threshold", Help: "threshold to the left", Do: plain(func(m *Model) { m.watch.Mark(-1) })},
		{On: onWatch, Keys: []string{"right", "l"}, Help: "threshold to the right", Do: plain(func(m *Model) { m.watch.Mark(1) })},
		{On: onWatch, Keys: []string{"+", "="}, Hint: "+- move", Help: "threshold up one step", Offer: selected, Do: func(m *Model) tea.Cmd { return m.moved(m.watch.Move(1)) }},
		{On: onWatch, Keys: []string{"-", "_"}, Help: "threshold down one step", Offer: selected, Do: func(m *Model) tea.Cmd { return m.moved(m.watch.Move(-1)) }},
		{On: onWatch, Keys: []string{"0"}, Help: "threshold off or on again", Offer: selected, Do: switchOff},
		{On: onWatch, Keys: []string{"u"}, Help: "undo the last move", Offer: func(m *Model) bool { return len(m.moves.done) > 0 }, Do: (*Model).undo},
		{On: onWatch, Keys: []string{"ctrl+r"}, Help: "redo it", Offer: func(m *Model) bool { return len(m.moves.undone) > 0 }, Do: (*Model).redo},
		{On: onWatch, Keys: []string{"a"}, Hint: "a ack", Help: "acknowledge the sensor", Offer: unacked, Do: acknowledge},
		{On: onWatch, Keys: []string{"A"}, Help: "acknowledge all in sight", Do: acknowledgeAll},
		{On: onWatch, Keys: []string{"i"}, Hint: "i inject", Help: "inject a fault", Offer: selected, Do: plain(chooseFault)},
		{On: onWatch, Keys: []string{"I"}, Help: "inject it again", Offer: injected, Do: func(m *Model) tea.Cmd { return m.inject(m.watch.Selected()) }},
		{On: onWatch, Keys: []string{"t"}, Hint: "t tune", Help: "tune the marked threshold", Offer: selected, Do: plain(tuneMarked)},
		{On: onWatch, Keys: []string{"/"}, Hint: "/ filter", Help: "filter by name", Do: plain(func(m *Model) { m.filter(true) })},
	}
}

// always is the actions of every page that come last.
func always() action.List[*Model] {
	return action.List[*Model]{
		{Keys: []string{"p"}, Hint: "p freeze", Help: "freeze; data go on", Do: plain((*Model).freeze)},
		{Keys: []string{"P"}, Help: "pause or run the sources", Do: pause},
		{Keys: []string{"?"}, Help: "this help", Do: plain(func(m *Model) { m.open.mode, m.open.help.top = inHelp, 0 })},
		{Keys: []string{"esc"}, Help: "close, clear, back to now", Do: plain((*Model).back)},
		{Keys: []string{"q"}, Hint: "q quit", Help: "back, then quit", Do: leave},
		{Keys: []string{"ctrl+c"}, Help: "quit", Do: func(*Model) tea.Cmd { return tea.Quit }},
	}
}

// leave goes back to the list of alarms from the one that is shown in full; else it
// quits.
func leave(m *Model) tea.Cmd {
	if m.name() == onAlarms && m.alarms.Open(false) {
		return nil
	}
	return tea.Quit
}

// selected reports whether there is a selected sensor.
func selected(m *Model) bool { return m.watch.Selected() != "" }

// unacked reports whether the selected sensor has an alarm to acknowledge.
func unacked(m *Model) bool { r := m.watch.Row(); return r != nil && r.Unacked }

// injected reports whether there is a fault to inject again.
func injected(m *Model) bool { return m.open.fault != "" && selected(m) }

// nextAlarm selects the next sensor in alarm, or the one before.
func nextAlarm(m *Model, n int) tea.Cmd {
	if !m.watch.NextAlarm(n) {
		return m.say("all sensors are normal")
	}
	return nil
}

// forth scrolls forth in time; a frozen page that arrives at the end goes on.
func forth(m *Model) {
	if m.watch.Window.Scroll(m.latest, 1); !m.watch.Window.Past() {
		m.thaw()
	}
}

// acknowledge acknowledges the alarms of the selected sensor.
func acknowledge(m *Model) tea.Cmd {
	name := m.watch.Selected()
	return tea.Batch(m.send(monitor.Acknowledge{Sensors: []string{name}, By: m.cfg.User}), m.say("acknowledged "+m.watch.Label(name)))
}

// acknowledgeAll acknowledges the alarms of all sensors in sight.
func acknowledgeAll(m *Model) tea.Cmd {
	names := watch.Unacked(m.latest)
	if len(names) == 0 {
		return m.say("nothing to acknowledge")
	}
	return tea.Batch(m.send(monitor.Acknowledge{Sensors: names, By: m.cfg.User}), m.say("acknowledged all sensors shown"))
}
