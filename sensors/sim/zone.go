package sim

import (
	"math"
	"math/rand/v2"
	"time"

	"setpoint/sensors"
	"setpoint/sensors/threshold"
)

// A kind is what the zones of one kind have in common. Temperatures are in °C.
type kind struct {
	name  string
	style style

	rest  float64 // where the temperature stays on average
	swing float64 // of the daily cycle, above and below rest
	noise float64 // of a measurement, as a standard deviation
	lag   float64 // seconds in which a zone goes 63 % of the way to where it is driven
	power float64 // how far the actuator drives the zone, either way

	// A zone with a compressor of its own is driven as far as pull below or above
	// rest, as it runs or not; it starts and stops at band above and below rest.
	pull, band float64

	thresholds threshold.Set
	mishaps    []mishap
}

// ramp is the time, in seconds, in which an actuator comes to 63 % of its power,
// and loses it again.
const ramp = 4

// perDegree is how many steps of a thermometer make 1 °C.
const perDegree = 10

// A zone is a heat of its own with a thermometer and an actuator in it: a
// first-order lag (Newton's law of cooling) behind the sum of everything that
// drives it. Between two readings the solution of the differential equation for a
// constant drive is exact, so the rate of the readings does not change the heat.
type zone struct {
	kind  *kind
	noise *rand.Rand
	rest  float64
	day   float64 // seconds
	phase float64 // of the day, in turns

	at      time.Duration // when temp and flow were these
	temp    float64
	flow    float64 // of the actuator: -1 cools, 1 heats with full power
	drive   float64 // that flow tends to
	running bool    // the compressor
	trouble trouble

	ordered   bool
	orderedAt time.Duration
	orderedTo float64
}

func newZone(k *kind, day time.Duration, phase float64, r *rand.Rand) zone {
	z := zone{kind: k, noise: r, day: day.Seconds(), phase: phase}
	z.rest = k.rest + k.swing*(r.Float64()-0.5)/2 // no two zones are quite alike
	z.temp = z.rest + z.cycle(0)
	return z
}

// order lets the actuator do d from at on.
func (z *zone) order(at time.Duration, d sensors.Drive) {
	z.ordered, z.orderedAt, z.orderedTo = true, at, 0
	switch d {
	case sensors.Cool:
		z.orderedTo = -1
	case sensors.Heat:
		z.orderedTo = 1
	}
}

// read lets the zone go on until at and measures it.
func (z *zone) read(at time.Duration) float64 {
	if z.ordered {
		z.advance(min(z.orderedAt, at))
		z.drive, z.ordered = z.orderedTo, false
	}
	z.advance(at)
	measured := z.temp + z.kind.noise*z.noise.NormFloat64()
	return math.Round(measured*perDegree)/perDegree + 0 // + 0 turns -0 into 0
}

// advance lets the zone go on until at; it does nothing if that has passed.
func (z *zone) advance(at time.Duration) {
	dt := (at - z.at).Seconds()
	if dt <= 0 {
		return
	}
	z.at = at
	z.flow = z.drive + (z.flow-z.drive)*math.Exp(-dt/ramp)
	towards := z.rest + z.cycle(at) + z.compressor() + z.trouble.shift(at) + z.kind.power*z.flow
	z.temp = towards + (z.temp-towards)*math.Exp(-dt/z.kind.lag)
}

// cycle returns what the time of day adds.
func (z *zone) cycle(at time.Duration) float64 {
	if z.kind.swing == 0 {
		return 0
	}
	return z.kind.swing * math.Sin(2*math.Pi*(at.Seconds()/z.day+z.phase))
}

// compressor switches the compressor and returns what it adds.
func (z *zone) compressor() float64 {
	switch {
	case z.temp >= z.rest+z.kind.band:
		z.running = true
	case z.temp <= z.rest-z.kind.band:
		z.running = false
	}
	if z.running {
		return -z.kind.pull
	}
	return z.kind.pull
}
