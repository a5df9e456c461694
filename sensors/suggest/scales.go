package suggest

import (
	"math"
	"time"
)

// scales measures how long a sensor's deviations from its level last: it smooths the
// readings with time constants of 1 s, 2 s, 4 s ... 36 h, and watches how much of their
// variance survives each.
type scales struct {
	smooth, rest [18]float64 // smoothed readings; their variance about the level
	total        float64     // variance of the readings
	age          float64     // ns
}

// learn takes the reading x, which stands for known ns and counts for w of them.
func (s *scales) learn(x, known, w, level, sd float64) {
	if s.age == 0 {
		for i := range s.smooth {
			s.smooth[i] = x
		}
	}
	s.age += w
	gain := w / max(min(s.age, float64(memory)), w, 1)
	s.total += gain * (squared(x-level, sd) - s.total)
	for i := range s.smooth {
		s.smooth[i] += known / (known + constant(i)) * (x - s.smooth[i])
		s.rest[i] += gain * (squared(s.smooth[i]-level, sd) - s.rest[i])
	}
}

// constant is time constant i, in ns.
func constant(i int) float64 { return float64(int64(time.Second) << i) }

// squared returns d squared, where a d of more than 3 standard deviations counts as that.
func squared(d, sd float64) float64 {
	if sd > 0 {
		d = min(math.Abs(d), 3*sd)
	}
	return d * d
}

// survives returns how much of the variance smoothing i leaves. While the age is less
// than many time constants, that is taken to be more by so many of them: nobody can
// know yet.
func (s *scales) survives(i int, doubt float64) float64 {
	age, add := min(s.age, float64(memory)), doubt*constant(i)
	if !(s.total > 0) || !(age > 0) {
		return 1
	}
	return (s.rest[i]/s.total*age + add) / (age + add)
}

// time returns the time constant that leaves half of the variance, in ns: for noise
// with exponential correlation, its correlation time.
func (s *scales) time(doubt float64) float64 {
	above := 1.0
	for i := range s.rest {
		f := s.survives(i, doubt)
		if f < 0.5 {
			part := min(max((above-0.5)/(above-f), 0), 1)
			return constant(i) / 2 * math.Exp2(part)
		}
		above = f
	}
	return constant(len(s.rest))
}

// outlast returns for how long a deviation of the margin must last until it is not
// chance any more, and how wide the margin must be where that is longer than patience.
// Chance is normal noise with a correlation time: tau for the delay, and near, a less
// careful estimate, for the margin.
func outlast(tau, near float64) (delay time.Duration, wide float64) {
	d := tau * math.Log(max(seldom(margin, 0)*float64(chance)/tau, 1)) / decay(margin)
	if d <= float64(patience) {
		return time.Duration(d), margin
	}
	wide = margin
	for seldom(wide, float64(patience)/near) > near/float64(chance) && wide < 6 {
		wide += 0.05
	}
	return patience, wide
}

// seldom returns how often normal noise stays more than k standard deviations off, on
// one side or the other, for x correlation times: once in 1/seldom of them.
func seldom(k, x float64) float64 {
	return math.Erfc(k/math.Sqrt2) * decay(k) * math.Exp(-x*decay(k))
}

// decay returns how fast it comes back from there, once in 1/decay correlation times.
// It is the first eigenvalue of the Ornstein-Uhlenbeck process on the far side of k, an
// n for which the greatest zero of the Hermite polynomial He(n) is k: 1 at 0, 2 at 1, 3
// at 1.73, 4 at 2.33, 5 at 2.86. The parabola is within 0.05 of these.
func decay(k float64) float64 { return 1 + 0.75*k + 0.23*k*k }
