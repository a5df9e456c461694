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

// sum sums up the readings from i to j, block by block where it can.
func (s *Series) sum(i, j int) block {
	sum := emptyBlock
	for i < j {
		at, end := s.slot(i), min(j, (i/blockSize+1)*blockSize)
		if end-i == blockSize {
			sum.merge(&s.blocks[at/blockSize])
		} else {
			part := s.scan(at, end-i)
			sum.merge(&part)
		}
		i = end
	}
	return sum
}

// scan sums up the n readings at slot at, which lie in one block.
func (s *Series) scan(at, n int) block {
	b := emptyBlock
	marks := s.marks[at : at+n]
	for i, v := range s.values[at : at+n] {
		b.add(v, marks[i])
	}
	return b
}
