package quality

import (
	"strconv"
	"time"

	"setpoint/sensors"
)

// A State is what was found about a reading, or about the lack of one.
type State uint8

// The states.
const (
	Good        State = iota
	Waiting           // configured, never seen
	Stale             // nothing for longer than is usual for the sensor
	Flat              // has not moved for longer than is usual
	OutOfRange        // beyond what can be measured at all
	Sentinel          // a value that stands for a fault
	NotANumber        // NaN or infinite
	Spike             // far away from both its neighbours, on the same side
	Rate              // faster than physics allows
	ClockAhead        // measured after it arrived
	ClockBehind       // measured long before it arrived
	Duplicate         // for the same instant as the reading before
	Late              // for an earlier instant than the reading before
	Manual            // typed or injected by a person
	Declared          // suspect or bad in the words of its source
	states
)

var stateNames = [states]string{
	"good", "waiting", "stale", "flat", "out of range", "sentinel", "not a number", "spike", "rate",
	"clock ahead", "clock behind", "duplicate", "late", "manual", "declared",
}

// String returns the state in words, such as "good" or "clock ahead".
func (s State) String() string {
	if s < states {
		return stateNames[s]
	}
	return "state " + strconv.Itoa(int(s))
}

// A Verdict is what was found about one reading.
type Verdict struct {
	State State           // the finding with the worst grade
	Grade sensors.Quality // no better than the source declared
	Learn bool            // it may be learned from
	Drop  bool            // the reading before once more: count it, and forget it
	Gap   bool            // a hole lies before it: an interval over 3 x the median

	// Before is Spike when this reading shows that the one before it was suspect,
	// otherwise Good. What may turn out to be a spike is not to be learned either.
	Before State

	// By and Over are the figures of [Verdict.Reason]: a value, change or end of the
	// span, in the sensor's unit, and a time. Both are finite.
	By   float64
	Over time.Duration
}

// find notes a finding, unless one at least as bad is noted already.
func (d *Verdict) find(s State, grade sensors.Quality, by float64, over time.Duration) {
	if grade > d.Grade {
		d.State, d.Grade, d.By, d.Over = s, grade, by, over
	}
}

// Reason says in words why the state is what it is; "" for a good reading.
func (d *Verdict) Reason() string {
	by, over := strconv.FormatFloat(d.By, 'g', 6, 64), rough(d.Over)
	switch d.State {
	case Waiting:
		return "no reading for " + over + ", still awaited"
	case Stale:
		return "no reading for " + over
	case Flat:
		return "has stood at " + by + " for " + over
	case OutOfRange:
		return "beyond " + by + ", where the span ends"
	case Sentinel:
		return by + " stands for a fault of the sensor"
	case NotANumber:
		return "not a finite number"
	case Rate:
		return "changed by " + by + " within " + over
	case ClockAhead:
		return "measured " + over + " after it arrived"
	case ClockBehind:
		return "measured " + over + " before it arrived"
	case Duplicate:
		if d.Drop {
			return "the same reading again"
		}
		return "another value for the same instant"
	case Late:
		return "measured " + over + " before the one that came"
	case Manual:
		return "entered by a person"
	case Declared:
		return "declared " + d.Grade.String() + " by its source"
	}
	return ""
}

// rough returns d without what does not matter at its size.
func rough(d time.Duration) string {
	switch {
	case d >= time.Minute:
		d = d.Round(time.Second)
	case d >= time.Second:
		d = d.Round(100 * time.Millisecond)
	}
	return d.String()
}
