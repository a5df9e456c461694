package monitor

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"setpoint/sensors"
	"setpoint/sensors/alarm"
	"setpoint/sensors/display"
	"setpoint/sensors/history"
	"setpoint/sensors/threshold"
	"setpoint/workflow"
	"setpoint/workflow/guard"
	"setpoint/workflow/store"
)

// durable is what makes a run outlive the program: the engine's journal, snapshots
// and dead letters in a store, and who was told what of it. Without a store it is nil.
type durable struct {
	dir       string
	store     *store.Store
	journal   workflow.Journal[Input]
	letters   workflow.DeadLetters[Input, State]
	snapshots workflow.Snapshots[Input, State]
	restored  bool // there was a snapshot, or something in the journal
	saved     time.Time
}

const (
	labelsKept = 10_000
	saveEvery  = 30 * time.Second // between snapshots
	saveAfter  = 50_000           // records in the journal that are worth one before
)

// openStore opens the store of the configuration, if there is one.
func (m *Monitor) openStore() error {
	c := &m.cfg
	if c.State == "" {
		return nil
	}
	s, err := store.Open(c.State, store.Options{
		Log: c.Log, Views: views, Committed: m.committed, Lost: m.lost, Fail: m.end,
	})
	if err != nil {
		return &StoreError{err}
	}
	m.durable = &durable{
		dir: c.State, store: s, journal: store.Journal(s, form), letters: store.Letters(s, form, states),
		snapshots: store.Snapshots(s, form.Codec, states),
	}
	m.recorder.keep = keeper{s, c.Log}
	return nil
}

// A StoreError is why a state directory cannot be used.
type StoreError struct{ Err error }

// Error returns the fault.
func (e *StoreError) Error() string { return e.Err.Error() }

// Unwrap returns the fault.
func (e *StoreError) Unwrap() error { return e.Err }

// restore brings the monitor to where the last run was: the thresholds that people
// moved, the states of the sensors with their alarms and timers, the logs.
func (m *Monitor) restore(ec *workflow.Config[Input, State]) error {
	d := m.durable
	if d == nil {
		return nil
	}
	ctx := context.Background()
	if err := m.recall(ctx); err != nil {
		return &StoreError{err}
	}
	snap, err := d.snapshots.Load(ctx)
	if err != nil {
		return &StoreError{fmt.Errorf("snapshot: %w", err)}
	}
	if err := m.relearn(ctx, snap); err != nil {
		return &StoreError{err}
	}
	base := *m.judge.Load()
	last := m.judge.Load()
	if n := len(m.recorder.changes); n > 0 {
		last = m.revised(&base, ^uint64(0))
	}
	m.judge.Store(last)
	ec.Journal, ec.DeadLetters, ec.Restore = d.journal, d.letters, snap
	ec.Steps = func(revision uint64, _ string) (*workflow.Workflow[Input, State], error) {
		return m.graph(m.revised(&base, revision))
	}
	d.restored = snap != nil
	return nil
}

// revised returns what base becomes by the changes of thresholds that people made up
// to a revision. A change counts only while what it replaced is still what the
// configuration says: who has edited that since means it.
func (m *Monitor) revised(base *classifier, revision uint64) *classifier {
	next := *base
	expected := map[changed]threshold.Setting{}
	for _, c := range m.recorder.changes {
		if c.What != "threshold" || c.Revision > revision {
			continue
		}
		at := changed{c.Scope, c.Kind}
		was, known := expected[at]
		if !known {
			was, _ = base.settings.get(c.Scope, c.Kind)
		}
		if _, ok := next.settings.get(c.Scope, c.Kind); !ok || !was.Same(c.Old) {
			continue
		}
		expected[at] = c.New
		next.settings = next.settings.with(c.Scope, c.Kind, c.New)
	}
	return &next
}

// changed is a place where a threshold is set.
type changed struct {
	in   Scope
	kind threshold.Kind
}

