package letters

import (
	"setpoint/sensors/display"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
	"setpoint/workflow/monitor"
)

// The sizes at which the page changes.
const (
	smallW, smallH = 60, 12 // below: the list alone
	wideW, wideH   = 120, 28
	detailW        = 56
	detailH        = 10
)

// Draw paints the page.
func (p *Page) Draw(a screen.Area) {
	switch {
	case a.W < smallW || a.H < smallH:
		p.list(a)
	case a.W < wideW || a.H < wideH:
		h := min(detailH, a.H/2)
		p.list(a.Sub(0, 1, a.W, a.H-h-1))
		a.Rule(p.title())
		p.detail(a.Sub(0, a.H-h, a.W, h).Rule(p.detailTitle()))
	default:
		w := max(a.W*4/10, detailW)
		p.list(a.Sub(0, 0, a.W-w, a.H).Box(p.title()))
		p.detail(a.Sub(a.W-w, 0, w, a.H).Box(p.detailTitle()))
	}
}

// title is what stands over the list.
func (p *Page) title() screen.Title {
	t := screen.Title{
		Name: screen.Span{Style: theme.Bright | theme.Bold, Text: "dead letters"},
		Hints: []screen.Hint{
			{Key: "r", Does: "retry"}, {Key: "R", Does: "marked or all"}, {Key: "D", Does: "dry run"}, {Key: "d", Does: "drop"}, {Key: "x", Does: "export"},
		},
	}
	if p.snap == nil {
		return t
	}
	if n := len(p.marked); n > 0 {
		t.Right = append(t.Right, screen.Span{Style: theme.Accent | theme.Bold, Text: screen.Count(uint64(n)) + " marked  "})
	}
	t.Right = append(t.Right, screen.Span{Style: theme.Dim, Text: screen.Many(p.snap.LetterN, "letter")})
	if lost := p.snap.Flow.Lost; lost > 0 {
		t.Right = append(t.Right, screen.Span{Style: theme.Critical | theme.Bold, Text: "  " + screen.Count(lost) + " lost"})
	}
	return t
}

// why says why there is no letter to show.
func (p *Page) why() display.Safe {
	switch {
	case p.snap == nil:
		return "starting"
	case p.snap.LetterN > 0:
		return "reading the dead letters"
	case p.snap.Flow.Redriven+p.snap.Flow.DroppedLetters > 0:
		return "no dead letters: " + screen.Count(p.snap.Flow.Redriven) + " were sent again, " + screen.Count(p.snap.Flow.DroppedLetters) + " dropped"
	}
	return "no dead letters: every event was handled"
}

// The columns of the list, after the cursor and the mark.
const (
	colAge   = 3
	colNode  = 10
	colWhy   = 22
	colTries = 32
	colName  = 39
	colErr   = 20 // behind the name, where there is room for both
	leastErr = 10
)

// list paints the letters.
func (p *Page) list(a screen.Area) {
	heads := min(max(a.H-1, 0), 1)
	rows := a.Sub(0, heads, a.W, a.H-heads)
	p.rows, p.lines = rows, max(rows.H, 1)
	if p.snap == nil || p.snap.LetterN == 0 {
		a.Text(2, min(1, a.H-1), theme.Dim, display.Truncate(p.why(), max(a.W-2, 0)))
		p.first = 0
		return
	}
	if heads > 0 {
		for x, head := range map[int]display.Safe{colAge + 2: "AGE", colNode: "NODE", colWhy: "REASON", colTries: "TRIES", colName: "SENSOR"} {
			a.Text(x, 0, theme.Dim, head)
		}
		if a.W-colName > colErr+leastErr {
			a.Text(colName+colErr, 0, theme.Dim, "ERROR")
		}
	}
	p.first = min(max(p.first, p.at-rows.H+1), p.at)
	p.first = max(min(p.first, p.snap.LetterN-rows.H), 0)
	for y := range min(rows.H, p.snap.LetterN-p.first) {
		p.line(rows.Sub(0, y, rows.W, 1), p.first+y)
	}
	if p.letter(p.first) == nil {
		rows.Text(colAge, 0, theme.Dim, display.Truncate(p.why(), max(rows.W-colAge, 0)))
	}
}

// line paints letter i of all.
func (p *Page) line(a screen.Area, i int) {
	g := &a.Theme().Glyphs
	weight := theme.Style(0)
	if i == p.at {
		weight = theme.Bold
		a.Rune(0, 0, theme.Accent|theme.Bold, g.Cursor)
	}
	if l := p.letter(i); l != nil {
		if _, on := p.marked[l.ID]; on {
			a.Rune(1, 0, theme.Accent|theme.Bold, '*')
		}
		a.Right(colAge+5, 0, theme.Dim, screen.Ago(p.snap.Wall.Sub(l.At)))
		a.Text(colNode, 0, theme.Text, display.Truncate(display.Text(l.Node), colWhy-colNode-1))
		why, st := display.Text(l.Reason), theme.Critical
		if l.Claimed {
			why, st = "on its way", theme.Accent
		}
		a.Text(colWhy, 0, st, display.Truncate(why, colTries-colWhy))
		a.Right(colTries+5, 0, theme.Bright, tries(l))
		room := a.W - colName
		if room > colErr+leastErr {
			a.Text(colName+colErr, 0, theme.Dim, display.Truncate(display.Text(l.Err), room-colErr))
			room = colErr - 1
		}
		a.Text(colName, 0, theme.Bright|weight, display.Truncate(p.namer.Label(l.Sensor), max(room, 0)))
	}
	if i == p.at {
		a.Add(theme.Select)
	}
}

// tries says how often it was tried.
func tries(l *monitor.Letter) display.Safe {
	t := screen.Count(uint64(max(l.Attempts, 0)))
	if l.Redrives > 0 {
		t += "+" + screen.Count(uint64(l.Redrives))
	}
	return t
}
