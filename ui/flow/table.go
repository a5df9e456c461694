package flow

import (
	"time"

	"setpoint/sensors/display"
	"setpoint/ui/graph"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
)

// selected says what there is to know of the selected node in one line.
func (p *Page) selected(a screen.Area) {
	if s := p.source(); s != nil {
		x := a.Text(0, 0, theme.Dim, "source ")
		x = a.Text(x, 0, theme.Bright, screen.Tail(s.Name, 24)) + 1
		x = a.Text(x, 0, theme.Text, s.Words()+", "+screen.Many(s.Restarts, "restart"))
		if s.Err != "" {
			x = a.Text(x, 0, theme.Critical, display.Truncate(": "+s.Err, max(a.W-x, 0)))
		}
		rest := ", " + screen.Count(s.Accepted) + " readings, " + screen.Count(s.Rejected) + " rejected"
		a.Text(x, 0, theme.Text, display.Truncate(rest, max(a.W-x, 0)))
		return
	}
	n := p.handlerAt(p.at)
	if n == nil {
		graph.Pairs(a.Sub(0, 0, a.W, 1), "classify", graph.Latencies(p.snap.Flow.Fold, a.Theme().Micro)...)
		return
	}
	graph.Pairs(a.Sub(0, 0, a.W, 1), display.Truncate(display.Text(n.Name), graph.Label-1),
		graph.Pair{Name: "handled", Value: screen.Count(n.Handled) + " of " + screen.Count(n.Dispatched)},
		graph.Pair{Name: "open", Value: screen.Count(n.Open)},
		graph.Pair{Name: "dead", Value: screen.Count(n.Dead)},
		graph.Pair{Name: "shed", Value: screen.Count(n.Shed)},
		graph.Pair{Name: "retries", Value: screen.Count(n.Retries)},
		graph.Pair{Name: "abandoned", Value: screen.Count(n.Abandoned)})
}

// The columns of the table: of the names, and where each figure ends.
const tableName = 12

// table paints the figures of all nodes, then of all sources.
func (p *Page) table(a screen.Area) {
	ends := columns(a.W, 9)
	row := func(y int, st theme.Style, cells ...display.Safe) {
		for i, c := range cells {
			if ends[i] <= a.W {
				a.Right(ends[i], y, st, c)
			}
		}
	}
	row(0, theme.Dim, "SENT", "HANDLED", "OPEN", "DEAD", "SHED", "RETRY", "p50", "p99", "MAX")
	a.Text(2, 0, theme.Dim, "HANDLER")
	y := 1
	for i, n := range p.nodes {
		a.Text(2, y, graph.HandlerStyle(n.Name), display.Truncate(display.Text(n.Name), tableName-2))
		late := func(d time.Duration) display.Safe {
			if n.Latency.Max == 0 {
				return "-"
			}
			return screen.Latency(d, a.Theme().Micro)
		}
		row(y, theme.Text, screen.Count(n.Dispatched), screen.Count(n.Handled), screen.Count(n.Open), screen.Count(n.Dead),
			screen.Count(n.Shed), screen.Count(n.Retries), late(n.Latency.P50), late(n.Latency.P99), late(n.Latency.Max))
		p.cursor(a.Sub(0, y, a.W, 1), i)
		y++
	}
	p.sourceTable(a.Sub(0, y+1, a.W, a.H-y-1))
}

// columns returns where n columns of figures end in w cells, the first two being
// the widest; one that has no room ends beyond w.
func columns(w, n int) []int {
	ends, x := make([]int, n), tableName
	wide := min(max((w-tableName-7*7)/2, 9), 14)
	for i := range ends {
		if x += 8; i < 2 {
			x += wide - 8
		} else if i < 6 {
			x--
		}
		ends[i] = x
	}
	return ends
}

// sourceColumns is where the columns of the sources' table begin, or end for figures.
type sourceColumns struct{ state, policy, accepted, rejected, restarts, fault int }

// sourceTable paints what is known of the sources.
func (p *Page) sourceTable(a screen.Area) {
	c := sourceColumns{state: 20, policy: a.W, accepted: 44, rejected: 54, restarts: 64, fault: 66}
	if a.W >= 88 {
		c = sourceColumns{state: 20, policy: 44, accepted: 67, rejected: 77, restarts: 87, fault: 89}
	}
	if a.W-c.fault < len("NEWEST FAILURE") {
		c.fault = a.W
	}
	for x, head := range map[int]display.Safe{c.accepted: "READINGS", c.rejected: "REJECTED", c.restarts: "RESTARTS"} {
		if x <= a.W {
			a.Right(x, 0, theme.Dim, head)
		}
	}
	for x, head := range map[int]display.Safe{2: "SOURCE", c.state: "STATE", c.policy: "FULL QUEUE", c.fault: "NEWEST FAILURE"} {
		a.Text(x, 0, theme.Dim, display.Truncate(head, max(a.W-x, 0)))
	}
	for i := range min(len(p.sources), a.H-1) {
		s, y := &p.sources[i], i+1
		_, _, st := s.Standing(&a.Theme().Glyphs)
		a.Text(2, y, theme.Bright, screen.Tail(s.Name, c.state-3))
		a.Text(c.state, y, st, display.Truncate(s.Words(), min(c.policy, c.accepted-9)-c.state-1))
		a.Text(c.policy, y, theme.Dim, display.Truncate(display.Text(s.Overflow.String()), max(a.W-c.policy, 0)))
		a.Right(c.accepted, y, theme.Text, screen.Count(s.Accepted))
		a.Right(c.rejected, y, theme.Text, screen.Count(s.Rejected))
		a.Right(c.restarts, y, theme.Text, screen.Count(uint64(max(s.Restarts, 0))))
		a.Text(c.fault, y, theme.Critical, display.Truncate(s.Err, max(a.W-c.fault, 0)))
		p.cursor(a.Sub(0, y, a.W, 1), p.foldAt()+1+i)
	}
}
