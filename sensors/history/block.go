package history

import (
	"math"
	"math/bits"
	"time"
)

// blockSize is how many readings one block sums up.
const (
	blockShift = 6
	blockSize  = 1 << blockShift
)

// A block sums up readings that stand next to each other.
type block struct {
	min, max float64 // of the good readings
	sum      float64 // of the good readings, each scaled
	good     int32
	bad      bool
	mark     uint8
	gap      uint8 // of one block: no good reading is more than 2^gap ns after the good one before it
}

// scale keeps a sum of less than 2^32 of the largest numbers finite. As a power of
// two it costs no precision.
const scale = 0x1p-32

var emptyBlock = block{min: math.Inf(1), max: math.Inf(-1)}

// add adds one reading.
func (b *block) add(v float64, mark uint8) {
	if mark > b.mark {
		b.mark = mark
	}
	if v != v { // NaN
		b.bad = true
		return
	}
	if v < b.min {
		b.min = v
	}
	if v > b.max {
		b.max = v
	}
	b.sum += v * scale
	b.good++
}

// merge adds the readings of o.
func (b *block) merge(o *block) {
	if o.min < b.min {
		b.min = o.min
	}
	if o.max > b.max {
		b.max = o.max
	}
	b.sum += o.sum
	b.good += o.good
	b.bad = b.bad || o.bad
	b.mark = max(b.mark, o.mark)
}

// gapOf returns the least gap for a step from one time to the next.
func gapOf(from, to int64) uint8 {
	if from == to {
		return 0
	}
	return uint8(bits.Len64(uint64(to) - uint64(from) - 1))
}

// steady reports whether every reading of b is good, and none is more than hold
// after the one before it. A false may be a mistake, a true is none.
func (b *block) steady(hold time.Duration) bool {
	return !b.bad && b.gap < 63 && 1<<b.gap <= int64(hold)
}

// column returns b as the column of a chart. Rounding never carries the mean out
// of the range of the readings.
func (b *block) column() Column {
	c := Column{N: int(b.good), Mark: b.mark, Gap: b.bad && b.good == 0}
	if b.good == 0 {
		c.Min, c.Max, c.Mean = math.NaN(), math.NaN(), math.NaN()
		return c
	}
	c.Min, c.Max = b.min, b.max
	c.Mean = min(max(b.sum/float64(b.good)/scale, b.min), b.max)
	return c
}
