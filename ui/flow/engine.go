package flow

import (
	"slices"

	"setpoint/sensors/display"
	"setpoint/ui/chart"
	"setpoint/ui/graph"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
)

// ledger paints the latencies and the accounting law, and returns how many lines
// that took.
func (p *Page) ledger(a screen.Area) int {
	f := &p.snap.Flow
	y := graph.Pairs(a, "latency", graph.Latencies(f.Fold, a.Theme().Micro)...)
	if p.snap.Law != nil {
		a.Text(0, y, theme.Critical|theme.Bold, display.Truncate(display.Error(p.snap.Law), a.W))
		y++
	}
	law := graph.Ledger(f)
	if f.Letters+f.Found == 0 {
		law = law[:3]
	}
	for _, eq := range law {
		y += eq.Draw(a.Sub(0, y, a.W, a.H-y))
	}
	return min(y, a.H)
}

// filled is how full the queue is and was, and how long the oldest in it has waited.
func (p *Page) filled(micro string) []graph.Pair {
	f := &p.snap.Flow
	oldest := display.Safe("-")
	if f.Oldest > 0 {
		oldest = screen.Latency(f.Oldest, micro)
	}
	return []graph.Pair{
		{Name: "depth", Value: screen.Count(f.Queued) + "/" + screen.Count(uint64(max(f.Capacity, 0)))},
		{Name: "high water", Value: screen.Count(uint64(max(f.HighWater, 0)))},
		{Name: "oldest", Value: oldest},
	}
}

// bars paints the depths of the queue, one a second, up to now at the right edge.
func (p *Page) bars(a screen.Area) {
	const floor = 8 // a few that wait are no matter
	capacity := p.snap.Flow.Capacity
	chart.Bars(a, p.snap.Depths, floor, func(n int) theme.Style {
		switch {
		case capacity > 0 && n >= capacity:
			return theme.Critical
		case n > capacity/2:
			return theme.High
		}
		return theme.Good
	})
}

// depth paints the queue in one line.
func (p *Page) depth(a screen.Area) {
	const wide = 14
	a.Text(0, 0, theme.Dim, "queue")
	p.bars(a.Sub(graph.Label, 0, wide, 1))
	x := graph.Label + wide + 2
	graph.Pairs(a.Sub(x-graph.Label, 0, a.W-x+graph.Label, 1), "", p.filled(a.Theme().Micro)...)
}

// queue paints the queue with bars as high as there is room for.
func (p *Page) queue(a screen.Area) {
	pairs := append(p.filled(a.Theme().Micro), graph.Pair{Name: "over", Value: screen.Many(len(p.snap.Depths), "second")})
	graph.Pairs(a, "waiting", pairs...)
	if slices.Max(append([]int{0}, p.snap.Depths...)) == 0 {
		a.Text(graph.Label, 2, theme.Dim, "nothing waited")
		return
	}
	p.bars(a.Sub(graph.Label, 1, min(a.W-graph.Label, 60), min(a.H-1, 10)))
}
