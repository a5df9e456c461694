package quality

import (
	"math"
	"math/bits"
	"time"
)

// elapsed returns the time from from to to; what does not fit is cut.
func elapsed(to, from int64) time.Duration {
	by := to - from
	switch {
	case to > from && by < 0:
		return math.MaxInt64
	case to < from && by > 0:
		return math.MinInt64
	}
	return time.Duration(by)
}

// times returns n x d, cut if it does not fit; neither is negative.
func times(d time.Duration, n int) time.Duration {
	hi, lo := bits.Mul64(uint64(max(d, 0)), uint64(max(n, 0)))
	if hi != 0 || lo > math.MaxInt64 {
		return math.MaxInt64
	}
	return time.Duration(lo)
}

// after returns the instant d after at, cut if it does not fit.
func after(at int64, d time.Duration) int64 {
	if d > 0 && at > math.MaxInt64-int64(d) {
		return math.MaxInt64
	}
	return at + int64(d)
}
