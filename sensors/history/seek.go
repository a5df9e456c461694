package history

import "time"

// Run returns the readings from i on, before j, up to the next multiple of 64 or so:
// their times in Unix ns, and their values, NaN where they are bad. They are not to
// be written to, and stand only until the next [Series.Append].
func (s *Series) Run(i, j int) (times []int64, values []float64) {
	if i >= j {
		return nil, nil
	}
	g, at := s.place(i)
	end := min(at+j-i, (at/blockSize+1)*blockSize)
	return s.groups[g].times[at:end], s.groups[g].values[at:end]
}

// Outside returns the first reading from i on, before j, whose value is less than
// lo or greater than hi; j if there is none. Bad readings are neither. It looks at
// the readings of a block only if the least and the greatest of these allow it.
func (s *Series) Outside(i, j int, lo, hi float64) int {
	for i < j {
		g, at := s.place(i)
		group, end := s.groups[g], min(at+j-i, 1<<s.shift)
		if full := g < len(s.groups)-1; full && !group.sum.leaves(lo, hi) {
			i += end - at
			continue
		}
		found := group.outside(at, end, lo, hi)
		i += found - at
		if found < end {
			return i
		}
	}
	return j
}

func (g *group) outside(at, end int, lo, hi float64) int {
	for at < end {
		to := min(end, (at/blockSize+1)*blockSize)
		if g.blocks[at/blockSize].leaves(lo, hi) {
			for k, v := range g.values[at:to] {
				if v < lo || v > hi {
					return at + k
				}
			}
		}
		at = to
	}
	return end
}

// leaves reports whether a reading of b may be less than lo or greater than hi.
func (b *block) leaves(lo, hi float64) bool { return b.min < lo || b.max > hi }

// Known returns for how long of the time up to end (Unix ns) the value is known by
// the good readings from i on, before j, when each stands for the value until the
// next one, but no longer than hold; and how many they are.
func (s *Series) Known(i, j int, end int64, hold time.Duration) (known time.Duration, good int) {
	k := tally{hold: uint64(max(hold, 0))}
	for i < j {
		g, at := s.place(i)
		group, to := s.groups[g], min(at+j-i, (at/blockSize+1)*blockSize)
		if group.blocks[at/blockSize].steady(hold) {
			k.add(group.times[at])
			k.known += uint64(group.times[to-1]) - uint64(group.times[at])
			k.last = group.times[to-1]
			k.good += to - at - 1
		} else {
			k.each(group.times[at:to], group.values[at:to])
		}
		i += to - at
	}
	if k.good > 0 && end > k.last {
		k.known += min(uint64(end)-uint64(k.last), k.hold)
	}
	return time.Duration(k.known), k.good
}

// A tally adds up the time that is known by good readings.
type tally struct {
	hold, known uint64 // ns
	last        int64  // time of the newest good reading
	good        int
}

func (k *tally) add(ns int64) {
	if k.good > 0 {
		k.known += min(uint64(ns)-uint64(k.last), k.hold)
	}
	k.last = ns
	k.good++
}

func (k *tally) each(times []int64, values []float64) {
	for i, v := range values {
		if v == v {
			k.add(times[i])
		}
	}
}
