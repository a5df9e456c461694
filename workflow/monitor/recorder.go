package monitor

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync"
	"time"

	"setpoint/sensors"
	"setpoint/sensors/alarm"
	"setpoint/sensors/history"
	"setpoint/sensors/suggest"
	"setpoint/sensors/threshold"
)

// How much is remembered. A sensor's past shares a budget with all others', so
// that ten thousand sensors fit into memory as well as ten.
const (
	alertsKept     = 2000
	raisedKept     = 1 << 16
	readingsBudget = 4 << 20
	readingsLeast  = 1 << 10
	firstTracks    = 16
)

// recorder remembers what the workflow did: the only writer of what snapshots are
// made of.
type recorder struct {
	mu       sync.Mutex
	tracks   map[string]*track
	first    []*track // that came first: the usual interval is theirs
	list     list
	budget   int // readings of all sensors that are remembered
	room     int // readings of each sensor that are remembered
	clock    time.Time
	live     bool      // the readings' times are those of the wall clock
	begun    time.Time // first event time
	alerts   []*Alert  // oldest first
	seq      uint64    // of the newest alert
	raised   []int64   // event times of raised alarms, rising
	active   int       // alarms
	unacked  int
	returned int
	bad      int       // sensors
	shelved  int       // alarms suppressed by people
	raisedN  uint64    // alarms raised since the start
	changes  []*Change // oldest first
	changeID uint64    // of the newest
	labels   []Label   // what people say of spans of time
	labelID  uint64    // of the newest
	shadows  []*Shadow
	hygiene  alarm.Hygiene // of what was announced
	figured  struct {      // the newest figures of that
		last *alarm.Figures
		at   time.Time
		took time.Duration
	}
	priority func(sensor string, k threshold.Kind) alarm.Priority
	keep     keeper // what outlives the program
	wake     chan struct{}
}

// track is what the recorder knows of one sensor.
type track struct {
	name    string
	lower   string // for the filter
	state   State
	past    *history.Series
	room    int // readings that past keeps
	status  Status
	worst   threshold.Kind
	alert   [alarm.Count]*Alert             // the newest of each alarm
	told    [threshold.Kinds]threshold.Rule // thresholds of a band that the journal has; zero: none
	band    *suggest.Band                   // what is usual; nil: nobody watches
	learned time.Time                       // when band learned last
}

func newRecorder(budget int) *recorder {
	return &recorder{budget: cmp.Or(budget, readingsBudget), tracks: map[string]*track{}, wake: make(chan struct{}, 1)}
}

// track returns what is known of a sensor, making room for a new one.
func (r *recorder) track(name string) *track {
	t := r.tracks[name]
	if t == nil {
		r.room = max(r.budget/(len(r.tracks)+1), readingsLeast)
		t = &track{name: name, lower: strings.ToLower(name), past: history.New(r.room), room: r.room, status: StatusWaiting}
		r.tracks[name] = t
		r.list.add(t)
		if len(r.first) < firstTracks {
			r.first = append(r.first, t)
		}
	}
	return t
}

// fit forgets what a sensor remembers beyond its share, once that is less than
// half of what it was when the sensor came.
func (r *recorder) fit(t *track) {
	if t.room <= 2*r.room {
		return
	}
	past := history.New(r.room)
	for i := max(0, t.past.Len()-r.room); i < t.past.Len(); i++ {
		past.Append(t.past.At(i))
	}
	t.past, t.room = past, r.room
}

// declare makes a sensor known before its first reading.
func (r *recorder) declare(s sensors.Sensor, set threshold.Set) {
	t := r.track(s.Name)
	t.state.Unit, t.state.Set = s.Unit, set
}

