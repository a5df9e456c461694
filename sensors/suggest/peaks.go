package suggest

import (
	"math"
	"time"
)

// peaks finds, for all levels at once, the alarms that a high threshold would have
// raised. It is fed good readings in the order of their times.
//
// The alarm at the level x is raised while the lowest value over the on-delay is x or
// more, and cleared while the highest over the off-delay is below x less the deadband;
// so all that counts are the turns of these two. A peak between two troughs raises one
// alarm at each level above the first trough and up to the peak, and none elsewhere.
// (A test holds this against package alarm, reading by reading.)
type peaks struct {
	deadband float64
	on, off  trail
	hold     int64

	turns []turn
	hours []hour

	last int64 // the newest reading, which waits for the next
	v    float64
	any  bool
}

// A turn is a peak and the trough before it.
type turn struct {
	trough, peak float64 // one alarm at each level in (trough, peak]
	at           int64   // when the peak was reached
	closed       bool    // the next trough has begun
	next         float64
}

// An hour is the highest that the lowest value over the on-delay came to in one hour.
type hour struct {
	at  int64 // hours since 1970
	max float64
}

func newPeaks(deadband float64, on, off, hold time.Duration) *peaks {
	return &peaks{deadband: deadband, hold: int64(hold), on: trail{delay: int64(on)}, off: trail{delay: int64(off)}}
}

// add takes the value v at t.
func (p *peaks) add(t int64, v float64) {
	if p.any {
		p.settle(min(t-1, p.last+p.hold))
		if t > p.last+p.hold {
			p.on.clear()
			p.off.clear()
		}
	}
	p.last, p.v, p.any = t, v, true
}

// end takes the last reading into account, as if nothing came after it.
func (p *peaks) end() {
	if p.any {
		p.settle(p.last)
	}
	p.any = false
}

// settle takes the newest reading, which stood until the given time.
func (p *peaks) settle(until int64) {
	until = max(until, p.last)
	if low, ok := p.on.push(p.last, until, p.v); ok {
		p.rise(low)
	}
	if high, ok := p.off.push(p.last, until, -p.v); ok {
		p.fall(-high + p.deadband)
	}
}

// rise takes what the lowest value over the on-delay has come to.
func (p *peaks) rise(v float64) {
	h := p.last / int64(time.Hour)
	if n := len(p.hours); n == 0 || p.hours[n-1].at != h {
		p.hours = append(p.hours, hour{h, v})
	} else {
		p.hours[n-1].max = max(p.hours[n-1].max, v)
	}
	n := len(p.turns)
	switch {
	case n == 0:
		p.turns = append(p.turns, turn{trough: math.Inf(-1), peak: v, at: p.last})
	case p.turns[n-1].closed && v > p.turns[n-1].next:
		p.turns = append(p.turns, turn{trough: p.turns[n-1].next, peak: v, at: p.last})
	case !p.turns[n-1].closed && v > p.turns[n-1].peak:
		p.turns[n-1].peak, p.turns[n-1].at = v, p.last
	}
}

// fall takes what the highest value over the off-delay, with the deadband, has come to.
func (p *peaks) fall(v float64) {
	n := len(p.turns)
	if n == 0 {
		return
	}
	switch t := &p.turns[n-1]; {
	case !t.closed && v < t.peak:
		t.closed, t.next = true, v
	case t.closed:
		t.next = min(t.next, v)
	}
}

// A trail tells the lowest value over a delay that ends now.
type trail struct {
	delay int64
	queue []since // values that rise, each the lowest since a later time
}

type since struct {
	v  float64
	at int64
}

// push takes the value v, that came at t and stood until the given time, and returns
// the greatest value that was held for the whole delay; ok is false if nothing is known
// for so long.
func (r *trail) push(t, until int64, v float64) (low float64, ok bool) {
	at, n := t, len(r.queue)
	for ; n > 0 && r.queue[n-1].v >= v; n-- {
		at = r.queue[n-1].at
	}
	r.queue = append(r.queue[:n], since{v, at})
	ripe := -1
	for ripe+1 < len(r.queue) && until-r.queue[ripe+1].at >= r.delay {
		ripe++
	}
	if ripe < 0 {
		return 0, false
	}
	low = r.queue[ripe].v
	r.queue = r.queue[:copy(r.queue, r.queue[ripe:])]
	return low, true
}

// clear forgets all of it: there is a gap.
func (r *trail) clear() { r.queue = r.queue[:0] }
