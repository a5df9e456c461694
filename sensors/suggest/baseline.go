package suggest

import (
	"math/bits"
	"time"
)

// baseline remembers for the last 24 hours with readings on which side of the lines
// the median of each lay: outside where more than half of the readings do.
type baseline struct {
	hour            int64
	n, below, above int
	down, up        uint32 // one bit for each hour, the newest lowest
}

// fold takes a reading and where the lines are.
func (b *baseline) fold(t int64, v, low, high float64) {
	if h := t / int64(time.Hour); h != b.hour {
		b.end()
		b.hour = h
	}
	b.n++
	if v <= low {
		b.below++
	}
	if v >= high {
		b.above++
	}
}

// end counts the hour that is over.
func (b *baseline) end() {
	if b.n == 0 {
		return
	}
	const kept = 1<<24 - 1
	b.down, b.up = b.down<<1&kept, b.up<<1&kept
	if 2*b.below > b.n {
		b.down |= 1
	}
	if 2*b.above > b.n {
		b.up |= 1
	}
	b.n, b.below, b.above = 0, 0, 0
}

func (b *baseline) moved() int {
	switch {
	case bits.OnesCount32(b.up) >= 18:
		return 1
	case bits.OnesCount32(b.down) >= 18:
		return -1
	}
	return 0
}
