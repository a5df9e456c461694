package history

import (
	"math"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestClonesGoTheirOwnWays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		type pair struct {
			s *Series
			n *naive
		}
		limit := rapid.SampledFrom([]int{1, 64, 200, 1000, 3000}).Draw(t, "limit")
		pairs, newest := []pair{{New(limit), &naive{limit: limit}}}, int64(0)
		for range rapid.IntRange(1, 10).Draw(t, "turns") {
			p := pairs[rapid.IntRange(0, len(pairs)-1).Draw(t, "which")]
			if rapid.Bool().Draw(t, "clone") {
				n := *p.n
				n.readings = append([]reading(nil), n.readings...)
				pairs = append(pairs, pair{p.s.Clone(), &n})
			}
			for range rapid.SampledFrom([]int{1, 5, 64, 200}).Draw(t, "readings") {
				r := drawReading(t, newest, false)
				newest = max(newest, r.ns)
				p.s.Append(time.Unix(0, r.ns), r.v, r.mark)
				p.n.append(r)
			}
		}
		for _, p := range pairs {
			sameReadings(t, p.s, p.n)
			sameColumn(t, p.s.Window(time.Time{}, time.Unix(1<<40, 0)), p.n.column(math.MinInt64, math.MaxInt64))
		}
	})
}

func TestACloneCanBeMadeAtAnyMoment(t *testing.T) {
	for n := 2300; n < 2600; n++ { // a group of 256 readings comes, and goes at another moment
		made := func() *Series {
			s := New(2200)
			for i := range n {
				s.Append(time.Unix(int64(i), 0), float64(i), 0)
			}
			return s
		}
		s, other := made(), made()
		c := s.Clone()
		for i := n; i < n+300; i++ {
			c.Append(time.Unix(int64(i), 0), 2, 2)
			s.Append(time.Unix(int64(i), 0), 1, 1) // the clone must not notice
			other.Append(time.Unix(int64(i), 0), 2, 2)
		}
		if c.Len() != other.Len() {
			t.Fatalf("cloned after %d: %d readings, want %d", n, c.Len(), other.Len())
		}
		for i := range c.Len() {
			at, v, mark := c.At(i)
			if wantAt, want, wantMark := other.At(i); at != wantAt || v != want || mark != wantMark {
				t.Fatalf("cloned after %d: reading %d is %v %g %d, want %v %g %d", n, i, at, v, mark, wantAt, want, wantMark)
			}
		}
	}
}

func TestACloneStandsStillWhileItsOriginGoesOn(t *testing.T) {
	s := full(10_000)
	c := s.Clone()
	n, want := c.Len(), c.Window(c.First(), c.Last())
	var group sync.WaitGroup
	group.Go(func() {
		for i := range 20_000 {
			s.Append(s.Last().Add(time.Second), float64(i), 0)
			s.Append(s.Last().Add(-time.Minute), -float64(i), 0)
		}
	})
	for range 1000 {
		if got := c.Window(c.First(), c.Last()); got != want || c.Len() != n {
			t.Errorf("%d readings, %+v, want %d, %+v", c.Len(), got, n, want)
			break
		}
	}
	group.Wait()
}

func BenchmarkClone(b *testing.B) { // 30 days of a reading a second, then one reading more
	s := New(4 << 20)
	at := time.Unix(0, 0)
	for range 30 * 86400 {
		at = at.Add(time.Second)
		s.Append(at, 20, 1)
	}
	b.Run("alone", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			s.Clone()
		}
	})
	b.Run("and the next reading", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			s.Clone()
			at = at.Add(time.Second)
			s.Append(at, 20, 1)
		}
	})
}
