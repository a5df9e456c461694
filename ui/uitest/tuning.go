package uitest

import (
	"context"
	"math"
	"strings"
	"sync"
	"time"

	"setpoint/sensors/history"
	"setpoint/sensors/suggest"
	"setpoint/sensors/threshold"
	"setpoint/sensors/tune"
	"setpoint/workflow/monitor"
)

// fortnight is two weeks of a reading a minute up to [Noon]: a wave of a day, noise, and
// excursions of an hour, some of them higher than others.
var fortnight = sync.OnceValue(func() *history.Series {
	const n = 14 * 24 * 60
	s := history.New(n)
	for i := range n {
		day := float64(i) / (24 * 60)
		v := 80 + 2*math.Sin(2*math.Pi*day) + 0.5*math.Sin(float64(i)*12.9898)
		if since := i % 1013; since < 60 {
			v += (5 + 9*math.Abs(math.Sin(float64(i/1013)*2.3))) * math.Sin(math.Pi*float64(since)/60)
		}
		s.Append(Noon.Add(time.Duration(i-n)*time.Minute), v, 0)
	}
	return s
})

// labels are what people have said of the past.
func labels() []tune.Label {
	at := func(i int) int64 { return fortnight().First().Add(time.Duration(i) * time.Minute).UnixNano() }
	return []tune.Label{
		{From: at(2*1013 + 10), To: at(2*1013 + 50), Kind: tune.Real},
		{From: at(7*1013 + 10), To: at(7*1013 + 50), Kind: tune.False},
		{From: at(15*1013 + 10), To: at(15*1013 + 50), Kind: tune.Real},
	}
}

// Tune answers from a fortnight of the past of any sensor of the plant; those whose
// names begin with oven are in a group, whose threshold is theirs.
func Tune(ctx context.Context, q monitor.TuneQuestion) (*monitor.TuneAnswer, error) {
	now := threshold.Rule{At: 85, Deadband: 1, OnDelay: time.Minute, OffDelay: time.Minute}
	if !q.Kind.Upper() {
		now.At = 77
	}
	s := fortnight()
	ask := func(r threshold.Rule) tune.Question {
		set := threshold.None
		set[q.Kind] = r
		return tune.Question{Kind: q.Kind, Set: set, Hold: 5 * time.Minute, Labels: labels()}
	}
	a := &monitor.TuneAnswer{
		Question: q, Unit: "°C", Set: threshold.None, Now: now, Origin: "built-in", Step: 0.5, Noise: 0.24, Hold: 5 * time.Minute,
		Groups: monitor.Scopes{Sensor: threshold.Off, Group: threshold.Off, Default: 80}, Readings: s.Len(),
		Before: tune.Ask(s, ask(now)), After: tune.Ask(s, ask(q.Rule)), Labels: labels(), Took: 3 * time.Millisecond,
	}
	a.Set[q.Kind] = now
	if strings.HasPrefix(q.Sensor, "oven") {
		a.Group, a.Groups.Group, a.Origin = "ovens", now.At, "group ovens"
	}
	if a.From, a.To = s.First(), s.Last().Add(1); !q.From.IsZero() {
		a.From, a.To = q.From, q.To
	}
	a.Chart = make([]history.Column, q.Columns)
	s.Columns(a.Chart, a.From, a.To)
	a.Curve = tune.Curve(s, ask(q.Rule), q.Curve)
	a.NowSum, a.NewSum = tune.Total([]tune.Figures{a.Before}), tune.Total([]tune.Figures{a.After})
	if q.Scope.Sensor == "" {
		a.Winners, a.Losers = []string{"oven-1", "oven-2"}, []string{"oven-3"}
	}
	if q.Budget > 0 {
		one := suggest.Ask(s, suggest.Question{Sensor: q.Sensor, Kind: q.Kind, Budget: q.Budget, OnDelay: now.OnDelay, OffDelay: now.OffDelay})
		a.Suggest = &one
	}
	return a, context.Cause(ctx)
}
