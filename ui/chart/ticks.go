package chart

import (
	"math"
	"time"
)

// A scale maps values to dots, lowest value at the bottom.
type scale struct {
	lo, hi float64
	step   float64 // between two ticks
	dots   int
}

// newScale returns a scale over lo to hi whose ends and ticks are round figures,
// with about want ticks. A range that no figure can tell is shown as 0 to 1.
func newScale(lo, hi float64, want, dots int) scale {
	const most = 1e300
	if !(lo <= hi) || lo < -most || hi > most {
		lo, hi = 0, 1
	}
	if least := max(math.Abs(lo), math.Abs(hi), 1e-9) * 1e-9; hi-lo < least {
		lo, hi = lo-least/2, hi+least/2
	}
	step := round125((hi - lo) / float64(max(want, 1)))
	grid := step / 2
	return scale{math.Floor(lo/grid) * grid, math.Ceil(hi/grid) * grid, step, max(dots, 1)}
}

// round125 returns the least of 1, 2 and 5 times a power of ten that is not below v.
func round125(v float64) float64 {
	p := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{1, 2, 5} {
		if m*p >= v*(1-1e-9) {
			return m * p
		}
	}
	return 10 * p
}

// dot returns the row of dots in which v lies, from 0 at the top.
func (s scale) dot(v float64) int {
	share := (v - s.lo) / (s.hi - s.lo)
	return s.dots - 1 - int(math.Round(min(max(share, 0), 1)*float64(s.dots-1)))
}

// value returns the value in the middle of a row of dots.
func (s scale) value(dot int) float64 {
	if s.dots == 1 {
		return s.lo/2 + s.hi/2
	}
	return s.hi - float64(dot)*(s.hi-s.lo)/float64(s.dots-1)
}

// ticks returns the round values on the scale, lowest first.
func (s scale) ticks() []float64 {
	var out []float64
	for n := math.Ceil(s.lo/s.step - 1e-9); n*s.step <= s.hi+s.step*1e-9 && len(out) < 100; n++ {
		out = append(out, n*s.step)
	}
	return out
}

// steps are the distances at which a clock is marked.
var steps = []time.Duration{
	time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second, 15 * time.Second, 30 * time.Second,
	time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute,
	time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour,
	day, 2 * day, 7 * day, 14 * day, 30 * day, 90 * day, 365 * day, 3650 * day,
}

const day = 24 * time.Hour

// clock returns the round instants between from and to, in the clock of zone, so
// that they can be written side by side in width cells, and the layout to do so.
func clock(from, to time.Time, zone *time.Location, width int) (at []time.Time, layout string) {
	span := to.Sub(from)
	if span <= 0 || width < 1 {
		return nil, ""
	}
	step := steps[len(steps)-1]
	for _, s := range steps {
		if layout = clockLayout(s); span/s <= time.Duration(width/(len(layout)+3)) {
			step = s
			break
		}
	}
	_, off := from.In(zone).Zone()
	shift := time.Duration(off) * time.Second
	for t := from.Add(shift).Truncate(step).Add(step - shift); !t.After(to); t = t.Add(step) {
		at = append(at, t.In(zone))
		if len(at) > width {
			break
		}
	}
	return at, layout
}

// clockLayout returns how instants that lie step apart are written.
func clockLayout(step time.Duration) string {
	switch {
	case step < time.Minute:
		return "15:04:05"
	case step < day:
		return "15:04"
	}
	return "2 Jan"
}
