package monitor

import (
	"slices"
	"sync"
	"time"

	"setpoint/sensors"
	"setpoint/sensors/alarm"
	"setpoint/sensors/quality"
	"setpoint/sensors/threshold"
	"setpoint/workflow"
)

// classifier is the step that judges readings: thresholds are its fields, so that
// swapping it moves them. It is immutable.
type classifier struct {
	settings  Settings
	declared  map[string]threshold.Set // suggested by sources
	escalate  time.Duration            // within which a critical alarm must be acknowledged
	realarm   time.Duration            // after which an acknowledged alarm is unacknowledged again; 0: never
	onlyWorst bool                     // the lesser alarm of a side is suppressed by design
	known     *known                   // of settings
	adaptive  bool                     // high and low follow what is usual, where settings say nothing
	live      bool                     // the readings' times are those of the wall clock
}

// set returns the thresholds of a sensor.
func (c *classifier) set(sensor, unit string) threshold.Set {
	if c.settings.adaptive(sensor, c.adaptive) {
		unit = "?" // the built-in ones know less than the band
	}
	return c.settings.resolve(c.declared, sensor, unit)
}

// rules returns what the alarms of a sensor are judged by.
func (c *classifier) rules(s *State) alarm.Rules {
	return alarm.Rules{Set: s.Set, Hold: s.Hold, Realarm: c.realarm, OnlyWorst: c.onlyWorst}
}

// Step folds an event into the state of its sensor.
func (c *classifier) Step(s State, ev workflow.Event[Input]) (State, workflow.Action) {
	s.Changes, s.turned, s.calls = alarm.Changes{}, false, false
	was, unacked := s.Verdict.State, s.Alarm.Unacked()
	if s.Set.IsZero() || s.Revision != ev.Revision {
		s.Set, s.Revision = c.set(ev.Key, s.Unit), ev.Revision
		c.lines(&s)
	}
	action := Noted
	switch {
	case ev.Kind == workflow.Tick:
		r := c.rules(&s)
		s.Alarm, s.Changes = s.Alarm.Tick(&r, ev.Time.UnixNano())
	case ev.Payload.Kind == InputReading:
		s, action = c.reading(s, ev)
	case ev.Payload.Kind == InputEscalate:
		s, action = c.begin(s, ev)
	default:
		s = c.command(s, ev)
	}
	s.owe(unacked, action)
	s.Timer = c.timer(&s)
	s.turned = s.Verdict.State != was
	return s, action
}

// timer returns when something happens to the alarms by itself, 0: never.
func (c *classifier) timer(s *State) int64 {
	r := c.rules(s)
	if at, ok := s.Alarm.Next(&r); ok {
		return at
	}
	return 0
}

// fall lets s fall silent at the time at which it is stale, if that is before t and
// its ways are known: a recording that has not shown how often its sensor reports has
// no silence.
func (c *classifier) fall(sensor string, s *State, t int64) {
	if !s.Tracker.Any || s.Silent() || !c.live && s.Tracker.Interval() == 0 {
		return
	}
	q := c.quality(sensor, s)
	at := s.Tracker.StaleAt(q, s.watched())
	if at >= t {
		return
	}
	r := c.rules(s)
	s.Verdict, s.Quality = s.Tracker.Silence(q, s.watched(), at), sensors.Bad
	s.Alarm, s.Changes = s.Alarm.Fall(&r, at)
}

// quality returns what the readings of a sensor are judged by before its thresholds.
func (c *classifier) quality(sensor string, s *State) *quality.Rules {
	return c.known.get(&c.settings, sensor, s.Unit, c.adaptive).rules
}

// known is what was found out of the settings of sensors, so that patterns of groups
// are not matched for each reading.
type known struct {
	mu sync.RWMutex
	of map[string]knownSensor
}

type knownSensor struct {
	unit     string
	rules    *quality.Rules
	adaptive bool
	out      string // why it is out of service
}

func (n *known) get(s *Settings, sensor, unit string, adaptive bool) knownSensor {
	n.mu.RLock()
	k := n.of[sensor]
	n.mu.RUnlock()
	if k.rules != nil && k.unit == unit {
		return k
	}
	rules := s.quality(sensor, unit)
	k = knownSensor{unit, &rules, s.adaptive(sensor, adaptive), s.outOfService(sensor)}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.of == nil {
		n.of = map[string]knownSensor{}
	}
	n.of[sensor] = k
	return k
}

// command folds what a person or a handler says.
func (c *classifier) command(s State, ev workflow.Event[Input]) State {
	in := &ev.Payload
	which := in.Alarms
	if which == 0 {
		which = s.alarms()
	}
	switch in.Kind {
	case InputAck:
		s.Alarm, s.Changes = s.Alarm.Acknowledge(which, ev.Time.UnixNano())
	case InputShelve:
		s.Alarm, s.Changes = s.Alarm.Shelve(which, in.Until)
	case InputUnshelve:
		s.Alarm, s.Changes = s.Alarm.Unshelve(which)
	case InputOut:
		s.Alarm, s.Changes = s.Alarm.TakeOut(in.Text)
	case InputIn:
		s.Alarm, s.Changes = s.Alarm.PutBack()
	case InputActed:
		s.Drive = in.Drive
	case InputSilent:
		c.fall(ev.Key, &s, ev.Time.UnixNano())
	case InputResumed:
		s.Watched = ev.Time.UnixNano()
	case InputAnswered, InputEscalated:
		s.Waiting = s.Waiting && s.Escalation != ev.Cause
	}
	if s.Alarm.Unacked()&severe == 0 {
		s.Waiting, s.Deadline = false, time.Time{}
	}
	return s
}

