package letters

import (
	"maps"
	"slices"

	"setpoint/sensors/display"
	"setpoint/ui/screen"
)

// DryRun says, without doing it, what a retry of the marked letters, or if there
// are none of all, would send where. Of letters out of sight that were not marked
// it is not known.
func (p *Page) DryRun() []display.Safe {
	if p.snap == nil {
		return nil
	}
	to, n := map[string]int{}, len(p.marked)
	for _, node := range p.marked {
		to[node]++
	}
	if n == 0 {
		n = p.snap.LetterN
		for i := range p.snap.Letters {
			to[p.snap.Letters[i].Node]++
		}
	}
	all := display.Safe("all")
	if len(p.marked) > 0 {
		all = "marked"
	}
	lines := []display.Safe{screen.Many(n, "letter") + " (" + all + ") would be sent again:"}
	for _, node := range slices.Sorted(maps.Keys(to)) {
		n -= to[node]
		lines = append(lines, display.PadLeft(screen.Count(uint64(to[node])), 6)+" to "+display.Truncate(display.Text(node), 16)+p.how(node))
	}
	if n > 0 {
		lines = append(lines, display.PadLeft(screen.Count(uint64(n)), 6)+" to the nodes at which they failed (not in sight)")
	}
	return lines
}

// how says how a node gets an event again.
func (p *Page) how(node string) display.Safe {
	for i := range p.snap.Flow.Nodes {
		if n := &p.snap.Flow.Nodes[i]; n.Name == node && n.Step {
			return ": judged anew, as new events"
		}
	}
	return ": handled again, in the state they left"
}
