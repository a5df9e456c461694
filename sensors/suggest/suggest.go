package suggest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"time"

	"setpoint/sensors"
	"setpoint/sensors/history"
	"setpoint/sensors/threshold"
	"setpoint/sensors/tune"
)

// A Question asks for one threshold of a sensor.
type Question struct {
	Sensor   string
	Kind     threshold.Kind
	Budget   float64       // at most so many alarms a week that are not real; 0: one
	Deadband float64       // 0: from the noise
	OnDelay  time.Duration // as set
	OffDelay time.Duration
	Patient  bool          // both delays by how long deviations last; about half of what a [Band] takes, as the line stands further off
	Hold     time.Duration // how long a reading stands for the value after it; 0: five usual intervals
	Labels   []tune.Label  // what is labelled real or maintenance is not learned from
	Suspect  uint8         // the mark of readings that are not learned from; 0: none is

	// The physical range: no threshold lies outside it. Both 0: unknown.
	Lowest, Highest float64

	Seed uint64 // of the resampling
}

// resamples is how often the blocks of a past are drawn again to find the range that
// the level likely lies in.
const resamples = 200

// wary is how many standard deviations off the mean a rough threshold stands at least.
const wary = 3.5

// Ask returns the threshold that keeps to the budget of q on the past.
func Ask(past *history.Series, q Question) Suggestion {
	q = q.complete(past)
	s := Suggestion{Sensor: q.Sensor, Kind: q.Kind, Budget: q.Budget, On: math.NaN(), Off: math.NaN(), Likely: [2]float64{math.NaN(), math.NaN()}}
	readings := learned(past, &q)
	f := look(past, readings, q.Hold)
	s.Deadband, s.Noise, s.OnDelay, s.OffDelay = q.Deadband, f.noise, q.OnDelay, q.OffDelay
	if s.Reason = f.reason(&q); s.Reason != "" {
		return s
	}
	if s.Deadband == 0 {
		s.Deadband = f.deadband()
	}
	sign := 1.0
	if !q.Kind.Upper() {
		sign = -1
	}
	p := newPeaks(s.Deadband, q.OnDelay, q.OffDelay, q.Hold)
	for t, v := range readings {
		p.add(t, sign*v)
	}
	p.end()
	r := newRecord(p, f.blocks, f.blockOf, sign*f.median+2*f.noise)
	r.wary = sign*f.spread.mean + wary*math.Sqrt(f.spread.sq/f.spread.w)
	s.Days = r.known / float64(day)
	s.Rough = r.weeks(nil)*q.Budget < 3
	if s.Rough && len(r.tail) < fewest {
		s.Reason = fmt.Sprintf("too short: %s, want at least %d h", span(r.known), fewest)
		return s
	}
	s.place(r, sign, threshold.Step(f.span()), q.Seed)
	s.check(past, &q)
	return s
}

// complete returns q with what was left open.
func (q Question) complete(past *history.Series) Question {
	if !(q.Budget > 0) {
		q.Budget = 1
	}
	if q.Hold <= 0 {
		q.Hold = max(5*past.Interval(), time.Second)
	}
	if !(q.Deadband >= 0) {
		q.Deadband = 0
	}
	if q.Patient {
		var b Band
		for t, v := range learned(past, &q) {
			b.Fold(t, v, sensors.Good)
		}
		d := time.Duration(float64(b.delay) * decay(margin) / decay(wary)).Round(time.Second)
		q.OnDelay, q.OffDelay = d, d
	}
	return q
}

// reason returns why there can be no threshold, "" if there may be one.
func (f *facts) reason(q *Question) string {
	switch {
	case q.Kind >= threshold.Kinds:
		return fmt.Sprintf("%v is no threshold", q.Kind)
	case f.n < 2:
		return "no readings to learn from"
	case !(f.span() > 0):
		return "it has never moved"
	}
	return ""
}

// at returns the level that keeps to the budget, in the record's own direction.
func (s *Suggestion) at(r *record, weights []float64) float64 {
	at := r.bound(s.Budget, weights)
	if s.Rough {
		at = max(at, r.wary, r.beyond(s.Budget, weights))
	}
	return at
}

// place sets the threshold, and the range that it likely lies in.
func (s *Suggestion) place(r *record, sign, step float64, seed uint64) {
	s.On = sign * outward(s.at(r, nil), step)
	s.Off = s.On - sign*s.Deadband
	var known []int
	for i, b := range r.blocks {
		if b > 0 {
			known = append(known, i)
		}
	}
	if len(known) == 0 {
		return
	}
	draw := rand.New(rand.NewPCG(seed, uint64(len(known))))
	weights := make([]float64, len(r.blocks))
	found := make([]float64, resamples)
	for i := range found {
		clear(weights)
		for range known {
			weights[known[draw.IntN(len(known))]]++
		}
		found[i] = sign * outward(s.at(r, weights), step)
	}
	slices.Sort(found)
	s.Likely = [2]float64{min(found[resamples/20], s.On), max(found[resamples-1-resamples/20], s.On)}
	inner := s.Likely[0]
	if sign < 0 {
		inner = s.Likely[1]
	}
	s.Peaks = r.reach(sign*inner - step)
}

// outward returns the least readable figure above v.
func outward(v, step float64) float64 {
	if at := threshold.Move(v, step, 0); at > v {
		return at
	}
	return threshold.Move(v, step, 1)
}

// check holds the threshold against the physical range, and asks package tune what it
// would have done.
func (s *Suggestion) check(past *history.Series, q *Question) {
	if (q.Lowest != 0 || q.Highest != 0) && (s.On < q.Lowest || s.On > q.Highest) {
		s.Reason = fmt.Sprintf("%s would have to be at %s, beyond the physical range of %s to %s", s.promise(), figure(s.On), figure(q.Lowest), figure(q.Highest))
		s.On, s.Off, s.Likely = math.NaN(), math.NaN(), [2]float64{math.NaN(), math.NaN()}
		return
	}
	s.Would = tune.Ask(past, tune.Question{Kind: s.Kind, Set: s.Set(), Hold: q.Hold, Labels: q.Labels})
}
