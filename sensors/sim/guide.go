package sim

import (
	"math"
	"math/rand/v2"
	"time"
)

// A script is a sensor whose readings are drawn, evenly within a spread, instead
// of being measured in a zone.
type script struct {
	name    string
	centre  float64 // °C
	spread  float64 // °C above and below
	period  time.Duration
	reading int // how many, then it ends
}

// guide is the classifier's guide: three sensors, 53 readings, the first of each
// at once.
var guide = []script{
	{"001", 25, 5, 2 * time.Second, 20},
	{"002", 15, 3, 3 * time.Second, 15},
	{"003", 35, 8, 2500 * time.Millisecond, 18},
}

// every so many readings of a script, the first included, one has wide times the
// spread, so that each band is met.
const (
	every = 5
	wide  = 3
)

// A draw draws the readings of a script.
type draw struct {
	script script
	chance *rand.Rand
	count  int
}

func (d *draw) read() float64 {
	spread := d.script.spread
	if d.count%every == 0 {
		spread *= wide
	}
	d.count++
	v := d.script.centre + spread*(2*d.chance.Float64()-1)
	return math.Round(v*100) / 100
}
