package history

import (
	"math"
	"math/big"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// A naive past: every reading that is kept, in a list.
type naive struct {
	limit    int
	readings []reading
}

func (n *naive) append(r reading) {
	if blocks := (n.limit+63)/64 + 1; len(n.readings) == 64*blocks {
		n.readings = n.readings[64:]
	}
	if math.IsInf(r.v, 0) {
		r.v = math.NaN()
	}
	at := slices.IndexFunc(n.readings, func(o reading) bool { return o.ns > r.ns })
	if at < 0 {
		at = len(n.readings)
	}
	n.readings = slices.Insert(slices.Clip(n.readings), at, r)
}

func (n *naive) column(from, to int64) (c Column) {
	sum := new(big.Float)
	bad := false
	for _, r := range n.readings {
		switch {
		case r.ns < from || r.ns >= to:
			continue
		case math.IsNaN(r.v):
			bad = true
		case c.N == 0:
			c.Min, c.Max, c.N = r.v, r.v, 1
			sum.SetFloat64(r.v)
		default:
			c.Min, c.Max, c.N = min(c.Min, r.v), max(c.Max, r.v), c.N+1
			sum.Add(sum, big.NewFloat(r.v))
		}
		c.Mark = max(c.Mark, r.mark)
	}
	if c.N == 0 {
		return Column{Min: math.NaN(), Max: math.NaN(), Mean: math.NaN(), Mark: c.Mark, Gap: bad}
	}
	c.Mean, _ = sum.Quo(sum, big.NewFloat(float64(c.N))).Float64()
	return c
}

func (n *naive) columns(count int, from, to int64) []Column {
	edge := func(k int) int64 {
		width := new(big.Int).Sub(big.NewInt(max(to, from)), big.NewInt(from))
		width.Mul(width, big.NewInt(int64(k))).Quo(width, big.NewInt(int64(count)))
		return width.Add(width, big.NewInt(from)).Int64()
	}
	list := make([]Column, count)
	for k := range list {
		list[k] = n.column(edge(k), edge(k+1))
	}
	return list
}

// span is the range of the times drawn below.
const span = int64(1000 * time.Second)

func drawReading(t *rapid.T, newest int64, orderly bool) reading {
	r := reading{ns: newest, mark: rapid.Uint8Max(4).Draw(t, "mark")}
	switch kind := rapid.IntRange(0, 9).Draw(t, "time"); {
	case kind == 0: // a duplicate
	case kind == 1 && !orderly:
		r.ns -= rapid.Int64Range(0, int64(2*time.Second)).Draw(t, "late")
	case kind == 2 && !orderly:
		r.ns = rapid.Int64Range(-span, span).Draw(t, "any")
	default:
		r.ns += rapid.Int64Range(0, int64(5*time.Second)).Draw(t, "step")
	}
	switch rapid.IntRange(0, 99).Draw(t, "kind") {
	case 0:
		r.v = math.NaN()
	case 1: // seldom enough for blocks without one
		r.v = rapid.SampledFrom([]float64{math.Inf(1), math.Inf(-1), math.MaxFloat64, 0, -80}).Draw(t, "special")
	default:
		r.v = rapid.Float64Range(10, 150).Draw(t, "value")
	}
	return r
}

func TestSeriesAgreesWithAListOfItsReadings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		limit := rapid.SampledFrom([]int{1, 64, 65, 127, 128, 200, 1000}).Draw(t, "limit")
		s, n := New(limit), &naive{limit: limit}
		newest, orderly := int64(0), rapid.Bool().Draw(t, "orderly")
		for range rapid.SampledFrom([]int{0, 1, 2, 63, 64, 65, 150, 300, 400}).Draw(t, "readings") {
			r := drawReading(t, newest, orderly)
			newest = max(newest, r.ns)
			s.Append(time.Unix(0, r.ns), r.v, r.mark)
			n.append(r)
		}
		sameReadings(t, s, n)
		from := rapid.Int64Range(-span, newest+span).Draw(t, "from")
		to := rapid.Int64Range(-span, newest+span).Draw(t, "to")
		got := make([]Column, rapid.IntRange(1, 50).Draw(t, "columns"))
		s.Columns(got, time.Unix(0, from), time.Unix(0, to))
		for k, want := range n.columns(len(got), from, to) {
			sameColumn(t, got[k], want)
		}
		sameColumn(t, s.Window(time.Unix(0, from), time.Unix(0, to)), n.column(from, to))
		all := n.column(math.MinInt64, math.MaxInt64)
		sameColumn(t, s.Window(time.Time{}, time.Unix(1<<40, 0)), all)
		if lo, hi := s.Span(); !same(lo, all.Min) || !same(hi, all.Max) {
			t.Fatalf("span %g to %g, want %g to %g", lo, hi, all.Min, all.Max)
		}
	})
}

