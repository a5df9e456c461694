package flow

import (
	"setpoint/sensors/display"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
)

// The sizes at which the page changes.
const (
	smallW, smallH = 60, 12  // below: a list of the nodes alone
	wideW, wideH   = 120, 28 // from here on side by side
	leastRight     = 58
)

// Draw paints the page.
func (p *Page) Draw(a screen.Area) {
	p.spots = p.spots[:0]
	p.roomy = a.W >= wideW && a.H >= wideH
	switch {
	case p.snap == nil:
		a.Text(1, min(1, a.H-1), theme.Dim, "starting")
	case p.open && (a.W < smallW || a.H < smallH):
		p.detail(a.Rule(p.detailTitle()))
	case a.W < smallW || a.H < smallH:
		p.list(a)
	case !p.roomy:
		p.stacked(a)
	default:
		p.beside(a)
	}
}

// title is what stands over the graph.
func (p *Page) title() screen.Title {
	t := screen.Title{
		Name:  screen.Span{Style: theme.Bright | theme.Bold, Text: "flow"},
		Hints: []screen.Hint{{Key: "f", Does: "fault"}, {Key: "space", Does: "pause"}, {Key: "x", Does: "export"}},
		Right: []screen.Span{{Style: theme.Dim, Text: "revision " + screen.Count(p.snap.Revision)}},
	}
	if p.snap.Paused {
		t.Hints = []screen.Hint{{Key: "space", Does: "run"}, {Key: "s", Does: "step"}}
	}
	return t
}

// titled returns a title of a name alone.
func titled(name display.Safe) screen.Title {
	return screen.Title{Name: screen.Span{Style: theme.Bright | theme.Bold, Text: name}}
}

// law is the title of the ledger, with whether the law holds.
func (p *Page) law() screen.Title {
	t := titled("ledger")
	t.Right = []screen.Span{{Style: theme.Good, Text: "law holds"}}
	if p.snap.Law != nil {
		t.Right = []screen.Span{{Style: theme.Critical | theme.Bold, Text: "law broken"}}
	}
	return t
}

// stacked paints the parts below each other: the graph, the selected node in a line,
// the engine, and in what is left the transitions; or all of the node.
func (p *Page) stacked(a screen.Area) {
	inner := a.Rule(p.title())
	y := p.findings(inner)
	h := min(p.graphLines(), inner.H-y)
	p.graph(inner.Sub(0, y, inner.W, h))
	y += h
	p.selected(inner.Sub(0, y, inner.W, 1))
	a = a.Sub(0, 1+y+1, a.W, a.H-y-2)
	if p.open {
		p.detail(a.Rule(p.detailTitle()))
		return
	}
	inner = a.Rule(p.law())
	p.depth(inner)
	y = 2 + p.ledger(inner.Sub(0, 1, inner.W, inner.H-1))
	p.recent(a.Sub(0, y, a.W, a.H-y).Rule(titled("recent")))
}

// beside puts the graph, a table of the nodes and the queue to the left of the
// ledger, the selected node and the transitions.
func (p *Page) beside(a screen.Area) {
	right := max(a.W*4/10, leastRight)
	left := a.W - right
	top := min(p.graphLines()+3+2*len(p.snap.Findings), a.H*6/10)
	inner := a.Sub(0, 0, left, top).Box(p.title())
	y := p.findings(inner)
	p.graph(inner.Sub(0, y, inner.W, inner.H-y-1))
	p.selected(inner.Sub(0, inner.H-1, inner.W, 1))
	nodes := min(len(p.nodes)+min(len(p.sources), 8)+5, a.H-top)
	p.table(a.Sub(0, top, left, nodes).Box(titled("nodes")))
	if queue := a.Sub(0, top+nodes, left, a.H-top-nodes); queue.H > 3 {
		p.queue(queue.Box(titled("queue")))
	}
	const ledger = 13
	y = ledger
	p.ledger(a.Sub(left, 0, right, y).Box(p.law()))
	p.detail(a.Sub(left, y, right, detailH+2).Box(p.detailTitle()))
	if y += detailH + 2; a.H-y > 3 {
		p.recent(a.Sub(left, y, right, a.H-y).Box(titled("recent")))
	}
}

// findings paints what is wrong with the run, and returns how many lines it took.
func (p *Page) findings(a screen.Area) (lines int) {
	for _, f := range p.snap.Findings {
		if lines >= a.H/4 {
			break
		}
		a.Rune(0, lines, theme.Critical|theme.Bold, a.Theme().Up)
		since := screen.Ago(p.snap.Wall.Sub(f.Since))
		a.Text(2, lines, theme.Critical|theme.Bold, display.Truncate(display.Text(f.Text), max(a.W-9, 0)))
		a.Right(a.W, lines, theme.Dim, since)
		lines++
	}
	return lines
}

// list paints the nodes alone, where there is no room for more.
func (p *Page) list(a screen.Area) {
	y := 0
	if len(p.snap.Findings) > 0 {
		a.Text(0, y, theme.Critical|theme.Bold, display.Truncate(display.Text(p.snap.Findings[0].Text), a.W))
		y++
	}
	if p.snap.Law != nil {
		a.Text(0, y, theme.Critical|theme.Bold, "law broken")
		y++
	}
	a.W = min(a.W, smallW)
	total := p.total()
	room := a.H - y
	first := max(min(p.at-room/2, total-room), 0)
	for i := range min(room, total-first) {
		row := a.Sub(0, y+i, a.W, 1)
		switch at := first + i; {
		case at < p.foldAt():
			p.handler(row.Sub(2, 0, row.W-2, 1), at)
			p.cursor(row, at)
		case at == p.foldAt():
			x := row.Text(2, 0, theme.Bright|theme.Bold, "classify") + 1
			row.Text(x, 0, theme.Text, screen.Rate(p.snap.Rate))
			p.cursor(row, at)
		default:
			p.sourceLine(row, at-p.foldAt()-1)
		}
	}
}
