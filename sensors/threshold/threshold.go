// Package threshold says which thresholds a value has passed. It is pure: the same
// value and thresholds always give the same answer, whatever the clock says. What
// follows from it over time is the business of package alarm.
//
// # Rules
//
//   - Comparisons include the threshold: a value on it has passed it.
//   - Passing outwards happens at the threshold itself (the on edge); a value is
//     inside again only when it is more than the deadband within it (the off edge).
//     In between it is neither, and what was so before holds.
//   - NaN has passed nothing and is inside of nothing.
package threshold

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"time"
)

// A Kind is one of the four thresholds of a sensor.
type Kind uint8

// The kinds, from the coldest to the hottest.
const (
	CriticalLow Kind = iota
	Low
	High
	Critical
	Kinds // how many there are
)

var kindNames = [Kinds]string{"critical_low", "low", "high", "critical"}

// String returns "critical_low", "low", "high", "critical", or "stale".
func (k Kind) String() string {
	switch {
	case k < Kinds:
		return kindNames[k]
	case k == Stale:
		return "stale"
	}
	return "threshold " + strconv.Itoa(int(k))
}

// Upper reports whether k bounds from above.
func (k Kind) Upper() bool { return k >= High }

// Severe reports whether k is one of the critical two.
func (k Kind) Severe() bool { return k == CriticalLow || k == Critical }

// Stale is not a threshold: it stands for the alarm of a sensor that has fallen
// silent, beside those of its thresholds.
const Stale = Kinds

// MaxDelay is the longest delay.
const MaxDelay = 30 * 24 * time.Hour

// Off is the value of a threshold that is switched off.
var Off = math.NaN()

// A Rule is one threshold: where its alarm begins and ends, and how long that must
// last. The alarm is on at At and beyond, and off inside [Set.OffEdge].
type Rule struct {
	At       float64       // where the alarm begins; NaN: the threshold is off
	Deadband float64       // how far inside At the alarm ends
	OnDelay  time.Duration // how long the value must be beyond At before the alarm begins
	OffDelay time.Duration // how long it must be inside the off edge before the alarm ends
}

// A Set holds the thresholds of one sensor, indexed by [Kind]. The zero Set means
// that nothing has been set; it is not a valid one (all four thresholds at 0),
// [None] is.
type Set [Kinds]Rule

// None is the Set with every threshold switched off.
var None = Set{{At: Off}, {At: Off}, {At: Off}, {At: Off}}

// Default is what applies where nobody has said anything: 10, 30 and 40, with a
// deadband of 0.5, in °C, and no delays.
var Default = None.With(Low, 10).With(High, 30).With(Critical, 40).WithDeadband(0.5)

// IsZero reports whether nothing has been set.
func (s Set) IsZero() bool { return s == Set{} }

// On reports whether threshold k is switched on.
func (s Set) On(k Kind) bool { return !math.IsNaN(s[k].At) }

// OffEdge returns where the alarm of threshold k ends: a value beyond it, on the
// normal side, is back to normal.
func (s Set) OffEdge(k Kind) float64 {
	if k.Upper() {
		return s[k].At - s[k].Deadband
	}
	return s[k].At + s[k].Deadband
}

// With returns s with threshold k at v.
func (s Set) With(k Kind, v float64) Set {
	s[k].At = v
	return s
}

// WithDeadband returns s with the deadband of every threshold at d.
func (s Set) WithDeadband(d float64) Set {
	for k := range s {
		s[k].Deadband = d
	}
	return s
}

// WithDelays returns s with the delays of every threshold at on and off.
func (s Set) WithDelays(on, off time.Duration) Set {
	for k := range s {
		s[k].OnDelay, s[k].OffDelay = on, off
	}
	return s
}

// Latches says which thresholds are passed, one bit for each [Kind].
type Latches uint8

// Has reports whether the latch of k is closed.
func (l Latches) Has(k Kind) bool { return l&(1<<k) != 0 }

// Set returns l with the latch of k closed.
func (l Latches) Set(k Kind) Latches { return l | 1<<k }

// Clear returns l with the latch of k open.
func (l Latches) Clear(k Kind) Latches { return l &^ (1 << k) }

