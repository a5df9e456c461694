package quality

import (
	"cmp"
	"math"
	"slices"
	"time"
)

// block is how many intervals or steps make a median.
const block = 9

// known is from how many intervals on their median counts, and unknown is how long a
// reading stands before that.
const (
	known   = 4
	unknown = time.Minute
)

// pace learns how often a sensor reports. Times are in ms, at least 1.
type pace struct {
	Block [block]uint32 `json:"block"`
	N     uint8         `json:"n"`     // intervals in Block
	Full  bool          `json:"full"`  // Block has been full once
	Count uint8         `json:"count"` // readings in Long[0]
	Every uint32        `json:"every"` // the median; 0: not known yet

	// Long are the three longest silences of the newest readings, longest first, and
	// of as many readings before these: 255 to 510 readings.
	Long  [2][3]uint32 `json:"long"`
	Third uint32       `json:"third"` // the third longest of all six
}

// push learns an interval between two readings, and the silence in which it lay: by
// the time of arrival it may be longer, when readings are sent in batches.
func (p *pace) push(interval, silence time.Duration) {
	p.remember(millis(silence))
	p.N = min(p.N, block-1)
	p.Block[p.N] = millis(interval)
	p.N++
	full := p.N == block
	if full || !p.Full && p.N >= known {
		p.Every = median(p.Block, int(p.N))
	}
	if full {
		p.N, p.Full = 0, true
	}
}

// remember puts a silence among the longest.
func (p *pace) remember(ms uint32) {
	p.Count++
	switch {
	case p.Count == 0: // after 255
		p.Long[0], p.Long[1] = [3]uint32{ms}, p.Long[0]
	case ms > p.Long[0][2]:
		p.Long[0] = insert(p.Long[0], ms)
	default:
		return
	}
	all := p.Long[0]
	for _, ms := range p.Long[1] {
		all = insert(all, ms)
	}
	p.Third = all[2]
}

// repeated returns the longest silence that has come three times of late: one or
// two are outages, three are how the sensor is.
func (p *pace) repeated() time.Duration { return time.Duration(p.Third) * time.Millisecond }

// longest returns the longest silence of late.
func (p *pace) longest() time.Duration {
	return time.Duration(max(p.Long[0][0], p.Long[1][0])) * time.Millisecond
}

// median returns the median interval, 0 if it is not known yet.
func (p *pace) median() time.Duration { return time.Duration(p.Every) * time.Millisecond }

// hold is [Tracker.Hold].
func (p *pace) hold(r *Rules) time.Duration {
	switch {
	case r.Stale > 0:
		return r.Stale
	case p.Every == 0:
		return max(unknown, times(p.longest(), r.times()), r.least())
	}
	return max(times(p.median(), r.times()), 2*p.repeated(), r.least())
}

// gap reports whether an interval is a hole: over 3 x the median, and longer than
// what a sensor without a regular rhythm does all the time.
func (p *pace) gap(interval time.Duration) bool {
	return p.Every > 0 && interval > max(3*p.median(), p.repeated())
}

// insert puts v into the three largest.
func insert(top [3]uint32, v uint32) [3]uint32 {
	switch {
	case v > top[0]:
		return [3]uint32{v, top[0], top[1]}
	case v > top[1]:
		return [3]uint32{top[0], v, top[1]}
	case v > top[2]:
		top[2] = v
	}
	return top
}

// millis returns d in ms, rounded, from 1 to 49 days.
func millis(d time.Duration) uint32 {
	return uint32(min(max((d/time.Microsecond+500)/1000, 1), math.MaxUint32))
}

// median returns the middle of the first n numbers in list.
func median[T cmp.Ordered](list [block]T, n int) T {
	slices.Sort(list[:n])
	return list[n/2]
}
