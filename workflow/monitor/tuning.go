package monitor

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"setpoint/sensors/display"
	"setpoint/sensors/history"
	"setpoint/sensors/suggest"
	"setpoint/sensors/threshold"
	"setpoint/sensors/tune"
)

// A TuneQuestion asks what a threshold would have done on the recorded history.
type TuneQuestion struct {
	Sensor string         // whose chart and figures are wanted
	Kind   threshold.Kind // of its thresholds
	Scope  Scope          // whose sensors the totals are about: that sensor, a group that it is in, or all
	Rule   threshold.Rule // NEW
	Days   float64        // how much of the history; 0: all of it

	Columns int       // of the chart; 0: none
	From    time.Time // of the chart; zero: where the figures begin
	To      time.Time // zero: the newest reading
	Curve   []float64 // thresholds at which the alarms per day are wanted
	Budget  float64   // alarms a week that are not real, for a suggestion; 0: none
}

// A TuneAnswer is what a threshold does, and what another one would have done.
type TuneAnswer struct {
	Question TuneQuestion
	Unit     string
	Set      threshold.Set     // NOW, all of the sensor's
	Now      threshold.Rule    // of Kind
	Origin   string            // where NOW is set; a stranger's text
	Group    string            // the last group that the sensor is in, "" if it is in none; a person's text
	Groups   Scopes            // what each scope says of Kind
	Own      threshold.Setting // what is said of the sensor's Kind itself
	Readings int               // that the history holds
	Step     float64           // one readable step
	Noise    float64           // NaN if unknown
	Hold     time.Duration

	Before, After tune.Figures // by NOW and NEW
	NowSum        tune.Sum     // of the scope's sensors
	NewSum        tune.Sum
	Winners       []string // sensors of the scope that are better off; strangers' text
	Losers        []string

	From, To time.Time // of the chart
	Chart    []history.Column
	Curve    []float64 // alarms a day at Question.Curve
	Labels   []tune.Label
	Suggest  *suggest.Suggestion // nil: not asked for
	Took     time.Duration
}

// Scopes are the values that threshold has in each scope; NaN: nothing is said.
type Scopes struct{ Sensor, Group, Default float64 }

// Tune answers a question about a threshold. It works on copies, beside the run, and
// gives up when ctx is done. It may be called by several goroutines at once.
func (m *Monitor) Tune(ctx context.Context, q TuneQuestion) (*TuneAnswer, error) {
	began := time.Now()
	if q.Kind >= threshold.Kinds {
		return nil, fmt.Errorf("unknown %s", q.Kind)
	}
	own, err := m.study(q.Sensor)
	if err != nil {
		return nil, err
	}
	c := m.judge.Load()
	a := &TuneAnswer{
		Question: q, Unit: own.Unit, Set: own.Set, Now: own.Set[q.Kind], Step: own.Step, Noise: own.Noise,
		Origin: c.settings.origin(c.declared, q.Sensor, q.Kind), Hold: own.Hold, Labels: own.Labels,
	}
	a.Group, a.Groups = c.settings.scopes(q.Sensor, q.Kind)
	a.Own, _ = c.settings.get(Scope{Sensor: q.Sensor}, q.Kind)
	a.Readings = own.Past.Len()
	a.Before, a.After = own.Ask(q.Kind, a.Now, q.Days), own.Ask(q.Kind, q.Rule, q.Days)
	own.chart(a)
	if len(q.Curve) > 0 && ctx.Err() == nil {
		a.Curve = tune.Curve(own.Past, own.question(q.Kind, q.Rule, q.Days), q.Curve)
	}
	if err := m.scope(ctx, a); err != nil {
		return nil, err
	}
	if q.Budget > 0 && ctx.Err() == nil {
		s := own.Suggest(q.Kind, q.Budget)
		a.Suggest = &s
	}
	a.Took = time.Since(began)
	return a, context.Cause(ctx)
}

// chart fills in the columns of the chart.
func (s *Study) chart(a *TuneAnswer) {
	a.From, a.To = s.Past.First(), s.Past.Last().Add(1)
	if d := a.Question.Days; d > 0 {
		if from := a.To.Add(-time.Duration(d * float64(24*time.Hour))); from.After(a.From) {
			a.From = from
		}
	}
	if from := a.Question.From; !from.IsZero() {
		a.From = from
	}
	if to := a.Question.To; !to.IsZero() {
		a.To = to
	}
	if n := a.Question.Columns; n > 0 {
		a.Chart = make([]history.Column, n)
		s.Past.Columns(a.Chart, a.From, a.To)
	}
}

