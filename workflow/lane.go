package workflow

import (
	"context"
	"errors"
	"math/rand/v2"
	"time"

	"setpoint/workflow/guard"
)

// task is an event on its way through a handler.
type task[E, S any] struct {
	ev    Event[E]
	s     S
	since time.Time // dispatched
}

func (t task[E, S]) key() string { return t.ev.Key }
func (t task[E, S]) keep() bool  { return t.ev.Kind == Control || t.ev.Redrives > 0 }
func (t task[E, S]) wall() bool  { return false }

// tried is what was tried with an event.
type tried struct {
	attempts int
	first    Failure // that of the first attempt
}

// lane runs a handler for its share of the keys, one event at a time, retries
// included, so that a handler sees each key's events in order.
type lane[E, S any] struct {
	e       *Engine[E, S]
	name    string
	label   string // "handler NAME"
	handler Handler[E, S]
	effect  Effect[E, S]
	q       *queue[task[E, S]]
	rng     *rand.Rand // used by the worker whose turn it is

	// Guarded by q.mu.
	handled, dead, retries, abandoned uint64
	lat                               latency
	turn                              uint64     // the worker that may go on; older ones are abandoned
	begun                             uint64     // attempts so far, of all events
	busy                              bool       // the last of them is under way
	current                           task[E, S] // its event
	tried                             tried      // with that event
}

func newLanes[E, S any](e *Engine[E, S], node int) []*lane[E, S] {
	n := &e.w.nodes[node]
	if n.handler == nil {
		return nil
	}
	o := n.effect
	if o.Queue <= 0 {
		o.Queue = 64
	}
	if o.Grace <= 0 {
		o.Grace = time.Second
	}
	lanes := make([]*lane[E, S], max(o.Lanes, 1))
	for i := range lanes {
		lanes[i] = &lane[E, S]{
			e: e, name: n.name, label: "handler " + n.name, handler: n.handler, effect: o, q: newQueue[task[E, S]](o.Queue),
			rng: rand.New(rand.NewPCG(e.cfg.Seed, uint64(node)<<32|uint64(i))),
		}
		if e.cfg.Journal != nil {
			lanes[i].q.shed = lanes[i].done
		}
	}
	return lanes
}

func (l *lane[E, S]) start(turn uint64) {
	guard.Go(l.label, l.e.fail, func() { l.work(turn) })
}

// work takes events until the lane is closed or the worker has been abandoned.
func (l *lane[E, S]) work(turn uint64) {
	for {
		t, ok := l.next()
		if !ok {
			return
		}
		tried, err := l.carry(turn, t)
		if !l.finish(turn, t, tried, err) {
			return
		}
	}
}

func (l *lane[E, S]) next() (task[E, S], bool) {
	var one [1]task[E, S]
	q := l.q
	q.mu.Lock()
	defer q.mu.Unlock()
	for q.take(one[:]) == 0 {
		if q.closed {
			return one[0], false
		}
		q.idle = true
		q.mu.Unlock()
		l.e.quiet.ring()
		<-q.ready
		q.mu.Lock()
	}
	return one[0], true
}

// carry tries until the handler succeeds, fails for good, or its turn is over.
func (l *lane[E, S]) carry(turn uint64, t task[E, S]) (did tried, err error) {
	for {
		if cause := context.Cause(l.e.laneCtx); cause != nil {
			return did, errors.Join(cause, err)
		}
		did.attempts++
		mine := true
		if done, refused := l.permit(); refused != nil {
			err = refused
		} else {
			err, mine = l.attempt(turn, t, did)
			done(err)
		}
		if err == nil || !mine {
			return did, err
		}
		if did.attempts == 1 {
			did.first = Failure{time.Now(), err}
		}
		if !l.effect.Retry.again(did.attempts, err) {
			return did, err
		}
		delay := l.effect.Retry.Delay(did.attempts, l.rng.Float64())
		l.e.cfg.Observe(Transition{At: time.Now(), Node: l.name, What: "retry", Event: t.ev.ID, Key: t.ev.Key, Wait: delay, Err: err})
		wait := time.NewTimer(delay)
		select {
		case <-wait.C:
		case <-l.e.laneCtx.Done():
			wait.Stop()
			return did, errors.Join(context.Cause(l.e.laneCtx), err)
		}
	}
}

