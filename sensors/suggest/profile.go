package suggest

import (
	"math"
	"time"
)

// profile is how readings differ from their level by the hour of the day (UTC).
type profile struct {
	of   [24]float64
	took [24]float64 // ns learned
}

// hourOf returns the hour of the day of t, and how much of it is past.
func hourOf(t int64) (h int, past float64) {
	of := t % int64(day)
	if of < 0 {
		of += int64(day)
	}
	return int(of / int64(time.Hour)), float64(of%int64(time.Hour)) / float64(time.Hour)
}

// learn takes a reading that differs by d from the level.
func (p *profile) learn(t int64, d, w float64) {
	h, _ := hourOf(t)
	p.took[h] += w
	if w > 0 {
		p.of[h] += w / max(min(p.took[h], float64(memory)/24), w) * (d - p.of[h])
	}
}

// at returns what is usual for the time of day of t, on straight lines between the
// middles of the hours.
func (p *profile) at(t int64) float64 {
	h, past := hourOf(t)
	if past < 0.5 {
		h, past = (h+23)%24, past+1
	}
	past -= 0.5
	a, b := p.of[h], p.of[(h+1)%24]
	return a + math.Min(past, 1)*(b-a)
}
