package workflow

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// await waits until nothing is under way; false: not within d.
func (e *Engine[E, S]) await(d time.Duration) bool {
	ctx, cancel := context.WithTimeout(context.Background(), d)
	defer cancel()
	return e.settle(ctx, true) == nil
}

// Settle returns when every event admitted so far has been folded and handled,
// the feedback of that included. It does not wait for handlers marked as Waits.
// In a stream that never pauses it waits for ever.
func (e *Engine[E, S]) Settle(ctx context.Context) error { return e.settle(ctx, false) }

func (e *Engine[E, S]) settle(ctx context.Context, all bool) error {
	halted := e.halted
	if all {
		halted = nil // the drain goes on
	}
	for {
		rung := e.quiet.listen()
		if e.isQuiet(all) {
			return nil
		}
		select {
		case <-rung:
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-halted:
			return ErrClosed
		}
	}
}

// isQuiet looks at the shards, then at the lanes, then again at the shards: a
// handler puts its outcome into a shard's queue before it leaves its lane, so
// whatever moved in between shows in the last look.
func (e *Engine[E, S]) isQuiet(all bool) bool {
	before := e.arrivals()
	if before.queued || before.held {
		return false
	}
	for i, lanes := range e.lanes {
		if e.nodes[i].effect.Waits && !all {
			continue
		}
		for _, l := range lanes {
			if l.q.depth() > 0 {
				return false
			}
		}
	}
	return e.arrivals() == before
}

// arrivals is what has come in: how much so far, whether some of it is queued or
// being folded, and whether a producer or a letter is held back.
type arrivals struct {
	received     uint64
	queued, held bool
}

func (e *Engine[E, S]) arrivals() (a arrivals) {
	e.mu.Lock()
	a.received, a.held = e.handed, e.handing > 0
	e.mu.Unlock()
	for _, s := range e.shards {
		s.q.mu.Lock()
		a.received += s.q.received
		a.queued = a.queued || s.q.n+s.q.inflight > 0 || s.ledger.owes()
		a.held = a.held || s.q.waiting > 0
		s.q.mu.Unlock()
	}
	return a
}

// bell wakes everybody who listens, and costs nothing while nobody does.
type bell struct {
	armed atomic.Bool
	mu    sync.Mutex
	ch    chan struct{}
}

// listen returns a channel that is closed at the next ring.
func (b *bell) listen() <-chan struct{} {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ch == nil {
		b.ch = make(chan struct{})
		b.armed.Store(true)
	}
	return b.ch
}

func (b *bell) ring() {
	if !b.armed.Load() {
		return
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.ch != nil {
		close(b.ch)
		b.ch = nil
		b.armed.Store(false)
	}
}