// record is the handler that sees every folded event, in order.
func (m *Monitor) record(_ context.Context, ev event, s State) error {
	escalated := m.escalations.follow(ev, s)
	r := m.recorder
	r.mu.Lock()
	t := r.track(ev.Key)
	before := t.state
	t.state = s
	if ev.Payload.Kind == InputReading && s.Count+s.Bad != before.Count+before.Bad { // no duplicate
		r.reading(t, ev, s)
	}
	r.tally(t, before)
	if len(r.shadows) > 0 {
		r.shadow(t, ev, &s)
	}
	if s.Changes.Any() {
		r.follow(t, ev, s)
	}
	if c := ev.Payload.Change; c != nil {
		r.changed(*c)
	}
	if ev.Payload.Note != nil {
		r.note(t, *ev.Payload.Note)
	}
	if escalated {
		r.note(t, Alert{Kind: AlertEscalated, Time: ev.Time.Add(m.escalations.after), Sensor: ev.Key, Value: s.Value, Unit: s.Unit})
	}
	r.mu.Unlock()
	select {
	case r.wake <- struct{}{}:
	default:
	}
	if err := m.lines.event(ev, s, escalated); err != nil {
		m.end(fmt.Errorf("write the output: %w", err)) // nobody hears of alarms any more
		return err
	}
	return nil
}

// reading remembers a reading.
func (r *recorder) reading(t *track, ev event, s State) {
	if r.begun.IsZero() {
		r.begun = ev.Time
	}
	r.pass(ev.Time, ev.Seen)
	v := ev.Payload.Value
	if ev.Time.Before(s.Time) { // a good one that is late: s is what a newer one made
		t.past.Append(ev.Time, v, markOf(s.Set, v, sensors.Good))
		return
	}
	if s.Quality == sensors.Bad {
		v = math.NaN()
	}
	r.fit(t)
	t.past.Append(ev.Time, v, mark(s))
	if s.band != nil {
		r.moved(t, ev, &s)
	} else {
		r.usual(t, &s)
	}
	if on := s.Alarm.On(); on != 0 && sensors.Finite(v) {
		for k := range threshold.Kinds {
			if a := t.alert[k]; a != nil && a.Ended.IsZero() && on.Has(k) {
				if k.Upper() {
					a.Peak = max(a.Peak, v)
				} else {
					a.Peak = min(a.Peak, v)
				}
			}
		}
	}
}

// pass lets the readings' clock go on to the time of a reading that was seen when. Live
// it does not run ahead: one sensor whose clock is wrong says nothing of the others' time.
func (r *recorder) pass(at, seen time.Time) {
	if r.live && at.After(seen) {
		at = seen
	}
	if at.After(r.clock) {
		r.clock = at
	}
}

// markOf returns the mark of a reading of which only the value is known.
func markOf(set threshold.Set, v float64, q sensors.Quality) Mark {
	return markBy(set, set.Beyond(v), v, q)
}

func mark(s State) Mark { return markBy(s.Set, s.Alarm.On(), s.Value, s.Quality) }

func markBy(set threshold.Set, on threshold.Latches, v float64, q sensors.Quality) Mark {
	k, active := set.Worst(on, v)
	switch {
	case active && k.Severe():
		return MarkCritical
	case active && k.Upper():
		return MarkHigh
	case active:
		return MarkLow
	case q == sensors.Suspect:
		return MarkSuspect
	}
	return MarkNormal
}

// tally keeps the counts over all sensors up to date.
func (r *recorder) tally(t *track, before State) {
	count := func(s *State, by int) {
		r.active += by * alarm.Len(s.Alarm.On())
		r.unacked += by * alarm.Len(s.Alarm.Unacked())
		r.returned += by * alarm.Len(s.Alarm.Returned())
		r.shelved += by * alarm.Len(s.Alarm.Hidden())
		if s.Quality == sensors.Bad {
			r.bad += by
		}
	}
	count(&before, -1)
	count(&t.state, 1)
	if status, worst := t.state.status(); status != t.status || worst != t.worst {
		t.status, t.worst = status, worst
		r.list.stale()
	}
}

// raisedSince counts the alarms raised at or after the given event time.
func (r *recorder) raisedSince(at time.Time) int {
	i, _ := slices.BinarySearch(r.raised, at.UnixNano())
	return len(r.raised) - i
}

// interval returns the usual time between two readings of a sensor, the longest of
// those of the sensors that came first; 0 if none has two yet.
func (r *recorder) interval() time.Duration {
	var most time.Duration
	for _, t := range r.first {
		most = max(most, t.past.Interval())
	}
	return most
}
