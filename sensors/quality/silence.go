package quality

import (
	"time"

	"setpoint/sensors"
)

// Interval returns the median time between readings, to a millisecond; 0 if there
// were fewer than four intervals.
func (t *Tracker) Interval() time.Duration { return t.Pace.median() }

// Noise returns the standard deviation of a reading about its level, estimated as
// the median step between neighbours divided by 0.954. It is 0 while fewer than 9
// steps are known, and for a sensor that mostly repeats its value; see
// [Tracker.Step].
func (t *Tracker) Noise() float64 { return t.Steps.noise() }

// Step returns the smallest step between two neighbours that differ, the
// quantisation of a sensor that has one; 0 while it has not moved.
func (t *Tracker) Step() float64 { return t.Steps.Least }

// Hold returns how long a reading stands for the value after it, which is also how
// long the sensor may be silent: 5 x the median interval, at least 10 s. A sensor
// that reports only changes has no rhythm, so it is also at least twice the silence
// that came three times within the last 255 to 510 readings. Before four intervals
// are known it is a minute, or 5 x the longest of them.
func (t *Tracker) Hold(r *Rules) time.Duration { return t.Pace.hold(r) }

// StaleAt returns when the sensor becomes stale if nothing comes, in ns since 1970
// on the clock of arrivals, or of the readings if nobody knows when they arrived.
// It has been watched since from: before that nothing could be missed. A sensor
// that was never seen has waited for too long by then.
func (t *Tracker) StaleAt(r *Rules, from int64) int64 {
	if !t.Any {
		return after(from, r.wait())
	}
	return after(max(t.Seen, from), t.Hold(r))
}

// Silence judges at now a sensor that has been watched since from and has said
// nothing since its last reading. It is [Stale], [Waiting] (which is bad only from
// [Tracker.StaleAt] on), or [Good]: its last reading stands.
func (t *Tracker) Silence(r *Rules, from, now int64) Verdict {
	var d Verdict
	over := now >= t.StaleAt(r, from)
	switch {
	case !t.Any:
		d.State, d.Over = Waiting, elapsed(now, from)
	case over:
		d.State, d.Over = Stale, elapsed(now, t.Seen)
	}
	if over {
		d.Grade = sensors.Bad
	}
	return d
}
