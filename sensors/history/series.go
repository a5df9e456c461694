package history

import (
	"math"
	"slices"
	"sort"
	"time"
)

// DefaultLimit is the limit of a Series that has been given none: 18 hours of a
// reading a second, in 1.1 MB.
const DefaultLimit = 1 << 16

// A Series is the past of one sensor. Its zero value is empty, with [DefaultLimit].
type Series struct {
	limit int

	// Reading i stands at head+i, counted through the groups, which are equally long
	// but for the first while it is the only one. Head is a multiple of blockSize.
	groups  []*group
	shift   uint // a group is 1<<shift readings long
	head, n int
	keep    int    // most readings kept
	room    int    // readings that the groups can hold, the forgotten ones included
	shared  int    // the first so many groups are a clone's as well: copied before they are written
	spare   *group // that was forgotten, for the next one
}

// New returns a Series that keeps at least the newest limit readings; 0 or less
// means [DefaultLimit].
func New(limit int) *Series { return &Series{limit: limit} }

// Clone returns a copy of s, in which one can ask while s goes on: they share what
// both have until one of them changes it. It costs as much as there are groups of
// 4,096 readings, and the next [Series.Append] copies one of these. Of s it is a use
// like Append: no other goroutine may use s meanwhile.
func (s *Series) Clone() *Series {
	s.shared = len(s.groups)
	c := *s
	c.groups, c.spare = slices.Clone(s.groups), nil
	return &c
}

// Append adds the value v, measured at t and judged as mark. A v that is NaN or
// infinite is a bad reading: it is kept as NaN, a gap. A t outside the years 1678
// to 2261 is taken as the nearest time within.
//
// A reading that is older than the newest is put where it belongs, which costs as
// much as there are readings after it.
func (s *Series) Append(t time.Time, v float64, mark uint8) {
	if s.n == s.keep || s.head+s.n == s.room {
		s.makeRoom()
	}
	if math.IsInf(v, 0) {
		v = math.NaN()
	}
	r := reading{nanos(t), v, mark}
	s.n++
	if s.n > 1 && r.ns < s.ns(s.n-2) {
		s.insert(r)
		return
	}
	g, at := s.place(s.n - 1)
	s.own(g)
	s.groups[g].add(at, r)
}

// makeRoom makes room for a reading.
func (s *Series) makeRoom() {
	if s.keep == 0 {
		s.plan()
	}
	if s.n == s.keep {
		s.forget()
	}
	if s.head+s.n == s.room {
		s.grow()
	}
}

// plan works out from the limit how many readings are kept, and that a group is at
// most a sixteenth of that.
func (s *Series) plan() {
	limit := s.limit
	if limit <= 0 {
		limit = DefaultLimit
	}
	s.keep = (limit+blockSize-1)/blockSize*blockSize + blockSize
	s.shift = blockShift
	for s.shift < groupShift && s.keep>>s.shift > 16 {
		s.shift++
	}
}

// forget forgets the oldest block.
func (s *Series) forget() {
	s.head += blockSize
	s.n -= blockSize
	if s.head < 1<<s.shift {
		return
	}
	if s.shared == 0 {
		s.spare = s.groups[0]
	}
	s.groups = slices.Delete(s.groups, 0, 1)
	s.shared = max(0, s.shared-1)
	s.head, s.room = 0, s.room-1<<s.shift
}

// grow adds a group. The first one doubles until it is as long as the others.
func (s *Series) grow() {
	last, size := len(s.groups)-1, 1<<s.shift
	switch {
	case last < 0:
		s.groups, s.room = append(s.groups, newGroup(blockSize)), blockSize
	case s.room < size:
		s.groups[last], s.shared = s.groups[last].copied(2*s.room), 0
		s.room *= 2
	case s.spare != nil:
		s.groups, s.room, s.spare = append(s.groups, s.spare), s.room+size, nil
	default:
		s.groups, s.room = append(s.groups, newGroup(size)), s.room+size
	}
}

// insert puts a late reading behind the last that is not newer than it.
func (s *Series) insert(r reading) {
	i := sort.Search(s.n-1, func(i int) bool { return s.ns(i) > r.ns })
	g, at := s.place(i)
	s.own(g)
	for ; g < len(s.groups); g++ {
		r = s.groups[g].insert(at, min(s.head+s.n-g<<s.shift, 1<<s.shift), r)
		at = 0
	}
}

// own makes the groups from g on those of s alone, so that they can be written.
func (s *Series) own(g int) {
	for i := g; i < s.shared; i++ {
		s.groups[i] = s.groups[i].copied(len(s.groups[i].times))
	}
	s.shared = min(s.shared, g)
}

// Len returns how many readings are kept.
func (s *Series) Len() int { return s.n }

// At returns reading i, counted from the oldest kept; it panics unless
// 0 <= i < Len. The time is in UTC, the value of a bad reading is NaN.
func (s *Series) At(i int) (t time.Time, v float64, mark uint8) {
	if i < 0 || i >= s.n {
		panic("history: reading out of range")
	}
	g, at := s.place(i)
	r := s.groups[g].at(at)
	return time.Unix(0, r.ns).UTC(), r.v, r.mark
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

// place returns where reading i stands: in which group, and where in it.
func (s *Series) place(i int) (g, at int) {
	p := s.head + i
	return p >> s.shift, p & (1<<s.shift - 1)
}

func (s *Series) ns(i int) int64 {
	g, at := s.place(i)
	return s.groups[g].times[at]
}

func (s *Series) value(i int) float64 {
	g, at := s.place(i)
	return s.groups[g].values[at]
}

// Index returns the first reading at or after ns, in Unix ns; Len if there is none.
func (s *Series) Index(ns int64) int { return s.search(0, ns) }

// search is Index for the readings from i on.
func (s *Series) search(i int, ns int64) int {
	return i + sort.Search(s.n-i, func(j int) bool { return s.ns(i+j) >= ns })
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
