package monitor

import (
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"setpoint/sensors/history"
	"setpoint/sensors/threshold"
)

// shop is a monitor that has seen one sensor of each kind.
func shop(t *testing.T) *Monitor {
	t.Helper()
	src := (&script{name: "s"}).reads("s-10", 0, 20, 21).reads("s-9", 0, 20).
		reads("low", 0, 5).reads("High", 0, 35).reads("crit", 0, 20, 45).
		reads("bad", 0, math.NaN()).reads("back", 0, 35, 20)
	m := newMonitor(t, Config{}, src)
	ran(t, m)
	return m
}

func TestRowsAreTheWorstFirst(t *testing.T) {
	m := shop(t)
	s := m.snapshot(View{Rows: 9})
	if want := []string{"crit", "High", "low", "bad", "back", "s-9", "s-10"}; !slices.Equal(s.Names, want) {
		t.Errorf("names %q", s.Names)
	}
	if want := []Status{StatusCritical, StatusHigh, StatusLow, StatusBad, StatusReturned, StatusNormal, StatusNormal}; !slices.Equal(s.Statuses, want) {
		t.Errorf("statuses %v", s.Statuses)
	}
	for i, r := range s.Rows {
		if r.Name != s.Names[i] || r.Status != s.Statuses[i] {
			t.Errorf("row %d is %s %v", i, r.Name, r.Status)
		}
	}
	if s.Sensors != 7 || s.Done != "ended" || s.Law != nil || !s.Time.Equal(at(1)) {
		t.Errorf("%d sensors, done %q, law %v, time %v", s.Sensors, s.Done, s.Law, s.Time)
	}
	crit, bad := s.Rows[0], s.Rows[3]
	if crit.Worst != threshold.Critical || crit.Now != 45 || crit.Room != -5 || !crit.Unacked || crit.Min != 20 || crit.Max != 45 || crit.Count != 2 {
		t.Errorf("the critical row is %+v", crit)
	}
	if !math.IsNaN(bad.Now) || !math.IsNaN(bad.Avg) || !math.IsNaN(bad.Room) || bad.Age != time.Second || bad.Count != 0 {
		t.Errorf("the bad row is %+v", bad)
	}
}

func TestAWindowOfTheRows(t *testing.T) {
	m := shop(t)
	for sentence, c := range map[string]struct {
		v      View
		offset int
		rows   []string
		names  int
		chart  string
	}{
		"the first rows":                   {View{Rows: 2}, 0, []string{"crit", "High"}, 7, "crit"},
		"the last rows":                    {View{Rows: 2, Offset: 5}, 5, []string{"s-9", "s-10"}, 7, "crit"},
		"an offset beyond them is clamped": {View{Rows: 2, Offset: 99}, 5, []string{"s-9", "s-10"}, 7, "crit"},
		"a negative one too":               {View{Rows: 1, Offset: -3}, 0, []string{"crit"}, 7, "crit"},
		"no rows at all":                   {View{Offset: 99}, 7, nil, 7, "crit"},
		"fewer than none":                  {View{Rows: -5, Offset: 99, Columns: -1, ChartColumns: -1, Alerts: -1, AlertOffset: -1}, 7, nil, 7, "crit"},
		"a filter, whatever its case":      {View{Rows: 9, Filter: "hI"}, 0, []string{"High"}, 1, "High"},
		"a filter that nothing passes":     {View{Rows: 9, Filter: "xyz"}, 0, nil, 0, ""},
		"a selected sensor":                {View{Rows: 1, Selected: "low"}, 0, []string{"crit"}, 7, "low"},
		"one that the filter hides":        {View{Rows: 1, Selected: "low", Filter: "s-"}, 0, []string{"s-9"}, 2, "s-9"},
		"one that there is not: the first": {View{Rows: 1, Selected: "nobody"}, 0, []string{"crit"}, 7, "crit"},
	} {
		t.Run(sentence, func(t *testing.T) {
			s := m.snapshot(c.v)
			var rows []string
			for _, r := range s.Rows {
				rows = append(rows, r.Name)
			}
			if s.Offset != c.offset || !slices.Equal(rows, c.rows) || len(s.Names) != c.names || len(s.Statuses) != c.names {
				t.Errorf("offset %d, rows %q of %d names", s.Offset, rows, len(s.Names))
			}
			if c.chart == "" && s.Chart != nil || c.chart != "" && s.Chart.Row.Name != c.chart {
				t.Errorf("the chart is of %+v", s.Chart)
			}
		})
	}
}

