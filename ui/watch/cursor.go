package watch

import (
	"setpoint/sensors/threshold"
	"setpoint/workflow/monitor"
)

// Select moves the selection by n lines.
func (p *Page) Select(n int) {
	if p.snap == nil || len(p.snap.Names) == 0 {
		return
	}
	i := min(max(p.index()+n, 0), len(p.snap.Names)-1)
	p.cursor.sensor, p.cursor.loose = p.snap.Names[i], false
}

// SelectPages moves the selection by halves of the list's height.
func (p *Page) SelectPages(halves int) {
	p.Select(halves * max(p.want.Rows/2, 1))
}

// NextAlarm moves the selection to the next line, or for n < 0 the one before it,
// whose sensor is not normal, and around at the ends. It reports whether there is
// one that passes the filter.
func (p *Page) NextAlarm(n int) bool {
	if p.snap == nil {
		return false
	}
	all, at := p.snap.Statuses, p.index()
	for i := range all {
		next := ((at+n*(i+1))%len(all) + len(all)) % len(all)
		if all[next] < monitor.StatusNormal {
			p.cursor.sensor, p.cursor.loose = p.snap.Names[next], false
			return true
		}
	}
	return false
}

// follow scrolls a list of n lines so that line i of all is in sight, unless it was
// scrolled away.
func (c *cursor) follow(n, i, all int) {
	if !c.loose {
		c.first = min(max(c.first, i-n+1), i)
	}
	c.first = max(min(c.first, all-n), 0)
}

// Unacked returns the sensors in sight in s with an alarm that nobody has
// acknowledged.
func Unacked(s *monitor.Snapshot) []string {
	var out []string
	if s == nil {
		return nil
	}
	for i := range s.Rows {
		if s.Rows[i].Unacked {
			out = append(out, s.Rows[i].Name)
		}
	}
	return out
}

// Pin selects the first sensor if none was selected, because the hand does
// something to it: the next thing is to be done to the same.
func (p *Page) Pin() { p.cursor.sensor = p.Selected() }

// Mark marks the next threshold to the right, or to the left for n < 0.
func (p *Page) Mark(n int) {
	p.Pin()
	p.cursor.kind = threshold.Kind(min(max(int(p.cursor.kind)+n, 0), int(threshold.Critical)))
}
