package alarm

import (
	"math"

	"setpoint/sensors/threshold"
)

// Cond is where the condition of an alarm stands.
type Cond uint8

// The conditions. An alarm is raised on the way from pending to active, and is back
// to normal on the way from returning to normal.
const (
	Normal    Cond = iota
	Pending        // the value is beyond the threshold, and the on-delay runs
	Active         // the alarm is on
	Returning      // on still: the value is inside the off edge, and the off-delay runs
)

// String returns "normal", "pending", "active" or "returning".
func (c Cond) String() string {
	return [...]string{"normal", "pending", "active", "returning"}[c&3]
}

// On reports whether the alarm is on.
func (c Cond) On() bool { return c >= Active }

// A Latch is the condition of one alarm. The zero Latch is normal. It is the whole
// of the evaluator: what is live, replayed and asked by what-if goes through [Latch.Pass]
// and [Latch.Judge], one after the other, for each good reading.
type Latch struct {
	Cond  Cond
	Since int64 // when Cond began, in Unix ns
}

// Due returns when the delay that runs ends by itself, in Unix ns.
func (l Latch) Due(r *threshold.Rule) (at int64, runs bool) {
	switch l.Cond {
	case Pending:
		return l.Since + int64(r.OnDelay), true
	case Returning:
		return l.Since + int64(r.OffDelay), true
	}
	return 0, false
}

// Pass returns l just before t, when the newest reading was the one at last. A
// reading stands for the value for as long as hold: a delay that ends before t and
// within that has its effect at its end. Where nothing is known for longer, a delay
// that runs is given up: what was pending is normal, and what was returning is active.
// (What happens at t itself is for a reading at t to say.)
func (l Latch) Pass(r *threshold.Rule, last, t, hold int64) Latch {
	due, runs := l.Due(r)
	if !runs {
		return l
	}
	known := last + hold
	switch {
	case l.Cond == Pending && math.IsNaN(r.At) && min(due, known) < t:
		return Latch{Normal, min(due, known)} // switched off meanwhile
	case due < t && due <= known:
		return Latch{(l.Cond + 1) & 3, max(due, last)} // due before last: the delay was shortened meanwhile
	case known < t && l.Cond == Pending:
		return Latch{Normal, known}
	case known < t:
		return Latch{Active, known}
	}
	return l
}

// Judge returns l after the value v at t. A NaN changes nothing.
func (l Latch) Judge(s *threshold.Set, k threshold.Kind, t int64, v float64) Latch {
	r := &s[k]
	switch l.Cond {
	case Normal, Pending:
		if !s.Passed(k, v) {
			if l.Cond == Pending && v == v {
				return Latch{Normal, t}
			}
			return l
		}
		if l.Cond == Normal {
			l = Latch{Pending, t}
		}
		if t-l.Since >= int64(r.OnDelay) {
			return Latch{Active, t}
		}
	case Active, Returning:
		if !s.Inside(k, v) {
			if l.Cond == Returning && v == v {
				return Latch{Active, t}
			}
			return l
		}
		if l.Cond == Active {
			l = Latch{Returning, t}
		}
		if t-l.Since >= int64(r.OffDelay) || math.IsNaN(r.At) { // switched off: nothing to wait for
			return Latch{Normal, t}
		}
	}
	return l
}
