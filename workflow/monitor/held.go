package monitor

import (
	"context"
	"io"
	"sync"
	"time"

	"setpoint/workflow/guard"
)

// patience is how long an alarm waits for the disk before it is told all the same.
const patience = 150 * time.Millisecond

// heldMost is how many bytes wait at most: who writes waits while nobody reads.
const heldMost = 1 << 20

// held is a writer that lets out what it is given once what led to it is on disk, or
// the patience is over: an alarm that was told is not told again after a crash, and a
// slow disk does not hold it back for long.
type held struct {
	out   io.Writer
	flush func(context.Context) error

	mu      sync.Mutex
	room    sync.Cond // there is less in buf than heldMost, or it is over; its lock is mu
	buf     []byte
	since   time.Time // when the first line in buf came
	err     error
	closed  bool
	changed chan struct{}
	done    chan struct{}
}

func newHeld(out io.Writer, flush func(context.Context) error, fail func(error)) *held {
	h := &held{out: out, flush: flush, changed: make(chan struct{}, 1), done: make(chan struct{})}
	h.room.L = &h.mu
	guard.Go("output", fail, h.run)
	return h
}

// Write takes lines; its error is that of earlier ones.
func (h *held) Write(p []byte) (int, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for len(h.buf) >= heldMost && h.err == nil && !h.closed {
		h.room.Wait()
	}
	if h.err != nil {
		return 0, h.err
	}
	if len(h.buf) == 0 {
		h.since = time.Now()
	}
	h.buf = append(h.buf, p...)
	h.wake()
	return len(p), nil
}

func (h *held) wake() {
	select {
	case h.changed <- struct{}{}:
	default:
	}
}

// Close lets out the rest. It may be called again.
func (h *held) Close() error {
	h.mu.Lock()
	h.closed = true
	h.room.Broadcast()
	h.wake()
	h.mu.Unlock()
	<-h.done
	return h.err
}

func (h *held) run() {
	defer close(h.done)
	var out []byte
	for range h.changed {
		h.mu.Lock()
		out, h.buf = h.buf, out[:0]
		h.room.Broadcast()
		since, closed := h.since, h.closed
		h.mu.Unlock()
		if len(out) > 0 {
			h.let(out, since.Add(patience))
		}
		if closed {
			return
		}
	}
}

// let lets out lines once they are on disk, and not after the patience with the first
// of them is over.
func (h *held) let(out []byte, until time.Time) {
	ctx, cancel := context.WithDeadline(context.Background(), until)
	_ = h.flush(ctx) // what goes wrong there is told by the store
	cancel()
	if _, err := h.out.Write(out); err != nil {
		h.mu.Lock()
		h.err = err
		h.room.Broadcast()
		h.mu.Unlock()
	}
}
