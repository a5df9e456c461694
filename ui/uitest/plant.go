// Package uitest is for tests of the screen: snapshots of a plant that never was,
// and frames as text that a person can read.
package uitest

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"time"

	"setpoint/sensors"
	"setpoint/sensors/history"
	"setpoint/sensors/quality"
	"setpoint/sensors/threshold"
	"setpoint/workflow"
	"setpoint/workflow/monitor"
)

// Noon is the time of the fixed snapshots, on the clock of the readings and on the
// wall.
var Noon = time.Date(2026, time.March, 14, 14, 32, 7, 0, time.UTC)

// A gauge is one sensor of the plant: a level, a slow wave, noise, and how it
// stands.
type gauge struct {
	name, unit               string
	level, wave, rise, noise float64
	status                   monitor.Status
	worst                    threshold.Kind
	unacked                  bool
	at                       [threshold.Kinds]float64
	stale                    bool
}

var off = threshold.Off

// gauges are believable, and show every state there is.
var gauges = []gauge{
	{"oven-3", "°C", 83, 1, 13, 0.4, monitor.StatusCritical, threshold.Critical, true, [4]float64{off, off, 85, 95}, false},
	{"oven-2", "°C", 79, 1.2, 11, 0.3, monitor.StatusHigh, threshold.High, true, [4]float64{off, 60, 85, 95}, false},
	{"oven-1", "°C", 82, 1, 4, 0.3, monitor.StatusHigh, threshold.High, false, [4]float64{off, off, 85, 95}, false},
	{"tank-low", "m", 1.2, 0.02, -0.7, 0.01, monitor.StatusLow, threshold.Low, true, [4]float64{0.2, 0.6, 2.5, 3}, false},
	{"duct-3", "°C", 21.5, 0.2, 0, 0.1, monitor.StatusBad, 0, false, [4]float64{off, 10, 30, 40}, true},
	{"freezer", "°C", -12.5, 0.6, -5, 0.2, monitor.StatusReturned, 0, true, [4]float64{off, off, -16, -10}, false},
	{"rack-a", "°C", 31, 0.4, 0, 0.3, monitor.StatusNormal, 0, false, [4]float64{off, off, 38, 45}, false},
	{"rack-b", "°C", 30.2, 0.6, 0, 0.3, monitor.StatusNormal, 0, false, [4]float64{off, off, 38, 45}, false},
	{"pump-7", "bar", 6.48, 0.02, 0, 0.01, monitor.StatusNormal, 0, false, [4]float64{4, 5, 8, 9}, false},
	{"chiller", "°C", 6.9, 1.4, 0, 0.1, monitor.StatusNormal, 0, false, [4]float64{off, 4, 9, 12}, false},
	{"roof", "°C", 9, 0.5, 6, 0.2, monitor.StatusNormal, 0, false, [4]float64{off, -5, 35, 45}, false},
	{"boiler", "°C", 71, 3, 0, 0.4, monitor.StatusNormal, 0, false, [4]float64{off, 50, 82, 92}, false},
	{"fan-cpu", "rpm", 1480, 60, 0, 20, monitor.StatusNormal, 0, false, [4]float64{off, 900, 2400, 2800}, false},
	{"冷蔵庫", "°C", 4.2, 0.5, 0, 0.1, monitor.StatusNormal, 0, false, [4]float64{off, 1, 8, 12}, false},
}

// Snapshot returns the plant with n sensors at [Noon], as much of it as a screen
// of 160 by 45 shows.
func Snapshot(n int) *monitor.Snapshot {
	return Plant(n, monitor.View{Rows: 40, Columns: 28, ChartColumns: 120, Alerts: 30}, 0)
}

