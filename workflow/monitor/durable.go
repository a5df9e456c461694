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
	"setpoint/sensors/history"
	"setpoint/sensors/quality"
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

	were map[AlarmKey]alarm.Alarm // the alarms of the snapshot, until they are reconciled
	told []*Alert                 // the alert log of the last run, until then
	full bool                     // that had more lines
}

const (
	labelsKept = 10_000
	toldKept   = 1 << 14          // lines of the alert log that a restart looks at
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
	d.before(snap)
	base := *m.judge.Load()
	m.judge.Store(m.revised(&base, ^uint64(0)))
	m.resettle(&base, snap)
	ec.Journal, ec.DeadLetters, ec.Restore = d.journal, d.letters, snap
	ec.Steps = func(revision uint64, _ string) (*workflow.Workflow[Input, State], error) {
		return m.graph(m.revised(&base, revision))
	}
	d.restored = snap != nil
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
	if notes, err = m.durable.store.Notes(ctx, topicAlert, toldKept); err != nil {
		return fmt.Errorf("alert log: %w", err)
	}
	m.durable.full = len(notes) == toldKept
	for _, n := range notes {
		a := new(Alert)
		if err := a.unmarshal(n.ID, n.Body); err != nil {
			return fmt.Errorf("alert %d: %w", n.ID, err)
		}
		r.put(a)
		m.durable.told = append(m.durable.told, a)
		if r.seq = max(r.seq, n.ID); a.Kind == AlertAlarm {
			r.raised = append(r.raised, a.Time.UnixNano())
		}
	}
	slices.Sort(r.raised)
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
	room := func(name string) int {
		r.mu.Lock()
		defer r.mu.Unlock()
		if t := r.tracks[name]; t != nil {
			return t.room
		}
		return 0
	}
	err := m.durable.store.EachNewest(ctx, room, func(name string, past []store.Reading) error {
		r.mu.Lock()
		t := r.tracks[name]
		r.mu.Unlock()
		m.prepend(t, past)
		return context.Cause(ctx)
	})
	if err != nil && ctx.Err() == nil {
		m.cfg.Log.Error("history not read", "err", err)
	}
	m.wake()
}

// prepend puts older readings before those that have come since the start.
func (m *Monitor) prepend(t *track, past []store.Reading) {
	r := m.recorder
	r.mu.Lock()
	set, unit, room := t.state.Set, t.state.Unit, t.room
	r.mu.Unlock()
	older := history.New(room)
	judge := m.judge.Load()
	var ways quality.Tracker
	q := judge.settings.quality(t.name, unit)
	for _, p := range past {
		v := p.Value.Value
		d := ways.Judge(&q, p.Time.UnixNano(), 0, v, sensors.Quality(p.Quality), false)
		if d.Grade == sensors.Bad {
			v = threshold.Off // a gap
		}
		older.Append(p.Time, v, markOf(set, v, d.Grade))
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	for i := range t.past.Len() {
		at, v, mark := t.past.At(i)
		if at.After(older.Last()) {
			older.Append(at, v, mark)
		}
	}
	t.past, t.room = older, room
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
