package suggest

import (
	"fmt"
	"math"
	"time"

	"setpoint/sensors"
	"setpoint/sensors/history"
	"setpoint/sensors/threshold"
)

// A Line is the suggestion of a threshold that follows what is usual: a margin above,
// or below, the line of a [Band].
type Line struct {
	Kind    threshold.Kind
	Reason  string // why there is none
	Margin  float64
	Usual   float64   // what is usual at the end of the past
	Clock   time.Time // the time of day for which that is usual; zero: it does not depend on it
	Daily   float64   // the most that it moves in a day
	Bound   float64   // it never goes beyond this; NaN: no bound is known
	Budget  float64   // at most so many alarms a week that are not real
	Rough   bool
	Days    float64
	OnDelay time.Duration
}

// AskLine returns the margin that keeps to the budget of q on the past, where the line
// in the middle follows as that of a [Band] does.
func AskLine(past *history.Series, q Question) Line {
	q = q.complete(past)
	l := Line{Kind: q.Kind, Budget: q.Budget, OnDelay: q.OnDelay, Bound: math.NaN()}
	readings := learned(past, &q)
	f := look(past, readings, q.Hold)
	if l.Reason = f.reason(&q); l.Reason != "" {
		return l
	}
	sign := 1.0
	if !q.Kind.Upper() {
		sign = -1
	}
	if q.Deadband == 0 {
		q.Deadband = f.deadband()
	}
	p := newPeaks(q.Deadband, q.OnDelay, q.OffDelay, q.Hold)
	var b Band
	for t, v := range readings {
		if b.drawn {
			p.add(t, sign*(v-b.Usual(t)))
		}
		b.Fold(t, v, sensors.Good)
	}
	p.end()
	r := newRecord(p, f.blocks, f.blockOf, 2*f.noise)
	s := Suggestion{Budget: q.Budget, Rough: r.weeks(nil)*q.Budget < 3}
	if len(r.tail) < fewest {
		l.Reason = fmt.Sprintf("too short: %s, nothing is usual yet", span(r.known))
		return l
	}
	step := threshold.Step(f.span())
	l.Rough, l.Days = s.Rough, r.known/float64(day)
	l.Margin = outward(s.at(r, nil), step)
	l.Usual, l.Daily = b.Usual(b.last), b.daily()
	if b.pick == 1 {
		l.Clock = time.Unix(0, b.last).UTC()
	}
	if q.Lowest != 0 || q.Highest != 0 {
		l.Bound = q.Highest
		if sign < 0 {
			l.Bound = q.Lowest
		}
	}
	return l
}

// String returns l in three numbers: "margin 2.4 above the usual for 14:30 (23.1),
// moved at most 1 a day, never above 40".
func (l Line) String() string {
	if l.Reason != "" {
		return "no line: " + l.Reason
	}
	side, clock := "above", ""
	if !l.Kind.Upper() {
		side = "below"
	}
	if !l.Clock.IsZero() {
		clock = " for " + l.Clock.Format("15:04")
	}
	text := fmt.Sprintf("margin %s %s the usual%s (%.4g), moved at most %.2g a day", figure(l.Margin), side, clock, l.Usual, l.Daily)
	if !math.IsNaN(l.Bound) {
		text += ", never " + side + " " + figure(l.Bound)
	}
	if l.Rough {
		text += ", rough: " + span(l.Days*float64(day)) + " only"
	}
	return text
}
