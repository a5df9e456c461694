package monitor

import (
	"math"
	"slices"
	"strings"
	"time"

	"setpoint/sensors"
	"setpoint/sensors/alarm"
	"setpoint/sensors/history"
	"setpoint/sensors/threshold"
)

// spans are the lengths of time a page shows by itself.
var spans = []time.Duration{
	15 * time.Second, 30 * time.Second, time.Minute, 2 * time.Minute, 3 * time.Minute, 5 * time.Minute,
	10 * time.Minute, 15 * time.Minute, 20 * time.Minute, 30 * time.Minute,
	time.Hour, 2 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour,
	48 * time.Hour, 7 * 24 * time.Hour, 14 * 24 * time.Hour, 30 * 24 * time.Hour, 90 * 24 * time.Hour,
}

// trends are the lengths of time over which a trend is given.
var trends = []time.Duration{TrendOver, 5 * time.Minute, 30 * time.Minute, time.Hour, 6 * time.Hour, 24 * time.Hour}

// snapshot builds what v asks for.
func (m *Monitor) snapshot(v View) *Snapshot {
	now := time.Now()
	s := &Snapshot{
		View: v, Wall: now, Live: m.cfg.Live, Speed: m.cfg.speedName(), Paused: m.gate.shut.Load(),
		Open: m.escalations.waiting(), Sources: m.rates.statuses(now, m.intakes),
		Flow: m.engine.Stats(), Done: m.done(),
	}
	s.Law, s.Revision = s.Flow.Check(), s.Flow.Revision
	s.Disturbed, s.Handlings = m.cues.all(), m.handlings()
	m.health.show(s)
	s.Store = m.storeStatus()
	s.LetterN = int(s.Flow.Kept)
	if v.Letters > 0 {
		s.Letters = m.lettersShown(v)
	}
	for _, src := range s.Sources {
		s.Rejected += src.Rejected
		s.Rate += src.Rate
	}
	r := m.recorder
	r.mu.Lock()
	defer r.mu.Unlock()
	s.Time = r.clock
	if s.Live && s.Done == "" && !s.Time.IsZero() {
		s.Time = latest(s.Time, now)
	}
	s.Sensors, s.Active, s.Unacked, s.Returned, s.BadNow = len(r.tracks), r.active, r.unacked, r.returned, r.bad
	if !r.clock.IsZero() {
		s.Today, s.Hour = r.raisedSince(r.clock.Add(-24*time.Hour)), r.raisedSince(r.clock.Add(-time.Hour))
	}
	s.Span = v.Span
	interval := r.interval()
	if s.Span <= 0 {
		s.Span = r.span(interval)
	}
	s.TrendOver = trendOver(interval)
	m.window(s, r, v)
	m.alarms(s, r, v)
	return s
}

// latest returns the later of two times, unless the wall clock has run far ahead
// of the readings (a live source of recorded times).
func latest(clock, wall time.Time) time.Time {
	if d := wall.Sub(clock); d > 0 && d < time.Hour {
		return wall
	}
	return clock
}

// span is the length of time that suits the data: what there is, up to half an
// hour, or up to 120 readings where they are far apart.
func (r *recorder) span(interval time.Duration) time.Duration {
	most := max(30*time.Minute, 120*interval)
	return atLeast(min(r.clock.Sub(r.begun), most), spans)
}

// trendOver is the time over which a trend is given: ten usual intervals or more,
// so that it is one.
func trendOver(interval time.Duration) time.Duration { return atLeast(10*interval, trends) }

// atLeast returns the first of the rising list that is at least want, or its last.
func atLeast(want time.Duration, list []time.Duration) time.Duration {
	for _, d := range list {
		if d >= want {
			return d
		}
	}
	return list[len(list)-1]
}

