package suggest

import "math"

// fewest is how many hours a tail is found from at least.
const fewest = 4

// top returns how many of n hours make up the tail.
func top(n float64) float64 { return min(max(n/5, 10), math.Ceil(n/2)) }

// clusters returns how many hours in a row beyond the tail's begin are one excursion.
func (r *record) clusters(hours []hour) float64 {
	if len(r.tail) == 0 {
		return 1
	}
	u := r.tail[min(int(top(float64(len(r.tail)))), len(r.tail)-1)].v
	over, runs := 0.0, 0.0
	last := int64(math.MinInt64)
	for _, h := range hours {
		if h.max <= u {
			continue
		}
		over++
		if h.at-1 != last {
			runs++
		}
		last = h.at
	}
	if runs == 0 {
		return 1
	}
	return over / runs
}

// beyond returns the level that budget excursions a week go beyond, by a generalised
// Pareto distribution of what the maxima of the hours have above the begin of their
// tail, found by probability-weighted moments (Hosking and Wallis 1987). The shape is
// held near 0, the exponential tail, while there are few of them.
func (r *record) beyond(budget float64, weights []float64) float64 {
	total := 0.0
	each := func(yield func(v, w float64) bool) {
		for _, e := range r.tail {
			w := 1.0
			if weights != nil {
				w = weights[e.block]
			}
			if w > 0 && !yield(e.v, w) {
				return
			}
		}
	}
	for _, w := range each {
		total += w
	}
	k := top(total)
	u, n := r.floor, 0.0
	for v, w := range each {
		u = v
		if n += w; n > k {
			break
		}
	}
	var count, a0, a1 float64
	for v, w := range each {
		if !(v > u) {
			break
		}
		for range int(w) { // from the highest down, whose chance to be exceeded is the least
			count++
			a0 += v - u
			a1 += (v - u) * (count - 0.65) / max(k, 1)
		}
	}
	weeks := r.weeks(weights)
	if count == 0 || !(weeks > 0) {
		return max(u, r.floor)
	}
	a0, a1 = a0/count, a1/count*k/count
	shape := 0.0
	if d := a0 - 2*a1; d > 0 {
		shape = (2 - a0/d) * count / (count + 30)
	}
	shape = min(max(shape, -0.3), 0.3)
	size := a0 * (1 - shape)
	often := count / r.runs / weeks / budget
	if math.Abs(shape) < 1e-6 {
		return max(u+size*math.Log(often), r.floor)
	}
	return max(u+size/shape*(math.Pow(often, shape)-1), r.floor)
}
