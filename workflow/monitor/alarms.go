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
	if at := r.hygiene.Newest; at > 0 {
		h := r.hygiene.Figures(max(at, s.Time.UnixNano()))
		s.Hygiene = &h
	}
	var list []AlarmRow
	filter := strings.ToLower(v.AlarmFilter)
	for _, t := range r.tracks {
		if !strings.Contains(strings.ToLower(t.name), filter) {
			continue
		}
		for k := range t.state.Alarm.Of {
			if notable(&t.state.Alarm.Of[k], &t.state.Alarm) {
				list = append(list, m.alarmRow(t, threshold.Kind(k), s))
			}
		}
	}
	slices.SortFunc(list, byUrgency)
	s.AlarmsN = len(list)
	s.AlarmsAt = max(0, min(v.AlarmsOffset, len(list)-v.Alarms))
	s.Alarms = list[s.AlarmsAt:min(s.AlarmsAt+v.Alarms, len(list))]
	for i := range s.Alarms {
		r.history(&s.Alarms[i], r.tracks[s.Alarms[i].Sensor])
	}
	key := v.Alarm
	if key == (AlarmKey{}) && len(list) > 0 {
		key = list[0].AlarmKey
	}
	if t := r.tracks[key.Sensor]; t != nil && int(key.Kind) < alarm.Count {
		s.Alarm = m.alarmDetail(t, key.Kind, s)
	}
}

// byUrgency puts what a person has to see to first: not suppressed, unacknowledged,
// on, by priority, and of these the newest.
func byUrgency(a, b AlarmRow) int {
	rank := func(r *AlarmRow) int {
		n := 0
		if r.Suppressed == alarm.None {
			n += 8
		}
		if r.Unacked {
			n += 4
		}
		if r.Cond.On() {
			n += 2
		}
		return n
	}
	return cmp.Or(
		cmp.Compare(rank(&b), rank(&a)),
		cmp.Compare(b.Advice.Priority, a.Advice.Priority),
		b.Raised.Compare(a.Raised),
		natural(a.Sensor, b.Sensor),
		cmp.Compare(b.Kind, a.Kind),
	)
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
