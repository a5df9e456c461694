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
// whose sensor is in alarm, and around at the ends. It reports whether there is
// one among the sensors in sight; the list is worst first, so there one is.
func (p *Page) NextAlarm(n int) bool {
	if p.snap == nil || len(p.snap.Rows) == 0 {
		return false
	}
	rows := p.snap.Rows
	at := p.index() - p.snap.Offset
	if at < 0 || at >= len(rows) {
		at = -1
	}
	for i := 1; i <= len(rows); i++ {
		if r := rows[((at+n*i)%len(rows)+len(rows))%len(rows)]; alarmed(&r) {
			p.cursor.sensor, p.cursor.loose = r.Name, false
			return true
		}
	}
	return false
}

// alarmed reports whether r needs a person's eye.
func alarmed(r *monitor.Row) bool {
	return r.Unacked || r.Status < monitor.StatusBad || r.Status == monitor.StatusReturned
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

// Mark marks the next threshold to the right, or to the left for n < 0.
func (p *Page) Mark(n int) {
	p.cursor.kind = threshold.Kind(min(max(int(p.cursor.kind)+n, 0), int(threshold.Critical)))
}
