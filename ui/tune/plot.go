package tune

import (
	"math"
	"slices"

	"setpoint/sensors"
	"setpoint/sensors/history"
	"setpoint/ui/chart"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
	"setpoint/workflow/monitor"
)

type geometry = chart.Geometry

// gutter is the least width of the axis of values: of the names of the marks.
const gutter = 7

// chart paints the past with the lines of NOW and NEW, and below it when which alarms
// would have been raised. It returns for how many columns there is room.
func (p *Page) chart(a screen.Area) int {
	q, r := p.asks.quick, p.Rule()
	columns, bound := p.trimmed()
	plot := chart.Plot{
		Columns: columns, From: q.From, To: q.To, Zone: p.zone, Floor: 4 * q.Step, Left: gutter, Judge: p.judge,
		Lines: []chart.Line{
			{At: r.At, Name: "ON", Style: theme.Accent | theme.Bold, Rune: a.Theme().Double},
			{At: p.edge(r), Name: "off", Style: theme.Accent, Rune: '-', Sparse: true},
			{At: q.Now.At, Name: "now", Style: theme.Dim, Rune: a.Theme().Dot, Sparse: true},
		},
	}
	marks := marksH
	if _, ok := p.Selected(); ok && a.H >= 20 {
		marks++
	}
	p.spots.geometry = plot.Draw(a.Sub(0, 0, a.W, a.H-marks))
	t := p.spots.geometry.Trace
	p.spots.trace = t
	p.cuts(t, bound)
	m := marksOf{t.X - a.X, t.W, q.From, q.To}
	now, fresh := theme.High, theme.Critical
	if p.stale() {
		now, fresh = theme.Faint, theme.Faint
	}
	y := a.H - marks
	m.row(a, y, "now", theme.Dim, now, q.Before.Episodes)
	m.row(a, y+1, "new", theme.Accent|theme.Bold, fresh, q.After.Episodes)
	if e, ok := p.Selected(); ok {
		x := m.at(e.Raised)
		a.Rune(m.x+x, y+1, theme.Accent|theme.Bold, a.Theme().Marks)
		a.Rune(m.x+x-1, y+1, theme.Accent|theme.Bold, a.Theme().MarkRight)
		a.Rune(m.x+x+1, y+1, theme.Accent|theme.Bold, a.Theme().MarkLeft)
		if marks > marksH {
			p.alarmLine(&pen{Area: a.Sub(m.x, y+3, t.W, 1)})
		}
	}
	m.labels(a, y+2, q.Labels)
	return 2 * max(t.W, 1)
}

// trimmed returns the columns without what lies far on the normal side of the threshold,
// so that the eye has room where it matters, and where they are cut off; NaN if nowhere.
func (p *Page) trimmed() (columns []history.Column, bound float64) {
	const share, worth = 10, 0.25 // a tenth of the columns may be cut, if that frees a quarter
	columns = slices.Clone(p.asks.quick.Chart)
	sign := 1.0
	if !p.key.Kind.Upper() {
		sign = -1
	}
	var ends []float64
	most := math.Inf(-1)
	for _, c := range columns {
		if c.N > 0 {
			lo, hi := sign*c.Min, sign*c.Max
			ends, most = append(ends, min(lo, hi)), max(most, lo, hi)
		}
	}
	if len(ends) == 0 {
		return columns, math.NaN()
	}
	for _, at := range []float64{p.asks.quick.Now.At, p.Rule().At} {
		if sensors.Finite(at) {
			most = max(most, sign*at) // it is in the chart too
		}
	}
	slices.Sort(ends)
	bound = ends[len(ends)/share]
	if bound-ends[0] < worth*(most-ends[0]) {
		return columns, math.NaN()
	}
	bound *= sign
	for i := range columns {
		c := &columns[i]
		if sign > 0 {
			c.Min, c.Mean, c.Max = max(c.Min, bound), max(c.Mean, bound), max(c.Max, bound)
		} else {
			c.Min, c.Mean, c.Max = min(c.Min, bound), min(c.Mean, bound), min(c.Max, bound)
		}
	}
	return columns, bound
}

// cuts marks the columns of which trimmed has cut something off.
func (p *Page) cuts(a screen.Area, bound float64) {
	if math.IsNaN(bound) || a.H < 1 {
		return
	}
	list, upper := p.asks.quick.Chart, p.key.Kind.Upper()
	for i, c := range list {
		if c.N == 0 || upper && c.Min >= bound || !upper && c.Max <= bound {
			continue
		}
		y, sign := p.spots.geometry.Line(bound)-a.Y+1, a.Theme().Less
		if !upper {
			y, sign = y-2, a.Theme().More
		}
		a.Rune(i*a.W/len(list), min(max(y, 0), a.H-1), theme.Dim, sign)
	}
}

// judge colours a value: by whether NEW would raise it, and else whether NOW does.
func (p *Page) judge(v float64) monitor.Mark {
	beyond := func(at float64) bool {
		if p.key.Kind.Upper() {
			return v >= at
		}
		return v <= at
	}
	switch {
	case beyond(p.Rule().At):
		return monitor.MarkCritical
	case !beyond(p.asks.quick.Now.At):
		return monitor.MarkNormal
	case p.key.Kind.Upper():
		return monitor.MarkHigh
	}
	return monitor.MarkLow
}
