package monitor

import (
	"cmp"
	"math"
	"slices"
	"strings"
	"time"
	"unicode"

	"setpoint/sensors"
	"setpoint/sensors/history"
	"setpoint/sensors/threshold"
)

// spans are the lengths of time a page shows by itself.
var spans = []time.Duration{
	time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 30 * time.Minute,
	time.Hour, 2 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour,
	48 * time.Hour, 7 * 24 * time.Hour, 14 * 24 * time.Hour, 30 * 24 * time.Hour, 90 * 24 * time.Hour,
}

// snapshot builds what v asks for.
func (m *Monitor) snapshot(v View) *Snapshot {
	now := time.Now()
	s := &Snapshot{
		Wall: now, Live: m.cfg.Live, Speed: m.cfg.speedName(), Paused: m.gate.shut.Load(),
		Open: m.escalations.waiting(), Sources: m.rates.statuses(now, m.intakes),
		Flow: m.engine.Stats(), Done: m.done(),
	}
	s.Law, s.Revision = s.Flow.Check(), s.Flow.Revision
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
	s.Sensors, s.Active, s.Unacked, s.Returned, s.BadNow = len(r.order), r.active, r.unacked, r.returned, r.bad
	if !r.clock.IsZero() {
		s.Today, s.Hour = r.raisedSince(r.clock.Add(-24*time.Hour)), r.raisedSince(r.clock.Add(-time.Hour))
	}
	s.Span = v.Span
	if s.Span <= 0 {
		s.Span = r.span()
	}
	m.window(s, r, v)
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
func (r *recorder) span() time.Duration {
	most := max(30*time.Minute, 120*r.interval())
	want := min(r.clock.Sub(r.begun), most)
	for _, s := range spans {
		if s >= want {
			return s
		}
	}
	return spans[len(spans)-1]
}

// window fills in the rows, the chart and the alerts that v asks for.
func (m *Monitor) window(s *Snapshot, r *recorder, v View) {
	r.sort(v.Hold)
	to := v.Until
	if to.IsZero() {
		to = s.Time
	}
	to = to.Add(time.Nanosecond) // the newest reading is in the window
	from := to.Add(-s.Span)
	shown := r.filtered(v.Filter)
	s.Names = make([]string, len(shown))
	selected := -1
	for i, t := range shown {
		s.Names[i] = t.name
		if t.name == v.Selected {
			selected = i
		}
	}
	s.Offset = max(0, min(v.Offset, len(shown)-v.Rows))
	for _, t := range shown[s.Offset:min(s.Offset+max(v.Rows, 0), len(shown))] {
		s.Rows = append(s.Rows, m.row(t, s, from, to, v.Columns))
	}
	if selected < 0 && len(shown) > 0 {
		selected = 0
	}
	if selected >= 0 {
		t := shown[selected]
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

// row returns a sensor's line. columns is the width of its sparkline.
func (m *Monitor) row(t *track, s *Snapshot, from, to time.Time, columns int) Row {
	st := &t.state
	w := t.past.Window(from, to)
	row := Row{
		Name: t.name, Unit: st.Unit, Status: t.status, Worst: t.worst, Unacked: st.Alarm.Unacked != 0,
		Suspect: st.Quality == sensors.Suspect, Now: st.Value, Avg: w.Mean, Min: w.Min, Max: w.Max, Count: st.Count,
		Trend: t.past.Slope(st.Time, TrendOver), Time: st.Time, Set: st.Set, Drive: st.Drive,
		Fault: string(m.faults.on(t.name)), Room: room(st), Step: step(t),
	}
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
		d := st.Set.At[k] - st.Value
		if !k.Upper() {
			d = -d
		}
		if !math.IsNaN(d) && !(d >= nearest) {
			nearest = d
		}
	}
	if worst, ok := st.Set.Worst(st.Alarm.Active, st.Value); ok && st.Set.On(worst) {
		nearest = st.Set.At[worst] - st.Value
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
	for _, v := range t.state.Set.At {
		if !math.IsNaN(v) {
			lo, hi = math.Min(lo, v), math.Max(hi, v)
		}
	}
	return threshold.Step(hi - lo)
}

// sort puts the worst sensors first. While a hand is on the rows they keep their
// places.
func (r *recorder) sort(hold bool) {
	if r.sorted || hold {
		return
	}
	r.sorted = true
	slices.SortStableFunc(r.order, func(a, b *track) int {
		return cmp.Or(cmp.Compare(a.status, b.status), natural(a.name, b.name))
	})
}

func (r *recorder) filtered(filter string) []*track {
	if filter == "" {
		return r.order
	}
	filter = strings.ToLower(filter)
	var out []*track
	for _, t := range r.order {
		if strings.Contains(t.lower, filter) {
			out = append(out, t)
		}
	}
	return out
}

// natural compares names as people do: s-2 comes before s-10.
func natural(a, b string) int {
	for a != "" && b != "" {
		da, db := digits(a), digits(b)
		if da == 0 || db == 0 {
			if a[0] != b[0] {
				return cmp.Compare(a[0], b[0])
			}
			a, b = a[1:], b[1:]
			continue
		}
		na, nb := strings.TrimLeft(a[:da], "0"), strings.TrimLeft(b[:db], "0")
		if c := cmp.Or(cmp.Compare(len(na), len(nb)), cmp.Compare(na, nb), cmp.Compare(da, db)); c != 0 {
			return c
		}
		a, b = a[da:], b[db:]
	}
	return cmp.Compare(len(a), len(b))
}

func digits(s string) int {
	n := strings.IndexFunc(s, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsDigit(r) })
	if n < 0 {
		return len(s)
	}
	return n
}
