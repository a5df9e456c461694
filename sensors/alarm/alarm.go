// Package alarm carries the alarms of a sensor through their lives. It is pure:
// the same state, reading and thresholds always give the same changes.
//
// There is one alarm for each (sensor, threshold), with its own latch and its own
// acknowledgement, which are independent of each other: an alarm whose condition
// is gone stays unacknowledged until a person has seen it.
package alarm

import (
	"math/bits"
	"time"

	"setpoint/sensors/threshold"
)

// State is where the alarms of one sensor stand. The zero State is a sensor that
// has never raised one.
type State struct {
	Active  threshold.Latches // the condition holds
	Unacked threshold.Latches // raised, and nobody has acknowledged it since
	Since   [threshold.Kinds]time.Time
}

// Changes says what one event did to the alarms of a sensor.
type Changes struct {
	Raised, Cleared, Acknowledged threshold.Latches
}

// Any reports whether anything changed.
func (c Changes) Any() bool { return c.Raised|c.Cleared|c.Acknowledged != 0 }

// Judge folds the value v, measured at t, into s.
func (s State) Judge(set threshold.Set, t time.Time, v float64) (State, Changes) {
	after := set.Judge(s.Active, v)
	c := Changes{Raised: after &^ s.Active, Cleared: s.Active &^ after}
	if after == s.Active {
		return s, c
	}
	for k := range threshold.Kinds {
		if (c.Raised | c.Cleared).Has(k) {
			s.Since[k] = t
		}
	}
	s.Active = after
	s.Unacked |= c.Raised
	return s, c
}

// Acknowledge marks every alarm of the sensor as seen.
func (s State) Acknowledge() (State, Changes) {
	c := Changes{Acknowledged: s.Unacked}
	s.Unacked = 0
	return s, c
}

// Returned returns the alarms whose condition is gone, but which nobody has seen.
func (s State) Returned() threshold.Latches { return s.Unacked &^ s.Active }

// Count returns how many alarms are in l.
func Count(l threshold.Latches) int { return bits.OnesCount8(uint8(l)) }
