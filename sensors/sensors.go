package sensors

import (
	"context"
	"errors"
	"fmt"
	"math"
	"time"
	"unicode/utf8"

	"setpoint/sensors/threshold"
)

// Quality says how far a reading can be trusted.
type Quality uint8

// The qualities, best first.
const (
	Good    Quality = iota // measured, plausible
	Suspect                // shown and judged, but nothing is learned from it
	Bad                    // a gap: neither judged nor learned from; an alarm holds
)

// String returns "good", "suspect" or "bad".
func (q Quality) String() string {
	switch q {
	case Good:
		return "good"
	case Suspect:
		return "suspect"
	default:
		return "bad"
	}
}

// A Reading is one value of one sensor at one instant.
type Reading struct {
	Sensor  string    // exact name, as the source gave it
	Time    time.Time // when it was measured; the zero time means "on arrival"
	Value   float64   // NaN and infinities are bad readings, never normal ones
	Unit    string    // as the source declared it, "" if it did not
	Quality Quality
}

// A Reject is a record that could not be a reading.
type Reject struct {
	Source string // the source's name
	Line   int64  // the record's line, counted from 1; 0 if the source has no lines
	Reason string // what was wrong and what is wanted; strangers' text in it is quoted
}

// A Sink takes what a source pushes.
type Sink interface {
	// Reading takes r. It blocks while the sink is full; an error means that no
	// further reading is wanted and ends the source.
	Reading(ctx context.Context, r Reading) error

	// Reject counts a record that could not be a reading.
	Reject(r Reject)

	// Settle returns when everything pushed so far has been judged and acted on.
	// A simulation whose actuators answer to alarms calls it between its steps
	// when it runs faster than time, so that one seed gives one run.
	Settle(ctx context.Context) error
}

// A Source pushes readings; the package comment says what it promises.
type Source interface {
	// Name returns the source as the user wrote it, without secrets.
	Name() string

	// Run pushes readings into sink until there are no more (nil), ctx is done,
	// the sink refuses one, or the source fails for good.
	Run(ctx context.Context, sink Sink) error
}

// A Sensor is what a source knows of a sensor before its first reading.
type Sensor struct {
	Name       string
	Unit       string
	Thresholds threshold.Set // what the source suggests; the zero Set means nothing
}

// A Describer is a source that knows its sensors before they report.
type Describer interface {
	Sensors() []Sensor
}

// A Drive is what an actuator is told to do.
type Drive int8

// The drives: what a zone's actuator does to its temperature.
const (
	Idle Drive = iota
	Cool
	Heat
)

// String returns "idle", "cooling" or "heating".
func (d Drive) String() string {
	switch d {
	case Cool:
		return "cooling"
	case Heat:
		return "heating"
	default:
		return "idle"
	}
}

// An Actuated source has actuators that act on what its sensors read next.
type Actuated interface {
	// Actuate drives the zone of the named sensor at the given event time, and
	// reports whether that sensor has an actuator. It never blocks and may be
	// called while Run runs.
	Actuate(sensor string, at time.Time, d Drive) bool
}

// MaxName is the longest name of a sensor, in bytes.
const MaxName = 1024

// CheckName returns an error unless name can name a sensor: 1 to [MaxName] bytes
// of valid UTF-8.
func CheckName(name string) error {
	switch {
	case name == "":
		return errors.New("sensor name is empty: want 1 to 1024 bytes")
	case len(name) > MaxName:
		return fmt.Errorf("sensor name has %d bytes: want at most %d", len(name), MaxName)
	case !utf8.ValidString(name):
		return errors.New("sensor name is not valid UTF-8")
	}
	return nil
}

// Celsius returns r in °C when its unit is a declared °F or K; readings in any
// other unit, or in none, are returned as they are. (Differences, such as a
// deadband, convert by scale only: that is [CelsiusDifference].)
func Celsius(r Reading) Reading {
	if fahrenheit(r.Unit) {
		r.Value, r.Unit = (r.Value-32)/1.8, DegC
	}
	switch r.Unit {
	case "K", "kelvin", "Kelvin":
		r.Value, r.Unit = r.Value-273.15, DegC
	case "C", "degC", "celsius", "Celsius", "℃":
		r.Unit = DegC
	}
	return r
}

// CelsiusDifference returns a difference d, given in unit, in °C: differences
// convert by scale only.
func CelsiusDifference(d float64, unit string) float64 {
	if fahrenheit(unit) {
		return d / 1.8
	}
	return d
}

func fahrenheit(unit string) bool {
	switch unit {
	case "°F", "℉", "F", "degF", "fahrenheit", "Fahrenheit":
		return true
	}
	return false
}

// DegC is the unit of temperature inside the program.
const DegC = "°C"

// Finite reports whether v is a number a sensor can have measured.
func Finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