// permit waits for the limiter and asks the breaker. What it returns is to be told
// of the attempt's end.
func (l *lane[E, S]) permit() (done func(error), err error) {
	if o := l.effect; o.Limit != nil {
		if err := o.Limit.Wait(l.e.laneCtx); err != nil {
			return nil, err
		}
	}
	if l.effect.Breaker == nil {
		return func(error) {}, nil
	}
	done, err = l.effect.Breaker.Allow()
	if err != nil {
		return nil, errors.Join(ErrRefused, err)
	}
	return done, nil
}

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
	if turn == l.turn {
		l.busy = false
	}
	return err, turn == l.turn
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

// finish tells what became of t: first to the loop, then to the counters, so that
// the feedback is queued before the lane looks idle. It reports whether the
// worker has its turn.
func (l *lane[E, S]) finish(turn uint64, t task[E, S], tried tried, err error) bool {
	l.q.mu.Lock()
	mine := turn == l.turn
	l.q.mu.Unlock()
	if !mine {
		return false
	}
	p, tell, err := l.outcome(t, err)
	if err != nil {
		l.e.bury(Letter[E, S]{Event: t.ev, State: t.s, Node: l.name, Err: err, Attempts: tried.attempts, First: tried.first})
	}
	l.tell(t, p, tell, err)
	took := time.Since(t.since)
	defer l.e.touch()
	l.q.mu.Lock()
	defer l.q.mu.Unlock()
	if err == nil {
		l.handled++
	} else {
		l.dead++
	}
	l.lat.record(took)
	l.q.inflight--
	return true
}

// outcome asks what is to be told of the end of t. A panic there is a failure of
// the handler.
func (l *lane[E, S]) outcome(t task[E, S], end error) (p E, tell bool, err error) {
	if l.effect.Outcome == nil {
		return p, false, end
	}
	bug := guard.Catch("outcome of "+l.name, func() error {
		p, tell = l.effect.Outcome(t.ev, t.s, end)
		return nil
	})
	if bug != nil {
		end = errors.Join(end, bug)
	}
	return p, tell, end
}

// tell tells the loop and the journal that t is done. What the drain has cut off is
// not: with a journal it begins anew after the restart.
func (l *lane[E, S]) tell(t task[E, S], p E, feedback bool, err error) {
	switch {
	case l.e.cfg.Journal != nil && err != nil && l.e.laneCtx.Err() != nil:
	case feedback:
		l.feedBack(t, p) // whose record says that t is done
	default:
		l.done(t)
	}
}

// done tells the journal that t is done.
func (l *lane[E, S]) done(t task[E, S]) {
	l.e.shardOf(t.ev.Key).note(ended{handling{t.ev.ID, l.name}, t.ev.Key})
}

// feedBack sends p, the outcome of t, back into the loop.
func (l *lane[E, S]) feedBack(t task[E, S], p E) {
	ev := Event[E]{
		Cause: t.ev.ID, Hops: t.ev.Hops + 1, Key: t.ev.Key, Source: l.name,
		Time: t.ev.Time, Seen: time.Now(), Kind: Control, Payload: p,
	}
	_ = l.e.shardOf(ev.Key).q.push(context.Background(), item[E, S]{ev: ev}, Block, true) // refused only after the drain
}

// add adds the lane's figures to st and n.
func (l *lane[E, S]) add(st *Stats, n *NodeStats) {
	q := l.q
	q.mu.Lock()
	defer q.mu.Unlock()
	shed := q.coalesced + q.droppedOldest + q.droppedNewest + q.rejected
	open := uint64(q.n + q.inflight + q.waiting)
	n.Dispatched += q.offered
	n.Handled += l.handled
	n.Dead += l.dead
	n.Shed += shed
	n.Open += open
	n.Retries += l.retries
	n.Abandoned += l.abandoned
	st.Dispatched += q.offered
	st.Handled += l.handled
	st.DeadHandler += l.dead
	st.Shed += shed
	st.Open += open
	st.Abandoned += int(l.abandoned)
}
