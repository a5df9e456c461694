package workflow

import (
	"context"
	"fmt"
	"sync"
	"time"

	"setpoint/workflow/guard"
)

// A SourceError says which source failed, and with what.
type SourceError struct {
	Source string
	Err    error
}

// Error returns one line.
func (e *SourceError) Error() string { return fmt.Sprintf("source %s: %v", e.Source, e.Err) }

// Unwrap returns what it failed with.
func (e *SourceError) Unwrap() error { return e.Err }

// sourceRun is a source under way. done and err are guarded by Engine.mu.
type sourceRun struct {
	name string
	done bool
	err  error
}

// startSources runs every source in a goroutine of its own; the channel it
// returns is closed when all have ended.
func (e *Engine[E, S]) startSources(ctx context.Context, sources []Source[E]) <-chan struct{} {
	var wg sync.WaitGroup
	for i, src := range sources {
		r := &sourceRun{name: fmt.Sprintf("source %d", i+1)}
		if n, ok := src.(Named); ok {
			r.name = n.Name()
		}
		e.mu.Lock()
		e.sources = append(e.sources, r)
		e.mu.Unlock()
		emit := e.emitter(src, r.name)
		wg.Add(1)
		guard.Go("source", e.fail, func() {
			defer wg.Done()
			err := guard.Catch("source", func() error { return src.Run(ctx, emit) })
			e.sourceEnded(ctx, r, err)
		})
	}
	ended := make(chan struct{})
	guard.Go("sources", e.fail, func() { wg.Wait(); close(ended) })
	return ended
}

// sourceEnded notes how a source ended. An error after it was told to stop is
// no failure.
func (e *Engine[E, S]) sourceEnded(ctx context.Context, r *sourceRun, err error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	r.done = true
	if _, panicked := err.(*guard.PanicError); panicked || ctx.Err() == nil {
		r.err = err
	}
	e.touch()
}

func (e *Engine[E, S]) emitter(src Source[E], name string) Emit[E] {
	policy := e.cfg.Overflow
	if p, ok := src.(Paced); ok {
		policy = p.Overflow()
	}
	return func(ctx context.Context, key string, at time.Time, p E) error {
		return e.admit(ctx, Event[E]{Key: key, Source: name, Time: at, Payload: p}, policy)
	}
}

// awaitSources gives stopped sources a moment to return, and up to the drain
// timeout while events still come in. Then it goes on without them: one that
// hangs must not keep the others' work from being finished.
func (e *Engine[E, S]) awaitSources(ended <-chan struct{}) {
	deadline := time.After(max(e.cfg.DrainTimeout, sourceGrace))
	before := e.arrivals()
	for coming := true; coming; {
		select {
		case <-ended:
			return
		case <-deadline:
			coming = false
		case <-time.After(sourceGrace):
			now := e.arrivals()
			coming = now.held || now.received != before.received
			before = now
		}
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	for _, s := range e.sources {
		if !s.done {
			e.abandoned++
			e.cfg.Log.Warn("source did not stop", "source", s.name)
		}
	}
}

// NewChannel returns a source that is fed through a channel with room for the
// given number of events, and the end to feed it by.
func NewChannel[E any](capacity int) (Source[E], *Sender[E]) {
	s := &Sender[E]{
		events: make(chan sent[E], max(capacity, 0)),
		closed: make(chan struct{}), ended: make(chan struct{}),
	}
	return &channelSource[E]{s}, s
}

type sent[E any] struct {
	key     string
	at      time.Time
	payload E
}

// A Sender feeds a channel source. Its methods may be called from any goroutine.
type Sender[E any] struct {
	events chan sent[E]
	closed chan struct{} // by Close
	ended  chan struct{} // by the end of the source
	close  sync.Once
	mu     sync.RWMutex // held for reading while sending
}

// Send hands over an event; it waits while the channel is full. An event that
// was taken reaches the engine, unless the drain is over before it had room for
// it; [ErrClosed] means that this one was not taken.
func (s *Sender[E]) Send(ctx context.Context, key string, at time.Time, p E) error {
	s.mu.RLock()
	defer s.mu.RUnlock()
	select {
	case <-s.closed:
		return ErrClosed
	case <-s.ended:
		return ErrClosed
	default:
	}
	select {
	case s.events <- sent[E]{key, at, p}:
		return nil
	case <-s.closed:
		return ErrClosed
	case <-s.ended:
		return ErrClosed
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// Close ends the source once everything sent has been taken.
func (s *Sender[E]) Close() { s.close.Do(func() { close(s.closed) }) }

type channelSource[E any] struct{ s *Sender[E] }

// Run emits what is sent until the sender is closed or ctx is done; what is in
// the channel then is emitted first.
func (c *channelSource[E]) Run(ctx context.Context, emit Emit[E]) error {
	defer close(c.s.ended)
	taken := context.WithoutCancel(ctx) // what Send accepted is not given up when ctx ends
	for {
		select {
		case m := <-c.s.events:
			if err := emit(taken, m.key, m.at, m.payload); err != nil && err != ErrFull {
				return err
			}
		case <-c.s.closed:
			return c.flush(taken, emit)
		case <-ctx.Done():
			c.s.Close()
			return c.flush(taken, emit)
		}
	}
}

// flush emits the rest once no Send is under way any more. A Send that comes
// later finds the sender closed.
func (c *channelSource[E]) flush(ctx context.Context, emit Emit[E]) error {
	c.s.mu.Lock()
	rest := len(c.s.events)
	c.s.mu.Unlock()
	for range rest {
		m := <-c.s.events
		if err := emit(ctx, m.key, m.at, m.payload); err != nil && err != ErrFull {
			return err
		}
	}
	return nil
}
