package watch

import (
	"slices"

	"setpoint/sensors/display"
	"setpoint/ui/graph"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
	"setpoint/workflow"
	"setpoint/workflow/monitor"
)

// engine is the part of the page that shows how the engine does.
type engine struct {
	snap  *monitor.Snapshot
	rates graph.Rates
}

// take counts s in.
func (e *engine) take(s *monitor.Snapshot) {
	e.snap = s
	e.rates.Take(s)
}

// draw paints how the engine does: what flows through it and that nothing is
// lost on the way.
func (e *engine) draw(a screen.Area) {
	title := screen.Title{
		Name:  screen.Span{Style: theme.Bright | theme.Bold, Text: "flow"},
		Hints: []screen.Hint{{Key: "4", Does: "open"}},
	}
	if e.snap == nil {
		a.Box(title).Text(0, 1, theme.Dim, "starting")
		return
	}
	title.Right = []screen.Span{{Style: theme.Good, Text: "law holds"}}
	if e.snap.Law != nil {
		title.Right = []screen.Span{{Style: theme.Critical | theme.Bold, Text: "law broken"}}
	}
	a = a.Box(title)
	graph := min(max(len(e.snap.Flow.Nodes)-1, len(e.snap.Sources), 4), max(a.H-6, 3))
	e.graph(a.Sub(0, 0, a.W, graph))
	e.ledger(a.Sub(0, graph+1, a.W, a.H-graph-1))
}

// graph paints sources -> classify -> handlers, with what passes through each.
func (e *engine) graph(a screen.Area) {
	g := &a.Theme().Glyphs
	const left, handlers = 18, 32
	sources := graph.Sources(e.snap)
	for i := range sources {
		if i == a.H-1 && len(sources) > a.H {
			a.Text(0, i, theme.Dim, "and "+screen.Count(uint64(len(sources)-i))+" more")
			break
		}
		_, word, st := sources[i].Standing(g)
		from := a.Right(left-1, i, st, display.Truncate(word, 10))
		a.Text(0, i, theme.Bright, screen.Tail(sources[i].Name, from-1))
	}
	a.Rune(left, 0, theme.Faint, g.Across)
	a.Rune(left+1, 0, theme.Dim, g.Cursor)
	x := a.Text(left+3, 0, theme.Bright, "classify")
	a.Right(x, 1, theme.Dim, screen.Latency(e.snap.Flow.Fold.P50, g.Micro))
	line := 0
	for i := range e.snap.Flow.Nodes {
		n := &e.snap.Flow.Nodes[i]
		if n.Step || line == a.H {
			continue
		}
		r := g.Branch
		switch {
		case line == 0:
			a.Rune(x+1, 0, theme.Faint, g.Across)
			r = g.Fork
		case line == a.H-1, i == len(e.snap.Flow.Nodes)-1:
			r = g.Last
		}
		a.Rune(handlers-1, line, theme.Faint, r)
		e.handler(a.Sub(handlers, line, min(a.W-handlers, 30), 1), n)
		line++
	}
	if line == 0 {
		a.Text(handlers, 0, theme.Dim, "no handler yet")
	}
}

// handler paints one handler: what it handles, and how fast, unless something of it
// is open or dead.
func (e *engine) handler(a screen.Area, n *workflow.NodeStats) {
	g := &a.Theme().Glyphs
	const name, rate = 10, 18
	a.Rune(0, 0, theme.Dim, g.Cursor)
	a.Text(2, 0, graph.HandlerStyle(n.Name), display.Truncate(display.Text(n.Name), name))
	a.Right(rate, 0, theme.Text, screen.Rate(e.rates.Handled(n.Name)))
	switch {
	case n.Dead+n.Shed > 0:
		a.Right(a.W, 0, theme.Bad, screen.Count(n.Dead+n.Shed)+" dead")
	case n.Open > 0:
		a.Right(a.W, 0, theme.High, screen.Count(n.Open)+" open")
	case n.Handled > 0:
		a.Right(a.W, 0, theme.Dim, screen.Latency(n.Latency.P99, g.Micro))
	}
}

// ledger paints latencies, the queue and the accounting law.
func (e *engine) ledger(a screen.Area) {
	f := &e.snap.Flow
	const tail = 3 // p99.9 is for the page of the flow
	graph.Pairs(a, "latency", slices.Delete(graph.Latencies(f.Fold, a.Theme().Micro), tail, tail+1)...)
	a = a.Sub(0, 1, a.W, a.H-1)
	graph.Pairs(a, "queue",
		graph.Pair{Name: "waiting", Value: screen.Count(f.Queued) + "/" + screen.Count(uint64(max(f.Capacity, 0)))},
		graph.Pair{Name: "highest", Value: screen.Count(uint64(max(f.HighWater, 0)))})
	y := 1
	for _, eq := range graph.Ledger(f)[1:3] {
		y += eq.Draw(a.Sub(0, y, a.W, a.H-y))
	}
	if e.snap.Law != nil {
		a.Text(0, y, theme.Critical|theme.Bold, display.Truncate("law  "+display.Error(e.snap.Law), a.W))
	}
}
