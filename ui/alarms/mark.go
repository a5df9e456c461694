package alarms

import (
	"cmp"
	"maps"
	"slices"

	"setpoint/workflow/monitor"
)

// Mark marks the selected alarm, or takes its mark away, and goes to the next.
func (p *Page) Mark() {
	r := p.Selected()
	if r == nil {
		return
	}
	if p.marked[r.AlarmKey] {
		delete(p.marked, r.AlarmKey)
	} else {
		p.marked[r.AlarmKey] = true
	}
	p.Select(1)
}

// Unmark takes all marks away, and reports whether there were any.
func (p *Page) Unmark() bool {
	any := len(p.marked) > 0
	clear(p.marked)
	return any
}

// Marked reports whether there are marks in sight.
func (p *Page) Marked() bool { return len(p.marked) > 0 && !p.full }

// Targets returns the marked alarms or, without marks in sight, the selected one.
func (p *Page) Targets() []monitor.AlarmKey {
	if p.Marked() {
		return slices.SortedFunc(maps.Keys(p.marked), func(a, b monitor.AlarmKey) int {
			return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Sensor, b.Sensor))
		})
	}
	if r := p.Selected(); r != nil {
		return []monitor.AlarmKey{r.AlarmKey}
	}
	return nil
}

// Unacked returns the alarms in sight that nobody has acknowledged.
func (p *Page) Unacked() (keys []monitor.AlarmKey) {
	for i := p.first; i < p.first+p.lines; i++ {
		if r := p.row(i); r != nil && r.Unacked && (!p.full || r.AlarmKey == p.key) {
			keys = append(keys, r.AlarmKey)
		}
	}
	return keys
}
