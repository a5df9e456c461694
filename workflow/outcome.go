package workflow

import (
	"errors"
	"time"

	"setpoint/workflow/guard"
)

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
	var lost error
	if err != nil {
		lost = l.e.bury(Letter[E, S]{Event: t.ev, State: t.s, Node: l.name, Err: err, Attempts: tried.attempts, First: tried.first})
	}
	if t.letter != 0 {
		l.e.post.replace(t.letter, lost)
	}
	l.tell(t, p, tell, err)
	took := time.Since(t.since)
	defer l.e.touch()
	l.q.mu.Lock()
	defer l.q.mu.Unlock()
	switch {
	case err == nil:
		l.handled++
	case errors.Is(err, ErrRefused):
		l.refused++
		fallthrough
	default:
		l.dead++
	}
	l.lat.record(took, 1)
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
	case l.follows && err != nil && l.e.laneCtx.Err() != nil:
	case feedback:
		l.feedBack(t, p) // whose record says that t is done
	case l.follows:
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
	l.e.shardOf(ev.Key).feed(ev)
}

// feed puts the outcome of a handler into the queue, at once and in any case until
// the drain is over, and counts it in the same instant.
func (s *shard[E, S]) feed(ev Event[E]) {
	q := s.q
	q.mu.Lock()
	defer q.mu.Unlock()
	s.outcomes++
	q.offered++
	if q.closed {
		q.rejected++
		return
	}
	q.received++
	q.add(&item[E, S]{ev: ev})
}
