// Package threshold decides which thresholds a value has passed. It is pure: the
// same latches, value and thresholds always give the same answer, whatever the
// clock says, so a replay over a recording and the live view cannot disagree.
//
// # Rules
//
//   - Comparisons include the threshold: a value on it has passed it.
//   - Each threshold has a latch of its own. Passing outwards happens at the
//     threshold itself (the on edge); the latch opens only when the value is more
//     than the deadband inside it (the off edge), so a value that trembles on a
//     threshold does not chatter.
//   - A band never hides a worse one: a fall from above critical straight below
//     low opens the one latch and closes the other at once.
//   - NaN passes nothing and opens nothing: the latches hold.
package threshold

import (
	"errors"
	"fmt"
	"math"
	"strconv"
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

// String returns "critical_low", "low", "high" or "critical".
func (k Kind) String() string {
	if k < Kinds {
		return kindNames[k]
	}
	return "threshold " + strconv.Itoa(int(k))
}

// Upper reports whether k bounds from above.
func (k Kind) Upper() bool { return k >= High }

// Severe reports whether k is one of the critical two.
func (k Kind) Severe() bool { return k == CriticalLow || k == Critical }

// Off is the value of a threshold that is switched off.
var Off = math.NaN()

// A Set holds the thresholds of one sensor. A threshold that is NaN is switched
// off. The zero Set means that nothing has been set; it is not a valid one (all
// four thresholds at 0), [None] is.
type Set struct {
	At       [Kinds]float64 // indexed by Kind: where each alarm begins
	Deadband float64        // how far inside its threshold an alarm ends
}

// None is the Set with every threshold switched off.
var None = Set{At: [Kinds]float64{Off, Off, Off, Off}}

// Default is what applies where nobody has said anything: 10, 30 and 40, with a
// deadband of 0.5, in °C.
var Default = Set{At: [Kinds]float64{Off, 10, 30, 40}, Deadband: 0.5}

// IsZero reports whether nothing has been set.
func (s Set) IsZero() bool { return s == Set{} }

// On reports whether threshold k is switched on.
func (s Set) On(k Kind) bool { return !math.IsNaN(s.At[k]) }

// OffEdge returns where the alarm of threshold k ends: a value beyond it, on the
// normal side, is back to normal.
func (s Set) OffEdge(k Kind) float64 {
	if k.Upper() {
		return s.At[k] - s.Deadband
	}
	return s.At[k] + s.Deadband
}

// With returns s with threshold k at v.
func (s Set) With(k Kind, v float64) Set {
	s.At[k] = v
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
			if s.passed(b, v) {
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

// Judge returns the latches after value v, given those before it.
func (s Set) Judge(before Latches, v float64) Latches {
	if math.IsNaN(v) {
		return before
	}
	after := before
	for k := range Kinds {
		switch {
		case s.passed(k, v):
			after = after.Set(k)
		case !before.Has(k):
		case !s.On(k), s.inside(k, v):
			after = after.Clear(k)
		}
	}
	return after
}

// passed reports whether v is on or beyond the on edge of k. A threshold that is
// off is NaN, which no value has passed.
func (s Set) passed(k Kind, v float64) bool {
	if k.Upper() {
		return v >= s.At[k]
	}
	return v <= s.At[k]
}

// inside reports whether v lies on the normal side of the off edge of k.
func (s Set) inside(k Kind, v float64) bool {
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
	if !(s.Deadband >= 0) || math.IsInf(s.Deadband, 0) {
		errs = append(errs, fmt.Errorf("deadband %g: want 0 or more", s.Deadband))
	}
	last := Kinds
	for k := range Kinds {
		switch {
		case !s.On(k):
			continue
		case math.IsInf(s.At[k], 0):
			errs = append(errs, fmt.Errorf("%v %g: want a number or off", k, s.At[k]))
			continue
		case last != Kinds && s.Crossed(last, k):
			errs = append(errs, fmt.Errorf("%v %g must be below %v %g", last, s.At[last], k, s.At[k]))
		}
		last = k
	}
	return errors.Join(errs...)
}

// Crossed reports whether thresholds a and b, in either order, stand the wrong way
// round: a critical one may be equal to its neighbour, low and high may not. One
// that is off is never crossed.
func (s Set) Crossed(a, b Kind) bool {
	a, b = min(a, b), max(a, b)
	if a == b {
		return false
	}
	return s.At[a] > s.At[b] || s.At[a] == s.At[b] && !a.Upper() && b.Upper()
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
