package monitor

import (
	"math"
	"slices"
	"time"

	"setpoint/sensors"
	"setpoint/sensors/alarm"
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
}

// set returns the thresholds of a sensor.
func (c *classifier) set(sensor, unit string) threshold.Set {
	return c.settings.resolve(c.declared, sensor, unit)
}

// rules returns what the alarms of a sensor are judged by.
func (c *classifier) rules(s *State) alarm.Rules {
	return alarm.Rules{Set: s.Set, Hold: hold, Realarm: c.realarm, OnlyWorst: c.onlyWorst}
}

// hold is how long a reading stands for the value after it.
const hold = time.Minute

// Step folds an event into the state of its sensor.
func (c *classifier) Step(s State, ev workflow.Event[Input]) (State, workflow.Action) {
	s.Changes = alarm.Changes{}
	if s.Set.IsZero() || s.Revision != ev.Revision {
		s.Set, s.Revision = c.set(ev.Key, s.Unit), ev.Revision
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
	r := c.rules(&s)
	s.Timer = 0
	if at, ok := s.Alarm.Next(&r); ok {
		s.Timer = at
	}
	return s, action
}

// command folds what a person or a handler says.
func (c *classifier) command(s State, ev workflow.Event[Input]) State {
	in := &ev.Payload
	which := in.Alarms
	if which == 0 {
		which = alarm.All
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

// begin starts an escalation, unless the alarm has been acknowledged meanwhile or
// falls into the time of one that began before.
func (c *classifier) begin(s State, ev workflow.Event[Input]) (State, workflow.Action) {
	if s.Alarm.Unacked()&severe == 0 || ev.Time.Before(s.Deadline) {
		return s, Noted
	}
	s.Waiting, s.Escalation, s.Deadline = true, ev.ID, ev.Time.Add(c.escalate)
	return s, Escalate
}

func (c *classifier) reading(s State, ev workflow.Event[Input]) (State, workflow.Action) {
	in := &ev.Payload
	if ev.Time.Equal(s.Time) && s.Count+s.Bad > 0 {
		s.Duplicates++
		if in.Value == s.Value {
			return s, Noted // nothing new
		}
		in.Quality = max(in.Quality, sensors.Suspect)
	}
	if !sensors.Finite(in.Value) {
		in.Quality = sensors.Bad
	}
	s.Time, s.Value, s.Quality = ev.Time, in.Value, in.Quality
	if in.Unit != "" && in.Unit != s.Unit {
		s.Unit = in.Unit
		s.Set = c.set(ev.Key, s.Unit)
	}
	if s.Quality == sensors.Bad {
		s.Bad++
		return s, Bad
	}
	s.Min, s.Max = math.Min(s.Min, in.Value), math.Max(s.Max, in.Value)
	if s.Count == 0 {
		s.Min, s.Max = in.Value, in.Value
	}
	s.Count++
	s.Sum += in.Value
	r := c.rules(&s)
	s.Alarm, s.Changes = s.Alarm.Judge(&r, ev.Time.UnixNano(), in.Value)
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
