package workflow

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"sync"
	"time"
)

// An Offer is an event as a source hands it over.
type Offer[E any] struct {
	Key     string
	Time    time.Time // event time
	Payload E
}

// emit hands o over. That the queue is full is counted there, and no failure.
func (o Offer[E]) emit(ctx context.Context, emit Emit[E]) error {
	if err := emit(ctx, o.Key, o.Time, o.Payload); err != nil && !errors.Is(err, ErrFull) {
		return err
	}
	return nil
}

// FuncSource is a source that calls next again and again and emits what it
// returns. [io.EOF] ends it, any other error is its failure. next must return soon
// after its context is done.
func FuncSource[E any](next func(context.Context) (Offer[E], error)) Source[E] {
	return SourceFunc[E](func(ctx context.Context, emit Emit[E]) error {
		for ctx.Err() == nil {
			o, err := next(ctx)
			switch {
			case err == io.EOF:
				return nil
			case err != nil:
				return err
			}
			if err := o.emit(ctx, emit); err != nil {
				return err
			}
		}
		return context.Cause(ctx)
	})
}

// FromSeq is a source that emits what seq yields and ends with it. The first
// error is its failure.
func FromSeq[E any](seq iter.Seq2[Offer[E], error]) Source[E] {
	return SourceFunc[E](func(ctx context.Context, emit Emit[E]) error {
		for o, err := range seq {
			if err == nil {
				err = context.Cause(ctx)
			}
			if err == nil {
				err = o.emit(ctx, emit)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// TickerSource is a source that emits what read returns, at every interval, until
// the run ends. While the queue holds it back ticks are left out, not made up for.
func TickerSource[E any](interval time.Duration, read func(time.Time) (key string, payload E)) Source[E] {
	return SourceFunc[E](func(ctx context.Context, emit Emit[E]) error {
		if interval <= 0 {
			return fmt.Errorf("interval %v: want more than 0", interval)
		}
		ticker := time.NewTicker(interval)
		defer ticker.Stop()
		for {
			select {
			case at := <-ticker.C:
				key, p := read(at)
				if err := (Offer[E]{key, at, p}).emit(ctx, emit); err != nil {
					return err
				}
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		}
	})
}

// Results makes events of one workflow out of what another one has folded: the
// handler belongs into the graph of the first, the source is given to the second.
// turn makes the event, or reports false. When the second is too slow its source
// holds the handler back, and by that the first, as far as the handler's Effect
// lets it. The source ends with the run of the first. If the second ends before,
// what comes after becomes dead letters of the first, with [ErrClosed].
func Results[E, S, E2 any](room int, turn func(ev Event[E], s S) (Offer[E2], bool)) (Handler[E, S], Source[E2]) {
	source, sender := NewChannel[E2](room)
	return &results[E, S, E2]{sender, turn}, source
}

type results[E, S, E2 any] struct {
	to   *Sender[E2]
	turn func(Event[E], S) (Offer[E2], bool)
}

// Handle sends what the event has led to.
func (r *results[E, S, E2]) Handle(ctx context.Context, ev Event[E], s S) error {
	o, ok := r.turn(ev, s)
	if !ok {
		return nil
	}
	err := r.to.Send(ctx, o.Key, o.Time, o.Payload)
	if errors.Is(err, ErrClosed) {
		return Permanent(err)
	}
	return err
}

// Close ends the source.
func (r *results[E, S, E2]) Close() error {
	r.to.Close()
	return nil
}

// Call is [Nested] for a finite workflow whose result comes back as an event. Both
// what it returns belong to one handler: the second is its Effect's Outcome. result
// is given the inner engine, after its end, and the error it ended by; the engine
// is nil if make failed.
func Call[E, S, E2, S2 any](
	make func(Event[E], S) (Inner[E2, S2], error), limit time.Duration,
	result func(ev Event[E], inner *Engine[E2, S2], err error) (E, bool),
) (Handler[E, S], func(Event[E], S, error) (E, bool)) {
	var runs sync.Map // event ID to the engine of its last attempt
	h := Nested(func(ev Event[E], s S) (Inner[E2, S2], error) {
		inner, err := make(ev, s)
		if err == nil {
			runs.Store(ev.ID, inner.Engine)
		}
		return inner, err
	}, limit)
	return h, func(ev Event[E], _ S, err error) (E, bool) {
		run, _ := runs.LoadAndDelete(ev.ID)
		inner, _ := run.(*Engine[E2, S2])
		return result(ev, inner, err)
	}
}
