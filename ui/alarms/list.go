package alarms

import (
	"slices"
	"strings"

	"setpoint/sensors/display"
	"setpoint/sensors/threshold"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
	"setpoint/workflow/monitor"
)

// title is what stands over the list.
func (p *Page) title() screen.Title {
	t := screen.Title{
		Name: screen.Span{Style: theme.Bright | theme.Bold, Text: "alarms"},
		Hints: []screen.Hint{
			{Key: "a", Does: "acknowledge"},
			{Key: "A", Does: "all shown"},
			{Key: "s", Does: "shelve"},
			{Key: "o", Does: "out of service"},
			{Key: "v", Does: "verdict"},
		},
	}
	if p.Filter != "" || p.Typing {
		t.Hints = []screen.Hint{{Key: "/" + display.Truncate(display.Text(p.Filter), 20), Does: "esc clears"}}
		if p.Typing {
			t.Hints[0].Key += "▏"
		}
	}
	if p.snap == nil {
		return t
	}
	if n := len(p.marked); n > 0 {
		t.Right = append(t.Right, screen.Span{Style: theme.Accent | theme.Bold, Text: screen.Count(uint64(n)) + " marked  "})
	}
	if n := p.snap.Unacked; n > 0 {
		t.Right = append(t.Right, screen.Span{Style: theme.High | theme.Bold, Text: screen.Count(uint64(n)) + " unacked  "})
	}
	t.Right = append(t.Right, screen.Span{Style: theme.Dim, Text: screen.Many(p.snap.AlarmsN, "alarm") + " listed"})
	return t
}

// why says why there is no alarm to show.
func (p *Page) why() display.Safe {
	switch {
	case p.snap == nil:
		return "starting"
	case p.snap.AlarmsN > 0:
		return "reading the alarms"
	case p.snap.View.AlarmFilter != "":
		return "no alarm of a sensor that matches " + display.Text(display.Quote(p.Filter))
	case p.snap.Time.IsZero():
		return "no alarm: no reading has come yet"
	case p.snap.Today > 0:
		return "no alarm is on, pending, unacknowledged or shelved: " + screen.Many(p.snap.Today, "alarm") + " in the last 24 hours"
	}
	return "no alarm is on, pending, unacknowledged or shelved, and none was in the last 24 hours"
}

// list paints the alarms.
func (p *Page) list(a screen.Area) {
	heads := min(max(a.H-1, 0), 1)
	rows := a.Sub(0, heads, a.W, a.H-heads)
	p.rows, p.lines = rows, max(rows.H, 1)
	if p.snap == nil || p.snap.AlarmsN == 0 {
		a.Text(2, min(1, a.H-1), theme.Dim, display.Truncate(p.why(), max(a.W-2, 0)))
		p.first = 0
		return
	}
	p.follow()
	actions := false
	for i := range p.snap.Alarms {
		r := &p.snap.Alarms[i]
		p.wide = max(p.wide, display.Width(p.namer.Label(r.Sensor)))
		actions = actions || r.Advice.Action != ""
	}
	g := fit(a.W, p.wide, actions)
	if heads > 0 {
		g.heads(a)
	}
	for y := range min(rows.H, p.snap.AlarmsN-p.first) {
		p.line(g, rows.Sub(0, y, rows.W, 1), p.first+y)
	}
	if p.row(p.first) == nil {
		rows.Text(begins, 0, theme.Dim, display.Truncate(p.why(), max(rows.W-begins, 0)))
	}
}

// units is the width of the units, where they are shown, and the blank before them.
const units = 4

// figures are the columns whose text ends under the end of its head.
var figures = []column{colFor, colValue, colEdges, colDay}

// heads paints the columns' heads.
func (g *grid) heads(a screen.Area) {
	for c, head := range [columns]display.Safe{
		"SENSOR", "ALARM", "ACTION", "STATE", "FOR", "VALUE", "ON/OFF AT", "N/24h", "ACKED BY", "VERDICT",
	} {
		if c := column(c); c == colValue && !g.brief && g.w[c] > 0 {
			a.Right(g.x[c]+g.w[c]-units, 0, theme.Dim, head)
		} else {
			g.put(a, c, theme.Dim, head)
		}
	}
}

// put paints a text into column c.
func (g *grid) put(a screen.Area, c column, st theme.Style, t display.Safe) {
	w := g.w[c]
	if t = display.Truncate(t, w); w > 0 && slices.Contains(figures, c) {
		a.Right(g.x[c]+w, 0, st, t)
	} else if w > 0 {
		a.Text(g.x[c], 0, st, t)
	}
}

// line paints alarm i of all.
func (p *Page) line(g grid, a screen.Area, i int) {
	r := p.row(i)
	if r == nil {
		return
	}
	chosen := r.AlarmKey == p.key
	weight := bold(chosen)
	if chosen {
		a.Rune(0, 0, theme.Accent|theme.Bold, a.Theme().Cursor)
	}
	if p.marked[r.AlarmKey] {
		a.Rune(1, 0, theme.Accent|theme.Bold, '*')
	}
	st := p.stands(&a.Theme().Glyphs, r)
	a.Rune(begins-2, 0, st.Style, st.sign)
	g.put(a, colSensor, theme.Bright|weight, p.namer.Label(r.Sensor))
	g.put(a, colAlarm, st.Style, word(r.Kind))
	g.put(a, colAction, theme.Bright|weight, display.Text(r.Advice.Action))
	if g.brief {
		st.text = st.brief
	}
	g.put(a, colState, st.Style, st.text)
	p.numbers(g, a, r, st.Style)
	g.put(a, colAcked, theme.Dim, p.ackedBy(r))
	g.put(a, colVerdict, theme.Text, display.Safe(r.Verdict.String()))
	if chosen {
		a.Add(theme.Select)
	}
}

// numbers paints the figures of r.
func (p *Page) numbers(g grid, a screen.Area, r *monitor.AlarmRow, st theme.Style) {
	g.put(a, colFor, theme.Dim, screen.Ago(r.For))
	if !r.Cond.On() {
		st = theme.Bright
	}
	if end := g.x[colValue] + g.w[colValue]; g.w[colValue] > 0 && g.brief {
		a.Right(end, 0, st, screen.Reading(r.Value))
	} else if g.w[colValue] > 0 {
		a.Right(end-units, 0, st, screen.Reading(r.Value))
		a.Text(end-units+1, 0, theme.Dim, display.Truncate(unit(a, r), units-1))
	}
	edges := screen.Edges(r.On, r.Off)
	if r.Kind == threshold.Stale {
		edges = "-"
	}
	g.put(a, colEdges, theme.Text, edges)
	g.put(a, colDay, theme.Text, screen.Count(uint64(max(r.Day, 0))))
}

// unit returns the unit of r as it is shown: without the degree sign where there is
// none.
func unit(a screen.Area, r *monitor.AlarmRow) display.Safe {
	if a.Theme().ASCII {
		return display.Text(strings.ReplaceAll(r.Unit, "°", ""))
	}
	return display.Text(r.Unit)
}
