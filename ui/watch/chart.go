package watch

import (
	"time"

	"setpoint/sensors"
	"setpoint/sensors/display"
	"setpoint/sensors/threshold"
	"setpoint/ui/chart"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
	"setpoint/workflow/monitor"
)

// chart paints the past of the selected sensor.
func (p *Page) chart(a screen.Area) {
	title := screen.Title{
		Name:  screen.Span{Style: theme.Dim, Text: "chart"},
		Hints: []screen.Hint{{Key: "h l", Does: "threshold"}, {Key: "+ -", Does: "move"}},
	}
	var c *monitor.Chart
	if p.snap != nil && p.snap.Chart != nil && len(p.snap.Names) > 0 {
		c = p.snap.Chart
		title.Name = screen.Span{Style: theme.Bright | theme.Bold, Text: display.Truncate(p.Label(c.Row.Name), max(a.W/2, 8))}
		title.Right = p.whatIf(a, &c.Row, span(c, p.zone))
	}
	if !p.layout.Boxed {
		if c != nil {
			title.Hints, title.Right = nil, p.whatIf(a, &c.Row, edges(c, p.cursor.kind, p.set(&c.Row)))
		}
		a = a.Rule(title)
	} else if a = a.Box(title); c != nil {
		x := 0
		for _, s := range edges(c, p.cursor.kind, p.set(&c.Row)) {
			x = a.Text(x, 0, s.Style, s.Text)
		}
		a = a.Sub(0, 1, a.W, a.H-1)
	}
	p.spots.chart = a
	p.want.ChartColumns = 2 * max(a.W-6, 1)
	if c == nil {
		a.Text(1, min(1, a.H-1), theme.Dim, "no sensor is selected")
		return
	}
	p.plot(a, c)
}

// plot paints the trace, or says that there is none.
func (p *Page) plot(a screen.Area, c *monitor.Chart) {
	plot := chart.Plot{
		Columns: c.Columns, From: c.From, To: c.To, Zone: p.zone,
		Set: p.set(&c.Row), Marked: p.cursor.kind, Floor: least(&c.Row),
	}
	p.spots.geometry = plot.Draw(a)
	t := p.spots.geometry.Trace
	p.want.ChartColumns = 2 * max(t.W, 1)
	for _, col := range c.Columns {
		if col.N > 0 || col.Gap {
			return
		}
	}
	why := display.Safe("no reading in this window of time")
	if c.Row.Status == monitor.StatusWaiting {
		why = "waiting for its first reading"
	}
	why = display.Truncate(why, t.W)
	t.Text((t.W-t.Width(why))/2, t.H/2, theme.Dim, why)
}

// span returns the window of time in words.
func span(c *monitor.Chart, zone *time.Location) []screen.Span {
	if c.To.IsZero() || !c.From.Before(c.To) {
		return nil
	}
	layout := "15:04"
	switch d := c.To.Sub(c.From); {
	case d <= 10*day/(24*60): // ten minutes
		layout = "15:04:05"
	case d > day:
		layout = "2 Jan 15:04"
	}
	from, to := c.From.In(zone).Format(layout), c.To.In(zone).Format(layout)
	return []screen.Span{{Style: theme.Dim, Text: display.Safe(from + " - " + to)}}
}

// edges tells threshold k of set as two figures, on and off, and what acts on
// the sensor.
func edges(c *monitor.Chart, k threshold.Kind, set threshold.Set) []screen.Span {
	dec := screen.Decimals(c.Row.Step)
	out := []screen.Span{{Style: theme.Accent | theme.Bold, Text: word(k)}}
	add := func(st theme.Style, t display.Safe) { out = append(out, screen.Span{Style: st, Text: t}) }
	on, off := display.Safe(" on above "), display.Safe(" off below ")
	if !k.Upper() {
		on, off = " on below ", " off above "
	}
	if set.On(k) {
		add(theme.Dim, on)
		add(theme.Bright|theme.Bold, screen.Number(set[k].At, dec, 12))
		add(theme.Dim, off)
		add(theme.Bright|theme.Bold, screen.Number(set.OffEdge(k), max(dec, screen.Decimals(set[k].Deadband)), 12))
	} else {
		add(theme.Dim, " is off: + sets it")
	}
	if c.Row.Drive != sensors.Idle {
		add(theme.Low, "  "+display.Safe(c.Row.Drive.String()))
	}
	if c.Row.Fault != "" {
		add(theme.Bad, "  injected "+display.Text(c.Row.Fault))
	}
	return out
}
