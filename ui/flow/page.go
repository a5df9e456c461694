// Package flow is the page of the engine itself: the graph of sources, fold and
// handlers with what flows through it, all that is known of one of these nodes, the
// queue, latencies, the accounting law with live figures, and what happened inside
// most recently.
//
// The page owns nothing but which node is selected and whether it is opened; the
// selection stays with the node. Rates are worked out from successive snapshots.
package flow

import (
	"slices"
	"time"

	"setpoint/ui/graph"
	"setpoint/ui/screen"
	"setpoint/workflow"
	"setpoint/workflow/monitor"
)

// A Page is the state of the page. Make one with [New].
type Page struct {
	snap    *monitor.Snapshot // nil before the first
	zone    *time.Location
	rates   graph.Rates
	sources []graph.Source
	nodes   []*workflow.NodeStats // the handlers
	at      int                   // the selected node: of the handlers, then the fold, then of the sources
	open    bool                  // what is known of it covers what is below the graph
	roomy   bool                  // there is room for that all the time
	spots   []spot
}

// spot is where a node was painted.
type spot struct {
	screen.Area
	at int
}

// New returns a page that shows times in the clock of zone.
func New(zone *time.Location) *Page { return &Page{zone: zone} }

// Take shows s from now on.
func (p *Page) Take(s *monitor.Snapshot) {
	p.snap = s
	p.rates.Take(s)
	p.sources = graph.Sources(s)
	p.nodes = p.nodes[:0]
	for i := range s.Flow.Nodes {
		if n := &s.Flow.Nodes[i]; !n.Step {
			p.nodes = append(p.nodes, n)
		}
	}
	p.Select(0)
}

// foldAt is the number of the fold among the nodes; the sources come after it.
func (p *Page) foldAt() int { return len(p.nodes) }

// total is how many nodes there are.
func (p *Page) total() int { return len(p.nodes) + 1 + len(p.sources) }

// Select moves the selection by n nodes: through the handlers, the fold and the
// sources.
func (p *Page) Select(n int) { p.at = max(min(p.at+n, p.total()-1), 0) }

// Across moves the selection to the next column of the graph: that of the handlers is
// the last, that of the sources the first.
func (p *Page) Across(n int) {
	columns := []int{p.foldAt() + 1, p.foldAt(), 0} // where each begins
	now := slices.IndexFunc(columns, func(from int) bool { return p.at >= from })
	if next := max(min(now+n, len(columns)-1), 0); next != now {
		p.at = columns[next]
		p.Select(0)
	}
}

// SelectPages moves the selection to the handlers or to the sources.
func (p *Page) SelectPages(halves int) {
	if p.at = 0; halves > 0 {
		p.Select(p.foldAt() + 1)
	}
}

// Open opens what is known of the selected node, or closes it, and reports whether
// that changed anything.
func (p *Page) Open(open bool) bool {
	was := p.open
	p.open = open
	return was != open && !p.roomy
}

// Closed reports whether what is known of the selected node is not in sight.
func (p *Page) Closed() bool { return !p.open && !p.roomy }

// Click selects the node at x, y of the sheet.
func (p *Page) Click(x, y int) {
	for _, s := range p.spots {
		if s.Has(x, y) {
			p.at = s.at
		}
	}
}

// Wheel moves the selection by n notches, down for n > 0.
func (p *Page) Wheel(_, _, n int) { p.Select(n) }

// Handler returns the selected handler if it is one that can be disturbed, else "".
func (p *Page) Handler() string {
	if n := p.handlerAt(p.at); n != nil && slices.Contains(monitor.Disturbable, n.Name) {
		return n.Name
	}
	return ""
}

// handlerAt returns node at if it is a handler, else nil.
func (p *Page) handlerAt(at int) *workflow.NodeStats {
	if at < len(p.nodes) {
		return p.nodes[at]
	}
	return nil
}

// source returns the selected source, nil if another node is selected.
func (p *Page) source() *graph.Source {
	if i := p.at - p.foldAt() - 1; i >= 0 && i < len(p.sources) {
		return &p.sources[i]
	}
	return nil
}
