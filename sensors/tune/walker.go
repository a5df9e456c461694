package tune

import (
	"math"
	"slices"

	"setpoint/sensors/alarm"
	"setpoint/sensors/history"
	"setpoint/sensors/threshold"
)

// A walker folds the readings of a past through one latch.
//
// It hands the latch every good reading but those that provably leave it as it is:
// a latch that is normal, or active, stays so as long as values lie in a band,
// whatever the time, so the index may pass over them, and over bad readings and gaps
// among them; one that is pending, or returning, stays so in a band of its own until
// its delay ends or a reading comes too late to go on from.
type walker struct {
	set      threshold.Set
	kind     threshold.Kind
	hold     int64
	bands    [4]band // by the latch's condition
	latch    alarm.Latch
	last     int64 // time of the newest good reading; stale while the latch is at rest, when nothing asks for it
	episodes []Episode
}

// A band holds the values that leave a latch as it is, edges included.
type band struct{ lo, hi float64 }

// newWalker works out the bands. A value is below a number just if it is at most the
// greatest one below that.
func newWalker(set *threshold.Set, k threshold.Kind, hold int64) *walker {
	on, off := set[k].At, set.OffEdge(k)
	out := math.Inf(1) // where beyond the threshold lies
	if !k.Upper() {
		out = -out
	}
	w := &walker{set: *set, kind: k, hold: hold, bands: [4]band{
		alarm.Normal:    {-out, math.Nextafter(on, -out)},
		alarm.Pending:   {on, out},
		alarm.Active:    {off, out},
		alarm.Returning: {-out, math.Nextafter(off, -out)},
	}}
	if out < 0 {
		for c, b := range w.bands {
			w.bands[c] = band{b.hi, b.lo}
		}
	}
	return w
}

// walk folds the readings from i on, before j.
func (w *walker) walk(past *history.Series, i, j int) {
	for i < j {
		if b := w.bands[w.latch.Cond]; !w.delayed() {
			i = past.Outside(i, j, b.lo, b.hi)
		}
		times, values := past.Run(i, j)
		for k := 0; k < len(values); {
			if w.delayed() {
				k = w.wait(times, values, k)
			} else {
				k = w.scan(times, values, k)
			}
		}
		i += len(values)
	}
}

// scan folds the readings from k on up to the first that changes a latch at rest,
// and returns the one after it.
func (w *walker) scan(times []int64, values []float64, k int) int {
	b := w.bands[w.latch.Cond]
	for ; k < len(values); k++ {
		if v := values[k]; v < b.lo || v > b.hi {
			w.step(times[k], v)
			return k + 1
		}
	}
	return k
}

// wait is scan for a latch whose delay runs. The conditions are those of
// [alarm.Latch.Pass] and [alarm.Latch.Judge] for changing nothing.
func (w *walker) wait(times []int64, values []float64, k int) int {
	b := w.bands[w.latch.Cond]
	due, _ := w.latch.Due(&w.set[w.kind])
	for ; k < len(values); k++ {
		v, t := values[k], times[k]
		switch {
		case v >= b.lo && v <= b.hi && t < due && t <= w.last+w.hold:
			w.last = t
		case v == v:
			w.step(t, v)
			return k + 1
		}
	}
	return k
}

// step is the evaluator: it folds one good reading.
func (w *walker) step(t int64, v float64) {
	w.pass(t)
	w.move(w.latch.Judge(&w.set, w.kind, t, v))
	w.last = t
}

// pass lets time pass until t without a reading.
func (w *walker) pass(t int64) {
	w.move(w.latch.Pass(&w.set[w.kind], w.last, t, w.hold))
}

// move gives the latch its next condition.
func (w *walker) move(next alarm.Latch) {
	was, is := w.latch.Cond.On(), next.Cond.On()
	w.latch = next
	switch {
	case is && !was:
		if n := len(w.episodes); n == cap(w.episodes) {
			w.episodes = slices.Grow(w.episodes, n+1) // append alone grows a long list too often
		}
		w.episodes = append(w.episodes, Episode{Raised: next.Since, Cleared: StillOn})
	case was && !is:
		w.episodes[len(w.episodes)-1].Cleared = next.Since
	}
}

func (w *walker) delayed() bool {
	return w.latch.Cond == alarm.Pending || w.latch.Cond == alarm.Returning
}
