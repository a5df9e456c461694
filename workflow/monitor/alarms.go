package monitor

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"

	"setpoint/sensors"
	"setpoint/sensors/alarm"
	"setpoint/sensors/threshold"
)

// pathKept is how many past times of an alarm its detail shows.
const pathKept = 50

// alarms fills in the list of alarms and the journal, as far as v asks for them;
// r.mu is locked.
func (m *Monitor) alarms(s *Snapshot, r *recorder, v View) {
	s.Flood = r.hygiene.Flooded(s.Time.UnixNano())
	s.Shelved, s.ChangeN = r.shelved, len(r.changes)
	for _, sh := range r.shadows {
		s.Shadows = append(s.Shadows, *sh)
	}
	end := max(0, len(r.changes)-max(v.ChangeOffset, 0))
	for _, c := range slices.Backward(r.changes[max(0, end-max(v.Changes, 0)):end]) {
		s.Changes = append(s.Changes, *c)
	}
	if v.Alarms <= 0 {
		return
	}
	s.Hygiene = r.figures(s.Time)
	list := m.urgent(strings.ToLower(v.AlarmFilter))
	s.AlarmsN = len(list)
	s.AlarmsAt = max(0, min(v.AlarmsOffset, len(list)-v.Alarms))
	for _, u := range list[s.AlarmsAt:min(s.AlarmsAt+v.Alarms, len(list))] {
		row := m.alarmRow(u.t, u.k, s)
		r.history(&row, u.t)
		s.Alarms = append(s.Alarms, row)
	}
	key := v.Alarm
	if key == (AlarmKey{}) && len(list) > 0 {
		key = AlarmKey{list[0].t.name, list[0].k}
	}
	if t := r.tracks[key.Sensor]; t != nil && int(key.Kind) < alarm.Count {
		s.Alarm = m.alarmDetail(t, key.Kind, s)
	}
}

// dear is how long the figures of hygiene may take each time; what takes longer is
// worked out once a second.
const dear = 2 * time.Millisecond

// figures returns the figures of hygiene, nil while there are none. They are never
// written again; r.mu is locked.
func (r *recorder) figures(at time.Time) *alarm.Figures {
	began := time.Now()
	if r.hygiene.Newest == 0 || r.figured.took > dear && began.Sub(r.figured.at) < time.Second {
		return r.figured.last
	}
	f := r.hygiene.Figures(max(r.hygiene.Newest, at.UnixNano()))
	r.figured.last, r.figured.at, r.figured.took = &f, began, time.Since(began)
	return &f
}

// urgency says where in the list of alarms one stands.
type urgency struct {
	t        *track
	k        threshold.Kind
	rank     int
	priority alarm.Priority
	raised   int64
}

// urgent lists the alarms of sensors whose name contains filter that are worth a line,
// the most urgent first; r.mu is locked.
func (m *Monitor) urgent(filter string) (list []urgency) {
	c := m.judge.Load()
	for _, t := range m.recorder.tracks {
		if !strings.Contains(t.lower, filter) {
			continue
		}
		rules := c.rules(&t.state)
		for k := range t.state.Alarm.Of {
			if a, k := &t.state.Alarm.Of[k], threshold.Kind(k); notable(a, &t.state.Alarm) {
				hidden := t.state.Alarm.Suppressed(&rules, k) != alarm.None
				list = append(list, urgency{t, k, rank(a, hidden), c.settings.advice(t.name, k).Priority, a.Raised})
			}
		}
	}
	slices.SortFunc(list, byUrgency)
	return list
}

// rank is larger for what a person has to see to first: not suppressed, unacknowledged, on.
func rank(a *alarm.Alarm, hidden bool) (n int) {
	if !hidden {
		n += 8
	}
	if a.Unacked {
		n += 4
	}
	if a.Cond.On() {
		n += 2
	}
	return n
}

// byUrgency compares by rank, by priority, and of these the newest.
func byUrgency(a, b urgency) int {
	if n := cmp.Or(cmp.Compare(b.rank, a.rank), cmp.Compare(b.priority, a.priority), cmp.Compare(b.raised, a.raised)); n != 0 {
		return n
	}
	return cmp.Or(natural(a.t.name, b.t.name), cmp.Compare(b.k, a.k))
}

// alarmRow returns the line of an alarm.
func (m *Monitor) alarmRow(t *track, k threshold.Kind, s *Snapshot) AlarmRow {
	st := &t.state
	a := &st.Alarm.Of[k]
	c := m.judge.Load()
	rules := c.rules(st)
	row := AlarmRow{
		AlarmKey: AlarmKey{t.name, k}, Unit: st.Unit, Cond: a.Cond, Unacked: a.Unacked,
		Suppressed: st.Alarm.Suppressed(&rules, k), Reason: st.Alarm.Out, Held: st.Quality == sensors.Bad,
		Since: instant(a.Since), Raised: instant(a.Raised), Until: instant(a.Until),
		Value: st.Value, On: threshold.Off, Off: threshold.Off, Advice: c.settings.advice(t.name, k),
	}
	if st.Count+st.Bad == 0 {
		row.Value = math.NaN()
	}
	if k < threshold.Kinds {
		row.On, row.Off = st.Set[k].At, st.Set.OffEdge(k)
		if due, runs := a.Due(&st.Set[k]); runs {
			row.Ends = instant(due)
		}
	}
	if !row.Since.IsZero() && s.Time.After(row.Since) {
		row.For = s.Time.Sub(row.Since)
	}
	return row
}

// instant returns a time in Unix ns, of which 0 is none.
func instant(ns int64) time.Time {
	if ns == 0 {
		return time.Time{}
	}
	return time.Unix(0, ns).UTC()
}

// history adds what the alert log knows of an alarm.
func (r *recorder) history(row *AlarmRow, t *track) {
	row.Day = r.raisedOf(t, row.Kind, r.clock.Add(-24*time.Hour))
	if a := t.alert[row.Kind]; a != nil {
		row.Seq, row.AckedBy, row.AckedAt, row.Verdict = a.Seq, a.By, a.Acked, a.Verdict
	}
}

// alarmDetail returns what there is to say of an alarm.
func (m *Monitor) alarmDetail(t *track, k threshold.Kind, s *Snapshot) *AlarmDetail {
	r := m.recorder
	c := m.judge.Load()
	d := &AlarmDetail{AlarmRow: m.alarmRow(t, k, s), Origin: c.settings.origin(c.declared, t.name, k)}
	r.history(&d.AlarmRow, t)
	for _, a := range slices.Backward(r.alerts) {
		if a.Kind != AlertAlarm || a.Sensor != t.name || a.Threshold != k {
			continue
		}
		d.Past = append(d.Past, *a)
		if len(d.Past) == pathKept {
			break
		}
	}
	for _, a := range slices.Backward(d.Past) {
		d.Path = append(d.Path, Turn{At: a.Time, What: "raised"})
		if !a.Acked.IsZero() {
			d.Path = append(d.Path, Turn{At: a.Acked, What: "acknowledged", By: a.By})
		}
		if !a.Ended.IsZero() {
			d.Path = append(d.Path, Turn{At: a.Ended, What: "cleared"})
		}
	}
	for _, c := range r.changes {
		if c.Scope.Sensor == t.name && (c.What == "shelve" || c.What == "unshelve" || c.What == "out of service" || c.What == "back in service") {
			d.Path = append(d.Path, Turn{At: c.Time, What: c.What, By: c.By})
		}
	}
	slices.SortStableFunc(d.Path, func(a, b Turn) int { return a.At.Compare(b.At) })
	return d
}
