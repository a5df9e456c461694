package monitor

import (
	"maps"
	"path"
	"slices"
	"time"

	"setpoint/sensors"
	"setpoint/sensors/alarm"
	"setpoint/sensors/quality"
	"setpoint/sensors/threshold"
)

// Settings is what is said of sensors: for all of them, for groups, for one. It is
// immutable once a monitor has it.
type Settings struct {
	Default threshold.Settings
	Groups  []Group
	Sensors map[string]SensorSettings
}

// A Group is sensors that have settings in common. Of several groups that a sensor
// is in, the last counts.
type Group struct {
	Name     string
	Patterns []string // names, in which * stands for any text without a /, and ? for a character
	SensorSettings
}

// SensorSettings is what is said of a sensor.
type SensorSettings struct {
	Thresholds   threshold.Settings
	Advice       alarm.Advice
	OutOfService string         // why, "": it is in service
	Kind         string         // temperature, humidity, pressure or other; "": by its unit
	Flat, Stale  *time.Duration // how long a value may stay the same, and be missing; nil: found from the readings, 0: for ever
	Adaptive     *bool          // a learned band moves its high and low thresholds; nil: as Config says
}

// Holds reports whether the sensor is in g.
func (g *Group) Holds(sensor string) bool {
	return slices.ContainsFunc(g.Patterns, func(p string) bool {
		ok, err := path.Match(p, sensor)
		return p == sensor || err == nil && ok
	})
}

// resolve returns the thresholds of a sensor: built-in < suggested by its source <
// set for all < for a group < for it. A weaker figure yields to a stronger one that
// it contradicts. The built-in ones are for temperatures, and for readings that do
// not say what they are.
func (s *Settings) resolve(declared map[string]threshold.Set, sensor, unit string) threshold.Set {
	set, ok := declared[sensor]
	if !ok {
		set = threshold.None
		if unit == "" || unit == sensors.DegC {
			set = threshold.Default
		}
	}
	set = s.Default.Over(set)
	for i := range s.Groups {
		if s.Groups[i].Holds(sensor) {
			set = s.Groups[i].Thresholds.Over(set)
		}
	}
	if own, ok := s.Sensors[sensor]; ok {
		set = own.Thresholds.Over(set)
	}
	return set
}

// said returns what people say of the thresholds of a sensor, in whatever scope.
func (s *Settings) said(sensor string) (all threshold.Settings) {
	all = s.Default
	for i := range s.Groups {
		if s.Groups[i].Holds(sensor) {
			all = s.Groups[i].Thresholds.On(all)
		}
	}
	own := s.Sensors[sensor].Thresholds
	return own.On(all)
}

// origin says where threshold k of a sensor is set.
func (s *Settings) origin(declared map[string]threshold.Set, sensor string, k threshold.Kind) string {
	if k >= threshold.Kinds {
		return ""
	}
	if own, ok := s.Sensors[sensor]; ok && own.Thresholds[k].At != nil {
		return "sensor"
	}
	for i := range slices.Backward(s.Groups) {
		if g := &s.Groups[i]; g.Thresholds[k].At != nil && g.Holds(sensor) {
			return "group " + g.Name
		}
	}
	if s.Default[k].At != nil {
		return "default"
	}
	if _, ok := declared[sensor]; ok {
		return "source"
	}
	return "built-in"
}

// advice returns what an alarm of the sensor tells.
func (s *Settings) advice(sensor string, k threshold.Kind) alarm.Advice {
	var a alarm.Advice
	over := func(b alarm.Advice) {
		if b.Cause != "" {
			a.Cause = b.Cause
		}
		if b.Consequence != "" {
			a.Consequence = b.Consequence
		}
		if b.Action != "" {
			a.Action = b.Action
		}
		if b.Respond > 0 {
			a.Respond = b.Respond
		}
		if b.Priority != alarm.Unset {
			a.Priority = b.Priority
		}
	}
	for i := range s.Groups {
		if s.Groups[i].Holds(sensor) {
			over(s.Groups[i].Advice)
		}
	}
	over(s.Sensors[sensor].Advice)
	a.Priority = a.Priority.For(k)
	return a
}

// quality returns what the readings of a sensor are judged by before its thresholds.
func (s *Settings) quality(sensor, unit string) quality.Rules {
	r := quality.Rules{Kind: quality.KindOf(unit, sensor)}
	over := func(o *SensorSettings) {
		if o.Kind != "" {
			r.Kind = kinds[o.Kind]
		}
		if o.Flat != nil {
			r.Flat = never(*o.Flat)
		}
		if o.Stale != nil {
			if r.Stale = *o.Stale; r.Stale == 0 {
				r.Stale = threshold.MaxDelay
			}
		}
	}
	for i := range s.Groups {
		if s.Groups[i].Holds(sensor) {
			over(&s.Groups[i].SensorSettings)
		}
	}
	own := s.Sensors[sensor]
	over(&own)
	return r
}

// kinds are the kinds of sensors by their names.
var kinds = map[string]quality.Kind{
	"temperature": quality.KindOf(sensors.DegC, ""),
	"humidity":    quality.KindOf("%RH", ""),
	"pressure":    quality.KindOf("hPa", ""),
}

// never returns d as quality.Rules has it: negative for ever.
func never(d time.Duration) time.Duration {
	if d == 0 {
		return -1
	}
	return d
}

// adaptive reports whether a learned band moves the sensor's thresholds; all is what
// holds where nobody has said.
func (s *Settings) adaptive(sensor string, all bool) bool {
	for i := range s.Groups {
		if a := s.Groups[i].Adaptive; a != nil && s.Groups[i].Holds(sensor) {
			all = *a
		}
	}
	if a := s.Sensors[sensor].Adaptive; a != nil {
		all = *a
	}
	return all
}

// outOfService returns why a sensor is out of service from the start.
func (s *Settings) outOfService(sensor string) (why string) {
	for i := range s.Groups {
		if s.Groups[i].OutOfService != "" && s.Groups[i].Holds(sensor) {
			why = s.Groups[i].OutOfService
		}
	}
	if own := s.Sensors[sensor].OutOfService; own != "" {
		why = own
	}
	return why
}

// get returns what is said of threshold k in a scope; ok is false if there is no
// such group.
func (s *Settings) get(in Scope, k threshold.Kind) (threshold.Setting, bool) {
	switch {
	case in.Sensor != "":
		return s.Sensors[in.Sensor].Thresholds[k], true
	case in.Group != "":
		i := slices.IndexFunc(s.Groups, func(g Group) bool { return g.Name == in.Group })
		if i < 0 {
			return threshold.Setting{}, false
		}
		return s.Groups[i].Thresholds[k], true
	}
	return s.Default[k], true
}

// with returns a copy that says v of threshold k in a scope, which must exist.
func (s *Settings) with(in Scope, k threshold.Kind, v threshold.Setting) Settings {
	next := *s
	switch {
	case in.Sensor != "":
		next.Sensors = maps.Clone(s.Sensors)
		if next.Sensors == nil {
			next.Sensors = map[string]SensorSettings{}
		}
		own := next.Sensors[in.Sensor]
		own.Thresholds[k] = v
		next.Sensors[in.Sensor] = own
	case in.Group != "":
		next.Groups = slices.Clone(s.Groups)
		i := slices.IndexFunc(next.Groups, func(g Group) bool { return g.Name == in.Group })
		next.Groups[i].Thresholds[k] = v
	default:
		next.Default[k] = v
	}
	return next
}
