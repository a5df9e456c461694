package monitor

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"setpoint/sensors"
	"setpoint/sensors/display"
	"setpoint/sensors/quality"
	"setpoint/sensors/suggest"
	"setpoint/sensors/threshold"
	"setpoint/workflow"
)

// lines moves the high and the low threshold of s to the lines that its band has come
// to; before there are any, they stay where they are set.
func (c *classifier) lines(s *State) {
	if s.band == nil {
		return
	}
	drawn := s.band.Set()
	for _, k := range [...]threshold.Kind{threshold.Low, threshold.High} {
		if drawn.On(k) {
			s.Set[k] = drawn[k]
		}
	}
}

// adapt takes a reading into the band of s. The band is copied: a state shares nothing
// that is written later.
func (c *classifier) adapt(s *State, sensor string, at int64, v float64) {
	var next suggest.Band
	if s.band != nil {
		next = *s.band
	}
	kind := c.quality(sensor, s).Kind
	next.Lowest, next.Highest = bounds(s.Set, kind.Lo, kind.Hi)
	next.Fold(at, v, learned(&s.Verdict))
	s.band = &next
}

// learned returns the grade that a band takes a reading by: it learns from good ones.
func learned(d *quality.Verdict) sensors.Quality {
	if d.Learn {
		return d.Grade
	}
	return max(d.Grade, sensors.Suspect)
}

// bounds returns between which values the lines may move: the critical thresholds
// where they are on, else what the sensor can measure at all; both 0: anywhere.
func bounds(s threshold.Set, lo, hi float64) (lowest, highest float64) {
	if lo == 0 && hi == 0 {
		lo, hi = -math.MaxFloat64, math.MaxFloat64
	}
	if s.On(threshold.CriticalLow) {
		lo = max(lo, s[threshold.CriticalLow].At)
	}
	if s.On(threshold.Critical) {
		hi = min(hi, s[threshold.Critical].At)
	}
	if lo == -math.MaxFloat64 && hi == math.MaxFloat64 {
		return 0, 0
	}
	return lo, hi
}

// relearn gives the restored states bands that have seen the stored past.
func (m *Monitor) relearn(ctx context.Context, snap *workflow.Snapshot[Input, State]) error {
	c := m.judge.Load()
	if snap == nil {
		return nil
	}
	for i := range snap.Keys {
		k := &snap.Keys[i]
		if !c.settings.adaptive(k.Key, c.adaptive) {
			continue
		}
		past, err := m.durable.store.Newest(ctx, k.Key, relearned)
		if err != nil {
			return fmt.Errorf("history of %s: %w", display.Quote(k.Key), err)
		}
		s := &k.State
		q := c.quality(k.Key, s)
		b := suggest.Band{}
		b.Lowest, b.Highest = bounds(s.Set, q.Kind.Lo, q.Kind.Hi)
		var ways quality.Tracker
		for _, p := range past {
			if !p.Time.After(s.Time) {
				at := p.Time.UnixNano()
				d := ways.Judge(q, at, 0, p.Value.Value, sensors.Quality(p.Quality), false)
				b.Fold(at, p.Value.Value, learned(&d))
			}
		}
		s.band = &b
	}
	return nil
}

// relearned is how many readings of its past a sensor's band learns from again.
const relearned = 200_000

// moved writes down in the journal that the lines have moved a sensor's thresholds by
// a readable step, or for the first time; r.mu is locked.
func (r *recorder) moved(t *track, ev event, s *State) {
	for _, k := range [...]threshold.Kind{threshold.Low, threshold.High} {
		now, told := s.Set[k], t.told[k]
		if math.IsNaN(now.At) || !math.IsNaN(told.At) && told != (threshold.Rule{}) && math.Abs(now.At-told.At) < step(t) {
			continue
		}
		old := threshold.Setting{}
		if told != (threshold.Rule{}) {
			old = setting(told)
		}
		r.changed(Change{
			Time: ev.Time, Wall: time.Now(), What: "adaptive", By: "adaptive", Scope: Scope{Sensor: t.name}, Kind: k,
			Old: old, New: setting(now), Why: "the usual values have moved", Revision: ev.Revision,
		})
		t.told[k] = now
	}
}

// A baseline is a sensor whose usual values have moved, which a person may accept.
type baseline struct {
	sensor string
	up     bool
}

// The bands by which baselines are watched see a reading a minute, and only where
// there are not too many sensors.
const (
	usualEvery = time.Minute
	usualMost  = 2000
)

// usual takes a reading into what is usual of a sensor; r.mu is locked.
func (r *recorder) usual(t *track, s *State) {
	if len(r.tracks) > usualMost || s.Time.Sub(t.learned) < usualEvery {
		return
	}
	if t.learned = s.Time; t.band == nil {
		t.band = new(suggest.Band)
	}
	t.band.Fold(s.Time.UnixNano(), s.Value, learned(&s.Verdict))
}

// baselines returns the sensors whose usual values have moved, in the order of their
// names.
func (r *recorder) baselines() (list []baseline) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for name, t := range r.tracks {
		if t.band == nil {
			continue
		}
		if by := t.band.Moved(); by != 0 {
			list = append(list, baseline{name, by > 0})
		}
	}
	slices.SortFunc(list, func(a, b baseline) int { return natural(a.sensor, b.sensor) })
	return list
}

// baselineFindings tells of moved baselines.
func (m *Monitor) baselineFindings() (list []Finding) {
	for _, b := range m.recorder.baselines() {
		way := "down"
		if b.up {
			way = "up"
		}
		list = append(list, Finding{
			about: "baseline " + b.sensor,
			Text:  fmt.Sprintf("baseline of %s moved %s: 18 or more of the last 24 hours outside what was learned", display.Quote(b.sensor), way),
		})
	}
	return list
}

// AcceptBaseline takes what a sensor reads now for usual.
type AcceptBaseline struct {
	Sensor string
	By     string
}

func (AcceptBaseline) command() {}

func (r *recorder) accept(c AcceptBaseline) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.tracks[c.Sensor]
	if t == nil || t.band == nil || t.band.Moved() == 0 {
		return fmt.Errorf("the baseline of %s has not moved", display.Quote(cmp.Or(c.Sensor, "?")))
	}
	t.band.Relearn()
	r.changed(Change{
		Time: r.clock, Wall: time.Now(), What: "baseline", By: c.By, Scope: Scope{Sensor: c.Sensor}, Text: "accepted as usual",
	})
	return nil
}
