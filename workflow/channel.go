package workflow

import (
	"context"
	"sync"
	"time"
)

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
