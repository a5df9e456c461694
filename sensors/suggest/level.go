package suggest

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// week is what a budget is counted by, in ns.
const week = float64(7 * 24 * time.Hour)

// A record is what a level is found from: the peaks of a sensor's past, in blocks of
// time that can be drawn again.
type record struct {
	steps  []step    // from the highest level down
	tail   []excess  // from the highest down
	runs   float64   // how many hours in a row are one excursion, at the tail
	blocks []float64 // how much is known of each block, in ns
	known  float64   // the sum of blocks
	floor  float64   // no level is below it
	wary   float64   // and none that is rough below this
}

// A step is where the number of alarms changes as the level falls to it.
type step struct {
	level float64
	more  float64 // alarms, 1 or -1
	block int
}

// An excess is the maximum of one hour.
type excess struct {
	v     float64
	block int
}

// weeks returns how many weeks are known of the blocks, each drawn as often as its
// weight says; nil: once.
func (r *record) weeks(weights []float64) float64 {
	if weights == nil {
		return r.known / week
	}
	sum := 0.0
	for i, w := range weights {
		sum += w * r.blocks[i]
	}
	return sum / week
}

// newRecord orders what p has found. The known time of each block is given, and the
// block that a time belongs to.
func newRecord(p *peaks, blocks []float64, blockOf func(int64) int, floor float64) *record {
	r := &record{blocks: blocks, floor: floor}
	for _, b := range blocks {
		r.known += b
	}
	for _, t := range p.turns {
		if t.peak < floor {
			continue
		}
		b := blockOf(t.at)
		r.steps = append(r.steps, step{t.peak, 1, b})
		if t.trough > floor {
			r.steps = append(r.steps, step{t.trough, -1, b})
		}
	}
	slices.SortFunc(r.steps, func(a, b step) int { return cmp.Compare(b.level, a.level) })
	for _, h := range p.hours {
		r.tail = append(r.tail, excess{v: h.max, block: blockOf(h.at * int64(time.Hour))})
	}
	slices.SortFunc(r.tail, func(a, b excess) int { return cmp.Compare(b.v, a.v) })
	r.runs = r.clusters(p.hours)
	return r
}

// bound returns the lowest level above which, at each level, fewer than budget alarms a
// week were raised: just above the k-th peak, the time that comes is to be expected to
// have as many beyond it as k, not k-1.
func (r *record) bound(budget float64, weights []float64) float64 {
	allowed := max(math.Ceil(budget*r.weeks(weights)-1e-9)-1, 0)
	n := 0.0
	for i := 0; i < len(r.steps); {
		level := r.steps[i].level
		for ; i < len(r.steps) && r.steps[i].level == level; i++ {
			w := 1.0
			if weights != nil {
				w = weights[r.steps[i].block]
			}
			n += w * r.steps[i].more
		}
		if n > allowed {
			return level
		}
	}
	return r.floor
}

// reach returns how many peaks came up to v.
func (r *record) reach(v float64) (n int) {
	for _, s := range r.steps {
		if s.level < v {
			break
		}
		if s.more > 0 {
			n++
		}
	}
	return n
}