// Plant returns the part of a plant with n sensors that v asks for, a while after
// [Noon].
func Plant(n int, v monitor.View, later time.Duration) *monitor.Snapshot {
	now := Noon.Add(later)
	span := cmp.Or(v.Span, 30*time.Minute)
	until := now
	if !v.Until.IsZero() {
		until = v.Until
	}
	s := &monitor.Snapshot{
		Seq: 1, View: v, TrendOver: monitor.TrendOver, Wall: now, Time: now, Live: true, Speed: "x1", Span: span, Sensors: n, Rate: 412, Revision: 41,
		Sources: []monitor.SourceStatus{{Name: "sim:plant", State: "running", Overflow: workflow.Coalesce, Accepted: 1_204_330, Rate: 412}},
		Active:  4, Unacked: 4, Returned: 1, BadNow: 1, Hour: 3, Today: 41, Flow: flow(later),
		Alerts: alerts(), AlertN: len(alerts()),
		Depths: depths(), Recent: transitions(now), Disturbed: map[string]monitor.HandlerFault{"critical": monitor.Failing},
		Faults: newestFaults(transitions(now)), Handlings: handlings(),
		LetterN: len(letters),
	}
	alarming(s, v)
	changing(s, v)
	for i := range n {
		if g := gaugeAt(i); strings.Contains(strings.ToLower(g.name), strings.ToLower(v.Filter)) {
			s.Names, s.Statuses = append(s.Names, g.name), append(s.Statuses, g.status)
		}
	}
	s.Offset = min(max(v.Offset, 0), len(s.Names))
	for _, name := range s.Names[s.Offset:min(s.Offset+v.Rows, len(s.Names))] {
		s.Rows = append(s.Rows, row(name, now, until, span, v.Columns))
	}
	if len(s.Names) > 0 {
		name := s.Names[max(slices.Index(s.Names, v.Selected), 0)]
		s.Chart = &monitor.Chart{
			Row: row(name, now, until, span, v.Columns), From: until.Add(-span), To: until,
			Columns: past(find(name), until, span, v.ChartColumns),
		}
	}
	s.Alerts = s.Alerts[min(v.AlertOffset, len(s.Alerts)):]
	s.Alerts = s.Alerts[:min(v.Alerts, len(s.Alerts))]
	from := min(v.LetterOffset, len(letters))
	s.Letters = slices.Clone(letters[from:min(from+v.Letters, len(letters))])
	return s
}

// gaugeAt returns sensor i; beyond the first they are variations of those.
func gaugeAt(i int) gauge {
	g := gauges[i%len(gauges)]
	if i >= len(gauges) {
		g.name = fmt.Sprintf("%s.%d", g.name, i/len(gauges)+1)
		g.status, g.unacked, g.rise, g.stale = monitor.StatusNormal, false, 0, false
	}
	return g
}

// find returns the sensor called name.
func find(name string) gauge {
	for i := 0; ; i++ {
		if g := gaugeAt(i); g.name == name || i > 100_000 {
			return g
		}
	}
}

// set returns the thresholds of g.
func (g gauge) set() (s threshold.Set) {
	for k, at := range g.at {
		s[k].At = at
	}
	return s
}

// value returns what g measures at t.
func (g gauge) value(t time.Time) float64 {
	sec := t.Sub(Noon).Seconds()
	grown := 1 / (1 + math.Exp(-(sec+600)/150)) // a rise about ten minutes before noon
	shake := math.Sin(sec*12.9898)*43758.5453 + float64(len(g.name))
	shake -= math.Floor(shake) + 0.5
	return g.level + g.wave*math.Sin(sec/170+float64(len(g.name))) + g.rise*grown + 2*g.noise*shake
}

// past returns what g measured in the span before until.
func past(g gauge, until time.Time, span time.Duration, n int) []history.Column {
	cols, set := make([]history.Column, n), g.set()
	if n == 0 {
		return nil
	}
	width := span / time.Duration(n)
	for i := range cols {
		c := &cols[i]
		end := until.Truncate(width).Add(-width * time.Duration(n-1-i)) // columns stand still as time goes on
		if g.stale && until.Sub(end) < span/5 {
			continue
		}
		if g.stale && until.Sub(end) < span/4 {
			c.Gap = true
			continue
		}
		c.Min, c.Max = math.Inf(1), math.Inf(-1)
		for j := range 4 {
			v := g.value(end.Add(-width * time.Duration(j) / 4))
			c.N++
			c.Min, c.Max, c.Mean = min(c.Min, v), max(c.Max, v), c.Mean+v/4
		}
		switch k, beyond := set.Worst(set.Beyond(c.Mean), c.Mean); {
		case !beyond:
		case k.Severe():
			c.Mark = monitor.MarkCritical
		case k == threshold.Low:
			c.Mark = monitor.MarkLow
		default:
			c.Mark = monitor.MarkHigh
		}
	}
	return cols
}

