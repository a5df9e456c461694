package export

import (
	"math"
	"slices"
	"time"

	"setpoint/sensors/alarm"
)

// An Excursion is a cut of a recording around a time when the value was beyond a
// threshold, or nearly, as one sees it who looks every [Look].
type Excursion struct {
	Rule   Rule
	Real   bool // it raises the alarm
	Values []float64
}

// Look is how often Prometheus looks at what [Prometheus] writes.
const Look = 15 * time.Second

const (
	longest = int(24 * time.Hour / Look) // values of an excursion
	margin  = 4 * int64(Look)            // of time before and after it
)

// Excursions cuts one real and one rejected excursion out of a recording: the shortest one
// that raises the alarm of r, and the longest one that does not, since it ends before the
// on-delay does; without such a one, what came nearest to the threshold. Times are in
// Unix ns and rise; bad readings are NaN. What lasts longer than a day is passed over, and
// so is what looks otherwise to one who sees only every [Look] of it.
func Excursions(r Rule, times []int64, values []float64) (found []Excursion) {
	if r.check() != nil || len(times) != len(values) {
		return nil
	}
	times, values = good(times, values)
	var real, rejected *Excursion
	for _, c := range cuts(&r, times, values, 5*interval(times)) {
		e := c.excursion(&r, times, values)
		switch {
		case e == nil:
		case e.Real && (real == nil || len(e.Values) < len(real.Values)):
			real = e
		case !e.Real && (rejected == nil || !c.near && len(e.Values) > len(rejected.Values)):
			rejected = e
		}
	}
	for _, e := range []*Excursion{real, rejected} {
		if e != nil {
			found = append(found, *e)
		}
	}
	return found
}

// good returns the readings that are not bad.
func good(times []int64, values []float64) (ts []int64, vs []float64) {
	for i, v := range values {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			ts, vs = append(ts, times[i]), append(vs, v)
		}
	}
	return ts, vs
}

// interval returns the median interval of times.
func interval(times []int64) time.Duration {
	if len(times) < 2 {
		return 0
	}
	between := make([]int64, 0, len(times)-1)
	for i, t := range times[1:] {
		between = append(between, t-times[i])
	}
	slices.Sort(between)
	return time.Duration(between[len(between)/2])
}

// A cut is the readings from first to last.
type cut struct {
	run, first, last int  // run: the first one after the gap before
	real             bool // the alarm was on
	near             bool // beyond the threshold at no time
}

// cuts returns where the alarm of r was not normal, and last where the value was nearest
// to it while it was. A cut has no gap in it that is longer than hold.
func cuts(r *Rule, times []int64, values []float64, hold time.Duration) (list []cut) {
	var l alarm.Latch
	set := r.set()
	begin, run, nearest, real := -1, 0, -1, false
	worse := func(i, j int) bool { return r.Kind.Upper() == (values[i] > values[j]) && values[i] != values[j] }
	starts := make([]int, len(times)) // of the run without a gap that each reading is in
	for i, t := range times {
		if i > 0 && t-times[i-1] > int64(hold) {
			l, begin, run, real = alarm.Latch{}, -1, i, false
		}
		starts[i] = run
		was := l.Cond
		if i > run {
			l = l.Pass(&r.Rule, times[i-1], t, int64(hold))
		}
		real = real || l.Cond.On()
		l = l.Judge(&set, r.Kind, t, values[i])
		real = real || l.Cond.On()
		switch {
		case was == alarm.Normal && l.Cond != alarm.Normal:
			begin = i
		case was != alarm.Normal && l.Cond == alarm.Normal && begin >= 0:
			list = append(list, cut{run: run, first: begin, last: i, real: real})
			begin, real = -1, false
		case l.Cond == alarm.Normal && (nearest < 0 || worse(i, nearest)):
			nearest = i
		}
	}
	if nearest >= 0 {
		list = append(list, cut{run: starts[nearest], first: nearest, last: nearest, near: true})
	}
	return list
}

// excursion returns c as one sees it who looks every [Look], with a margin; nil if it is
// too long, or if the alarm does something else then.
func (c cut) excursion(r *Rule, times []int64, values []float64) *Excursion {
	e := &Excursion{Rule: *r}
	i := c.run
	for t := max(times[c.run], times[c.first]-margin); t <= times[c.last]+margin; t += int64(Look) {
		for i < c.last && times[i+1] <= t {
			i++
		}
		if len(e.Values) == longest {
			return nil
		}
		e.Values = append(e.Values, values[i])
	}
	for _, l := range e.walk() {
		e.Real = e.Real || l.Cond.On()
	}
	if e.Real != c.real {
		return nil
	}
	return e
}

// walk returns the latch at each look.
func (e *Excursion) walk() []alarm.Latch {
	latches := make([]alarm.Latch, len(e.Values))
	set := e.Rule.set()
	var l alarm.Latch
	for i, v := range e.Values {
		l = l.Judge(&set, e.Rule.Kind, int64(i)*int64(Look), v)
		latches[i] = l
	}
	return latches
}
