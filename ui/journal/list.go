package journal

import (
	"time"

	"setpoint/sensors/display"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
)

// A column of the list, after the cursor.
type column uint8

const (
	colID column = iota
	colTime
	colWho
	colWhat
	colWhere
	colText
	colWhy
	colEvidence
	colRevision
	colNote
	columns
)

// drops is the columns in the order in which they are left out.
var drops = []column{colEvidence, colRevision, colNote, colWhy, colID, colWho, colWhere, colWhat}

// grid is where the columns stand; one without a width is not shown.
type grid struct{ x, w [columns]int }

// fit places the columns in w cells. scope is the width of the widest scope.
func fit(w, scope int) (g grid) {
	g.w = [columns]int{4, 12, 8, 15, min(max(scope, 8), max(w/10, 10)), 31, 10, 16, 4, 11}
	if w < 110 {
		g.w[colTime] = 8
	}
	used := func() int {
		n := 2 - 1
		for _, w := range g.w {
			if w > 0 {
				n += w + 1
			}
		}
		return n
	}
	for _, c := range drops {
		if used() <= w {
			break
		}
		g.w[c] = 0
	}
	free := max(w-used(), 0)
	for _, c := range []column{colWhy, colEvidence} {
		if g.w[c] > 0 {
			g.w[c] += free / 3
			free -= free / 3
		}
	}
	g.w[colText] += free
	x := 2
	for c := range columns {
		if g.x[c] = x; g.w[c] > 0 {
			x += g.w[c] + 1
		}
	}
	return g
}

// put paints a text into column c.
func (g *grid) put(a screen.Area, c column, st theme.Style, t display.Safe) {
	t = display.Truncate(t, g.w[c])
	if c == colID || c == colRevision {
		a.Right(g.x[c]+g.w[c], 0, st, t)
		return
	}
	a.Text(g.x[c], 0, st, t)
}

// list paints the changes.
func (p *Page) list(a screen.Area) {
	heads := min(max(a.H-1, 0), 1)
	rows := a.Sub(0, heads, a.W, a.H-heads)
	p.rows, p.lines = rows, max(rows.H, 1)
	if p.snap == nil || p.snap.ChangeN == 0 {
		a.Text(2, min(1, a.H-1), theme.Dim, display.Truncate(p.why(), max(a.W-2, 0)))
		p.first = 0
		return
	}
	p.first = min(max(p.first, p.at-rows.H+1), p.at)
	p.first = max(min(p.first, p.snap.ChangeN-rows.H), 0)
	for i := range p.snap.Changes {
		p.wide = max(p.wide, display.Width(p.where(p.snap.Changes[i].Scope)))
	}
	g := fit(a.W, p.wide)
	if heads > 0 {
		for c, head := range [columns]display.Safe{"NO", "TIME", "WHO", "WHAT", "WHERE", "CHANGE (ON/OFF AT)", "WHY", "EVIDENCE", "REV", ""} {
			g.put(a, column(c), theme.Dim, head)
		}
	}
	for y := range min(rows.H, p.snap.ChangeN-p.first) {
		p.line(g, rows.Sub(0, y, rows.W, 1), p.first+y)
	}
	if p.change(p.first) == nil {
		rows.Text(2, 0, theme.Dim, display.Truncate(p.why(), max(rows.W-2, 0)))
	}
}

// why says why there is no change to show.
func (p *Page) why() display.Safe {
	switch {
	case p.snap == nil:
		return "starting"
	case p.snap.ChangeN > 0:
		return "reading the journal"
	}
	return "nothing was changed yet: moved thresholds, acknowledged and shelved alarms come here"
}

// line paints change i of all.
func (p *Page) line(g grid, a screen.Area, i int) {
	c := p.change(i)
	if c == nil {
		return
	}
	words, figures := theme.Text, theme.Bright
	if c.Undone {
		words, figures = theme.Dim, theme.Dim
	}
	what := p.text(c, a.Theme().Arrow)
	if what == "" && g.w[colWhy] == 0 {
		what = display.Text(c.Why)
	}
	if n := note(c); n != "" && g.w[colNote] == 0 {
		what = n + ": " + what
	}
	g.put(a, colID, theme.Dim, screen.Count(c.ID))
	g.put(a, colTime, theme.Dim, p.when(c.Time, g.w[colTime]))
	g.put(a, colWho, words, display.Text(c.By))
	g.put(a, colWhat, words, display.Text(c.What))
	g.put(a, colWhere, figures, p.where(c.Scope))
	g.put(a, colText, figures, what)
	g.put(a, colWhy, words, display.Text(c.Why))
	g.put(a, colEvidence, theme.Dim, display.Text(c.Evidence))
	if c.Revision > 0 {
		g.put(a, colRevision, theme.Dim, screen.Count(c.Revision))
	}
	g.put(a, colNote, theme.Returned, note(c))
	if i == p.at {
		a.Rune(0, 0, theme.Accent|theme.Bold, a.Theme().Cursor)
		a.Add(theme.Select)
	}
}

// when returns a time in w columns.
func (p *Page) when(t time.Time, w int) display.Safe {
	c := screen.Clock(t, p.now())
	if display.Width(c) > w {
		return display.Safe(t.In(p.zone).Format("2 Jan"))
	}
	return c
}
