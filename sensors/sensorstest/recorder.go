package sensorstest

import (
	"context"
	"slices"
	"sync"

	"setpoint/sensors"
)

// A Recorder is a [sensors.Sink] that keeps what it is given. The zero Recorder
// takes everything; its fields may be set before it is handed to a source.
type Recorder struct {
	// Each is called with every reading that was taken, before the source goes
	// on. It may call the methods of the Recorder and of the source.
	Each func(r sensors.Reading)

	// Refusal is what every reading after the first After ones is answered with;
	// nil means that none is refused.
	Refusal error
	After   int

	mu       sync.Mutex
	readings []sensors.Reading
	rejects  []sensors.Reject
	settled  int
	waiting  int
	gate     chan struct{} // closed by Unblock; nil while the Recorder is not blocked
}

// Reading keeps r. While the Recorder is blocked it waits, until ctx is done at
// the longest; otherwise it does not look at ctx, so that a source has to.
func (r *Recorder) Reading(ctx context.Context, reading sensors.Reading) error {
	if err := r.enter(ctx); err != nil {
		return err
	}
	r.mu.Lock()
	refused := r.Refusal != nil && len(r.readings) >= r.After
	if !refused {
		r.readings = append(r.readings, reading)
	}
	r.mu.Unlock()
	if refused {
		return r.Refusal
	}
	if r.Each != nil {
		r.Each(reading)
	}
	return nil
}

// enter waits while the Recorder is blocked.
func (r *Recorder) enter(ctx context.Context) error {
	r.mu.Lock()
	gate := r.gate
	if gate == nil {
		r.mu.Unlock()
		return nil
	}
	r.waiting++
	r.mu.Unlock()
	defer func() {
		r.mu.Lock()
		r.waiting--
		r.mu.Unlock()
	}()
	select {
	case <-gate:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Reject keeps rejected.
func (r *Recorder) Reject(rejected sensors.Reject) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.rejects = append(r.rejects, rejected)
}

// Settle counts the call; nothing is ever outstanding.
func (r *Recorder) Settle(context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.settled++
	return nil
}

// Block makes every later call of Reading wait for Unblock.
func (r *Recorder) Block() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.gate == nil {
		r.gate = make(chan struct{})
	}
}

// Unblock lets the calls that wait, and all later ones, go on.
func (r *Recorder) Unblock() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.gate != nil {
		close(r.gate)
		r.gate = nil
	}
}

// Waiting returns how many calls of Reading wait for Unblock.
func (r *Recorder) Waiting() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.waiting
}

// Readings returns a copy of the readings taken so far, in their order.
func (r *Recorder) Readings() []sensors.Reading {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.readings)
}

// Rejects returns a copy of the rejects counted so far, in their order.
func (r *Recorder) Rejects() []sensors.Reject {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.Clone(r.rejects)
}

// Taken returns how many readings have been taken.
func (r *Recorder) Taken() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return len(r.readings)
}

// Settled returns how often the source has called Settle.
func (r *Recorder) Settled() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.settled
}
