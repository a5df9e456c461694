package config

import (
	"errors"
	"math"
	"strconv"
	"strings"
	"time"

	"setpoint/sensors"
	"setpoint/sensors/alarm"
	"setpoint/sensors/threshold"
)

// A Layer is whom a figure is set for. A higher one counts before a lower one.
type Layer uint8

// The layers.
const (
	All    Layer = iota // every sensor
	Group               // the sensors of a group
	Sensor              // one
)

// A Field is one figure of a threshold.
type Field uint8

// The fields.
const (
	At Field = iota // the threshold itself
	Deadband
	OnDelay
	OffDelay
	Fields // how many there are
)

var fieldNames = [Fields]string{"", "deadband", "on-delay", "off-delay"}

// Key returns the key under which field f of threshold k stands in the file: "high"
// or "critical-low" for [At], else "deadband", "on-delay" or "off-delay".
func (f Field) Key(k threshold.Kind) string {
	if f == At {
		return KindKey(k)
	}
	return fieldNames[f]
}

// KindKey returns the key of threshold k: "critical-low", "low", "high", "critical".
func KindKey(k threshold.Kind) string { return strings.ReplaceAll(k.String(), "_", "-") }

// keyKinds are the thresholds by their keys.
var keyKinds = func() map[string]threshold.Kind {
	m := map[string]threshold.Kind{}
	for k := range threshold.Kinds {
		m[KindKey(k)] = k
	}
	return m
}()

// A Scope is what one place says of one layer.
type Scope struct {
	Layer    Layer
	Name     string   // of the group or the sensor
	Patterns []string // of a group: exact names, or as [path.Match] has them
	Source   string   // "flag", "environment" or the file's name

	Of    threshold.Settings // what is said of each threshold
	Lines [threshold.Kinds][Fields]int

	Advice       alarm.Advice
	OutOfService string         // why; "": it is in service
	Kind         string         // one of [SensorKinds]; "": not said
	Flat, Stale  *time.Duration // how long a value may stay the same, and be missing; 0: for ever
	Adaptive     *bool          // a learned band moves its thresholds
}

// SensorKinds are the kinds of sensors that a file may name.
var SensorKinds = []string{"temperature", "humidity", "pressure", "other"}

// From says where a figure of the scope is set: "flag", "environment" or
// "setpoint.yaml:12"; "" if it is not.
func (s *Scope) From(k threshold.Kind, f Field) string {
	said := [Fields]bool{s.Of[k].At != nil, s.Of[k].Deadband != nil, s.Of[k].OnDelay != nil, s.Of[k].OffDelay != nil}
	switch {
	case !said[f]:
		return ""
	case s.Lines[k][f] > 0:
		return s.Source + ":" + strconv.Itoa(s.Lines[k][f])
	}
	return s.Source
}

// Set reads text as field f of threshold k, or of all thresholds if k is
// [threshold.Kinds]. The error says what is wanted.
func (s *Scope) Set(k threshold.Kind, f Field, text string, line int) error {
	var level *float64
	var delay *time.Duration
	switch f {
	case At, Deadband:
		v, err := parseLevel(text, f)
		if err != nil {
			return err
		}
		level = &v
	default:
		d, err := parseTime(text, threshold.MaxDelay)
		if err != nil {
			return err
		}
		delay = &d
	}
	for i := range threshold.Kinds {
		if k != i && k != threshold.Kinds {
			continue
		}
		o := &s.Of[i]
		switch f {
		case At:
			o.At = level
		case Deadband:
			o.Deadband = level
		case OnDelay:
			o.OnDelay = delay
		case OffDelay:
			o.OffDelay = delay
		}
		s.Lines[i][f] = line
	}
	return nil
}

// parseLevel reads a threshold, which may be off, or a deadband.
func parseLevel(text string, f Field) (float64, error) {
	if f == At && text == "off" {
		return threshold.Off, nil
	}
	v, err := strconv.ParseFloat(text, 64)
	switch {
	case (err != nil || !sensors.Finite(v)) && f == At:
		return 0, errors.New("want a number or off")
	case err != nil || !sensors.Finite(v):
		return 0, errors.New("want a number")
	case f == Deadband && v < 0:
		return 0, errors.New("want 0 or more")
	}
	return v, nil
}

// parseTime reads a time from 0 to longest.
func parseTime(text string, longest time.Duration) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	switch {
	case err != nil:
		return 0, errors.New("want a time such as 90s or 1h30m")
	case d < 0:
		return 0, errors.New("want 0 or more")
	case d > longest:
		return 0, errors.New("want at most " + strings.TrimSuffix(longest.String(), "0m0s"))
	}
	return d, nil
}

// crossed returns two thresholds of s that stand the wrong way round.
func (s *Scope) crossed() (lower, upper threshold.Kind, ok bool) {
	set := threshold.None
	for k, o := range s.Of {
		if o.At != nil && !math.IsNaN(*o.At) {
			set[k].At = *o.At
		}
	}
	for lower := range threshold.Kinds {
		for upper := lower + 1; upper < threshold.Kinds; upper++ {
			if set.Crossed(lower, upper) {
				return lower, upper, true
			}
		}
	}
	return 0, 0, false
}
