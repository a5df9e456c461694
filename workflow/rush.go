package workflow

import (
	"sync/atomic"
	"time"
)

const (
	rushSize = 16               // events that share a reading of the clock, at most
	rushTime = time.Millisecond // how long they may share it
)

// rush tells the time to producers. Reading the clock is the dearest part of handing
// an event over, so events that come in a rush share a reading: those that find
// others waiting before them.
type rush struct {
	clock *clock

	// Guarded by the mu of the shard's queue.
	at    time.Time   // the reading
	left  int         // how many may still share it
	timer *time.Timer // makes it stale

	fresh atomic.Bool
}

// now returns when the event is handed over that is about to be queued, alone or
// behind others. It is called with q.mu locked.
func (r *rush) now(alone bool) time.Time {
	if alone || r.left == 0 || !r.fresh.Load() {
		r.read(alone)
	}
	r.left--
	return r.at
}

func (r *rush) read(alone bool) {
	r.at, r.left = r.clock.now(), rushSize
	switch {
	case alone || r.fresh.Load():
		return
	case r.timer == nil:
		r.timer = time.AfterFunc(rushTime, func() { r.fresh.Store(false) })
	default:
		r.timer.Reset(rushTime)
	}
	r.fresh.Store(true)
}