func TestAHandOnTheRowsKeepsTheirOrder(t *testing.T) {
	var m *Monitor
	var held, released *Snapshot
	src := (&script{name: "s"}).reads("a", 0, 20).reads("b", 0, 20).
		does(func() { m.snapshot(View{Rows: 9}) }).
		reads("b", 1, 45).reads("0", 1, 20).
		does(func() { held = m.snapshot(View{Rows: 9, Hold: true}) }).
		does(func() { released = m.snapshot(View{Rows: 9}) })
	m = newMonitor(t, Config{}, src)
	ran(t, m)
	if want := []string{"a", "b", "0"}; !slices.Equal(held.Names, want) || held.Rows[1].Status != StatusCritical || held.Statuses[1] != StatusCritical {
		t.Errorf("held: %q", held.Names)
	}
	if want := []string{"b", "0", "a"}; !slices.Equal(released.Names, want) {
		t.Errorf("released: %q", released.Names)
	}
}

func TestAlertsAreTheNewestFirst(t *testing.T) {
	src := (&script{name: "s"})
	for i := range 10 {
		src.reads("a", 2*i, 35, 20)
	}
	m := newMonitor(t, Config{}, src)
	ran(t, m)
	s := m.snapshot(View{Alerts: 3, AlertOffset: 2})
	if s.AlertN != 10 || len(s.Alerts) != 3 || s.Today != 10 || s.Hour != 10 {
		t.Fatalf("%d of %d alerts, %d today", len(s.Alerts), s.AlertN, s.Today)
	}
	for i, a := range s.Alerts {
		if a.Seq != uint64(8-i) || !a.Time.Equal(at(14-2*i)) || !a.Ended.Equal(at(15-2*i)) || a.Value != 20 || a.Peak != 35 {
			t.Errorf("alert %d is %+v", i, a)
		}
	}
	for offset, want := range map[int]int{9: 1, 10: 0, 99: 0, -1: 3} {
		if got := len(m.snapshot(View{Alerts: 3, AlertOffset: offset}).Alerts); got != want {
			t.Errorf("offset %d: %d alerts, want %d", offset, got, want)
		}
	}
}

func TestThePeakIsThatOfOneAlarm(t *testing.T) {
	m := newMonitor(t, Config{}, (&script{name: "s"}).reads("a", 0, 31, 33, 32, 20, 39, 20, 9, 7, 8))
	ran(t, m)
	var peaks []float64
	for _, a := range m.recorder.alerts {
		peaks = append(peaks, a.Peak)
	}
	if want := []float64{33, 39, 7}; !slices.Equal(peaks, want) {
		t.Errorf("peaks %v, want %v", peaks, want)
	}
}

func TestAlarmsOfTheLastHourWhateverTheOrder(t *testing.T) {
	src := (&script{name: "s"}).reads("a", 0, 35).reads("b", 90000, 35).reads("c", 10, 35).reads("d", 89000, 35).reads("e", 80000, 35)
	m := newMonitor(t, Config{}, src)
	ran(t, m)
	if s := m.snapshot(View{}); s.Hour != 2 || s.Today != 3 {
		t.Errorf("%d in the last hour, %d today: want 2 and 3", s.Hour, s.Today)
	}
}

func TestTheWindowHoldsTheNewestReading(t *testing.T) {
	m := newMonitor(t, Config{}, (&script{name: "s"}).reads("a", 0, 20, 21, 22, 23, 24, 25))
	ran(t, m)
	for _, until := range []time.Time{{}, at(2), at(3).Add(time.Millisecond), epoch.AddDate(-80, 0, 0)} {
		s := m.snapshot(View{Rows: 1, Columns: 10, ChartColumns: 40, Span: time.Minute, Until: until})
		edge := until
		if edge.IsZero() {
			edge = at(5)
		}
		c := s.Chart
		if c.From.After(edge) || !c.To.After(edge) || c.To.Sub(edge) > time.Minute/40 || len(c.Columns) != 40 || s.Span != time.Minute {
			t.Errorf("until %v: a chart from %v to %v", until, c.From, c.To)
		}
		want := 0
		for i := range 6 {
			if at(i).Before(c.To) && !at(i).Before(c.From) {
				want++
			}
		}
		if got := count(c.Columns); got != want || len(s.Rows[0].Spark) != 10 {
			t.Errorf("until %v: %d readings in the chart, want %d", until, got, want)
		}
	}
}

