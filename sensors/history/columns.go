package history

import (
	"math/bits"
	"time"
)

// Columns fills dst with equal slices of the time from (included) to to
// (excluded), oldest first. If to is not after from, all of them are empty.
func (s *Series) Columns(dst []Column, from, to time.Time) {
	start, end := nanos(from), max(nanos(from), nanos(to))
	width, parts := uint64(end)-uint64(start), uint64(len(dst))
	i := s.search(0, start)
	for k := range dst {
		// The edge is exact: no rounding adds up, and no product overflows.
		hi, lo := bits.Mul64(width, uint64(k)+1)
		edge, _ := bits.Div64(hi, lo, parts)
		j := s.search(i, int64(uint64(start)+edge))
		sum := s.sum(i, j)
		dst[k] = sum.column()
		i = j
	}
}

// Window returns the time from (included) to to (excluded) as one column.
func (s *Series) Window(from, to time.Time) Column {
	var c [1]Column
	s.Columns(c[:], from, to)
	return c[0]
}

// Span returns the least and the greatest good value kept; NaN if there is none.
func (s *Series) Span() (lo, hi float64) {
	sum := s.sum(0, s.n)
	c := sum.column()
	return c.Min, c.Max
}

// sum sums up the readings from i to j, by groups and blocks where it can.
func (s *Series) sum(i, j int) block {
	sum := emptyBlock
	for i < j {
		g, at := s.place(i)
		end := min(at+j-i, 1<<s.shift)
		part := &s.groups[g].sum
		if end-at < 1<<s.shift {
			totalled := s.groups[g].total(at, end)
			part = &totalled
		}
		sum.merge(part)
		i += end - at
	}
	return sum
}