// Worst returns the kind that a sensor with these latches shows: a critical one
// before the others, and of two on the same footing the one that v itself has
// passed. ok is false if every latch is open.
func (s Set) Worst(l Latches, v float64) (k Kind, ok bool) {
	for _, pair := range [2][2]Kind{{Critical, CriticalLow}, {High, Low}} {
		a, b := pair[0], pair[1]
		switch {
		case l.Has(a) && l.Has(b):
			if s.Passed(b, v) {
				return b, true
			}
			return a, true
		case l.Has(a):
			return a, true
		case l.Has(b):
			return b, true
		}
	}
	return 0, false
}

// Beyond returns the thresholds that v has passed.
func (s *Set) Beyond(v float64) (l Latches) {
	for k := range Kinds {
		if s.Passed(k, v) {
			l = l.Set(k)
		}
	}
	return l
}

// Passed reports whether v is on or beyond the on edge of k. A threshold that is
// off is NaN, which no value has passed.
func (s *Set) Passed(k Kind, v float64) bool {
	if k.Upper() {
		return v >= s[k].At
	}
	return v <= s[k].At
}

// Inside reports whether v lies on the normal side of the off edge of k, or k is
// off.
func (s *Set) Inside(k Kind, v float64) bool {
	if !s.On(k) {
		return v == v
	}
	if k.Upper() {
		return v < s.OffEdge(k)
	}
	return v > s.OffEdge(k)
}

// Validate reports every fault of s at once: the thresholds that are on must rise
// from critical low to critical (low and high may not be equal, the critical ones
// may equal their neighbour), and the deadband must be a number of 0 or more.
func (s Set) Validate() error {
	var errs []error
	last := Kinds
	for k := range Kinds {
		errs = append(errs, s[k].faults(k)...)
		switch {
		case !s.On(k):
			continue
		case math.IsInf(s[k].At, 0):
			errs = append(errs, fmt.Errorf("%v %g: want a number or off", k, s[k].At))
			continue
		case last != Kinds && s.Crossed(last, k):
			errs = append(errs, fmt.Errorf("%v %g must be below %v %g", last, s[last].At, k, s[k].At))
		}
		last = k
	}
	return errors.Join(errs...)
}

// faults returns what is wrong with r apart from where it stands.
func (r Rule) faults(k Kind) (errs []error) {
	if !(r.Deadband >= 0) || math.IsInf(r.Deadband, 0) {
		errs = append(errs, fmt.Errorf("deadband %g of %v: want 0 or more", r.Deadband, k))
	}
	if r.OnDelay < 0 || r.OnDelay > MaxDelay {
		errs = append(errs, fmt.Errorf("on-delay %v of %v: want 0 to %v", r.OnDelay, k, MaxDelay))
	}
	if r.OffDelay < 0 || r.OffDelay > MaxDelay {
		errs = append(errs, fmt.Errorf("off-delay %v of %v: want 0 to %v", r.OffDelay, k, MaxDelay))
	}
	return errs
}

// Crossed reports whether thresholds a and b, in either order, stand the wrong way
// round: a critical one may be equal to its neighbour, low and high may not. One
// that is off is never crossed.
func (s Set) Crossed(a, b Kind) bool {
	a, b = min(a, b), max(a, b)
	if a == b {
		return false
	}
	return s[a].At > s[b].At || s[a].At == s[b].At && !a.Upper() && b.Upper()
}

// Step returns the readable step in which a threshold over values that span the
// given range is moved: 1, 2 or 5 times a power of ten, at most a fiftieth of it.
// It is 0.5 where the range tells nothing: none, infinite, or so small that it is
// the rounding of a constant.
func Step(span float64) float64 {
	if !(span > 1e-9) || math.IsInf(span, 0) {
		return 0.5
	}
	p := math.Pow(10, math.Floor(math.Log10(span/50)))
	for _, m := range []float64{5, 2, 1} {
		if m*p <= span/50 {
			return m * p
		}
	}
	return p
}

// Move returns v moved by n steps, on the grid of the step, so that repeated
// moves end on round figures.
func Move(v, step float64, n int) float64 {
	if step <= 0 {
		return v
	}
	grid := math.Round(v/step) + float64(n)
	inv := math.Round(1 / step)
	if step < 1 && inv > 0 && math.Abs(inv*step-1) < 1e-9 {
		return grid / inv // divided, not multiplied: 3/10 prints as 0.3
	}
	return grid * step
}