// recallChanges reads the journal.
func (m *Monitor) recallChanges(ctx context.Context, s *store.Store) error {
	r := m.recorder
	notes, err := s.Notes(ctx, topicChange, changesKept)
	if err != nil {
		return fmt.Errorf("journal of changes: %w", err)
	}
	for _, n := range notes {
		c := new(Change)
		if err := json.Unmarshal(n.Body, c); err != nil {
			return fmt.Errorf("change %d: %w", n.ID, err)
		}
		c.ID = n.ID
		r.changes, r.changeID = append(r.changes, c), max(r.changeID, n.ID)
	}
	return nil
}

// peek takes over the thresholds that people have moved from a store that somebody
// else writes to.
func (m *Monitor) peek(dir string) error {
	s, err := store.Open(dir, store.Options{ReadOnly: true})
	if err != nil {
		return &StoreError{err}
	}
	defer s.Close()
	if err := m.recallChanges(context.Background(), s); err != nil {
		return &StoreError{err}
	}
	m.judge.Store(m.revised(m.judge.Load(), ^uint64(0)))
	return nil
}

// recall reads the logs.
func (m *Monitor) recall(ctx context.Context) error {
	r := m.recorder
	if err := m.recallChanges(ctx, m.durable.store); err != nil {
		return err
	}
	notes, err := m.durable.store.Notes(ctx, topicLabel, labelsKept)
	if err != nil {
		return fmt.Errorf("labels: %w", err)
	}
	for _, n := range notes {
		l := Label{ID: n.ID}
		if err := json.Unmarshal(n.Body, &l); err != nil {
			return fmt.Errorf("label %d: %w", n.ID, err)
		}
		r.labels, r.labelID = append(r.labels, l), max(r.labelID, n.ID)
	}
	if notes, err = m.durable.store.Notes(ctx, topicAlert, alertsKept); err != nil {
		return fmt.Errorf("alert log: %w", err)
	}
	for _, n := range notes {
		a := new(Alert)
		if err := a.unmarshal(n.ID, n.Body); err != nil {
			return fmt.Errorf("alert %d: %w", n.ID, err)
		}
		r.put(a)
		if r.seq = max(r.seq, n.ID); a.Kind == AlertAlarm {
			r.raised = append(r.raised, a.Time.UnixNano())
		}
	}
	slices.Sort(r.raised)
	return nil
}

// resume makes the recorder know what the engine was restored to. What was raised or
// cleared just before the end of the last run, but not told, is told now.
func (m *Monitor) resume(ctx context.Context) error {
	if m.durable == nil {
		return nil
	}
	snap, err := m.engine.Snapshot(ctx)
	if err != nil {
		return &StoreError{err}
	}
	m.durable.restored = m.durable.restored || len(snap.Keys) > 0
	r := m.recorder
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, k := range snap.Keys {
		t := r.track(k.Key)
		before := t.state
		t.state = k.State
		r.tally(t, before)
		if k.State.Time.After(r.clock) {
			r.clock = k.State.Time
		}
	}
	for _, a := range r.alerts {
		r.tidy(a)
		if t := r.tracks[a.Sensor]; t != nil && a.Kind == AlertAlarm && int(a.Threshold) < alarm.Count {
			t.alert[a.Threshold] = a
		}
	}
	r.begun = r.clock
	return nil
}

// tidy takes a line of the last run into the figures of hygiene.
func (r *recorder) tidy(a *Alert) {
	if a.Kind != AlertAlarm || a.Silent {
		return
	}
	key := alarm.Key{Sensor: a.Sensor, Kind: a.Threshold}
	r.hygiene.Raised(key, a.Time.UnixNano(), r.priority(a.Sensor, a.Threshold))
	if !a.Acked.IsZero() {
		r.hygiene.Acknowledged(key, a.Acked.UnixNano())
	}
	if !a.Ended.IsZero() {
		r.hygiene.Cleared(key, a.Ended.UnixNano())
	}
}

