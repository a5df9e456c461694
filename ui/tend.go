package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"setpoint/sensors/alarm"
	"setpoint/sensors/display"
	"setpoint/sensors/threshold"
	"setpoint/ui/action"
	"setpoint/workflow/monitor"
)

// tending is the actions on the selected alarm, or on all of the selected sensor.
func tending(page string) action.List[*Model] {
	return action.List[*Model]{
		{On: page, Keys: []string{"s"}, Hint: "s shelve", Help: "shelve, or show again", Offer: targeted, Do: plain(chooseShelf)},
		{On: page, Keys: []string{"o"}, Hint: "o service", Help: "out of service, or back", Offer: targeted, Do: plain(service)},
	}
}

// A target is what the hand would shelve or take out of service.
type target struct {
	sensor  string
	kinds   threshold.Latches // which of its alarms; 0: all
	label   display.Safe      // of both
	name    display.Safe      // of the sensor
	shelved bool
	out     string // why it is out of service, "" if it is not
}

// target returns what is selected on the page; ok is false if nothing is.
func (m *Model) target() (t target, ok bool) {
	if m.name() == onAlarms {
		r := m.alarms.Selected()
		if r == nil {
			return t, false
		}
		name := m.watch.Label(r.Sensor)
		return target{r.Sensor, threshold.Latches(0).Set(r.Kind), m.alarms.Label(r.AlarmKey), name, r.Suppressed == alarm.Shelved, r.Reason}, true
	}
	r := m.watch.Row()
	if r == nil {
		return t, false
	}
	name := m.watch.Label(r.Name)
	return target{r.Name, 0, name, name, r.Shelved != 0, r.Out}, true
}

// targeted reports whether something is selected.
func targeted(m *Model) bool { _, ok := m.target(); return ok }

// shelves are for how long an alarm can be shelved, as the menu offers it.
var shelves = []struct {
	item
	d time.Duration
}{
	{item{"15 min", "not announced until then"}, 15 * time.Minute},
	{item{"1 hour", "not announced until then"}, time.Hour},
	{item{"4 hours", "not announced until then"}, 4 * time.Hour},
	{item{"8 hours", "not announced until then"}, 8 * time.Hour},
	{item{"once", "until it is back to normal"}, 0},
}

// unshelve is the last item of the menu, of what is shelved.
var unshelve = item{"unshelve", "announce it again"}

// chooseShelf opens the menu for what is selected.
func chooseShelf(m *Model) {
	t, _ := m.target()
	var items []item
	for _, s := range shelves {
		items = append(items, s.item)
	}
	if t.shelved {
		items = append(items, unshelve)
	}
	m.pin()
	m.openMenu("shelve "+display.Truncate(t.label, 24), items, 0, func(m *Model, i int) tea.Cmd {
		if i >= len(shelves) {
			return tea.Batch(m.send(monitor.Unshelve{Sensor: t.sensor, Kinds: t.kinds, By: m.cfg.User}), m.say(t.label+" is announced again"))
		}
		s := shelves[i]
		c := monitor.Shelve{Sensor: t.sensor, Kinds: t.kinds, For: s.d, By: m.cfg.User}
		return tea.Batch(m.send(c), m.say("shelved "+t.label+": "+display.Safe(s.name)))
	})
}

// service takes the selected sensor out of service, for a reason, or puts it back.
func service(m *Model) {
	t, _ := m.target()
	m.pin()
	if t.out == "" {
		m.open.mode = inEntry
		m.open.entry = entry{title: "out of service: " + display.Truncate(t.name, 24), wants: "a reason", done: func(m *Model, why string) tea.Cmd {
			c := monitor.TakeOut{Sensor: t.sensor, Reason: why, By: m.cfg.User}
			return tea.Batch(m.send(c), m.say(t.name+" is out of service"))
		}}
		return
	}
	lines := []display.Safe{"It is out of service: " + display.Truncate(display.Text(t.out), 60), "Its alarms are announced again."}
	m.question("put "+display.Truncate(t.name, 24)+" back?", lines, func(m *Model) tea.Cmd {
		return tea.Batch(m.send(monitor.PutBack{Sensor: t.sensor, By: m.cfg.User}), m.say(t.name+" is back in service"))
	})
}

// pin keeps the selection of the Watch page where it is while a dialog is open.
func (m *Model) pin() {
	if m.name() == onWatch {
		m.watch.Pin()
	}
}
