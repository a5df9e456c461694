package monitor

import (
	"context"
	"maps"
	"slices"
	"time"

	"setpoint/sensors/alarm"
	"setpoint/sensors/threshold"
	"setpoint/workflow"
)

// forgotten is after how long an alarm may be missing in the alert log although it was
// told: the store forgets.
const forgotten = 24 * time.Hour

// before remembers the alarms of a snapshot.
func (d *durable) before(snap *workflow.Snapshot[Input, State]) {
	d.were = map[AlarmKey]alarm.Alarm{}
	if snap == nil {
		return
	}
	for i := range snap.Keys {
		for k, a := range snap.Keys[i].State.Alarm.Of {
			if a.Raised > 0 {
				d.were[AlarmKey{snap.Keys[i].Key, threshold.Kind(k)}] = a
			}
		}
	}
}

// resume makes the recorder know what the engine was restored to. What was raised or
// cleared just before the end of the last run, but not told, is told by reconcile.
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
		r.pass(k.State.Time, time.Now())
	}
	for _, a := range m.durable.told {
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
		c := m.untold(t)
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
	m.durable.told, m.durable.were = nil, nil
	for i, ev := range missed {
		if err := m.lines.event(ev, told[i], false); err != nil {
			return err
		}
	}
	return nil
}

// untold returns what happened to the alarms of a sensor that nobody was told of: the
// alert log does not have it, and cannot have forgotten it.
func (m *Monitor) untold(t *track) (c alarm.Changes) {
	rules := m.judge.Load().rules(&t.state)
	for k := range threshold.Kind(alarm.Count) {
		of, a := &t.state.Alarm.Of[k], t.alert[k]
		was := m.durable.were[AlarmKey{t.name, k}]
		old := was.Raised == of.Raised && (m.durable.full || m.recorder.clock.UnixNano()-of.Raised > int64(forgotten))
		var cleared bool
		switch {
		case of.Raised == 0:
			continue
		case a != nil && a.Time.UnixNano() == of.Raised:
			cleared = a.Ended.IsZero()
		case old:
			cleared = was.Cond.On()
		default:
			c.Raised, cleared = c.Raised.Set(k), true
		}
		if cleared && !of.Cond.On() {
			c.Cleared = c.Cleared.Set(k)
		}
		if (c.Raised | c.Cleared).Has(k) && t.state.Alarm.Suppressed(&rules, k) != alarm.None {
			c.Silent = c.Silent.Set(k)
		}
	}
	return c
}