// reconcile tells of alarms that the journal knows of, and the log does not.
func (m *Monitor) reconcile() error {
	if m.durable == nil {
		return nil
	}
	m.tellStore()
	r := m.recorder
	r.mu.Lock()
	var missed []event
	for _, name := range slices.SortedFunc(maps.Keys(r.tracks), natural) {
		t := r.tracks[name]
		var c alarm.Changes
		for k := range threshold.Kind(alarm.Count) {
			of, a := &t.state.Alarm.Of[k], t.alert[k]
			known := a != nil && a.Time.UnixNano() == of.Raised
			if of.Raised > 0 && !known {
				c.Raised = c.Raised.Set(k)
			}
			if of.Raised > 0 && !of.Cond.On() && (!known || a.Ended.IsZero()) {
				c.Cleared = c.Cleared.Set(k)
			}
		}
		if c.Any() {
			t.state.Changes = c
			ev := event{Key: name, Time: t.state.Time, Revision: t.state.Revision}
			r.follow(t, ev, t.state)
			missed = append(missed, ev)
		}
	}
	told := make([]State, len(missed))
	for i, ev := range missed {
		t := r.tracks[ev.Key]
		told[i] = t.state
		t.state.Changes = alarm.Changes{}
	}
	r.mu.Unlock()
	for i, ev := range missed {
		if err := m.lines.event(ev, told[i], false); err != nil {
			return err
		}
	}
	return nil
}

// wakeUp lets the sensors of the last run know that they are watched again from now
// on: what they did not say while nobody watched is a gap, not a silence.
func (m *Monitor) wakeUp(ctx context.Context) {
	if !m.cfg.Live {
		return
	}
	r := m.recorder
	r.mu.Lock()
	names := slices.Collect(maps.Keys(r.tracks))
	r.mu.Unlock()
	now := time.Now()
	for _, name := range names {
		if m.engine.Inject(ctx, name, now, Input{Kind: InputResumed}) != nil {
			return
		}
	}
}

// fill reads the past of the sensors from the store, beside the run.
func (m *Monitor) fill(ctx context.Context) {
	r := m.recorder
	r.mu.Lock()
	names := slices.SortedFunc(maps.Keys(r.tracks), natural)
	r.mu.Unlock()
	for _, name := range names {
		r.mu.Lock()
		t := r.tracks[name]
		room := t.room
		r.mu.Unlock()
		past, err := m.durable.store.Newest(ctx, name, room)
		if err != nil {
			if ctx.Err() == nil {
				m.cfg.Log.Error("history not read", "sensor", display.Quote(name), "err", err)
			}
			return
		}
		m.prepend(t, past)
	}
	m.wake()
}

// prepend puts older readings before those that have come since the start.
func (m *Monitor) prepend(t *track, past []store.Reading) {
	older := history.New(t.room)
	r := m.recorder
	r.mu.Lock()
	set := t.state.Set
	r.mu.Unlock()
	for _, p := range past {
		v := p.Value.Value
		if sensors.Quality(p.Quality) == sensors.Bad {
			v = threshold.Off // a gap
		}
		older.Append(p.Time, v, markOf(set, v, sensors.Quality(p.Quality)))
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range t.past.Len() {
		at, v, mark := t.past.At(i)
		if at.After(older.Last()) {
			older.Append(at, v, mark)
		}
	}
	t.past = older
	if first := older.First(); !first.IsZero() && (r.begun.IsZero() || first.Before(r.begun)) {
		r.begun = first
	}
}

// checkpoint saves snapshots until ctx is done: now and then, when much is in the
// journal, and when the store wants one.
func (m *Monitor) checkpoint(ctx context.Context) {
	d := m.durable
	ticker := time.NewTicker(time.Second)
	defer ticker.Stop()
	var at workflow.Position
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-ticker.C:
			h := d.store.Health()
			if h.Durable == at && !h.NeedsSnapshot || !h.NeedsSnapshot && now.Sub(d.saved) < saveEvery && h.Durable-at < saveAfter {
				continue
			}
			if m.save(ctx) == nil {
				at = h.Durable
			}
		}
	}
}