// window fills in the rows, the chart and the alerts that v asks for.
func (m *Monitor) window(s *Snapshot, r *recorder, v View) {
	until := v.Until
	if until.IsZero() {
		until = s.Time
	}
	filter := strings.ToLower(v.Filter)
	shown := r.list.show(filter, v.Hold)
	s.Names, s.Statuses = shown.names, shown.statuses
	rows := min(max(v.Rows, 0), len(shown.tracks))
	s.Offset = max(0, min(v.Offset, len(shown.tracks)-rows))
	from, to := aligned(until, s.Span, v.Columns)
	for _, t := range shown.tracks[s.Offset : s.Offset+rows] {
		s.Rows = append(s.Rows, m.row(t, s, from, to, v.Columns))
	}
	if len(shown.tracks) > 0 {
		t := r.tracks[v.Selected]
		if t == nil || !strings.Contains(t.lower, filter) {
			t = shown.tracks[0]
		}
		from, to := aligned(until, s.Span, v.ChartColumns)
		c := &Chart{Row: m.row(t, s, from, to, 0), From: from, To: to, Columns: make([]history.Column, max(v.ChartColumns, 0))}
		t.past.Columns(c.Columns, from, to)
		s.Chart = c
	}
	s.AlertN = len(r.alerts)
	end := max(0, len(r.alerts)-max(v.AlertOffset, 0))
	for _, a := range slices.Backward(r.alerts[max(0, end-max(v.Alerts, 0)):end]) {
		s.Alerts = append(s.Alerts, *a)
	}
}

// aligned returns the window of the given span whose newest column holds the time
// to. Its columns begin at fixed times, so that a reading stays in its column while
// time goes on, and charts do not tremble.
func aligned(to time.Time, span time.Duration, columns int) (time.Time, time.Time) {
	width := int64(max(span/time.Duration(max(columns, 1)), 1))
	ns := to.UnixNano()
	end := ns - (ns%width+width)%width + width // rounded up before 1970 too
	return time.Unix(0, end-width*int64(max(columns, 1))).UTC(), time.Unix(0, end).UTC()
}

// row returns a sensor's line. columns is the width of its sparkline.
func (m *Monitor) row(t *track, s *Snapshot, from, to time.Time, columns int) Row {
	st := &t.state
	w := t.past.Window(from, to)
	row := Row{
		Name: t.name, Unit: st.Unit, Status: t.status, Worst: t.worst, Unacked: st.Alarm.Unacked() != 0,
		Suspect: st.Quality == sensors.Suspect, Now: st.Value, Avg: w.Mean, Min: w.Min, Max: w.Max, Count: st.Count,
		Trend: t.past.Slope(st.Time, s.TrendOver), Time: st.Time, Set: st.Set, Drive: st.Drive,
		Fault: string(m.faults.on(t.name)), Room: room(st), Step: step(t), Noise: t.past.Noise(),
	}
	row.Quality, row.Reason, row.Out = st.Verdict.State, st.Verdict.Reason(), st.Alarm.Out
	row.Shelved, row.Pending = st.Alarm.Hidden(), st.Alarm.Has(alarm.Pending)
	if st.Count+st.Bad == 0 {
		row.Now = math.NaN()
	} else if s.Time.After(st.Time) {
		row.Age = s.Time.Sub(st.Time)
	}
	if columns > 0 {
		row.Spark = make([]history.Column, columns)
		t.past.Columns(row.Spark, from, to)
	}
	return row
}

// room returns how far the value is from the nearest threshold, negative when it
// is beyond one.
func room(st *State) float64 {
	nearest := math.NaN()
	if st.Count == 0 {
		return nearest
	}
	for k := range threshold.Kinds {
		d := st.Set[k].At - st.Value
		if !k.Upper() {
			d = -d
		}
		if !math.IsNaN(d) && !(d >= nearest) {
			nearest = d
		}
	}
	if worst, ok := st.Set.Worst(st.Alarm.On(), st.Value); ok && st.Set.On(worst) {
		nearest = st.Set[worst].At - st.Value
		if !worst.Upper() {
			nearest = -nearest
		}
	}
	return nearest
}

// step returns the readable step of the sensor's thresholds: by the span of its
// values and of its thresholds.
func step(t *track) float64 {
	lo, hi := t.past.Span()
	for _, r := range t.state.Set {
		if v := r.At; !math.IsNaN(v) {
			lo, hi = math.Min(lo, v), math.Max(hi, v)
		}
	}
	return threshold.Step(hi - lo)
}
