package sim

import (
	"math"
	"math/rand/v2"
	"time"
)

// A mishap is what can go wrong in a zone: it drives it aside for a while.
type mishap struct {
	shift float64 // °C
	lasts time.Duration
}

// trouble is a mishap that has happened.
type trouble struct {
	by    float64
	until time.Duration
}

// shift returns what the trouble adds.
func (t trouble) shift(at time.Duration) float64 {
	if at >= t.until {
		return 0
	}
	return t.by
}

// A planned mishap happens in every run, so that a first look shows something.
type planned struct {
	at     time.Duration
	sensor int
	mishap mishap
}

// mishaps lets things go wrong: first what was planned, then what comes by chance.
type mishaps struct {
	plan        []planned
	next        time.Duration
	least, most time.Duration // between two that come by chance; 0: none do
	chance      *rand.Rand
}

// newMishaps returns the mishaps of s with n sensors. With more sensors than usual
// there are more of them, but not in proportion: a large plant stays calm as well.
func newMishaps(s *scenario, n int, chance *rand.Rand) mishaps {
	crowd := math.Sqrt(max(1, float64(n)/float64(s.sensors)))
	m := mishaps{
		plan:   s.plan,
		chance: chance,
		least:  time.Duration(float64(s.least) / crowd),
		most:   time.Duration(float64(s.most) / crowd),
	}
	m.wait(0)
	return m
}

// advance lets everything happen that is due by at.
func (m *mishaps) advance(at time.Duration, meters []meter) {
	for m.next <= at {
		m.happen(meters)
		m.wait(m.next)
	}
}

func (m *mishaps) happen(meters []meter) {
	if len(m.plan) > 0 {
		p := m.plan[0]
		m.plan = m.plan[1:]
		if p.sensor < len(meters) {
			meters[p.sensor].zone.trouble = p.mishap.from(m.next)
		}
		return
	}
	z := &meters[m.chance.IntN(len(meters))].zone
	z.trouble = z.kind.mishaps[m.chance.IntN(len(z.kind.mishaps))].from(m.next)
}

// wait sets when the next mishap happens, if the last was at the given time.
func (m *mishaps) wait(last time.Duration) {
	switch {
	case len(m.plan) > 0:
		m.next = m.plan[0].at
	case m.most > 0:
		m.next = last + m.least + time.Duration(m.chance.Int64N(int64(m.most-m.least)+1))
	default:
		m.next = 2 * forever
	}
}

// from returns the trouble that the mishap means when it happens at the given time.
func (m mishap) from(at time.Duration) trouble { return trouble{m.shift, at + m.lasts} }
