package suggest

import (
	"math"
	"slices"
	"time"

	"setpoint/sensors"
)

// cells is how many stretches of time a Band remembers.
const cells = 40

// widest is the longest stretch: forty of them are more than the memory lasts.
const widest = int64(1<<15) * int64(time.Second)

// usual is the level and the spread of readings, each twice: of the plain ones, and of
// those less the profile of the day.
//
// It keeps sums of up to 40 stretches of time, which double in length while it is
// young. What it answers is looked at afresh at the end of each: stretches far off the
// median of all of them count little. So a fault it began in is outvoted as soon as it
// makes up less than half of what has been seen.
type usual struct {
	ring  [cells]cell
	n     int // cells in use; the last of them is being filled
	width int64
	age   float64 // ns learned, slowed for outliers

	level, sd [2]float64
}

// A cell sums up a stretch of time.
type cell struct {
	end int64
	sum [2]moments
}

// moments are the weight, the mean and the sum of squares about it.
type moments struct{ w, mean, sq float64 }

func (m *moments) add(o moments) {
	if !(o.w > 0) {
		return
	}
	m.w += o.w
	d := o.mean - m.mean
	m.mean += d * o.w / m.w
	m.sq += o.sq + d*d*(m.w-o.w)*o.w/m.w
}

// known reports whether there is an answer for i.
func (u *usual) known(i int) bool { return u.ring[0].sum[i].w > 0 && u.sd[i] >= 0 && u.width > 1 }

// of returns the level and the standard deviation of i.
func (u *usual) of(i int) (level, sd float64) { return u.level[i], u.sd[i] }

// explained returns how much of the variance the profile takes away.
func (u *usual) explained() float64 { return 1 - u.sd[1]*u.sd[1]/(u.sd[0]*u.sd[0]) }

// learn takes the readings x, of the weight w (ns), and reports whether level and
// spread were looked at afresh.
func (u *usual) learn(t int64, x [2]float64, w float64) bool {
	if u.n == 0 {
		u.n, u.width = 1, int64(time.Second)
	}
	u.age += w
	c := &u.ring[u.n-1]
	c.end = t
	c.sum[0].add(moments{w: w, mean: x[0]})
	if u.age > float64(2*day) { // the profile has seen each hour twice
		c.sum[1].add(moments{w: w, mean: x[1]})
	}
	if c.sum[0].w < float64(u.width) {
		return false
	}
	for i := range u.level {
		// Figures that are too far apart for their sums tell nothing: what is known stays.
		if level, sd := u.look(i, t); sensors.Finite(level) && (sensors.Finite(sd) || !u.known(i)) {
			u.level[i], u.sd[i] = level, sd
		}
	}
	u.turn()
	return true
}

// turn begins a new cell.
func (u *usual) turn() {
	switch {
	case u.n < cells:
	case u.width < widest:
		for i := range cells / 2 {
			c := u.ring[2*i]
			next := &u.ring[2*i+1]
			c.end = next.end
			for k := range c.sum {
				c.sum[k].add(next.sum[k])
			}
			u.ring[i] = c
		}
		u.n = cells / 2
		u.width *= 2
	default:
		copy(u.ring[:], u.ring[1:])
		u.n--
	}
	u.ring[u.n] = cell{}
	u.n++
}

// look returns the level and the standard deviation of i at t.
func (u *usual) look(i int, t int64) (level, sd float64) {
	var means, inner [cells]float64
	n := 0
	for _, c := range u.ring[:u.n] {
		if m := c.sum[i]; m.w > 0 {
			means[n], inner[n] = m.mean, m.sq/m.w
			n++
		}
	}
	if n == 0 {
		return 0, math.NaN()
	}
	mid := median(means[:n])
	for k, m := range means[:n] {
		means[k] = math.Abs(m - mid)
	}
	mad := 1.4826 * median(means[:n]) // 1.4826: so that it estimates the standard deviation of normal noise
	spread := math.Sqrt(mad*mad + median(inner[:n]))
	var all moments
	for _, c := range u.ring[:u.n] {
		m := c.sum[i]
		f := math.Exp(-float64(t-c.end) / float64(memory))
		if z := math.Abs(m.mean-mid) / spread; spread > 0 && z > slow {
			f *= math.Pow(slow/z, 4)
		}
		m.w *= f
		m.sq *= f
		all.add(m)
	}
	return all.mean, math.Sqrt(all.sq / all.w)
}

// median sorts list, which is not empty, and returns its middle.
func median(list []float64) float64 {
	slices.Sort(list)
	return list[len(list)/2]
}
