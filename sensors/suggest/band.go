package suggest

import (
	"math"
	"time"

	"setpoint/sensors"
	"setpoint/sensors/alarm"
	"setpoint/sensors/threshold"
)

// The settings of a Band. They are the same for every sensor, whatever its step and
// however long its history; the package comment says what moving them does.
const (
	memory   = 10 * day // the level forgets with this time constant
	margin   = 2        // the lines stand this many standard deviations off, or more
	patience = 10 * time.Hour
	least    = time.Minute // the shortest on-delay
	chance   = 182 * day   // how seldom chance alone may raise an alarm
	doubt    = 6           // see scales.survives
	enough   = 60          // readings before the first line
	seen     = 3           // on-delays before the first line
	slow     = 3           // standard deviations from which on a reading is learned more slowly
	far      = 1e120       // no sensor measures this: its square, times a time in ns squared, would overflow
	day      = 24 * time.Hour
)

// A Band is two lines that follow what is usual of a sensor: an exponentially weighted
// level, with the profile of the day where there is one, and a margin on either side.
// It is causal: what it answers depends on the readings folded into it so far.
//
// The zero Band is ready to use. It is a value: a copy goes its own way. To restore
// one, fold the recorded past into a new one. The bounds may be set at any time.
type Band struct {
	Lowest, Highest float64 // the lines never leave this range; both 0: no bounds
	Daily           float64 // the most that a line moves in a day, once ten days are learned; 0: half a standard deviation

	usual   usual
	profile profile
	scales  [2]scales // of the plain readings, and of those less the profile
	pick    int       // which of the two the lines rest on: 1 where the profile explains enough

	count     int
	last, gap int64 // time of the newest reading, and the usual time between two; Unix ns, ns
	standing  float64
	latch     [2]alarm.Latch // of the low and the high line
	base      baseline

	drawn  bool // there are lines
	lo, hi float64
	far    float64 // of the margin, in standard deviations
	delay  time.Duration
}

// sides are the kinds that the two lines of a Band are thresholds of.
var sides = [2]threshold.Kind{threshold.Low, threshold.High}

// Fold takes the value v, measured at t (Unix ns). Bad readings, and those that are not
// newer than the last, change nothing; suspect ones are judged, but nothing is learned
// from them. Nothing is learned either while a line is passed for longer than the
// on-delay, the Band's own alarm, until that is over.
func (b *Band) Fold(t int64, v float64, q sensors.Quality) {
	if q >= sensors.Bad || !(math.Abs(v) < far) {
		return
	}
	if b.count == 0 {
		b.count, b.last = 1, t
		return
	}
	took := t - b.last
	if took <= 0 {
		return
	}
	if b.gap == 0 {
		b.gap = min(took, int64(day))
	}
	b.gap += (min(max(took, b.gap/2), 2*b.gap, int64(day)) - b.gap) / 16
	on := b.judge(t, v)
	b.last = t
	known := float64(min(took, b.hold()))
	switch {
	case q != sensors.Good:
	case on:
		b.stand(known)
	default:
		b.standing = 0
		b.learn(t, v, known)
	}
}

// hold is how long a reading stands for the value after it.
func (b *Band) hold() int64 { return 5 * b.gap }

// judge reports whether the Band's own alarm is on after v at t.
func (b *Band) judge(t int64, v float64) (on bool) {
	if !b.drawn {
		return false
	}
	s := b.set(t)
	for i, k := range sides {
		b.latch[i] = b.latch[i].Pass(&s[k], b.last, t, b.hold()).Judge(&s, k, t, v)
		on = on || b.latch[i].Cond.On()
	}
	b.base.fold(t, v, s[threshold.Low].At, s[threshold.High].At)
	return on
}

// stand counts how long the alarm has been on. A fault is shorter than what it departs
// from: a young Band that has been outside for longer than it had learned before has
// learned from the fault, and starts over.
func (b *Band) stand(known float64) {
	b.standing += known
	if b.standing > b.usual.age && b.usual.age < float64(memory) {
		b.Relearn()
	}
}

// Relearn forgets everything: what comes next is usual. It is what accepting a moved
// baseline does.
func (b *Band) Relearn() { *b = Band{Lowest: b.Lowest, Highest: b.Highest, Daily: b.Daily} }

