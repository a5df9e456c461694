// Package flow is the page of the engine itself: the graph of sources, fold and
// handlers with what flows through it, the queue, latencies, the accounting law
// with live figures, and what happened inside most recently.
//
// The page owns nothing but which node is selected; the selection stays with the
// node. Rates are worked out from successive snapshots.
package flow

import (
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
	at      int                   // the selected one: of the handlers, then of the sources
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

// Select moves the selection by n nodes: through the handlers, then the sources.
func (p *Page) Select(n int) {
	p.at = max(min(p.at+n, len(p.nodes)+len(p.sources)-1), 0)
}

// SelectPages moves the selection to the handlers or to the sources.
func (p *Page) SelectPages(halves int) {
	if p.at = 0; halves > 0 {
		p.Select(len(p.nodes))
	}
}

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
	if p.at >= len(p.nodes) {
		return ""
	}
	switch name := p.nodes[p.at].Name; name {
	case "normal", "high", "low", "critical":
		return name
	}
	return ""
}

// source returns the selected source, nil if a handler is selected.
func (p *Page) source() *graph.Source {
	if i := p.at - len(p.nodes); i >= 0 && i < len(p.sources) {
		return &p.sources[i]
	}
	return nil
}
