package workflow

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
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

// A Supervised source says how it is looked after; without it a source that fails
// has failed, and silence is no fault.
type Supervised interface{ Supervision() Supervision }

// Supervision says how a source is looked after.
type Supervision struct {
	MaxRestarts int           // how often it is started again within Window after it failed
	Window      time.Duration // 0: a minute
	Backoff     Retry         // the waits before; only its Initial, Max, Multiplier and NoJitter count
	Idle        time.Duration // a source that has emitted nothing for longer is stale; 0: never
}

// The states of a source.
const (
	SourceRunning    = "running"
	SourceStale      = "stale"      // running, but silent for longer than its idle time
	SourceRestarting = "restarting" // it failed, and waits to be started again
	SourceEnded      = "ended"
	SourceFailed     = "failed" // for good
)

// sourceRun is a source under way. What has no atomic type is guarded by Engine.mu.
type sourceRun struct {
	name     string
	idle     time.Duration
	admitted atomic.Uint64
	last     atomic.Int64 // when it last emitted, or began to run, in Unix nanoseconds
	state    string
	restarts int
	most     int // restarts within the window
	window   time.Duration
	failures int       // within the window
	again    time.Time // when it is started again
	lastErr  error     // newest failure
	err      error     // why it failed for good
}

func (r *sourceRun) done() bool { return r.state == SourceEnded || r.state == SourceFailed }

// stats returns how the source does at the given time.
func (r *sourceRun) stats(now time.Time) SourceStats {
	s := SourceStats{
		Name: r.name, State: r.state, Admitted: r.admitted.Load(), Restarts: r.restarts,
		Last: time.Unix(0, r.last.Load()), Err: r.lastErr, MostRestarts: r.most, Window: r.window,
	}
	if s.State == SourceRestarting {
		s.Failures, s.Again = r.failures, r.again
	}
	if s.State == SourceRunning && r.idle > 0 && now.Sub(s.Last) > r.idle {
		s.State = SourceStale
	}
	return s
}

// startSources runs every source in a goroutine of its own; the channel it
// returns is closed when all have ended.
func (e *Engine[E, S]) startSources(ctx context.Context, sources []Source[E]) <-chan struct{} {
	var wg sync.WaitGroup
	for i, src := range sources {
		r := &sourceRun{name: fmt.Sprintf("source %d", i+1), state: SourceRunning}
		if n, ok := src.(Named); ok {
			r.name = n.Name()
		}
		var care Supervision
		if s, ok := src.(Supervised); ok {
			care = s.Supervision()
		}
		if care.MaxRestarts > 0 {
			care.Window = cmp.Or(care.Window, time.Minute)
			r.most, r.window = care.MaxRestarts, care.Window
		}
		r.idle = care.Idle
		e.mu.Lock()
		e.sources = append(e.sources, r)
		e.mu.Unlock()
		emit := e.emitter(src, r)
		wg.Add(1)
		guard.Go("source", e.fail, func() {
			defer wg.Done()
			e.supervise(ctx, src, r, care, emit)
		})
	}
	ended := make(chan struct{})
	guard.Go("sources", e.fail, func() { wg.Wait(); close(ended) })
	return ended
}

// supervise runs a source, and again as often as care allows when it fails.
func (e *Engine[E, S]) supervise(ctx context.Context, src Source[E], r *sourceRun, care Supervision, emit Emit[E]) {
	var failures []time.Time // within the window
	rng := rand.New(rand.NewPCG(e.cfg.Seed, uint64(len(r.name))))
	for {
		r.last.Store(time.Now().UnixNano())
		e.sourceIs(r, SourceRunning, nil, 0)
		err := guard.Catch("source", func() error { return src.Run(ctx, emit) })
		_, panicked := errors.AsType[*guard.PanicError](err)
		if err == nil || ctx.Err() != nil && !panicked { // told to stop: no failure
			e.sourceIs(r, SourceEnded, nil, 0)
			return
		}
		failures = slices.DeleteFunc(failures, func(t time.Time) bool { return time.Since(t) > care.Window })
		if len(failures) >= care.MaxRestarts || ctx.Err() != nil {
			e.sourceIs(r, SourceFailed, err, 0)
			return
		}
		failures = append(failures, time.Now())
		delay := care.Backoff.Delay(len(failures), rng.Float64())
		e.mu.Lock()
		r.failures = len(failures)
		e.mu.Unlock()
		e.sourceIs(r, SourceRestarting, err, delay)
		e.cfg.Log.Warn("source failed", "source", r.name, "restart", len(failures), "err", err)
		wait := time.NewTimer(delay)
		select {
		case <-wait.C:
		case <-ctx.Done():
			wait.Stop()
			e.sourceIs(r, SourceEnded, nil, 0)
			return
		}
	}
}

// sourceIs notes what a source does now, the error that led to it, and how long it
// waits to be started again.
func (e *Engine[E, S]) sourceIs(r *sourceRun, state string, err error, wait time.Duration) {
	now := time.Now()
	if state != SourceRunning || r.restarts > 0 {
		e.cfg.Observe(Transition{At: now, Node: r.name, What: state, Wait: wait, Err: err})
	}
	e.mu.Lock()
	defer e.mu.Unlock()
	r.state = state
	switch {
	case state == SourceRestarting:
		r.restarts++
		r.lastErr, r.again = err, now.Add(wait)
	case state == SourceFailed:
		r.lastErr, r.err = err, err
	}
	e.touch()
}

func (e *Engine[E, S]) emitter(src Source[E], r *sourceRun) Emit[E] {
	policy := e.cfg.Overflow
	if p, ok := src.(Paced); ok {
		policy = p.Overflow()
	}
	return func(ctx context.Context, key string, at time.Time, p E) error {
		it := item[E, S]{ev: Event[E]{Key: key, Source: r.name, Time: at, Payload: p}}
		err := e.admit(ctx, &it, policy)
		if err == nil {
			r.admitted.Add(1)
			r.last.Store(it.ev.Seen.UnixNano())
		}
		return err
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
		if !s.done() {
			e.abandoned++
			e.cfg.Log.Warn("source did not stop", "source", s.name)
		}
	}
}
