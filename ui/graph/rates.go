package graph

import (
	"time"

	"setpoint/ui/theme"
	"setpoint/workflow/monitor"
)

// Rates turns the counters of two snapshots that lie a while apart into rates. The
// zero Rates is ready for use.
type Rates struct {
	wall   time.Time
	before map[string]uint64
	per    map[string]float64
}

// apart is how far apart the two lie at least, so that the figures can be read.
const apart = time.Second

// fedBack is the counter of outcomes; no node has that name.
const fedBack = ""

// Take counts s in.
func (r *Rates) Take(s *monitor.Snapshot) {
	gone := s.Wall.Sub(r.wall)
	if !r.wall.IsZero() && gone >= 0 && gone < apart {
		return
	}
	now := map[string]uint64{fedBack: s.Flow.Outcomes}
	for i := range s.Flow.Nodes {
		now[s.Flow.Nodes[i].Name] = s.Flow.Nodes[i].Handled
	}
	per := make(map[string]float64, len(now))
	for name, n := range now {
		if was, ok := r.before[name]; ok && n >= was && gone > 0 {
			per[name] = float64(n-was) / gone.Seconds()
		}
	}
	r.wall, r.before, r.per = s.Wall, now, per
}

// Handled returns how many events a handler handles per second of wall time.
func (r *Rates) Handled(name string) float64 { return r.per[name] }

// Outcomes returns how many outcomes per second of wall time handlers give back to
// the fold.
func (r *Rates) Outcomes() float64 { return r.per[fedBack] }

// HandlerStyle returns the style of a handler's name: that of the state whose
// events it gets.
func HandlerStyle(name string) theme.Style {
	switch name {
	case "normal":
		return theme.Good
	case "high":
		return theme.High
	case "low":
		return theme.Low
	case "critical":
		return theme.Critical
	}
	return theme.Text
}