// row returns how the sensor called name stands.
func row(name string, now, until time.Time, span time.Duration, n int) monitor.Row {
	g := find(name)
	r := monitor.Row{
		Name: g.name, Unit: g.unit, Status: g.status, Worst: g.worst, Unacked: g.unacked, Time: now,
		Now: g.value(now), Min: math.Inf(1), Max: math.Inf(-1), Count: 4321,
		Set: g.set().WithDeadband(math.Abs(g.level) / 80), Spark: past(g, until, span, n),
		Step: threshold.Step(math.Abs(g.level)), Noise: g.noise, Room: math.Inf(1),
	}
	if g.stale {
		r.Quality, r.Reason = quality.Stale, "no reading for 4m0s"
	}
	r.Trend = r.Now - g.value(now.Add(-monitor.TrendOver))
	filled := 0
	for _, c := range r.Spark {
		if c.N > 0 {
			r.Min, r.Max, r.Avg = min(r.Min, c.Min), max(r.Max, c.Max), r.Avg+c.Mean
			filled++
		}
	}
	r.Avg /= float64(filled)
	for k, at := range g.at {
		d := at - r.Now
		if !threshold.Kind(k).Upper() {
			d = -d
		}
		if r.Set.On(threshold.Kind(k)) && d < r.Room && (threshold.Kind(k) == g.worst || g.status > monitor.StatusLow) {
			r.Room = d
		}
	}
	if g.stale {
		r.Now, r.Trend, r.Age = 21.5, math.NaN(), 4*time.Minute+10*time.Second
		r.Time = now.Add(-r.Age)
	}
	if g.name == "oven-2" {
		r.Drive = sensors.Cool
	}
	return r
}

// alerts returns a log with a line of every kind.
func alerts() []monitor.Alert {
	none := time.Time{}
	return []monitor.Alert{
		{Seq: 9, Time: ago(65 * time.Second), Sensor: "oven-3", Threshold: threshold.Critical, Value: 95.6, On: 95, Off: 94, Unit: "°C"},
		{Seq: 8, Time: ago(130 * time.Second), Sensor: "oven-2", Threshold: threshold.High, Value: 86.4, On: 85, Off: 84, Unit: "°C"},
		{Seq: 7, Kind: monitor.AlertEscalated, Time: ago(140 * time.Second), Sensor: "oven-3", Threshold: threshold.High},
		{Seq: 6, Time: ago(200 * time.Second), Sensor: "tank-low", Threshold: threshold.Low, Value: 0.58, On: 0.6, Off: 0.62, Unit: "m"},
		{Seq: 5, Kind: monitor.AlertMoved, Time: ago(626 * time.Second), Sensor: "oven-2", Threshold: threshold.High, Old: 84, New: 85, By: "ana"},
		{Seq: 4, Kind: monitor.AlertInjected, Time: ago(11 * time.Minute), Sensor: "freezer", By: "ana", Text: "spike: one reading far off"},
		{Seq: 3, Time: ago(34 * time.Minute), Sensor: "freezer", Threshold: threshold.High, Value: -17.2, On: -16, Off: -16.5, Unit: "°C", Ended: ago(30 * time.Minute)},
		{Seq: 2, Time: ago(51 * time.Minute), Sensor: "oven-1", Threshold: threshold.High, Value: 85.6, On: 85, Off: 84, Unit: "°C", Acked: ago(50 * time.Minute), By: "ben"},
		{Seq: 1, Kind: monitor.AlertSource, Time: ago(2 * time.Hour), Text: "sim:plant came back", Ended: none},
		{Seq: 0, Time: ago(26 * time.Hour), Sensor: "roof", Threshold: threshold.High, Value: 33, On: 35, Off: 34, Unit: "°C", Ended: ago(25 * time.Hour), Acked: ago(24 * time.Hour), By: "ana"},
	}
}
