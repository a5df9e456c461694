package chart

import (
	"math"

	"github.com/NimbleMarkets/ntcharts/v2/canvas/runes"

	"setpoint/sensors"
	"setpoint/sensors/history"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
	"setpoint/workflow/monitor"
)

// Spark paints cols into the first line of a, one cell each, the newest at the
// right edge and in the colour of its mark. It is scaled to the values' own
// window, but to no less than floor, so that a quiet sensor looks quiet; the top
// eighth stays free, so that lines do not run together.
func Spark(a screen.Area, cols []history.Column, floor float64) {
	if len(cols) > a.W {
		cols = cols[len(cols)-a.W:]
	}
	lo, hi := window(cols)
	if lo > hi {
		lo, hi = 0, 0
	}
	mid := lo/2 + hi/2
	if !(hi-lo >= floor) && floor > 0 {
		lo, hi = mid-floor/2, mid+floor/2
	}
	x, near := a.W-len(cols), reach(cols)
	var last history.Column
	since := near + 1
	for i, c := range cols {
		switch {
		case filled(c):
			last, since = c, 0
			fallthrough
		case !c.Gap && since <= near:
			a.Rune(x+i, 0, theme.Mark(last.Mark), level(a.Theme(), (peak(last, mid)-lo)/(hi-lo)))
			since++
		case c.Gap:
			a.Rune(x+i, 0, theme.Bad, a.Theme().Gap)
			since = near + 1
		}
	}
}

// level returns the block for a share of the height between 0 and 1.
func level(t *theme.Theme, share float64) rune {
	if !(share >= 0) { // NaN: all values are the same
		share = 0
	}
	const lowest, highest = 1.0 / 8, 7.0 / 8
	r := runes.LowerBlockElementFromFloat64(lowest + min(share, 1)*(highest-lowest))
	return t.Spark[r-runes.LowerBlockOne+1]
}

// filled reports whether c holds values that can be drawn.
func filled(c history.Column) bool {
	return c.N > 0 && sensors.Finite(c.Min) && sensors.Finite(c.Max) && sensors.Finite(c.Mean)
}

// peak returns the value that stands for c: its mean, or where it was judged
// abnormal the extreme that lies farther from mid, lest a spike drown in the mean.
func peak(c history.Column, mid float64) float64 {
	switch {
	case c.Mark < monitor.MarkLow:
		return c.Mean
	case c.Max-mid >= mid-c.Min:
		return c.Max
	}
	return c.Min
}

// window returns the range of the values that stand for cols; lo > hi if none.
func window(cols []history.Column) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, c := range cols {
		switch {
		case !filled(c):
		case c.Mark < monitor.MarkLow:
			lo, hi = min(lo, c.Mean), max(hi, c.Mean)
		default:
			lo, hi = min(lo, c.Min), max(hi, c.Max)
		}
	}
	return lo, hi
}

// reach returns how far apart two readings may lie and still be joined, in
// columns: twice the usual distance, so that the trace of a slow sensor is whole
// and that of one that missed a reading is not.
func reach(cols []history.Column) int {
	const far = 64
	var seen [far + 1]int // how often each distance occurs
	last, n := -1, 0
	for i, c := range cols {
		if !filled(c) {
			continue
		}
		if last >= 0 {
			seen[min(i-last, far)]++
			n++
		}
		last = i
	}
	for d, half := 1, n/2; d <= far; d++ {
		if half -= seen[d]; half < 0 {
			return 2 * d
		}
	}
	return 1
}