func count(columns []history.Column) (n int) {
	for _, c := range columns {
		n += c.N
	}
	return n
}

func TestTheSpanSuitsTheData(t *testing.T) {
	for _, c := range []struct {
		every, lasts, span, trend time.Duration
	}{
		{time.Second, 10 * time.Second, 15 * time.Second, time.Minute},
		{time.Second, 40 * time.Second, time.Minute, time.Minute},
		{10 * time.Second, 5 * time.Minute, 5 * time.Minute, 5 * time.Minute},
		{time.Second, 2 * time.Hour, 30 * time.Minute, time.Minute},
		{time.Minute, 30 * time.Hour, 2 * time.Hour, 30 * time.Minute},
		{5 * time.Minute, 30 * time.Hour, 12 * time.Hour, time.Hour},
		{time.Hour, 300 * time.Hour, 7 * 24 * time.Hour, 24 * time.Hour},
		{100 * 24 * time.Hour, 1000 * 24 * time.Hour, 90 * 24 * time.Hour, 24 * time.Hour},
	} {
		t.Run(fmt.Sprint(c.every, " for ", c.lasts), func(t *testing.T) {
			src := &script{name: "s", hasty: true}
			for i := range int(c.lasts/c.every) + 1 {
				src.reads("a", i*int(c.every/time.Second), float64(i)/10)
			}
			m := newMonitor(t, Config{}, src)
			ran(t, m)
			s := m.snapshot(View{Rows: 1})
			if s.Span != c.span || s.TrendOver != c.trend {
				t.Errorf("span %v, trend over %v: want %v, %v", s.Span, s.TrendOver, c.span, c.trend)
			}
			if want := float64(s.TrendOver) / float64(c.every) / 10; c.lasts >= s.TrendOver && c.every < s.TrendOver/5 && math.Abs(s.Rows[0].Trend-want) > 1e-6 {
				t.Errorf("trend %g, want %g", s.Rows[0].Trend, want)
			}
		})
	}
}

func TestRoomIsTheWayToTheNearestThreshold(t *testing.T) {
	for v, want := range map[float64]float64{20: 10, 12: 2, 28: 2, 31: -1, 41: -1, 8: -2} {
		m := newMonitor(t, Config{}, (&script{name: "s"}).reads("a", 0, v))
		ran(t, m)
		if got := m.snapshot(View{Rows: 1}).Rows[0].Room; math.Abs(got-want) > 1e-9 {
			t.Errorf("at %g: %g, want %g", v, got, want)
		}
	}
}

func TestMemoryIsSharedByAllSensors(t *testing.T) {
	r := newRecorder(0)
	first := r.track("first")
	for i := range 70_000 {
		first.past.Append(at(i), float64(i), 0)
	}
	for i := range 2000 {
		r.track(fmt.Sprint(i))
	}
	r.reading(first, event{Time: at(70_000), Payload: Input{Value: 70_000}}, State{Set: threshold.None})
	if n := first.past.Len(); n < r.room || n > r.room+128 || !first.past.Last().Equal(at(70_000)) {
		t.Errorf("%d readings are kept, want about %d", n, r.room)
	}
	_, v, _ := first.past.At(first.past.Len() - 2)
	if v != 69_999 {
		t.Errorf("the one before the last is %g", v)
	}
}

func TestTheAlertLogIsBounded(t *testing.T) {
	r := newRecorder(0)
	tr := r.track("a")
	for range 3 * alertsKept {
		r.note(tr, Alert{})
	}
	if n := len(r.alerts); n > alertsKept || n < alertsKept/2 || r.alerts[n-1].Seq != 3*alertsKept {
		t.Errorf("%d lines are kept", n)
	}
}
