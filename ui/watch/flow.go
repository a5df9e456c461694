package watch

import (
	"time"

	"setpoint/sensors/display"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
	"setpoint/workflow"
	"setpoint/workflow/monitor"
)

// engine is the part of the page that shows how the engine does. It turns the
// counters of two snapshots that lie a while apart into rates.
type engine struct {
	snap   *monitor.Snapshot
	wall   time.Time
	before map[string]uint64
	per    map[string]float64 // handled a second of wall time, by node
}

// apart is how far apart the two lie at least, so that the figures can be read.
const apart = time.Second

// take counts s in.
func (e *engine) take(s *monitor.Snapshot) {
	e.snap = s
	gone := s.Wall.Sub(e.wall)
	if !e.wall.IsZero() && gone >= 0 && gone < apart {
		return
	}
	now := make(map[string]uint64, len(s.Flow.Nodes))
	per := make(map[string]float64, len(s.Flow.Nodes))
	for i := range s.Flow.Nodes {
		n := &s.Flow.Nodes[i]
		now[n.Name] = n.Handled
		if was, ok := e.before[n.Name]; ok && n.Handled >= was && gone > 0 {
			per[n.Name] = float64(n.Handled-was) / gone.Seconds()
		}
	}
	e.wall, e.before, e.per = s.Wall, now, per
}

// draw paints how the engine does: what flows through it and that nothing is
// lost on the way.
func (e *engine) draw(a screen.Area) {
	title := screen.Title{Name: screen.Span{Style: theme.Bright | theme.Bold, Text: "flow"}}
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
	for i := range e.snap.Sources {
		if i == a.H-1 && len(e.snap.Sources) > a.H {
			a.Text(0, i, theme.Dim, "and "+screen.Count(uint64(len(e.snap.Sources)-i))+" more")
			break
		}
		source(a.Sub(0, i, left, 1), &e.snap.Sources[i])
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

// source paints one source: its rate, or that it does not run.
func source(a screen.Area, s *monitor.SourceStatus) {
	st, t := theme.Dim, screen.Rate(s.Rate)
	switch s.State {
	case "running":
	case "failed":
		st, t = theme.Critical, "failed"
	default:
		t = display.Truncate(display.Text(s.State), 8)
	}
	from := a.Right(a.W-1, 0, st, t)
	a.Text(0, 0, theme.Bright, screen.Tail(display.Text(s.Name), from-1))
}

// handler paints one handler: what it handles, and how fast, unless something of it
// is open or dead.
func (e *engine) handler(a screen.Area, n *workflow.NodeStats) {
	g := &a.Theme().Glyphs
	const name, rate = 10, 18
	a.Rune(0, 0, theme.Dim, g.Cursor)
	st := map[string]theme.Style{
		"normal": theme.Good, "high": theme.High, "low": theme.Low, "critical": theme.Critical,
	}[n.Name]
	a.Text(2, 0, st, display.Truncate(display.Text(n.Name), name))
	a.Right(rate, 0, theme.Text, screen.Rate(e.per[n.Name]))
	switch {
	case n.Dead+n.Shed > 0:
		a.Right(a.W, 0, theme.Bad, screen.Count(n.Dead+n.Shed)+" dead")
	case n.Open > 0:
		a.Right(a.W, 0, theme.High, screen.Count(n.Open)+" open")
	case n.Handled > 0:
		a.Right(a.W, 0, theme.Dim, screen.Latency(n.Latency.P99, g.Micro))
	}
}

// ledger paints latencies, the accounting law and the queue.
func (e *engine) ledger(a screen.Area) {
	f, g := &e.snap.Flow, &a.Theme().Glyphs
	line := 0
	label := func(name display.Safe) int {
		line++
		a.Text(0, line-1, theme.Dim, name)
		return 10
	}
	pair := func(x int, name, value display.Safe) int {
		x = a.Text(x, line-1, theme.Dim, name+" ")
		return a.Text(x, line-1, theme.Bright, value) + 2
	}
	x := label("latency")
	for _, q := range []struct {
		name display.Safe
		d    time.Duration
	}{{"p50", f.Fold.P50}, {"p90", f.Fold.P90}, {"p99", f.Fold.P99}, {"max", f.Fold.Max}} {
		x = pair(x, q.name, screen.Latency(q.d, g.Micro))
	}
	x = label("queue")
	x = pair(x, "waiting", screen.Count(f.Queued)+"/"+screen.Count(uint64(max(f.Capacity, 0))))
	pair(x, "highest", screen.Count(uint64(max(f.HighWater, 0))))
	e.received(a, label("received"), &line)
	x = label("handled")
	x = a.Text(x, line-1, theme.Bright, screen.Count(f.Handled))
	x = a.Text(x, line-1, theme.Dim, " of ")
	x = a.Text(x, line-1, theme.Bright, screen.Count(f.Dispatched)) + 2
	for _, c := range []struct {
		n    uint64
		name display.Safe
		st   theme.Style
	}{{f.Open, "open", theme.Dim}, {f.DeadHandler, "dead", theme.Bad}, {f.Shed, "shed", theme.Bad}} {
		if c.n > 0 {
			x = a.Text(x, line-1, c.st, screen.Count(c.n)+" "+c.name) + 2
		}
	}
	if e.snap.Law != nil {
		a.Text(label("law"), line-1, theme.Critical|theme.Bold, display.Truncate(display.Error(e.snap.Law), max(a.W-10, 0)))
	}
}

// received paints what became of the readings, the parts that are nought left out.
func (e *engine) received(a screen.Area, x int, line *int) {
	f, y := &e.snap.Flow, *line-1
	x = a.Text(x, y, theme.Bright, screen.Count(f.Received))
	x = a.Text(x, y, theme.Dim, " = ")
	for i, c := range []struct {
		n    uint64
		name display.Safe
		st   theme.Style
	}{
		{f.Folded, "judged", theme.Dim},
		{f.Coalesced, "coalesced", theme.Dim},
		{f.DroppedOldest + f.DroppedNewest, "dropped", theme.High},
		{f.Late, "late", theme.High},
		{f.DeadFold, "dead", theme.Bad},
		{f.Queued, "waiting", theme.Dim},
	} {
		if c.n == 0 && i > 0 {
			continue
		}
		t := screen.Count(c.n) + " " + c.name
		if i > 0 {
			t = " + " + t
		}
		if x+a.Width(t) > a.W {
			x, y = 9, y+1
			*line++
		}
		x = a.Text(x, y, c.st, t)
	}
}