// save saves a snapshot, after which the journal need not remember what led to it.
func (m *Monitor) save(ctx context.Context) error {
	d := m.durable
	snap, err := m.engine.Snapshot(ctx)
	if err == nil {
		err = d.snapshots.Save(ctx, snap)
	}
	if err == nil {
		err = d.journal.Truncate(ctx, snap.Position)
	}
	if err != nil && ctx.Err() == nil {
		m.cfg.Log.Error("snapshot not saved", "err", err)
	}
	d.saved = time.Now()
	return err
}

// keepStore begins what a store needs beside the engine; the function that it returns ends it.
func (m *Monitor) keepStore(ctx context.Context) (end func() error) {
	if m.durable == nil {
		return func() error { return nil }
	}
	ctx, cancel := context.WithCancel(ctx)
	saved, filled := make(chan struct{}), make(chan struct{})
	m.durable.saved = time.Now()
	guard.Go("checkpoint", m.end, func() { defer close(saved); m.checkpoint(ctx) })
	guard.Go("history", m.end, func() { defer close(filled); m.wakeUp(ctx); m.fill(ctx) })
	return func() error {
		cancel()
		<-saved
		<-filled
		last, stop := context.WithTimeout(context.Background(), 5*time.Second)
		defer stop()
		return errors.Join(m.save(last), m.durable.store.Flush(last))
	}
}

// storeStatus tells how the store does.
func (m *Monitor) storeStatus() *StoreStatus {
	d := m.durable
	if d == nil {
		return nil
	}
	h := d.store.Health()
	s := &StoreStatus{
		Dir: d.dir, State: string(h.State), Since: h.Since, Pending: h.Pending, Lost: h.Lost, Bytes: h.Bytes,
	}
	if h.Err != nil {
		s.Error = h.Err.Error()
	}
	return s
}

// findings tells what is wrong beside the engine.
func (m *Monitor) findings() []Finding {
	return slices.Concat(m.storeFindings(), m.flood(), m.baselineFindings())
}

// flood tells when there are more alarms than a person can handle.
func (m *Monitor) flood() []Finding {
	r := m.recorder
	r.mu.Lock()
	defer r.mu.Unlock()
	at := r.clock.UnixNano()
	if r.clock.IsZero() || !r.hygiene.Flooded(at) {
		return nil
	}
	return []Finding{{about: "flood", Text: fmt.Sprintf("alarm flood: %d alarms in the last 10 minutes", r.raisedSince(r.clock.Add(-10*time.Minute)))}}
}

// tellStore tells what became of a store that was damaged, also in a run that is over
// before anybody looks at its health.
func (m *Monitor) tellStore() {
	now := time.Now()
	began, _ := m.health.check(now, workflow.Stats{}, false, m.storeFindings()...)
	for _, f := range began {
		m.lines.finding(now, f, false)
		m.cfg.Log.Warn("finding", "text", f.Text)
	}
}

// storeFindings tells when what happens is not kept, and when what was kept before was
// damaged.
func (m *Monitor) storeFindings() (found []Finding) {
	s := m.storeStatus()
	if s == nil {
		return nil
	}
	for _, text := range m.durable.store.Notices() {
		found = append(found, Finding{about: text, Text: text})
	}
	if s.State == string(store.OK) {
		return found
	}
	text := fmt.Sprintf("store is %s, nothing is kept since %s", s.State, s.Since.Format(time.TimeOnly))
	if s.Lost > 0 {
		text += fmt.Sprintf(", %d records lost", s.Lost)
	}
	return append(found, Finding{about: "store", Text: text + ": " + s.Error})
}
