package workflow

import (
	"context"
	"errors"
	"time"

	"setpoint/workflow/guard"
)

// permit waits for the limiter and asks the breaker. What it returns is to be told
// of the attempt's end.
func (l *lane[E, S]) permit() (done func(error), err error) {
	if o := l.effect; o.Limit != nil {
		if err := o.Limit.Wait(l.e.laneCtx); err != nil {
			return nil, err
		}
	}
	if l.effect.Breaker == nil {
		return untold, nil
	}
	done, err = l.effect.Breaker.Allow()
	if err != nil {
		return nil, errors.Join(ErrRefused, err)
	}
	return done, nil
}

// untold is told of an attempt's end when nobody wants to know. (A literal in a method
// of a generic type would be allocated at each call.)
func untold(error) {}

// attempt calls the handler once. It reports whether the worker still has its
// turn when the handler returns.
func (l *lane[E, S]) attempt(turn uint64, t task[E, S], did tried) (err error, mine bool) {
	l.q.mu.Lock()
	if did.attempts > 1 {
		l.retries++
	}
	l.begun++
	no := l.begun
	l.busy, l.current, l.tried = true, t, did
	l.q.mu.Unlock()
	ctx := l.e.laneCtx
	if o := l.effect; o.Timeout > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeoutCause(ctx, o.Timeout, ErrTimeout)
		defer cancel()
		watch := time.AfterFunc(o.Timeout+o.Grace, func() { l.abandon(no) })
		defer watch.Stop()
	}
	err = guard.Catch(l.label, func() error { return l.handler.Handle(ctx, t.ev, t.s) })
	if cause := context.Cause(ctx); err != nil && cause != nil && !errors.Is(err, cause) {
		err = errors.Join(cause, err)
	}
	l.q.mu.Lock()
	defer l.q.mu.Unlock()
	if turn != l.turn {
		l.hanging.Add(-1)
		return err, false
	}
	l.busy = false
	return err, true
}

// abandon leaves the worker to its hanging attempt, which is the lane's no-th, and
// lets another one go on with the lane.
func (l *lane[E, S]) abandon(no uint64) {
	l.q.mu.Lock()
	if l.begun != no || !l.busy {
		l.q.mu.Unlock()
		return
	}
	l.turn++
	l.busy = false
	l.abandoned++
	l.hanging.Add(1)
	next, t, tried := l.turn, l.current, l.tried
	l.q.mu.Unlock()
	guard.Go(l.label, l.e.fail, func() {
		l.e.cfg.Observe(Transition{At: time.Now(), Node: l.name, What: "abandoned", Event: t.ev.ID, Key: t.ev.Key})
		l.e.cfg.Log.Warn("handler abandoned", "handler", l.name, "event", t.ev.ID)
		cause := context.Cause(l.e.laneCtx)
		if cause == nil {
			cause = ErrTimeout
		}
		if l.finish(next, t, tried, errors.Join(cause, ErrAbandoned)) {
			l.work(next)
		}
	})
}

// abandonAny abandons whatever attempt is under way.
func (l *lane[E, S]) abandonAny() {
	l.q.mu.Lock()
	no := l.begun
	l.q.mu.Unlock()
	l.abandon(no)
}
