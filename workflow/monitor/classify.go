package monitor

import (
	"maps"
	"math"
	"slices"
	"time"

	"setpoint/sensors"
	"setpoint/sensors/threshold"
	"setpoint/workflow"
)

// classifier is the step that judges readings: thresholds are its fields, so that
// swapping it moves them. It is immutable.
type classifier struct {
	common   [threshold.Kinds]*float64 // set for all sensors; nil: not set
	deadband *float64                  // likewise
	own      map[string]override       // set for one sensor, by the command line
	declared map[string]threshold.Set  // suggested by sources
	moved    map[string]threshold.Set  // by a person: counts before all others
	escalate time.Duration             // within which a critical alarm must be acknowledged
}

// override is what is set for one sensor.
type override struct {
	at       [threshold.Kinds]*float64
	deadband *float64
}

// set returns the thresholds of a sensor: built-in < suggested by its source < set
// for all < set for it < moved. The built-in ones are for temperatures, and for
// readings that do not say what they are. A weaker figure yields to a stronger one
// that it contradicts.
func (c *classifier) set(sensor, unit string) threshold.Set {
	if s, ok := c.moved[sensor]; ok {
		return s
	}
	s, ok := c.declared[sensor]
	if !ok {
		s = threshold.None
		if unit == "" || unit == sensors.DegC {
			s = threshold.Default
		}
	}
	s = override{c.common, c.deadband}.over(s)
	if o, ok := c.own[sensor]; ok {
		s = o.over(s)
	}
	return s
}

// over lays o over s. A threshold of s that contradicts one of o is switched off:
// who sets high to 95 does not mean to keep a critical of 40.
func (o override) over(s threshold.Set) threshold.Set {
	for k, v := range o.at {
		if v != nil {
			s.At[k] = *v
		}
	}
	for weak := range threshold.Kinds {
		for strong := range threshold.Kinds {
			if o.at[weak] == nil && o.at[strong] != nil && s.Crossed(weak, strong) {
				s.At[weak] = threshold.Off
			}
		}
	}
	if o.deadband != nil {
		s.Deadband = *o.deadband
	}
	return s
}

// with returns a copy in which a person has moved the sensor's thresholds to s.
func (c *classifier) with(sensor string, s threshold.Set) *classifier {
	d := *c
	d.moved = maps.Clone(c.moved)
	if d.moved == nil {
		d.moved = map[string]threshold.Set{}
	}
	d.moved[sensor] = s
	return &d
}

// Step folds an event into the state of its sensor.
func (c *classifier) Step(s State, ev workflow.Event[Input]) (State, workflow.Action) {
	in := &ev.Payload
	s.Changes.Raised, s.Changes.Cleared, s.Changes.Acknowledged = 0, 0, 0
	switch in.Kind {
	case InputReading:
		return c.reading(s, ev)
	case InputAck:
		s.Alarm, s.Changes = s.Alarm.Acknowledge()
		s.Waiting, s.deadline = false, time.Time{}
	case InputActed:
		s.Drive = in.Drive
	case InputEscalate:
		return c.begin(s, ev)
	case InputAnswered, InputEscalated:
		s.Waiting = s.Waiting && s.escalation != ev.Cause
	case InputNote:
		s.Set = c.set(ev.Key, s.Unit)
	}
	return s, Noted
}

// severe are the alarms that somebody has to acknowledge in time.
const severe = threshold.Latches(1<<threshold.Critical | 1<<threshold.CriticalLow)

// begin starts an escalation, unless the alarm has been acknowledged meanwhile or
// falls into the time of one that began before.
func (c *classifier) begin(s State, ev workflow.Event[Input]) (State, workflow.Action) {
	if s.Alarm.Unacked&severe == 0 || ev.Time.Before(s.deadline) {
		return s, Noted
	}
	s.Waiting, s.escalation, s.deadline = true, ev.ID, ev.Time.Add(c.escalate)
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
	if in.Unit != "" {
		s.Unit = in.Unit
	}
	s.Set = c.set(ev.Key, s.Unit)
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
	s.Alarm, s.Changes = s.Alarm.Judge(s.Set, ev.Time, in.Value)
	k, active := s.Set.Worst(s.Alarm.Active, in.Value)
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
	worst := []threshold.Kind{threshold.Critical, threshold.CriticalLow, threshold.High, threshold.Low}
	return slices.DeleteFunc(worst, func(k threshold.Kind) bool { return !l.Has(k) })
}
