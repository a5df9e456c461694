package history

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func drawSeries(t *rapid.T) (*Series, *naive) {
	limit := rapid.SampledFrom([]int{64, 200, 1000, 5000}).Draw(t, "limit")
	s, n := New(limit), &naive{limit: limit}
	newest, orderly := int64(0), rapid.Bool().Draw(t, "orderly")
	for range rapid.IntRange(0, 6).Draw(t, "stretches") {
		calm := rapid.Bool().Draw(t, "calm")
		for range rapid.SampledFrom([]int{1, 63, 64, 200, 300}).Draw(t, "readings") {
			r := reading{newest + int64(time.Second), 50, 0}
			if !calm {
				r = drawReading(t, newest, orderly)
			}
			newest = max(newest, r.ns)
			s.Append(time.Unix(0, r.ns), r.v, r.mark)
			n.append(r)
		}
	}
	return s, n
}

func TestTheIndexPassesOverNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, n := drawSeries(t)
		for range 10 {
			i := rapid.IntRange(0, s.Len()).Draw(t, "i")
			j := rapid.IntRange(i, s.Len()).Draw(t, "j")
			lo := rapid.SampledFrom([]float64{math.Inf(-1), 10, 30, 50}).Draw(t, "lo")
			hi := rapid.SampledFrom([]float64{math.Inf(1), 150, 90, 50, 20, math.NaN()}).Draw(t, "hi")
			want := i
			for want < j && !(n.readings[want].v < lo || n.readings[want].v > hi) {
				want++
			}
			if got := s.Outside(i, j, lo, hi); got != want {
				t.Fatalf("outside %g to %g from %d to %d: %d, want %d", lo, hi, i, j, got, want)
			}
		}
		at := rapid.Int64Range(-span, span).Draw(t, "at")
		want := 0
		for want < len(n.readings) && n.readings[want].ns < at {
			want++
		}
		if got := s.Index(at); got != want {
			t.Fatalf("first reading at %d: %d, want %d", at, got, want)
		}
	})
}

func TestRunsAreTheReadings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, n := drawSeries(t)
		i := rapid.IntRange(0, s.Len()).Draw(t, "i")
		j := rapid.IntRange(i, s.Len()).Draw(t, "j")
		for i < j {
			times, values := s.Run(i, j)
			if len(times) == 0 || len(times) != len(values) || i+len(times) > j {
				t.Fatalf("run from %d to %d of %d times, %d values", i, j, len(times), len(values))
			}
			for k := range times {
				if r := n.readings[i+k]; times[k] != r.ns || !same(values[k], r.v) {
					t.Fatalf("reading %d is %d %g, want %v", i+k, times[k], values[k], r)
				}
			}
			i += len(times)
		}
		if times, values := s.Run(j, j); times != nil || values != nil {
			t.Fatal("an empty run has readings")
		}
	})
}

func TestKnownIsTheTimeThatReadingsStandFor(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, n := drawSeries(t)
		i := rapid.IntRange(0, s.Len()).Draw(t, "i")
		j := rapid.IntRange(i, s.Len()).Draw(t, "j")
		hold := int64(rapid.SampledFrom([]time.Duration{-1, 0, 1, time.Second, 3 * time.Second, time.Hour}).Draw(t, "hold"))
		end := rapid.Int64Range(-span, 2*span).Draw(t, "end")
		var want, good, last int64
		for _, r := range n.readings[i:j] {
			if math.IsNaN(r.v) {
				continue
			}
			if good > 0 {
				want += min(r.ns-last, max(hold, 0))
			}
			last, good = r.ns, good+1
		}
		if good > 0 && end > last {
			want += min(end-last, max(hold, 0))
		}
		known, count := s.Known(i, j, end, time.Duration(hold))
		if int64(known) != want || int64(count) != good {
			t.Fatalf("%v known by %d readings, want %v by %d", known, count, time.Duration(want), good)
		}
	})
}
