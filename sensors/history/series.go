package history

import (
	"math"
	"sort"
	"time"
)

// DefaultLimit is the limit of a Series that has been given none: 18 hours of a
// reading a second, in 1.1 MB.
const DefaultLimit = 1 << 16

// A Series is the past of one sensor. Its zero value is empty, with [DefaultLimit].
type Series struct {
	limit int

	// The readings are a ring in columns: reading i stands at head+i, less the
	// capacity if it is beyond it. Capacity and head are multiples of blockSize,
	// so that a block is never split by the end of the memory.
	head, n int
	times   []int64 // Unix ns, rising
	values  []float64
	marks   []uint8
	blocks  []block // one for each blockSize readings
}

// New returns a Series that keeps at least the newest limit readings; 0 or less
// means [DefaultLimit].
func New(limit int) *Series { return &Series{limit: limit} }

// Append adds the value v, measured at t and judged as mark. A v that is NaN or
// infinite is a bad reading: it is kept as NaN, a gap. A t outside the years 1678
// to 2261 is taken as the nearest time within.
//
// A reading that is older than the newest is put where it belongs, which costs as
// much as there are readings after it.
func (s *Series) Append(t time.Time, v float64, mark uint8) {
	if s.n == len(s.times) {
		s.makeRoom()
	}
	if math.IsInf(v, 0) {
		v = math.NaN()
	}
	ns, last := nanos(t), s.n
	if last > 0 && ns < s.times[s.slot(last-1)] {
		s.insert(ns, v, mark)
		return
	}
	at := s.slot(last)
	s.times[at], s.values[at], s.marks[at] = ns, v, mark
	s.n++
	b := &s.blocks[at/blockSize]
	if at%blockSize == 0 {
		*b = emptyBlock
	}
	b.add(v, mark)
}

// makeRoom doubles the memory or, at the limit, forgets the oldest block.
func (s *Series) makeRoom() {
	limit := s.limit
	if limit <= 0 {
		limit = DefaultLimit
	}
	most := (limit+blockSize-1)/blockSize*blockSize + blockSize
	if len(s.times) == most {
		s.head = s.slot(blockSize)
		s.n -= blockSize
		return
	}
	size := min(max(2*len(s.times), blockSize), most) // head is 0 until most is reached
	s.times = resized(s.times, size)
	s.values = resized(s.values, size)
	s.marks = resized(s.marks, size)
	s.blocks = resized(s.blocks, size/blockSize)
}

func resized[T any](old []T, size int) []T {
	grown := make([]T, size)
	copy(grown, old)
	return grown
}

// insert puts a late reading behind the last that is not newer than it.
func (s *Series) insert(ns int64, v float64, mark uint8) {
	i := s.n
	s.n++
	to := s.slot(i)
	for ; i > 0; i-- {
		from := s.slot(i - 1)
		if s.times[from] <= ns {
			break
		}
		s.times[to], s.values[to], s.marks[to] = s.times[from], s.values[from], s.marks[from]
		to = from
	}
	s.times[to], s.values[to], s.marks[to] = ns, v, mark
	for i = i / blockSize * blockSize; i < s.n; i += blockSize {
		at := s.slot(i)
		s.blocks[at/blockSize] = s.scan(at, min(blockSize, s.n-i))
	}
}

// Len returns how many readings are kept.
func (s *Series) Len() int { return s.n }

// At returns reading i, counted from the oldest kept; it panics unless
// 0 <= i < Len. The time is in UTC, the value of a bad reading is NaN.
func (s *Series) At(i int) (t time.Time, v float64, mark uint8) {
	if i < 0 || i >= s.n {
		panic("history: reading out of range")
	}
	at := s.slot(i)
	return time.Unix(0, s.times[at]).UTC(), s.values[at], s.marks[at]
}

// First returns the time of the oldest reading kept; the zero time if there is none.
func (s *Series) First() time.Time { return s.time(0) }

// Last returns the time of the newest reading; the zero time if there is none.
func (s *Series) Last() time.Time { return s.time(s.n - 1) }

func (s *Series) time(i int) time.Time {
	if s.n == 0 {
		return time.Time{}
	}
	t, _, _ := s.At(i)
	return t
}

// slot returns where reading i stands in the memory.
func (s *Series) slot(i int) int {
	at := s.head + i
	if at >= len(s.times) {
		at -= len(s.times)
	}
	return at
}

// search returns the first reading at or after ns, from reading i on.
func (s *Series) search(i int, ns int64) int {
	return i + sort.Search(s.n-i, func(j int) bool { return s.times[s.slot(i+j)] >= ns })
}

// lastSecond is the last Unix second, before or after 1970, all of which can be
// said in ns.
const lastSecond = math.MaxInt64/int64(time.Second) - 1

// nanos returns t in Unix ns, or the nearest that can be said so.
func nanos(t time.Time) int64 {
	switch sec := t.Unix(); {
	case sec < -lastSecond:
		return math.MinInt64
	case sec > lastSecond:
		return math.MaxInt64
	}
	return t.UnixNano()
}
