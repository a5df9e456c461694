package suggest

import (
	"cmp"
	"iter"
	"math"
	"slices"
	"time"

	"setpoint/sensors/history"
	"setpoint/sensors/threshold"
	"setpoint/sensors/tune"
)

// sampled is how many readings noise and median are found from at most.
const sampled = 1 << 16

// learned returns the readings that something may be learned from: the good ones, but
// for those of times labelled real or maintenance.
func learned(past *history.Series, q *Question) iter.Seq2[int64, float64] {
	labels := slices.Clone(q.Labels)
	labels = slices.DeleteFunc(labels, func(l tune.Label) bool { return l.Kind == tune.False || l.To < l.From })
	slices.SortFunc(labels, func(a, b tune.Label) int { return cmp.Compare(a.From, b.From) })
	return func(yield func(int64, float64) bool) {
		next, until := 0, int64(math.MinInt64)
		for i := 0; i < past.Len(); {
			times, values := past.Run(i, past.Len())
			for k, v := range values {
				t := times[k]
				for ; next < len(labels) && labels[next].From <= t; next++ {
					until = max(until, labels[next].To)
				}
				if v != v || math.Abs(v) >= far || t <= until || q.Suspect != 0 && q.suspect(past, i+k) {
					continue
				}
				if !yield(t, v) {
					return
				}
			}
			i += len(values)
		}
	}
}

func (q *Question) suspect(past *history.Series, i int) bool {
	_, _, mark := past.At(i)
	return mark == q.Suspect
}

// facts are what is found in a past before a level is.
type facts struct {
	n             int
	first, last   int64
	least, most   float64
	median, noise float64
	spread        moments // of the readings, each of the weight 1
	quantum       float64 // the step of a quantised sensor, else 0
	block         int64   // ns
	blocks        []float64
}

// look finds the facts of the readings.
func look(past *history.Series, readings iter.Seq2[int64, float64], hold time.Duration) *facts {
	f := &facts{least: math.Inf(1), most: math.Inf(-1)}
	stride := past.Len()/sampled + 1
	var values, steps []float64
	before := math.NaN()
	for t, v := range readings {
		if f.n == 0 {
			f.first = t
		}
		f.last, f.least, f.most = t, min(f.least, v), max(f.most, v)
		if f.n%stride == 0 {
			values = append(values, v)
			if before == before {
				steps = append(steps, math.Abs(v-before))
			}
		}
		before = v
		f.spread.add(moments{w: 1, mean: v})
		f.n++
	}
	if f.n == 0 {
		return f
	}
	f.median = median(values)
	if len(steps) > 0 {
		f.noise = median(steps) / 0.954
	}
	f.quantum = quantum(values)
	f.cover(readings, int64(hold))
	return f
}

// cover finds how much is known of each block of the time: of each day, or of each
// eighth of a past of less than 8 days.
func (f *facts) cover(readings iter.Seq2[int64, float64], hold int64) {
	f.block = min(max((f.last-f.first)/8, int64(time.Hour)), int64(day))
	f.blocks = make([]float64, f.blockOf(f.last)+1)
	before := int64(math.MinInt64)
	for t := range readings {
		if before != math.MinInt64 {
			f.blocks[f.blockOf(before)] += float64(min(t-before, hold))
		}
		before = t
	}
	if f.n > 1 { // the last reading stands for as long as the others
		f.blocks[f.blockOf(before)] += float64(min((f.last-f.first)/int64(f.n-1), hold))
	}
}

// blockOf returns the block of a time.
func (f *facts) blockOf(t int64) int {
	b := int(max(t-f.first, 0) / f.block)
	if f.blocks == nil {
		return b
	}
	return min(b, len(f.blocks)-1)
}

// quantum returns the least distance between values, if they are so few that they are
// those of a quantised sensor; else 0.
func quantum(sorted []float64) float64 {
	distinct, q := 1, math.Inf(1)
	for i := 1; i < len(sorted); i++ {
		if d := sorted[i] - sorted[i-1]; d > 1e-9*math.Abs(sorted[i]) {
			distinct++
			q = min(q, d)
		}
	}
	if distinct < 2 || 8*distinct > len(sorted) {
		return 0
	}
	return q
}

// span is the range of the readings.
func (f *facts) span() float64 { return f.most - f.least }

// deadband returns max(1 % of the range, 4 x noise), rounded up to a readable figure;
// of a quantised sensor whose noise is hidden by its steps, two of these.
func (f *facts) deadband() float64 {
	d := 4 * f.noise
	if f.quantum > 0 && f.noise < 2*f.quantum {
		d = 2 * f.quantum
	}
	d = max(d, f.span()/100)
	step := threshold.Step(10 * d)
	if !(d > 0) || step > d {
		return d
	}
	if up := threshold.Move(d, step, 0); up >= d*(1-1e-9) {
		return up
	}
	return threshold.Move(d, step, 1)
}
