package workflow

import (
	"time"

	"github.com/HdrHistogram/hdrhistogram-go"
)

// latency records durations with two significant digits, from a nanosecond to an
// hour. It is not safe for concurrent use.
type latency struct {
	h *hdrhistogram.Histogram // made with the first record: an idle one costs nothing
}

func (l *latency) record(d time.Duration, n int) {
	if l.h == nil {
		l.h = hdrhistogram.New(1, int64(time.Hour), 2)
	}
	_ = l.h.RecordValues(int64(min(max(d, 1), time.Hour)), int64(n)) // in range, so it cannot fail
}

var percentiles = []float64{50, 90, 99, 99.9}

// quantiles returns what was recorded so far.
func (l *latency) quantiles() Quantiles {
	if l.h == nil {
		return Quantiles{}
	}
	v := l.h.ValueAtPercentilesSlice(percentiles)
	return Quantiles{
		P50: time.Duration(v[0]), P90: time.Duration(v[1]), P99: time.Duration(v[2]), P999: time.Duration(v[3]),
		Max: time.Duration(l.h.Max()), N: l.h.TotalCount(),
	}
}

// merge adds what o recorded.
func (l *latency) merge(o *latency) {
	if o.h == nil {
		return
	}
	if l.h == nil {
		l.h = hdrhistogram.New(1, int64(time.Hour), 2)
	}
	l.h.Merge(o.h)
}