// learn takes v into what is usual.
func (b *Band) learn(t int64, v, known float64) {
	b.count++
	x := [2]float64{v, v - b.profile.at(t)}
	w := known
	if level, sd := b.usual.of(b.pick); b.drawn && sd > 0 {
		if z := math.Abs(x[b.pick]-level) / sd; z > slow {
			w *= slow / z * (slow / z)
		}
	}
	b.profile.learn(t, v-b.usual.level[0], w)
	for i := range b.scales {
		if level, sd := b.usual.of(i); b.usual.known(i) {
			b.scales[i].learn(x[i], known, w, level, sd)
		}
	}
	if b.usual.learn(t, x, w) {
		b.draw()
	}
	b.move(w)
}

// draw takes what is usual into the margin and the on-delay.
func (b *Band) draw() {
	b.pick = 0
	if b.usual.age > float64(3*day) && b.usual.explained() > 0.3 {
		b.pick = 1
	}
	scale := &b.scales[b.pick]
	b.delay, b.far = outlast(scale.time(doubt)+float64(b.gap)/2, scale.time(0)+float64(b.gap)/2)
	b.delay = min(max(b.delay+time.Duration(b.gap), least), max(patience, time.Duration(b.gap)))
	level, sd := b.usual.of(b.pick)
	if b.drawn || b.count <= enough || b.usual.age < seen*float64(b.delay) || !(sd > 1e-9*math.Abs(level)) {
		return
	}
	b.drawn = true
	b.lo, b.hi = b.target()
}

// target returns where the lines should be, less the profile. What was learned from
// little is uncertain: the margin is wider.
func (b *Band) target() (lo, hi float64) {
	level, sd := b.usual.of(b.pick)
	m := b.far * sd * (1 + 2*float64(b.delay)/min(b.usual.age, float64(memory)))
	return level - m, level + m
}

// move brings the lines nearer to where they should be.
func (b *Band) move(w float64) {
	if !b.drawn {
		return
	}
	most := b.daily() * w / float64(day) * max(1, float64(memory)/b.usual.age)
	lo, hi := b.target()
	if !sensors.Finite(lo) || !sensors.Finite(hi) || !sensors.Finite(most) {
		return
	}
	b.lo += min(max(lo-b.lo, -most), most)
	b.hi += min(max(hi-b.hi, -most), most)
}

// daily returns the most that a line moves in a day.
func (b *Band) daily() float64 {
	if b.Daily > 0 {
		return b.Daily
	}
	return b.usual.sd[b.pick] / 2
}

// Usual returns what is usual at t, half-way between the lines; NaN while too little is
// known.
func (b *Band) Usual(t int64) float64 {
	if !b.drawn {
		return math.NaN()
	}
	return (b.lo+b.hi)/2 + b.shift(t)
}

// shift returns how much higher than usual it is usually at the time of day of t.
func (b *Band) shift(t int64) float64 {
	if b.pick == 0 {
		return 0
	}
	return b.profile.at(t)
}

// Lines returns the two lines at the newest reading; NaN while too little is known.
func (b *Band) Lines() (low, high float64) { return b.lines(b.last) }

func (b *Band) lines(t int64) (low, high float64) {
	if !b.drawn {
		return math.NaN(), math.NaN()
	}
	low, high = b.lo+b.shift(t), b.hi+b.shift(t)
	if b.Lowest != 0 || b.Highest != 0 {
		low, high = min(max(low, b.Lowest), b.Highest), max(min(high, b.Highest), b.Lowest)
	}
	return low, high
}

// Set returns the lines as thresholds, with the deadband and the delays that they are
// meant for; the critical ones are off.
func (b *Band) Set() threshold.Set { return b.set(b.last) }

func (b *Band) set(t int64) threshold.Set {
	low, high := b.lines(t)
	_, sd := b.usual.of(b.pick)
	if !b.drawn || !sensors.Finite(sd) {
		sd = 0
	}
	s := threshold.None.WithDeadband(sd/4).WithDelays(b.delay, b.delay)
	return s.With(threshold.Low, low).With(threshold.High, high)
}

// On returns which of the Band's own alarms, low and high, are on.
func (b *Band) On() (on threshold.Latches) {
	for i, k := range sides {
		if b.latch[i].Cond.On() {
			on = on.Set(k)
		}
	}
	return on
}

// Moved reports whether the baseline has moved: to -1 or 1, down or up, if of the last
// 24 hours with readings the medians of 18 or more lay beyond that line; else 0. That
// is a finding for a person, who may accept it by [Band.Relearn].
func (b *Band) Moved() int { return b.base.moved() }
