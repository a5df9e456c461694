package monitor

import (
	"context"
	"time"
)

// Look tells what the screen wants to see from now on. It returns at once.
func (m *Monitor) Look(v View) {
	m.mu.Lock()
	m.view = v
	m.mu.Unlock()
	m.wake()
}

// wake asks for a snapshot without waiting for something to change.
func (m *Monitor) wake() {
	select {
	case m.look <- struct{}{}:
	default:
	}
}

// Watch hands snapshots to put until ctx is done: at once when the view changes,
// at most cfg.FPS times a second while readings come, and once a second while
// none does, so that ages go on. put must not block.
func (m *Monitor) Watch(ctx context.Context, put func(*Snapshot)) {
	least := time.Second / time.Duration(m.cfg.FPS)
	var seq uint64
	after := 0 // snapshots since the run was over: rates fall to nothing in the first of them
	for {
		m.mu.Lock()
		v := m.view
		m.mu.Unlock()
		began := time.Now()
		seq++
		s := m.snapshot(v)
		s.Seq = seq
		put(s)
		if m.done() != "" {
			after++
		}
		if !m.pause(ctx, began.Add(least), after < 4) {
			return
		}
	}
}

// pause waits until there is something new to show: a new view at once, readings
// not before the given time, and a second's age where something ages. false: ctx is
// done.
func (m *Monitor) pause(ctx context.Context, next time.Time, ages bool) bool {
	var idle <-chan time.Time
	if ages {
		timer := time.NewTimer(time.Second)
		defer timer.Stop()
		idle = timer.C
	}
	wait := time.NewTimer(time.Until(next))
	defer wait.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-m.look:
		return true
	case <-wait.C:
	}
	select {
	case <-ctx.Done():
		return false
	case <-m.look:
	case <-m.recorder.wake:
	case <-idle:
	}
	return true
}

// rates measures how many readings each source brings per second of wall time.
type rates struct {
	at   time.Time
	last []uint64
	rate []float64
}

// statuses returns how the sources do. It is called by the snapshot loop only.
func (r *rates) statuses(now time.Time, intakes []*intake) []SourceStatus {
	if r.last == nil {
		r.at, r.last, r.rate = now, make([]uint64, len(intakes)), make([]float64, len(intakes))
	}
	span := now.Sub(r.at)
	measure := span >= time.Second
	out := make([]SourceStatus, len(intakes))
	for i, in := range intakes {
		s := in.status()
		if measure || s.Accepted > 0 && r.last[i] == 0 && span > 100*time.Millisecond {
			r.rate[i] = float64(s.Accepted-r.last[i]) / span.Seconds()
		}
		if measure {
			r.last[i] = s.Accepted
		}
		s.Rate = r.rate[i]
		out[i] = s
	}
	if measure {
		r.at = now
	}
	return out
}