func sameReadings(t *rapid.T, s *Series, n *naive) {
	if s.Len() != len(n.readings) {
		t.Fatalf("%d readings kept, want %d", s.Len(), len(n.readings))
	}
	for i, want := range n.readings {
		at, v, mark := s.At(i)
		if at.UnixNano() != want.ns || !same(v, want.v) || mark != want.mark {
			t.Fatalf("reading %d is %v %g %d, want %v", i, at, v, mark, want)
		}
	}
	if s.Len() == 0 {
		return
	}
	if first, last := n.readings[0].ns, n.readings[s.Len()-1].ns; s.First().UnixNano() != first || s.Last().UnixNano() != last {
		t.Fatalf("from %v to %v, want %d to %d", s.First(), s.Last(), first, last)
	}
}

func sameColumn(t *rapid.T, got, want Column) {
	near := same(got.Mean, want.Mean) || math.Abs(got.Mean/want.Mean-1) < 1e-9 || math.Abs(got.Mean-want.Mean) < 1e-9*max(want.Max, -want.Min)
	got.Mean, want.Mean = 0, 0
	if !near || !same(got.Min, want.Min) || !same(got.Max, want.Max) ||
		got.N != want.N || got.Mark != want.Mark || got.Gap != want.Gap {
		t.Fatalf("column %+v, want %+v (mean near: %t)", got, want, near)
	}
}

func same(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }

func TestSeriesKeepsAtLeastItsLimitOfTheNewest(t *testing.T) {
	for _, limit := range []int{1, 63, 64, 65, 1000} {
		s := New(limit)
		for i := range 5000 {
			s.Append(time.Unix(int64(i), 0), float64(i), 0)
			if want := min(i+1, limit); s.Len() < want || s.Len() > limit+127 {
				t.Fatalf("limit %d: %d readings kept after %d, want %d to %d", limit, s.Len(), i+1, want, limit+127)
			}
			if got := s.Last(); got.Unix() != int64(i) {
				t.Fatalf("limit %d: newest is %v, want second %d", limit, got, i)
			}
		}
	}
}

func TestZeroSeriesIsEmpty(t *testing.T) {
	var s Series
	lo, hi := s.Span()
	w := s.Window(time.Time{}, time.Now())
	if s.Len() != 0 || !s.First().IsZero() || !s.Last().IsZero() || s.Interval() != 0 {
		t.Error("an empty series has readings")
	}
	for _, v := range []float64{lo, hi, w.Mean, w.Min, w.Max, s.Noise(), s.Slope(time.Now(), time.Minute)} {
		if !math.IsNaN(v) {
			t.Errorf("an empty series says %g, want NaN", v)
		}
	}
	s.Append(time.Now(), 1, 0)
	if s.Len() != 1 {
		t.Errorf("%d readings kept, want 1", s.Len())
	}
}

func TestTimesNobodyCanHoldAreTakenAsTheNearest(t *testing.T) {
	var s Series
	s.Append(time.Time{}, 1, 0)
	s.Append(time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), 3, 0)
	s.Append(time.Unix(0, 0), 2, 0)
	for i, want := range []float64{1, 2, 3} {
		if _, v, _ := s.At(i); v != want {
			t.Errorf("reading %d is %g, want %g", i, v, want)
		}
	}
	if c := s.Window(time.Time{}, time.Unix(1, 0)); c.N != 2 {
		t.Errorf("window from the zero time has %d readings, want 2", c.N)
	}
}

func TestAtRefusesWhatIsNotKept(t *testing.T) {
	s := New(10)
	s.Append(time.Unix(1, 0), 1, 0)
	defer func() {
		if recover() == nil {
			t.Error("reading 1 of 1 was returned, want a panic")
		}
	}()
	s.At(1)
}
