package quality

import (
	"math"
	"time"

	"setpoint/sensors"
)

// A Tracker carries what is known of one sensor from reading to reading. The zero
// Tracker has seen nothing. Its fields are exported for encoding/json only.
type Tracker struct {
	First int64   `json:"first,omitzero"` // time of the first reading, in ns since 1970
	Last  int64   `json:"last,omitzero"`  // of the newest one
	Seen  int64   `json:"seen,omitzero"`  // when that arrived, or Last if nobody knows
	Bits  uint64  `json:"bits,omitzero"`  // of the newest value, which may be NaN
	Value float64 `json:"value,omitzero"` // the newest usable one
	Pace  pace    `json:"pace,omitzero"`
	Steps steps   `json:"steps,omitzero"`
	Still still   `json:"still,omitzero"`

	Any    bool  `json:"any,omitzero"`    // there was a reading
	Usable bool  `json:"usable,omitzero"` // there was a usable value
	Broken bool  `json:"broken,omitzero"` // the newest reading has no usable value
	Power  uint8 `json:"power,omitzero"`  // power-on values in a row
}

// How often a power-on value is taken for one, and what a jump is that is far more
// than noise: so many times the noise, and so much.
const (
	powerOns = 3
	farTimes = 20
	farLeast = 5
)

// Judge folds the reading v, measured at at, into t and says what is to be thought of
// it. The reading came in at arrived, in ns since 1970 like at; arrived is 0 if nobody
// knows, as in a recording, and then no clock is checked. Its source declared it as it
// did, and manual is set if a person made it up.
//
// Readings come in the order of their times. One that is older than the last is
// judged by its value alone, and is [Late]. (Judge works in place: to hand a Tracker
// in and out by value costs about as much as to judge.)
func (t *Tracker) Judge(r *Rules, at, arrived int64, v float64, declared sensors.Quality, manual bool) (d Verdict) {
	t.alone(r, v, declared, &d)
	bits := math.Float64bits(v + 0) // + 0 turns -0 into 0
	switch {
	case manual:
		d.instead(Manual, 0)
		return d
	case !t.Any:
		t.First = at
	case at < t.Last:
		d.instead(Late, elapsed(t.Last, at))
		t.saw(at, arrived)
		return d
	case at == t.Last && bits == t.Bits:
		d.State, d.Drop = Duplicate, true
		return d
	case at == t.Last:
		d.find(Duplicate, sensors.Suspect, 0, 0)
		t.Bits = bits
		t.saw(at, arrived)
		return d
	}
	t.clock(r, at, arrived, &d)
	t.next(r, at, arrived, v, &d)
	t.Last, t.Bits, t.Any = at, bits, true
	t.saw(at, arrived)
	return d
}

// instead says s of a reading that is otherwise good.
func (d *Verdict) instead(s State, over time.Duration) {
	if d.State == Good {
		d.State, d.Over = s, over
	}
}

// saw notes that the sensor lives.
func (t *Tracker) saw(at, arrived int64) {
	if arrived == 0 {
		arrived = at
	}
	if !t.Any || arrived > t.Seen {
		t.Seen = arrived
	}
}

// alone finds what is wrong with a value whatever its time.
func (t *Tracker) alone(r *Rules, v float64, declared sensors.Quality, d *Verdict) {
	if !sensors.Finite(v) {
		d.find(NotANumber, sensors.Bad, 0, 0)
		return
	}
	if r.Kind.sentinel(v) && t.far(v) || r.Kind.powerOn(v) && t.far(v) && t.Power < powerOns {
		d.find(Sentinel, sensors.Bad, v, 0)
	}
	if end, ok := r.Kind.outside(v); ok {
		d.find(OutOfRange, sensors.Bad, end, 0)
	}
	d.find(Declared, min(declared, sensors.Bad), 0, 0)
}

// far reports whether v is so far from the last usable value that noise is no
// explanation, or is the first.
func (t *Tracker) far(v float64) bool {
	return !t.Usable || math.Abs(v-t.Value) > max(farTimes*t.Steps.scale(), farLeast)
}

// clock compares when a reading was measured with when it came.
func (t *Tracker) clock(r *Rules, at, arrived int64, d *Verdict) {
	if arrived == 0 {
		return
	}
	if by := elapsed(at, arrived); r.ahead() >= 0 && by > r.ahead() {
		d.find(ClockAhead, sensors.Suspect, 0, by)
	}
	if by := elapsed(arrived, at); r.behind() >= 0 && by > r.behind() {
		d.find(ClockBehind, sensors.Suspect, 0, by)
	}
}

// next folds in a reading that is newer than all before.
func (t *Tracker) next(r *Rules, at, arrived int64, v float64, d *Verdict) {
	linked := t.Any && !t.Broken
	if t.Any {
		interval := elapsed(at, t.Last)
		linked = linked && interval <= t.Pace.hold(r)
		d.Gap = t.Pace.gap(interval)
		silence := interval
		if arrived != 0 {
			silence = max(interval, elapsed(arrived, t.Seen))
		}
		t.Pace.push(interval, silence)
	}
	t.Power++
	if !r.Kind.powerOn(v) {
		t.Power = 0
	}
	t.Power = min(t.Power, powerOns)
	t.Broken = d.Grade == sensors.Bad
	if t.Broken {
		return
	}
	t.move(r, at, v, linked, d)
	t.Value, t.Usable = v, true
	d.Learn = d.Grade == sensors.Good && t.Steps.Jump == 0
}

// move judges the step from the last usable value to v. Linked says whether that
// was a neighbour in time, so that the step means something.
func (t *Tracker) move(r *Rules, at int64, v float64, linked bool, d *Verdict) {
	step := v - t.Value
	if !linked {
		t.Steps.Jump = 0
		t.Still.begin(at)
		return
	}
	spike := t.Steps.spike(step)
	over := elapsed(at, t.Last)
	switch {
	case spike:
		d.Before = Spike
	case r.Rate > 0 && math.Abs(step) > r.Rate*over.Seconds():
		d.find(Rate, sensors.Suspect, max(-math.MaxFloat64, min(step, math.MaxFloat64)), over)
	}
	learn := d.Grade == sensors.Good
	window := t.Still.window(r, t.Pace.median())
	if !same(v, t.Value) {
		t.Still.end(t.Last, t.Value, window, spike, math.Abs(step) > t.Steps.wide())
		t.Still.begin(at)
	} else if t.Still.stay(); t.Still.resting() {
		learn = false
	}
	grade := t.Still.grade(r, t.First, at, v, window, t.Steps.Mean > 0)
	d.find(Flat, grade, v, elapsed(at, t.Still.From))
	if learn {
		t.Steps.push(step, same(v, t.Value))
	}
}
