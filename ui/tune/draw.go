package tune

import (
	"setpoint/sensors/display"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
)

// The sizes at which the page changes.
const (
	chartW, chartH = 72, 18  // below: the table alone
	wideW, wideH   = 120, 28 // from here on in boxes, side by side
	tableW         = 32
	tallH          = 38 // from here on with a box for the scope
	rightW         = 50
	marksH         = 3
)

// Draw paints the page.
func (p *Page) Draw(a screen.Area) {
	p.spots.handles, p.spots.trace = screen.Area{}, screen.Area{}
	switch {
	case p.why() != "":
		a = a.Rule(p.title(a.W, false))
		a.Text(1, min(1, a.H-1), theme.Dim, display.Truncate(p.why(), max(a.W-2, 0)))
	case a.W < chartW || a.H < chartH:
		p.small(a)
	case a.W < wideW || a.H < wideH:
		p.medium(a)
	default:
		p.large(a)
	}
}

// small paints the table, and what is suggested.
func (p *Page) small(a screen.Area) {
	a = a.Rule(p.title(a.W, false))
	foot := min(a.H/4, 2)
	p.table(a.Sub(0, 0, a.W, a.H-foot))
	foots := &pen{Area: a.Sub(0, a.H-foot, a.W, foot)}
	p.suggestion(foots)
	p.scopeLine(foots)
	p.resize(0, 0)
}

// medium paints the chart with the table beside it, and the rest in lines below.
func (p *Page) medium(a screen.Area) {
	const foot = 4
	full := a
	a = a.Rule(p.title(a.W, false))
	a = full.Sub(0, 1, full.W, a.H)
	left, h := a.W-tableW-2, a.H-foot
	curve := 0
	if !p.plain {
		curve = min(max(h/4, 3), 8)
	}
	plot := a.Sub(0, 0, left, h-curve)
	bars := 0
	columns := p.chart(plot)
	if curve > 0 {
		bars = p.curve(a.Sub(0, h-curve, left, curve))
	}
	g := &a.Theme().Glyphs
	for y := range h {
		a.Rune(left, y, theme.Faint, g.Along)
	}
	p.table(a.Sub(left+1, 0, tableW+1, h))
	a.Run(0, h, a.W, theme.Faint, g.Across)
	lines := &pen{Area: a.Sub(1, h+1, a.W-2, foot-1)}
	p.suggestion(lines)
	if !p.alarmLine(lines) {
		p.noise(lines)
	}
	p.scopeLine(lines)
	p.resize(columns, bars)
}

// large paints boxes: the chart and the curve at the left, what it means at the right.
func (p *Page) large(a screen.Area) {
	left := a.W - rightW
	curve := 0
	if !p.plain {
		curve = max(a.H*3/10, 8)
	}
	columns := p.chart(a.Sub(0, 0, left, a.H-curve).Box(p.title(left, true)))
	bars := 0
	if curve > 0 {
		bars = p.curve(a.Sub(0, a.H-curve, left, curve).Box(p.curveTitle()))
	}
	right := a.Sub(left, 0, rightW, a.H)
	table := min(len(p.rows())+4, a.H) // with the heads, a rule and the border
	p.table(right.Sub(0, 0, rightW, table).Box(p.tableTitle()))
	rest := right.Sub(0, table, rightW, a.H-table)
	if a.H < tallH {
		lines := &pen{Area: rest.Box(adviceTitle)}
		p.suggestion(lines)
		p.alarmLine(lines)
		p.noise(lines)
		p.totals(lines)
		p.scopeLine(lines)
		p.shadowLine(lines)
		p.lastLine(lines)
		p.resize(columns, bars)
		return
	}
	half := min(rest.H/2, 9)
	lines := &pen{Area: rest.Sub(0, 0, rightW, half).Box(adviceTitle)}
	p.suggestion(lines)
	lines.gap()
	p.noise(lines)
	p.evidence(lines)
	lines = &pen{Area: rest.Sub(0, half, rightW, rest.H-half).Box(scopeTitle)}
	p.scopes(lines)
	lines.gap()
	p.totals(lines)
	p.shadowLine(lines)
	p.lastLine(lines)
	p.resize(columns, bars)
}

// resize notes how much there is room for, and asks for it.
func (p *Page) resize(columns, bars int) {
	q := &p.asks
	if q.columns != columns || q.bars != bars {
		q.columns, q.bars = columns, bars
		q.want = true
	}
}

var (
	adviceTitle = screen.Title{
		Name:  screen.Span{Style: theme.Bright | theme.Bold, Text: "suggestion"},
		Hints: []screen.Hint{{Key: "g", Does: "take"}, {Key: "b", Does: "budget"}},
	}
	scopeTitle = screen.Title{
		Name:  screen.Span{Style: theme.Bright | theme.Bold, Text: "scope"},
		Hints: []screen.Hint{{Key: "o", Does: "wider"}, {Key: "D", Does: "inherit"}},
	}
)

// title is what stands over the chart.
func (p *Page) title(w int, boxed bool) screen.Title {
	t := screen.Title{Name: screen.Span{Style: theme.Dim, Text: "tune"}}
	if p.key.Sensor == "" {
		return t
	}
	t.Name = screen.Span{Style: theme.Bright | theme.Bold, Text: display.Truncate(p.Label(), max(w/3, 8)) + "  " + Word(p.key.Kind)}
	if boxed {
		t.Hints = []screen.Hint{{Key: "tab", Does: "handle"}, {Key: "[ ]", Does: "alarm"}, {Key: "<>", Does: "zoom"}}
	}
	add := func(st theme.Style, text display.Safe) { t.Right = append(t.Right, screen.Span{Style: st, Text: text}) }
	if p.Touched() {
		add(theme.High|theme.Bold, "DRY RUN")
		if boxed {
			add(theme.Dim, " nothing applied")
		}
	}
	if !p.known() {
		return t
	}
	sep := display.Safe("")
	if len(t.Right) > 0 {
		sep = "   "
	}
	if boxed {
		add(theme.Dim, sep+p.dates())
	} else {
		add(theme.Dim, sep+p.coverage())
	}
	return t
}

// why says why there is nothing to tune, "" if there is.
func (p *Page) why() display.Safe {
	q := &p.asks
	switch {
	case p.snap == nil:
		return "starting"
	case p.key.Sensor == "":
		return "no sensor yet: t on Watch or Alarms brings one here"
	case q.quick == nil && q.err != nil:
		return display.Error(q.err)
	case q.quick == nil:
		return "asking the history"
	case q.quick.Before.NoData():
		return screen.Many(q.quick.Readings, "reading") + ", none of them good: no data to learn from"
	case q.quick.Readings < fewest:
		return screen.Many(q.quick.Readings, "reading") + ": nothing to learn from yet"
	}
	return ""
}

// fewest is how many readings are a past.
const fewest = 20
