package history

// groupShift says how many readings a group has at most: 4,096.
const groupShift = 12

// A reading is what is kept of one.
type reading struct {
	ns   int64
	v    float64
	mark uint8
}

// A group holds readings in columns, and sums them up by blocks and, once it is full,
// as a whole. The sums may include readings that are forgotten already.
type group struct {
	sum    block   // of a full group
	blocks []block // one for each blockSize readings
	times  []int64 // Unix ns, rising
	values []float64
	marks  []uint8
}

func newGroup(size int) *group {
	return &group{
		blocks: make([]block, size/blockSize),
		times:  make([]int64, size),
		values: make([]float64, size),
		marks:  make([]uint8, size),
	}
}

// copied returns a copy of g with room for size readings.
func (g *group) copied(size int) *group {
	c := newGroup(size)
	c.sum = g.sum
	copy(c.blocks, g.blocks)
	copy(c.times, g.times)
	copy(c.values, g.values)
	copy(c.marks, g.marks)
	return c
}

func (g *group) at(at int) reading { return reading{g.times[at], g.values[at], g.marks[at]} }

func (g *group) put(at int, r reading) {
	g.times[at], g.values[at], g.marks[at] = r.ns, r.v, r.mark
}

// add puts a reading behind the others.
func (g *group) add(at int, r reading) {
	g.put(at, r)
	b := &g.blocks[at/blockSize]
	if at%blockSize == 0 {
		*b = emptyBlock
	}
	b.add(r.v, r.mark)
	g.widen(b, at)
	if at+1 == len(g.times) {
		g.sum = g.total(0, at+1)
	}
}

// widen takes note of the step to the reading at at from the one before it in b,
// if both are good.
func (g *group) widen(b *block, at int) {
	if v := g.values[at]; v != v {
		return
	}
	for p := at - 1; p >= at/blockSize*blockSize; p-- {
		if v := g.values[p]; v == v {
			b.gap = max(b.gap, gapOf(g.times[p], g.times[at]))
			return
		}
	}
}

// insert puts a reading at at, before those that stand from there on, and returns
// the one that the group had last. Afterwards it has n.
func (g *group) insert(at, n int, r reading) (last reading) {
	last = g.at(n - 1)
	copy(g.times[at+1:n], g.times[at:])
	copy(g.values[at+1:n], g.values[at:])
	copy(g.marks[at+1:n], g.marks[at:])
	g.put(at, r)
	for from := at / blockSize * blockSize; from < n; from += blockSize {
		end, b := min(from+blockSize, n), &g.blocks[from/blockSize]
		*b = g.scan(from, end)
		for i := from + 1; i < end; i++ {
			g.widen(b, i)
		}
	}
	if n == len(g.times) {
		g.sum = g.total(0, n)
	}
	return last
}

// scan sums up the readings from at to end, which lie in one block.
func (g *group) scan(at, end int) block {
	b := emptyBlock
	marks := g.marks[at:end]
	for i, v := range g.values[at:end] {
		b.add(v, marks[i])
	}
	return b
}

// total sums up the readings from at to end, by blocks where it can.
func (g *group) total(at, end int) block {
	sum := emptyBlock
	for at < end {
		to := min(end, (at/blockSize+1)*blockSize)
		part := &g.blocks[at/blockSize]
		if to-at < blockSize {
			scanned := g.scan(at, to)
			part = &scanned
		}
		sum.merge(part)
		at = to
	}
	return sum
}
