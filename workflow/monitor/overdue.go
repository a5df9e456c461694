package monitor

import (
	"context"
	"time"
)

// overdue reports whether something should have happened by itself until at to a sensor
// that has said nothing since.
func (m *Monitor) overdue(at time.Time) bool {
	r := m.recorder
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, t := range r.tracks {
		if due := t.state.Timer; due > 0 && due <= at.UnixNano() {
			return true
		}
	}
	return false
}

// silence has the sensors looked at that should have said something until now. It is
// cheaper than a timer that each reading puts off.
func (m *Monitor) silence(ctx context.Context, now time.Time) {
	c, r := m.judge.Load(), m.recorder
	var silent []string
	r.mu.Lock()
	for name, t := range r.tracks {
		s := &t.state
		if s.Tracker.Any && !s.Silent() && now.UnixNano() > s.Tracker.StaleAt(c.quality(name, s), s.watched()) {
			silent = append(silent, name)
		}
	}
	r.mu.Unlock()
	for _, name := range silent {
		if m.engine.Inject(ctx, name, now, Input{Kind: InputSilent}) != nil {
			return // at the end
		}
	}
}
