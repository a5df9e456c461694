package sim

import (
	"cmp"
	"math/rand/v2"
	"strconv"
	"time"

	"setpoint/sensors"
)

// A scenario is a recipe for sensors: zones of several kinds, in turn, or scripts.
type scenario struct {
	sensors int
	rate    float64 // readings per second of each sensor
	kinds   []kind

	day    time.Duration // how long the daily cycle takes
	spread float64       // how far the days of the zones lie apart, in days

	plan        []planned
	least, most time.Duration // between two mishaps that come by chance; 0: none do

	script []script
	lapse  lapse
}

// A style says how the zones of a kind are told apart.
type style int

const (
	plain    style = iota // hall, hall-2, hall-3
	numbered              // oven-1, oven-2
	lettered              // rack-a, rack-b, ... rack-z, rack-aa
)

// label returns the name of the n-th zone of a kind, counted from 0.
func (k *kind) label(n int) string {
	switch {
	case k.style == lettered:
		return k.name + "-" + letters(n)
	case k.style == plain && n == 0:
		return k.name
	}
	return k.name + "-" + strconv.Itoa(n+1)
}

// letters counts in letters: a, b, ... z, aa, ab.
func letters(n int) string {
	last := string(rune('a' + n%26))
	if n < 26 {
		return last
	}
	return letters(n/26-1) + last
}

// describe returns the first n sensors of s; 0 means its own number.
func (s *scenario) describe(n int) []sensors.Sensor {
	if s.script != nil {
		list := make([]sensors.Sensor, len(s.script))
		for i, script := range s.script {
			list[i] = sensors.Sensor{Name: script.name, Unit: sensors.DegC}
		}
		return list
	}
	list := make([]sensors.Sensor, cmp.Or(n, s.sensors))
	count := map[string]int{}
	for i := range list {
		k := &s.kinds[i%len(s.kinds)]
		list[i] = sensors.Sensor{Name: k.label(count[k.name]), Unit: sensors.DegC, Thresholds: k.thresholds}
		count[k.name]++
	}
	return list
}

// build fills r with what s is made of.
func (s *scenario) build(source *Source, r *run) {
	n := len(source.sensors)
	r.meters = make([]meter, n)
	r.queue = make(queue, 0, n)
	chance := func(i int) *rand.Rand { return rand.New(rand.NewPCG(source.config.Seed, uint64(i))) }
	r.mishaps = newMishaps(s, n, chance(n))
	for i := range n {
		m := &r.meters[i]
		if s.script != nil {
			script := s.script[i]
			*m = meter{period: script.period, left: script.reading, draw: &draw{script: script, chance: chance(i)}}
			r.queue.add(due{0, int32(i)})
			continue
		}
		part := float64(i) / float64(n)
		m.period = time.Duration(float64(time.Second) / cmp.Or(source.config.Rate, s.rate))
		m.left = -1
		m.zone = newZone(&s.kinds[i%len(s.kinds)], s.day, part*s.spread, chance(i))
		// The sensors take turns, so that they do not come in one lump.
		r.queue.add(due{time.Duration(float64(m.period) * part).Truncate(time.Millisecond), int32(i)})
	}
}
