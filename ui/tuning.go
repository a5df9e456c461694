package ui

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"setpoint/sensors/display"
	"setpoint/sensors/threshold"
	"setpoint/sensors/tune"
	"setpoint/ui/action"
	"setpoint/workflow/monitor"
)

// tuning is the actions of the Tune page, and of Alarms that which leads to it.
func tuning() action.List[*Model] {
	handle := func(n int) func(*Model) tea.Cmd {
		return func(m *Model) tea.Cmd { return m.refusal(m.tune.Move(n)) }
	}
	return action.List[*Model]{
		{On: onAlarms, Keys: []string{"t"}, Hint: "t tune", Help: "tune its threshold", Offer: targeted, Do: tuneAlarm},
		{On: onTune, Keys: []string{"k", "up", "+"}, Hint: "kj move", Help: "handle up one step", Offer: tunable, Do: handle(1)},
		{On: onTune, Keys: []string{"j", "down", "-"}, Help: "handle down one step", Offer: tunable, Do: handle(-1)},
		{On: onTune, Keys: []string{"K", "pgup"}, Hint: "KJ x10", Help: "handle up ten steps", Offer: tunable, Do: handle(10)},
		{On: onTune, Keys: []string{"J", "pgdown"}, Help: "handle down ten steps", Offer: tunable, Do: handle(-10)},
		{On: onTune, Keys: []string{"tab"}, Hint: "tab handle", Help: "next handle", Offer: tunable, Do: plain(func(m *Model) { m.tune.NextHandle(1) })},
		{On: onTune, Keys: []string{"shift+tab"}, Help: "the handle before", Offer: tunable, Do: plain(func(m *Model) { m.tune.NextHandle(-1) })},
		{On: onTune, Keys: []string{"=", "0", "7", "8", "9"}, Hint: "= type", Help: "type a value", Offer: tunable, DoKey: typeValue},
		{On: onTune, Keys: []string{"enter"}, Hint: "enter apply", Help: "apply NEW, with a reason", Offer: touched, Do: plain(apply)},
		{On: onTune, Keys: []string{"u"}, Hint: "u undo", Help: "undo a step, then a change", Offer: tunable, Do: (*Model).untune},
		{On: onTune, Keys: []string{"ctrl+r"}, Help: "redo it", Offer: tunable, Do: (*Model).retune},
		{On: onTune, Keys: []string{"m"}, Hint: "m label", Help: "label the alarm or span", Offer: tunable, Do: label},
		{On: onTune, Keys: []string{"S"}, Hint: "S shadow", Help: "run NEW beside live", Offer: tunable, Do: plain(chooseShadow)},
		{On: onTune, Keys: []string{"w"}, Hint: "w write", Help: "write it to setpoint.yaml", Do: (*Model).unwritten},
		{On: onTune, Keys: []string{"x"}, Hint: "x export", Help: "write the rules to a file", Offer: tunable, Do: plain(chooseRules)},
		{On: onTune, Keys: []string{"["}, Hint: "[ ] alarm", Help: "the alarm before", Offer: tunable, Do: func(m *Model) tea.Cmd { return m.pastAlarm(-1) }},
		{On: onTune, Keys: []string{"]"}, Help: "the next alarm", Offer: tunable, Do: func(m *Model) tea.Cmd { return m.pastAlarm(1) }},
		{On: onTune, Keys: []string{"left", "h"}, Hint: "hl threshold", Help: "threshold to the left", Offer: tunable, Do: plain(func(m *Model) { m.tune.Turn(-1) })},
		{On: onTune, Keys: []string{"right", "l"}, Help: "threshold to the right", Offer: tunable, Do: plain(func(m *Model) { m.tune.Turn(1) })},
		{On: onTune, Keys: []string{"g"}, Hint: "g take", Help: "take the suggestion", Offer: func(m *Model) bool { return m.tune.Suggested() }, Do: func(m *Model) tea.Cmd { return m.refusal(m.tune.TakeSuggestion()) }},
		{On: onTune, Keys: []string{"b"}, Hint: "b budget", Help: "budget of the suggestion", Offer: tunable, Do: plain(budget)},
		{On: onTune, Keys: []string{"o"}, Hint: "o scope", Help: "sensor, group or default", Offer: tunable, Do: plain(func(m *Model) { m.tune.NextScope() })},
		{On: onTune, Keys: []string{"D"}, Help: "inherit: forget it here", Offer: func(m *Model) bool { return m.tune.Inheritable() }, Do: plain(inherit)},
		{On: onTune, Keys: []string{"c"}, Hint: "c curve", Help: "show or hide the curve", Do: plain(func(m *Model) { m.tune.ToggleCurve() })},
		{On: onTune, Keys: []string{"<"}, Help: "zoom in: less time", Offer: tunable, Do: plain(func(m *Model) { m.tune.Zoom(-1) })},
		{On: onTune, Keys: []string{">"}, Help: "zoom out, then all of it", Offer: tunable, Do: plain(func(m *Model) { m.tune.Zoom(1) })},
		{On: onTune, Keys: []string{","}, Help: "scroll back in time", Offer: tunable, Do: plain(func(m *Model) { m.tune.Scroll(-1) })},
		{On: onTune, Keys: []string{"."}, Help: "scroll forth in time", Offer: tunable, Do: plain(func(m *Model) { m.tune.Scroll(1) })},
	}
}

// tunable reports whether there is a threshold to tune.
func tunable(m *Model) bool { return m.tune.Sensor() != "" }

// touched reports whether NEW is something else than NOW.
func touched(m *Model) bool { return m.tune.Touched() }

// refusal tells why something was not done.
func (m *Model) refusal(err error) tea.Cmd {
	if err == nil {
		return nil
	}
	return m.complain(display.Error(err))
}