// scope adds up what NOW and NEW do to the sensors of the scope.
func (m *Monitor) scope(ctx context.Context, a *TuneAnswer) error {
	q := a.Question
	if q.Scope.Sensor != "" || q.Scope == (Scope{}) && len(m.recorder.names(nil)) == 1 {
		a.NowSum, a.NewSum = tune.Total([]tune.Figures{a.Before}), tune.Total([]tune.Figures{a.After})
		return nil
	}
	c := m.judge.Load()
	if q.Scope.Group != "" && !c.settings.holds(q.Scope.Group, q.Sensor) {
		return fmt.Errorf("%s is not in group %s", display.Quote(q.Sensor), display.Quote(q.Scope.Group))
	}
	next := *c
	next.settings = c.settings.with(q.Scope, q.Kind, setting(q.Rule))
	names := m.recorder.names(func(name string) bool {
		return q.Scope.Group == "" || c.settings.holds(q.Scope.Group, name)
	})
	var now, then []tune.Figures
	var studied []string
	for _, name := range names {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		s, err := m.study(name)
		if err != nil || s.Unit != a.Unit {
			continue // gone meanwhile, or another kind of sensor
		}
		studied = append(studied, name)
		now = append(now, s.Ask(q.Kind, s.Set[q.Kind], q.Days))
		then = append(then, s.Ask(q.Kind, next.set(name, s.Unit)[q.Kind], q.Days))
	}
	a.NowSum, a.NewSum = tune.Total(now), tune.Total(then)
	winners, losers := tune.Sides(now, then)
	for _, i := range winners {
		a.Winners = append(a.Winners, studied[i])
	}
	for _, i := range losers {
		a.Losers = append(a.Losers, studied[i])
	}
	return nil
}

// setting says all of r.
func setting(r threshold.Rule) threshold.Setting {
	return threshold.Setting{At: &r.At, Deadband: &r.Deadband, OnDelay: &r.OnDelay, OffDelay: &r.OffDelay}
}

// names returns the names of the sensors that pass ok, in order; nil passes all.
func (r *recorder) names(ok func(string) bool) (list []string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for name := range r.tracks {
		if ok == nil || ok(name) {
			list = append(list, name)
		}
	}
	slices.SortFunc(list, natural)
	return list
}

// scopes returns the last group of a sensor, and where threshold k stands in each scope.
func (s *Settings) scopes(sensor string, k threshold.Kind) (group string, at Scopes) {
	value := func(v *float64) float64 {
		if v == nil {
			return threshold.Off
		}
		return *v
	}
	at = Scopes{value(s.Sensors[sensor].Thresholds[k].At), threshold.Off, value(s.Default[k].At)}
	for i := range s.Groups {
		if g := &s.Groups[i]; g.Holds(sensor) {
			group, at.Group = g.Name, value(g.Thresholds[k].At)
		}
	}
	return group, at
}

func labelWord(k tune.LabelKind) string {
	return [...]string{"real", "false", "maintenance"}[k%3]
}

// A Label is what a person says of a span of a sensor's past.
type Label struct {
	ID       uint64
	Sensor   string // a stranger's text
	From, To time.Time
	Kind     tune.LabelKind
	By       string // a person's text
}

// label notes what a person says of a span of time.
func (r *recorder) label(l Label) error {
	if l.To.Before(l.From) {
		return errors.New("the label ends before it begins")
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.tracks[l.Sensor] == nil {
		return fmt.Errorf("no sensor is named %s", display.Quote(l.Sensor))
	}
	r.labelID++
	l.ID = r.labelID
	r.labels = append(r.labels, l)
	r.keep.label(&l)
	r.changed(Change{
		Time: r.clock, Wall: time.Now(), What: "label", By: l.By, Scope: Scope{Sensor: l.Sensor},
		Text: fmt.Sprintf("%s from %s to %s", labelWord(l.Kind), l.From.UTC().Format(time.DateTime), l.To.UTC().Format(time.DateTime)),
	})
	return nil
}
