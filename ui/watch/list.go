package watch

import (
	"strings"
	"time"

	"setpoint/sensors/display"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
)

// list paints the sensors.
func (p *Page) list(a screen.Area) {
	switch {
	case p.layout.Boxed:
		a = a.Box(p.listTitle())
		a = a.Sub(-1, 0, a.W+1, a.H)
	case p.layout.Alerts.Shown():
		a.Rule(p.listTitle())
		a = a.Sub(0, 1, a.W-1, a.H-1)
	}
	heads := min(max(a.H-1, 0), 1)
	rows := a.Sub(0, heads, a.W, a.H-heads)
	p.want.Rows, p.want.Columns = rows.H, max(rows.W/3, 8)
	if why := p.why(p.Filter); why != "" {
		rows.Text(signs, min(1, rows.H-1), theme.Dim, display.Truncate(why, max(rows.W-signs, 1)))
		return
	}
	selected := p.index()
	p.cursor.follow(rows.H, selected, len(p.snap.Names))
	n := p.needs(a, p.cursor.kind)
	t := table{grid: fit(a.W, n), unit: n.unit, over: p.snap.TrendOver, marked: p.cursor.kind}
	if heads > 0 {
		t.heads(a)
	}
	for i := range min(rows.H, len(p.snap.Names)-p.cursor.first) {
		p.line(t, rows.Sub(0, i, rows.W, 1), p.cursor.first+i, p.cursor.first+i == selected)
	}
	p.spots.rows, p.spots.grid = rows, t.grid
	p.want.Columns = t.w[colTrend]
}

// unitOf returns a unit as it is shown: without the degree sign where there is none.
func unitOf(a screen.Area, unit string) display.Safe {
	if a.Theme().ASCII {
		unit = strings.ReplaceAll(unit, "°", "")
	}
	return display.Text(unit)
}

// listTitle is what stands in the border of the list.
func (p *Page) listTitle() screen.Title {
	t := screen.Title{
		Name:  screen.Span{Style: theme.Bright | theme.Bold, Text: "sensors"},
		Hints: []screen.Hint{{Key: "/", Does: "filter"}, {Key: "<>", Does: "zoom"}},
	}
	if p.Filter != "" || p.Typing {
		t.Hints[0] = screen.Hint{Key: "/" + display.Truncate(display.Text(p.Filter), 20), Does: "esc clears"}
		if p.Typing {
			t.Hints[0].Key += "▏"
		}
	}
	if p.snap == nil {
		return t
	}
	if n := len(p.snap.Names); n < p.snap.Sensors {
		t.Right = append(t.Right, screen.Span{Style: theme.Text, Text: screen.Count(uint64(n)) + " of " + screen.Count(uint64(p.snap.Sensors)) + "  "})
	}
	if span := p.snap.Span; span > 0 {
		words := "last " + screen.Length(span)
		if p.Window.Past() {
			words = screen.Length(span) + " until " + p.until()
		}
		t.Right = append(t.Right, screen.Span{Style: theme.Dim, Text: words})
	}
	return t
}

// until returns the right edge of the window of time, with its date if that is not
// the one of the newest reading.
func (p *Page) until() display.Safe {
	t, now := p.Window.until.In(p.zone), p.snap.Time.In(p.zone)
	if t.Format(time.DateOnly) == now.Format(time.DateOnly) {
		return display.Safe(t.Format("15:04:05"))
	}
	return display.Safe(t.Format("2 Jan 15:04"))
}

// line paints the sensor at index i of the names.
func (p *Page) line(t table, a screen.Area, i int, selected bool) {
	name := p.snap.Names[i]
	if selected {
		a.Rune(0, 0, theme.Accent|theme.Bold, a.Theme().Cursor)
	}
	weight := theme.Style(0)
	if selected {
		weight = theme.Bold
	}
	a.Text(t.x[colName], 0, theme.Bright|weight, display.Truncate(p.Label(name), t.w[colName]))
	if at := i - p.snap.Offset; at >= 0 && at < len(p.snap.Rows) && p.snap.Rows[at].Name == name {
		r := &p.snap.Rows[at]
		t.figures(a, r, p.set(r), selected)
	}
	if selected {
		a.Sub(0, 0, t.end(), 1).Add(theme.Select)
	}
}
