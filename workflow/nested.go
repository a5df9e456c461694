package workflow

import (
	"context"
	"errors"
	"time"
)

// An Inner is a workflow about to be run inside a handler of another one.
type Inner[E, S any] struct {
	Engine  *Engine[E, S]
	Sources []Source[E]

	// End turns the end of the inner run into that of the handler; nil: as it is,
	// with [ErrStopped] taken for success.
	End func(err error) error
}

// Nested returns a handler that runs a workflow of its own for each event and
// ends when that does. make prepares it. It is cancelled with [ErrTimeout] after
// limit (0: never) and with [ErrDraining] when the workflow around it is drained;
// in both cases it drains before the handler returns. Its end is told to the
// outer workflow by the handler's Outcome.
func Nested[E, S, E2, S2 any](make func(Event[E], S) (Inner[E2, S2], error), limit time.Duration) Handler[E, S] {
	return HandlerFunc[E, S](func(ctx context.Context, ev Event[E], s S) error {
		inner, err := make(ev, s)
		if err != nil {
			return err
		}
		draining := Draining(ctx)
		ctx, cancel := context.WithCancelCause(ctx)
		defer cancel(nil)
		if limit > 0 {
			timer := time.AfterFunc(limit, func() { cancel(ErrTimeout) })
			defer timer.Stop()
		}
		drain := context.AfterFunc(closer{draining}, func() { cancel(ErrDraining) })
		defer drain()
		_, err = inner.Engine.Run(ctx, inner.Sources...)
		if inner.End != nil {
			return inner.End(err)
		}
		if errors.Is(err, ErrStopped) {
			return nil
		}
		return err
	})
}

// closer is a context that is done when a channel is closed.
type closer struct{ done <-chan struct{} }

func (c closer) Done() <-chan struct{}       { return c.done }
func (c closer) Deadline() (time.Time, bool) { return time.Time{}, false }
func (c closer) Value(any) any               { return nil }

func (c closer) Err() error {
	select {
	case <-c.done:
		return ErrDraining
	default:
		return nil
	}
}
