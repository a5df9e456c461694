package tune

import (
	"cmp"
	"math"
	"slices"

	"setpoint/sensors/history"
)

// Curve returns how many alarms a day the threshold of q would have raised if it
// had stood at each of the values in at; NaN with no data. It is what asking for
// each of them would give, with the same deadband and delays, in one pass.
func Curve(past *history.Series, q Question, at []float64) []float64 {
	rates := make([]float64, len(at))
	s := spanOf(past, &q)
	if c := s.coverage(past, q.Hold); !(c.Good > 0) || c.Days == 0 {
		for i := range rates {
			rates[i] = math.NaN()
		}
		return rates
	}
	l, order := newLadder(&q, at)
	l.walk(past, s.i, s.j)
	l.pass(cmp.Or(q.To, s.end))
	raised := 0
	for rung, i := range order {
		raised += l.raised[rung]
		rates[i] = float64(raised) / (float64(s.end-s.start) / day)
	}
	return rates
}

// A ladder is the latches of one threshold at many values, its rungs, from the
// innermost to the outermost. What is on, or beyond the threshold, on one rung is so
// on all that are further inside, and has been for at least as long. So one number
// says which rungs are on; and those that pend (beyond it), or are returning (the
// outermost that are on), form runs with one begin each, of which the run next to
// that number began first. Never are there both.
//
// For a threshold that bounds from below everything is upside down.
type ladder struct {
	sign    float64
	on, off []float64 // edges, and one that is never reached: on[p] is the next to go on, off[p] the next to go off
	ons     edges
	offs    edges
	p       int // rungs below p are on
	up      bool
	runs    []run // up: of pending rungs from p on, else of returning rungs from p-1 down
	delay   [2]int64
	hold    int64
	last    int64 // time of the newest good reading
	raised  []int // alarms of each rung, less those of the rung before
}

// A run ends before rung edge (or, of returning rungs, with it).
type run struct {
	edge  int
	since int64
}

// newLadder returns the ladder for the values in at, and the index in at of each
// rung. Values that are NaN have no rung: they are off, and raise nothing.
func newLadder(q *Question, at []float64) (l *ladder, order []int) {
	rule := q.Set[q.Kind]
	l = &ladder{sign: 1, hold: int64(q.Hold), delay: [2]int64{int64(rule.OffDelay), int64(rule.OnDelay)}}
	if !q.Kind.Upper() {
		l.sign = -1
	}
	for i, v := range at {
		if v == v {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(a, b int) int { return cmp.Compare(l.sign*at[a], l.sign*at[b]) })
	l.off = append(l.off, math.Inf(-1))
	for _, i := range order {
		l.on = append(l.on, l.sign*at[i])
		l.off = append(l.off, l.sign*at[i]-rule.Deadband)
	}
	l.ons, l.offs = newEdges(l.on), newEdges(l.off[1:])
	l.on = append(l.on, math.Inf(1))
	l.raised = make([]int, len(order)+1)
	return l, order
}

// walk folds the readings from i on, before j.
func (l *ladder) walk(past *history.Series, i, j int) {
	for i < j {
		if len(l.runs) == 0 {
			lo, hi := l.off[l.p], math.Nextafter(l.on[l.p], math.Inf(-1))
			if l.sign < 0 {
				lo, hi = -hi, -lo
			}
			i = past.Outside(i, j, lo, hi)
		}
		times, values := past.Run(i, j)
		for k, v := range values {
			v *= l.sign
			if len(l.runs) == 0 && v >= l.off[l.p] && v < l.on[l.p] || v != v {
				continue
			}
			l.fold(times[k], v)
		}
		i += len(values)
	}
}

// fold folds a good reading.
func (l *ladder) fold(t int64, v float64) {
	if len(l.runs) > 0 {
		l.pass(t)
	}
	l.last = t
	want := l.p // rungs below want are on, would be without delays
	switch {
	case v >= l.on[l.p]:
		want = l.ons.upTo(v)
	case v < l.off[l.p]:
		want = l.offs.upTo(v)
	}
	if up := want > l.p; up != l.up {
		l.runs, l.up = l.runs[:0], up
	}
	delay := l.delay[l.dir()]
	if delay == 0 {
		l.move(want)
		return
	}
	l.reach(want, t)
	for len(l.runs) > 0 && t-l.runs[0].since >= delay {
		l.take()
	}
}

// move puts the rungs on, or off, so that those below want are on.
func (l *ladder) move(want int) {
	if want > l.p {
		l.raised[l.p]++
		l.raised[want]--
	}
	l.p = want
}

// reach makes the runs reach as far as want: what is beyond it ends, and what was
// missing begins at t.
func (l *ladder) reach(want int, t int64) {
	for n := len(l.runs); n > 0 && l.beyond(l.runs[n-1].edge, want); n-- {
		from := l.p
		if n > 1 {
			from = l.runs[n-2].edge
		}
		if l.beyond(want, from) {
			l.runs[n-1].edge = want
			return
		}
		l.runs = l.runs[:n-1]
	}
	if n := len(l.runs); want != l.p && (n == 0 || l.runs[n-1].edge != want) {
		l.runs = append(l.runs, run{want, t})
	}
}

func (l *ladder) beyond(a, b int) bool { return l.up && a > b || !l.up && a < b }

func (l *ladder) dir() int {
	if l.up {
		return 1
	}
	return 0
}

// take ends the delay of the first run: its rungs go on, or off.
func (l *ladder) take() {
	l.move(l.runs[0].edge)
	l.runs = append(l.runs[:0], l.runs[1:]...)
}

// pass is [alarm.Latch.Pass] for all rungs.
func (l *ladder) pass(t int64) {
	known := l.last + l.hold
	for len(l.runs) > 0 {
		due := l.runs[0].since + l.delay[l.dir()]
		if due >= t || due > known {
			break
		}
		l.take()
	}
	if known < t {
		l.runs = l.runs[:0]
	}
}