// severe are the alarms that somebody has to acknowledge in time.
const severe = threshold.Latches(1<<threshold.Critical | 1<<threshold.CriticalLow)

// owe has the next reading that a handler sees start an escalation, if an event that no
// handler sees has made a severe alarm unacknowledged: an on-delay that ended, a shelf.
func (s *State) owe(before threshold.Latches, action workflow.Action) {
	s.Owed = s.Alarm.Unacked()&severe != 0 && (s.Owed || s.Alarm.Unacked()&^before&severe != 0)
	if action != Noted && action != Bad && action != Escalate {
		s.calls, s.Owed = s.Owed, false
	}
}

// begin starts an escalation, unless the alarm has been acknowledged meanwhile or
// falls into the time of one that began before.
func (c *classifier) begin(s State, ev workflow.Event[Input]) (State, workflow.Action) {
	if s.Alarm.Unacked()&severe == 0 || ev.Time.Before(s.Deadline) {
		return s, Noted
	}
	s.Waiting, s.Escalation, s.Deadline = true, ev.ID, ev.Time.Add(c.escalate)
	return s, Escalate
}

// arrived returns when a reading of time at came in, 0 if it comes from a recording:
// one that is played through a pipe is far behind the clock.
func (c *classifier) arrived(ev *event) int64 {
	if d := ev.Seen.Sub(ev.Time); c.live && d.Abs() < time.Hour {
		return ev.Seen.UnixNano()
	}
	return 0
}

func (c *classifier) reading(s State, ev event) (State, workflow.Action) {
	in, at := &ev.Payload, ev.Time.UnixNano()
	if in.Unit != "" && in.Unit != s.Unit {
		s.Unit = in.Unit
		s.Set = c.set(ev.Key, s.Unit)
	}
	arrived := c.arrived(&ev)
	c.fall(ev.Key, &s, max(at, arrived))
	q := c.quality(ev.Key, &s)
	late := s.Tracker.Any && at < s.Tracker.Last
	d := s.Tracker.Judge(q, at, arrived, in.Value, in.Quality, false)
	switch {
	case d.Drop:
		s.Duplicates++
		return s, Noted // nothing new
	case d.State == quality.Duplicate:
		s.Duplicates++
	case late && d.Grade == sensors.Bad:
		s.Disordered++
		return s, Noted // a newer one has come since
	case late: // it belongs before the newest: for the history, not for alarms
		s.Disordered++
		s = s.count(in.Value)
		return s, Noted
	}
	c.configure(ev.Key, &s)
	s.Hold = s.Tracker.Hold(q)
	s.Time, s.Value, s.Quality, s.Verdict = ev.Time, in.Value, d.Grade, d
	if s.Quality == sensors.Bad {
		s.Bad++
		r := c.rules(&s)
		s.Alarm, s.Changes = and(s.Changes)(s.Alarm.Tick(&r, at))
		return s, Bad
	}
	s = s.count(in.Value)
	follows := c.known.get(&c.settings, ev.Key, s.Unit, c.adaptive).adaptive
	if follows {
		c.lines(&s)
	}
	r := c.rules(&s)
	s.Alarm, s.Changes = and(s.Changes)(s.Alarm.Judge(&r, at, in.Value))
	if follows {
		c.adapt(&s, ev.Key, at, in.Value)
	}
	k, active := s.Set.Worst(s.Alarm.On(), in.Value)
	switch {
	case !active:
		return s, Normal
	case k.Severe():
		return s, Critical
	case k.Upper():
		return s, High
	}
	return s, Low
}

// configure takes the sensor out of service, or puts it back, where the configuration
// says something else of that than it did when the sensor spoke last.
func (c *classifier) configure(sensor string, s *State) {
	why := c.known.get(&c.settings, sensor, s.Unit, c.adaptive).out
	switch {
	case why == s.Configured:
		return
	case why != "":
		s.Alarm, _ = s.Alarm.TakeOut(why)
	case s.Alarm.Out == s.Configured:
		s.Alarm, _ = s.Alarm.PutBack()
	}
	s.Configured = why
}

// and adds to what an event changes what it has changed before.
func and(before alarm.Changes) func(alarm.State, alarm.Changes) (alarm.State, alarm.Changes) {
	return func(s alarm.State, c alarm.Changes) (alarm.State, alarm.Changes) {
		c.Raised |= before.Raised
		c.Cleared |= before.Cleared
		c.Realarmed |= before.Realarmed
		c.Unshelved |= before.Unshelved
		c.Silent |= before.Silent
		return s, c
	}
}

// actions lists what the classifier may name.
var actions = []workflow.Action{Normal, High, Low, Critical, Bad, Noted, Escalate}

// kindsIn yields the thresholds in l, the worst first.
func kindsIn(l threshold.Latches) []threshold.Kind {
	if l == 0 {
		return nil
	}
	worst := []threshold.Kind{threshold.Critical, threshold.CriticalLow, threshold.High, threshold.Low, threshold.Stale}
	return slices.DeleteFunc(worst, func(k threshold.Kind) bool { return !l.Has(k) })
}
