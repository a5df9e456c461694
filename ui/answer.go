package ui

import (
	tea "charm.land/bubbletea/v2"

	"setpoint/sensors/display"
	"setpoint/sensors/threshold"
	"setpoint/ui/action"
	"setpoint/ui/screen"
	"setpoint/workflow/monitor"
)

// answering is the actions of the Alarms page.
func answering() action.List[*Model] {
	seen := action.List[*Model]{
		{On: onAlarms, Keys: []string{"a"}, Hint: "a ack", Help: "acknowledge it, or marked ones", Offer: answerable, Do: answerSome},
		{On: onAlarms, Keys: []string{"A"}, Hint: "A all", Help: "acknowledge all shown", Do: answerAll},
		{On: onAlarms, Keys: []string{"space"}, Hint: "space mark", Help: "mark the alarm", Offer: listed, Do: plain(func(m *Model) { m.alarms.Mark() })},
	}
	return append(append(seen, tending(onAlarms)...), action.List[*Model]{
		{On: onAlarms, Keys: []string{"v"}, Hint: "v verdict", Help: "say whether it was real", Offer: judgeable, Do: plain(chooseVerdict)},
		{On: onAlarms, Keys: []string{"enter"}, Hint: "enter in full", Help: "all that is known of it", Offer: listed, Do: plain(func(m *Model) { m.alarms.Open(true) })},
		{On: onAlarms, Keys: []string{"/"}, Hint: "/ filter", Help: "filter by name", Do: plain(filterAlarms)},
	}...)
}

// listed reports whether something is selected in the list of alarms.
func listed(m *Model) bool { return targeted(m) && !m.alarms.Full() }

// filterAlarms begins the typing of the filter, over the list.
func filterAlarms(m *Model) {
	m.alarms.Open(false)
	m.filter(true)
}

// answerable reports whether there is something to acknowledge.
func answerable(m *Model) bool {
	r := m.alarms.Selected()
	return m.alarms.Marked() || r != nil && r.Unacked
}

// answerSome acknowledges the marked alarms, or the selected one.
func answerSome(m *Model) tea.Cmd {
	keys := m.alarms.Targets()
	what := m.alarms.Label(keys[0])
	if m.alarms.Marked() {
		what = screen.Many(len(keys), "marked alarm")
		m.alarms.Unmark()
	}
	return tea.Batch(m.seen(keys), m.say("acknowledged "+what))
}

// answerAll acknowledges all alarms in sight.
func answerAll(m *Model) tea.Cmd {
	keys := m.alarms.Unacked()
	if len(keys) == 0 {
		return m.say("nothing to acknowledge")
	}
	return tea.Batch(m.seen(keys), m.say("acknowledged "+screen.Many(len(keys), "alarm")))
}

// seen acknowledges alarms: no other ones of their sensors.
func (m *Model) seen(keys []monitor.AlarmKey) tea.Cmd {
	var cmds []tea.Cmd
	for k := range threshold.Stale + 1 {
		var names []string
		for _, key := range keys {
			if key.Kind == k {
				names = append(names, key.Sensor)
			}
		}
		if len(names) > 0 {
			cmds = append(cmds, m.send(monitor.Acknowledge{Sensors: names, Kinds: threshold.Latches(0).Set(k), By: m.cfg.User}))
		}
	}
	return tea.Batch(cmds...)
}

// judgeable reports whether the selected alarm was ever raised.
func judgeable(m *Model) bool { r := m.alarms.Selected(); return r != nil && r.Seq != 0 }

// verdicts are what can be said of an alarm, as the menu offers it.
var verdicts = []struct {
	item
	verdict monitor.Verdict
}{
	{item{"real", "somebody had to do something"}, monitor.Real},
	{item{"false", "nobody had to: what-if counts it as not real"}, monitor.False},
	{item{"none", "nothing is said of it"}, monitor.NoVerdict},
}

// chooseVerdict opens the menu for the newest time the selected alarm was raised,
// with the hand on what was said of it.
func chooseVerdict(m *Model) {
	r := m.alarms.Selected()
	seq, label, at := r.Seq, m.alarms.Label(r.AlarmKey), 0
	var items []item
	for i, v := range verdicts {
		if items = append(items, v.item); v.verdict == r.Verdict && r.Verdict != monitor.NoVerdict {
			at = i
		}
	}
	m.openMenu("was "+display.Truncate(label, 24)+" real?", items, at, func(m *Model, i int) tea.Cmd {
		c := monitor.GiveVerdict{Seq: seq, Verdict: verdicts[i].verdict, By: m.cfg.User}
		return tea.Batch(m.send(c), m.say("verdict on "+label+": "+display.Safe(verdicts[i].name)))
	})
}
