package monitor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"setpoint/sensors/alarm"
	"setpoint/sensors/display"
	"setpoint/sensors/history"
	"setpoint/sensors/threshold"
	"setpoint/sensors/tune"
)

// A Study is a copy of what is known of one sensor.
type Study struct {
	Sensor, Unit string // strangers' text
	Set          threshold.Set
	Hold         time.Duration // how long a reading stands for the value after it
	Step, Noise  float64       // one readable step of a threshold; NaN if the noise is unknown
	Past         *history.Series
	Labels       []tune.Label // what people have said of its past
	Advice       [threshold.Kinds]alarm.Advice

	said threshold.Settings // by people, in whatever scope
}

// Studies reads the sources of c to their end, as a run would, and returns what is
// known of each sensor then, in the order of their names. The error is that of a
// source, or of the configuration.
func Studies(ctx context.Context, c Config) ([]Study, error) {
	c.Speed, c.Live, c.Stay, c.State = math.Inf(1), false, false, ""
	c.Remember = cmp.Or(c.Remember, 1<<26)
	m, err := New(c)
	if err != nil {
		return nil, err
	}
	_, err = m.Run(ctx)
	if err := errors.Join(err, context.Cause(ctx)); err != nil {
		return nil, err
	}
	var list []Study
	for _, name := range m.recorder.names(nil) {
		s, err := m.study(name)
		if err != nil {
			return nil, err
		}
		list = append(list, *s)
	}
	return list, nil
}

// study returns a copy of what is known of a sensor.
func (m *Monitor) study(sensor string) (*Study, error) {
	c := m.judge.Load()
	r := m.recorder
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.tracks[sensor]
	if t == nil {
		return nil, fmt.Errorf("no sensor is named %s", display.Quote(sensor))
	}
	s := &Study{
		Sensor: sensor, Unit: t.state.Unit, Set: c.set(sensor, t.state.Unit), Hold: cmp.Or(t.state.Hold, time.Minute),
		said: c.settings.said(sensor), Step: step(t), Noise: t.past.Noise(), Past: t.past.Clone(), Labels: r.labelsOf(t),
	}
	for k := range s.Advice {
		s.Advice[k] = c.settings.advice(sensor, threshold.Kind(k))
	}
	return s, nil
}

// Ask returns what threshold k would have done on the past of the last so many days
// (0: on all of it) by rule.
func (s *Study) Ask(k threshold.Kind, rule threshold.Rule, days float64) tune.Figures {
	return tune.Ask(s.Past, s.question(k, rule, days))
}

// question returns what is asked by rule; a threshold that is off raises nothing.
func (s *Study) question(k threshold.Kind, rule threshold.Rule, days float64) tune.Question {
	if math.IsNaN(rule.At) {
		rule.At = math.Inf(1)
		if !k.Upper() {
			rule.At = math.Inf(-1)
		}
	}
	set := s.Set
	set[k] = rule
	q := tune.Question{Kind: k, Set: set, Hold: s.Hold, Labels: s.Labels}
	if days > 0 {
		q.From = s.Past.Last().Add(-time.Duration(days * float64(24*time.Hour))).UnixNano()
	}
	return q
}

// Answers returns what each threshold that is on has done.
func (s *Study) Answers() (list []tune.Answer) {
	for _, k := range []threshold.Kind{threshold.Critical, threshold.High, threshold.Low, threshold.CriticalLow} {
		if s.Set.On(k) {
			q := s.question(k, s.Set[k], 0)
			list = append(list, tune.Answer{Sensor: s.Sensor, Question: q, Figures: tune.Ask(s.Past, q)})
		}
	}
	return list
}

// labelsOf returns what people have said of a sensor's past: of alarms, and of spans
// of time.
func (r *recorder) labelsOf(t *track) (list []tune.Label) {
	for _, a := range r.alerts {
		if a.Kind != AlertAlarm || a.Sensor != t.name || a.Verdict == NoVerdict {
			continue
		}
		end := a.Ended
		if end.IsZero() {
			end = r.clock
		}
		kind := tune.Real
		if a.Verdict == False {
			kind = tune.False
		}
		list = append(list, tune.Label{From: a.Time.UnixNano(), To: end.UnixNano(), Kind: kind})
	}
	for _, l := range r.labels {
		if l.Sensor == t.name {
			list = append(list, tune.Label{From: l.From.UnixNano(), To: l.To.UnixNano(), Kind: l.Kind})
		}
	}
	slices.SortFunc(list, func(a, b tune.Label) int { return cmp.Compare(a.From, b.From) })
	return list
}

// Readings returns the good and bad readings of the past: times in Unix ns, bad ones
// as NaN.
func (s *Study) Readings() (times []int64, values []float64) {
	for i := 0; i < s.Past.Len(); {
		t, v := s.Past.Run(i, s.Past.Len())
		times, values = append(times, t...), append(values, v...)
		i += len(v)
	}
	return times, values
}

// Named returns the sensors that settings name, of whose past nothing is known.
func Named(s Settings) (list []Study) {
	for _, name := range slices.SortedFunc(maps.Keys(s.Sensors), natural) {
		one := Study{Sensor: name, Set: s.resolve(nil, name, ""), Past: history.New(0)}
		for k := range one.Advice {
			one.Advice[k] = s.advice(name, threshold.Kind(k))
		}
		list = append(list, one)
	}
	return list
}
