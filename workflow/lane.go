package workflow

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"setpoint/workflow/guard"
)

// task is an event on its way through a handler.
type task[E, S any] struct {
	ev    Event[E]
	s     S
	since time.Time // dispatched

	letter uint64 // the dead letter that it was until now, still in the store; 0: none
}

func (t task[E, S]) key() string { return t.ev.Key }
func (t task[E, S]) keep() bool  { return t.ev.Kind == Control || t.ev.Redrives > 0 }
func (t task[E, S]) wall() bool  { return false }

// tried is what was tried with an event.
type tried struct {
	attempts int
	begun    time.Time // the first attempt
	first    Failure   // that of the first attempt
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
	follows bool          // the journal follows what it is done with
	rng     *rand.Rand    // used by the worker whose turn it is
	hanging *atomic.Int32 // abandoned attempts that have not returned, of all lanes of the handler

	// Guarded by q.mu.
	handled, dead, refused, retries, abandoned uint64
	lat                                        latency
	turn                                       uint64     // the worker that may go on; older ones are abandoned
	begun                                      uint64     // attempts so far, of all events
	busy                                       bool       // the last of them is under way
	current                                    task[E, S] // its event
	tried                                      tried      // with that event
}

func newLanes[E, S any](e *Engine[E, S], node int) []*lane[E, S] {
	n := &e.w.nodes[node]
	if n.handler == nil {
		return nil
	}
	o := n.effect.defaults()
	hanging := new(atomic.Int32)
	lanes := make([]*lane[E, S], o.Lanes)
	for i := range lanes {
		lanes[i] = &lane[E, S]{
			e: e, name: n.name, label: "handler " + n.name, handler: n.handler, effect: o, q: newQueue[task[E, S]](o.Queue),
			rng:     rand.New(rand.NewPCG(e.cfg.Seed, uint64(node)<<32|uint64(i))),
			follows: e.cfg.Journal != nil && !o.AtMostOnce, hanging: hanging,
		}
		if lanes[i].follows {
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

func (l *lane[E, S]) next() (t task[E, S], ok bool) {
	q := l.q
	q.mu.Lock()
	defer q.mu.Unlock()
	for {
		if one := q.take(1); len(one) > 0 {
			t = one[0]
			clear(one)
			return t, true
		}
		if q.closed {
			return t, false
		}
		q.idle = true
		q.mu.Unlock()
		l.e.quiet.ring()
		<-q.ready
		q.mu.Lock()
	}
}

// carry tries until the handler succeeds, fails for good, or its turn is over.
func (l *lane[E, S]) carry(turn uint64, t task[E, S]) (did tried, err error) {
	for {
		if cause := context.Cause(l.e.laneCtx); cause != nil {
			return did, errors.Join(cause, err)
		}
		if int(l.hanging.Load()) >= l.effect.MaxAbandoned {
			return did, errors.Join(ErrTooManyAbandoned, err)
		}
		if did.attempts++; did.attempts == 1 {
			did.begun = time.Now()
		}
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
		if budget := l.effect.Retry.Budget; budget > 0 && time.Since(did.begun)+delay > budget {
			return did, err
		}
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
	n.Refused += l.refused
	n.Abandoned += l.abandoned
	n.Hanging = int(l.hanging.Load())
	st.Dispatched += q.offered
	st.Handled += l.handled
	st.DeadHandler += l.dead
	st.Shed += shed
	st.Open += open
	st.Abandoned += int(l.abandoned)
}
