package history

import (
	"math"
	"slices"
	"time"
)

// recent is how many of the newest readings tell a sensor's interval and noise.
const recent = 256

// Slope returns how fast the good readings of the time up to to (included) change,
// by the line of least squares through those of the last over, as a change per
// over. It is NaN if these are fewer than 3 or span less than half of over. It
// costs as much as there are readings in that time.
func (s *Series) Slope(to time.Time, over time.Duration) float64 {
	start, end := nanos(to.Add(-over)), nanos(to)
	var n, sx, sy, sxx, sxy, base, first, last float64
	for i := s.search(0, start); i < s.n; i++ {
		v, ns := s.value(i), s.ns(i)
		if ns > end {
			break
		}
		if math.IsNaN(v) {
			continue
		}
		x := float64(ns-end) / float64(over)
		if n == 0 {
			base, first = v, x // sums of differences lose less than sums of values
		}
		y := v - base
		n, sx, sy, sxx, sxy, last = n+1, sx+x, sy+y, sxx+x*x, sxy+x*y, x
	}
	slope := (sxy - sx*sy/n) / (sxx - sx*sx/n)
	if n < 3 || !(last-first >= 0.5) || math.IsInf(slope, 0) {
		return math.NaN()
	}
	return slope
}

// Interval returns the median time between the last 257 readings, bad ones
// included; 0 if there are fewer than two.
func (s *Series) Interval() time.Duration {
	var room [recent]int64
	gaps := room[:0]
	for i := max(1, s.n-recent); i < s.n; i++ {
		gaps = append(gaps, s.ns(i)-s.ns(i-1))
	}
	return time.Duration(median(gaps))
}

// Noise returns an estimate of the standard deviation of a reading about its
// level, from the last 257 readings: the median step between neighbours that are
// both good, divided by 0.954. (Steps of normal noise deviate by √2 of it, and the
// median of their size is 0.6745 of that.) It is NaN if there is no such pair.
func (s *Series) Noise() float64 {
	var room [recent]float64
	steps := room[:0]
	for i := max(1, s.n-recent); i < s.n; i++ {
		step := math.Abs(s.value(i) - s.value(i-1))
		if !math.IsNaN(step) {
			steps = append(steps, step)
		}
	}
	if len(steps) == 0 {
		return math.NaN()
	}
	return median(steps) / 0.954
}

// median sorts list, of numbers that are not negative, and returns its middle.
func median[T int64 | float64](list []T) T {
	if len(list) == 0 {
		return 0
	}
	slices.Sort(list)
	lo, hi := list[(len(list)-1)/2], list[len(list)/2]
	if lo == hi {
		return lo // so that infinite steps have a median too
	}
	return lo + (hi-lo)/2
}
