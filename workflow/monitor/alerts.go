package monitor

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"setpoint/sensors/alarm"
	"setpoint/sensors/threshold"
)

// follow follows the alarms that ev changed.
func (r *recorder) follow(t *track, ev event, s State) {
	c := s.Changes
	for _, k := range kindsIn(c.Raised) {
		r.raise(t, ev, &s, k)
	}
	for _, k := range kindsIn(c.Cleared) {
		if a := t.alert[k]; a != nil {
			a.Ended, a.Value = time.Unix(0, s.Alarm.Of[k].Since), s.Value
			r.hygiene.Cleared(alarm.Key{Sensor: t.name, Kind: k}, s.Alarm.Of[k].Since)
			r.keep.alert(a)
		}
	}
	for _, k := range kindsIn(c.Shelved) {
		r.hygiene.Acknowledged(alarm.Key{Sensor: t.name, Kind: k}, ev.Time.UnixNano())
	}
	for _, k := range kindsIn(c.Unshelved &^ c.Cleared) {
		if s.Alarm.Of[k].Cond.On() { // now it is announced
			r.hygiene.Raised(alarm.Key{Sensor: t.name, Kind: k}, ev.Time.UnixNano(), r.priority(t.name, k))
		}
	}
	for _, k := range kindsIn(c.Acknowledged) {
		r.acknowledged(t, k, ev)
		r.hygiene.Acknowledged(alarm.Key{Sensor: t.name, Kind: k}, ev.Time.UnixNano())
	}
}

// raise adds the line of an alarm that was raised.
func (r *recorder) raise(t *track, ev event, s *State, k threshold.Kind) {
	at := s.Alarm.Of[k].Raised
	a := Alert{
		Kind: AlertAlarm, Time: time.Unix(0, at).UTC(), Sensor: t.name, Threshold: k, Value: s.Value, Peak: s.Value,
		On: threshold.Off, Off: threshold.Off, Unit: s.Unit, Revision: ev.Revision, Silent: s.Changes.Silent.Has(k),
	}
	if k < threshold.Kinds {
		a.On, a.Off = s.Set[k].At, s.Set.OffEdge(k)
	}
	t.alert[k] = r.note(t, a)
	r.raisedN++
	if !a.Silent {
		r.hygiene.Raised(alarm.Key{Sensor: t.name, Kind: k}, at, r.priority(t.name, k))
	}
	i, _ := slices.BinarySearch(r.raised, at)
	if r.raised = slices.Insert(r.raised, i, at); len(r.raised) > 2*raisedKept {
		r.raised = slices.Clone(r.raised[raisedKept:])
	}
}

// acknowledged marks the lines of an alarm as seen.
func (r *recorder) acknowledged(t *track, k threshold.Kind, ev event) {
	mark := func(a *Alert) {
		a.Acked, a.By = ev.Time, ev.Payload.By
		r.keep.alert(a)
	}
	if a := t.alert[k]; a != nil && a.Acked.IsZero() {
		mark(a) // the log may have forgotten it
	}
	for _, a := range slices.Backward(r.alerts) {
		if a.Kind != AlertAlarm || a.Sensor != t.name || a.Threshold != k || a == t.alert[k] {
			continue
		}
		if !a.Acked.IsZero() {
			return // and so are all before it
		}
		mark(a)
	}
}

// note adds a line about a sensor to the alert log.
func (r *recorder) note(t *track, a Alert) *Alert {
	a.Sensor = t.name
	return r.line(a)
}

// sourceFailed adds a line about a source to the alert log.
func (r *recorder) sourceFailed(name string, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.line(Alert{Kind: AlertSource, Time: r.clock, Text: name + " failed: " + err.Error()})
}

func (r *recorder) line(a Alert) *Alert {
	r.seq++
	a.Seq = r.seq
	r.put(&a)
	r.keep.alert(&a)
	return &a
}

func (r *recorder) put(a *Alert) {
	if len(r.alerts) >= alertsKept {
		r.alerts = slices.Delete(r.alerts, 0, alertsKept/4)
	}
	r.alerts = append(r.alerts, a)
}

// verdict notes what people say of an alarm.
func (r *recorder) verdict(c GiveVerdict) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	i, ok := slices.BinarySearchFunc(r.alerts, c.Seq, func(a *Alert, seq uint64) int { return int(a.Seq) - int(seq) })
	if !ok || r.alerts[i].Kind != AlertAlarm {
		return fmt.Errorf("no alarm has the number %d", c.Seq)
	}
	a := r.alerts[i]
	r.changed(Change{
		Time: r.clock, Wall: time.Now(), What: "verdict", By: c.By, Scope: Scope{Sensor: a.Sensor}, Kind: a.Threshold,
		Text: fmt.Sprintf("%s was %s", a.Time.UTC().Format(time.DateTime), cmp.Or(c.Verdict.String(), "not judged")),
	})
	a.Verdict = c.Verdict
	r.keep.alert(a)
	return nil
}

// raisedOf counts how often alarm k of a sensor was raised at or after a time.
func (r *recorder) raisedOf(t *track, k threshold.Kind, since time.Time) (n int) {
	for _, a := range slices.Backward(r.alerts) {
		if a.Kind == AlertAlarm && a.Sensor == t.name && a.Threshold == k && !a.Time.Before(since) {
			n++
		}
	}
	return n
}

// notable reports whether the alarm is worth a line in the list.
func notable(a *alarm.Alarm, s *alarm.State) bool {
	return a.Cond != alarm.Normal || a.Unacked || a.Until > 0 || a.Once || s.Out != "" && a.Raised > 0
}