// tuneMarked turns to the Tune page, about the marked threshold.
func tuneMarked(m *Model) {
	m.watch.Pin()
	m.tuneThe(m.watch.Marked())
}

// tuneThe turns to the Tune page, about a threshold.
func (m *Model) tuneThe(sensor string, k threshold.Kind) {
	m.from = m.at
	m.tune.Open(sensor, k)
	m.turnTo(onTune)
}

// tuneAlarm turns to the Tune page, about the threshold of the selected alarm.
func tuneAlarm(m *Model) tea.Cmd {
	switch r := m.alarms.Selected(); {
	case r == nil:
	case r.Kind == threshold.Stale:
		return m.say("a sensor that has fallen silent has no threshold to tune")
	default:
		m.tuneThe(r.Sensor, r.Kind)
	}
	return nil
}

// pastAlarm selects an alarm that NEW would have raised.
func (m *Model) pastAlarm(n int) tea.Cmd {
	if !m.tune.NextAlarm(n) {
		return m.say("NEW would have raised no alarm")
	}
	return nil
}

// typeValue lets the handle's value be typed; a digit begins it.
func typeValue(m *Model, key string) tea.Cmd {
	title := display.Truncate(m.tune.Name(), 30) + " " + display.Safe(m.tune.Handle().String())
	m.enter(entry{title: title, wants: m.tune.Wants(), text: strings.Trim(key, "=")}, m.tune.Type)
	return nil
}

// enter lets a line be typed until take is content with it.
func (m *Model) enter(e entry, take func(text string) error) {
	e.done = func(m *Model, text string) tea.Cmd {
		err := take(text)
		if err != nil {
			e.text = text
			m.enter(e, take)
		}
		return m.refusal(err)
	}
	m.open.mode, m.open.entry = inEntry, e
}

// budget asks for how many alarms a week a threshold is to be suggested.
func budget(m *Model) {
	m.enter(entry{title: "alarm budget", wants: "alarms a week that are not real, such as 1 or 0.25"}, func(text string) error {
		n, err := strconv.ParseFloat(text, 64)
		if err != nil || !(n >= 0.01 && n <= 1000) {
			return fmt.Errorf("%s: want a number from 0.01 to 1000", display.Quote(text))
		}
		m.tune.SetBudget(n)
		return nil
	})
}

// labelKinds are what can be said of a span of time, as the menu offers it.
var labelKinds = []struct {
	item
	kind tune.LabelKind
}{
	{item{"real", "something was wrong: an alarm is wanted"}, tune.Real},
	{item{"false", "nothing was wrong"}, tune.False},
	{item{"maintenance", "people at work: it does not count"}, tune.Maintenance},
}

// label opens the menu of what the selected alarm, or what the chart shows, was.
func label(m *Model) tea.Cmd {
	from, to, ok := m.tune.Span()
	if !ok {
		return m.complain("choose an alarm with [ ], or zoom in with <: that is what m labels")
	}
	sensor := m.tune.Sensor()
	var items []item
	for _, k := range labelKinds {
		items = append(items, k.item)
	}
	title := display.Safe(from.In(m.cfg.Location).Format("2 Jan 15:04") + " for " + to.Sub(from).Round(time.Second).String())
	m.openMenu("what was it? "+title, items, 0, func(m *Model, i int) tea.Cmd {
		l := monitor.Label{Sensor: sensor, From: from, To: to, Kind: labelKinds[i].kind, By: m.cfg.User}
		return tea.Batch(m.send(monitor.AddLabel{Label: l}), m.say("labelled "+display.Safe(items[i].name)))
	})
	return nil
}

// shadows are for how long NEW can run beside live, as the menu offers it.
var shadows = []struct {
	item
	d time.Duration
}{
	{item{"hour", "NEW is judged too, and notifies nobody"}, time.Hour},
	{item{"day", "NEW is judged too, and notifies nobody"}, 24 * time.Hour},
	{item{"week", "NEW is judged too, and notifies nobody"}, 7 * 24 * time.Hour},
}

// chooseShadow opens the menu of how long NEW runs beside live.
func chooseShadow(m *Model) {
	var items []item
	for _, s := range shadows {
		items = append(items, s.item)
	}
	if m.tune.Shadow() != nil {
		items = append(items, item{"stop", "the shadow that runs"})
	}
	key, rule, name := m.tune.Key(), m.tune.Rule(), m.tune.Name()
	m.openMenu("shadow "+display.Truncate(name, 30), items, 0, func(m *Model, i int) tea.Cmd {
		if i >= len(shadows) {
			return tea.Batch(m.send(monitor.StopShadow(key)), m.say("the shadow stops"))
		}
		c := monitor.StartShadow{Sensor: key.Sensor, Kind: key.Kind, Rule: rule, For: shadows[i].d, By: m.cfg.User}
		return tea.Batch(m.send(c), m.say("a shadow of "+name+" runs for a "+display.Safe(shadows[i].name)))
	})
}

// ruleFormats are the formats of rules, as the menu offers them.
var ruleFormats = []item{
	{"prometheus", "alerting rules that keep the deadband"},
	{"grafana", "provisioned alert rules"},
	{"homeassistant", "threshold helpers"},
}

// chooseRules opens the menu of the formats in which the sensor's rules can be written.
func chooseRules(m *Model) {
	sensor := m.tune.Sensor()
	m.openMenu("export what is in force: "+display.Truncate(m.tune.Label(), 20), ruleFormats, 0, func(m *Model, i int) tea.Cmd {
		return m.send(&monitor.WriteRules{Sensor: sensor, Format: ruleFormats[i].name})
	})
}
