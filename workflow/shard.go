package workflow

import (
	"context"
	"errors"
	"sync"
	"time"
)

// batchSize is how many events a shard takes at once. Between batches it commits
// its counters and lets others look at the states.
const batchSize = 64

// item is what a shard's queue holds: an event, or the order to swap a step.
type item[E, S any] struct {
	ev   Event[E]
	swap *swap[E, S]
}

func (i item[E, S]) key() string { return i.ev.Key }
func (i item[E, S]) keep() bool  { return i.ev.Kind != Data || i.ev.Redrives > 0 }
func (i item[E, S]) wall() bool  { return i.swap != nil }

type swap[E, S any] struct {
	w         *Workflow[E, S]
	revision  uint64
	node, why string
}

// tally is what became of events since the last commit.
type tally struct {
	folded, late, dead uint64
	ticks              uint64 // of these, the ones that did not come through the queue
}

// shard folds the events of its keys, one after the other, in a goroutine of its
// own.
type shard[E, S any] struct {
	e      *Engine[E, S]
	no     int
	q      *queue[item[E, S]]
	rush   *rush
	ledger *ledger[E, S]
	_      [64]byte // what producers look at is not where the fold writes

	batch []item[E, S] // in the queue's own ring
	began time.Time    // when the first of it was dispatched
	noted int          // events of the batch that are committed

	seq, revision uint64 // of the last event that was stamped

	folded, late, dead, outcomes uint64    // guarded by q.mu
	since                        time.Time // Seen of the oldest in flight; guarded by q.mu
	tally                        tally

	mu     sync.Mutex // guards what follows; held while a batch is folded
	book   book[E, S]
	result Result   // of the event being folded
	mark   uint64   // the ID of the last event folded
	ticks  uint64   // folded of those that the next event brings
	passed []uint64 // events that left each node
	lat    latency
}

func newShard[E, S any](e *Engine[E, S], no int) *shard[E, S] {
	return &shard[E, S]{
		e: e, no: no, q: newQueue[item[E, S]](e.cfg.Queue), revision: e.revision, ledger: newLedger(&e.cfg),
		passed: make([]uint64, len(e.w.nodes)),
		rush:   &rush{clock: &e.clock},
		book:   newBook(e.w, e.cfg.Lateness, e.cfg.Forget, e.cfg.MaxHops),
	}
}

// admit puts an event from outside into the queue.
func (s *shard[E, S]) admit(ctx context.Context, it *item[E, S], policy Overflow) error {
	s.q.mu.Lock()
	defer s.q.mu.Unlock()
	it.ev.Seen = s.rush.now(s.q.n == 0)
	return s.q.enter(ctx, it, policy, false)
}

func (s *shard[E, S]) run() {
	for {
		if !s.next() {
			return
		}
		s.foldBatch()
	}
}

func (s *shard[E, S]) foldBatch() {
	s.stamp()
	if s.ledger != nil {
		if err := s.writeAhead(); err != nil {
			s.lose(0, err)
			return
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ledger != nil {
		s.ledger.close()
		defer func() { s.ledger.floor = noFloor }()
	}
	s.began, s.noted = time.Time{}, 0
	for i := range s.batch {
		s.fold(i)
	}
	s.measure(len(s.batch))
	clear(s.batch)
}

// stamp gives each event of the batch its ID and revision.
func (s *shard[E, S]) stamp() {
	for i := range s.batch {
		it := &s.batch[i]
		if it.swap != nil {
			s.revision = it.swap.revision
			continue
		}
		s.seq++
		it.ev.ID = (s.seq*uint64(len(s.e.shards)) + uint64(s.no)) * s.book.room()
		it.ev.Revision = s.revision
	}
}

// next commits the last batch and takes the next; false: the queue is closed.
func (s *shard[E, S]) next() bool {
	q := s.q
	q.mu.Lock()
	defer q.mu.Unlock()
	s.commit()
	s.e.touch()
	for yielded := false; ; yielded = true {
		s.batch = q.take(batchSize)
		if done := s.ledger.turn(); done || len(s.batch) > 0 {
			s.since = time.Time{}
			for i := 0; i < len(s.batch) && s.since.IsZero(); i++ {
				s.since = s.batch[i].ev.Seen
			}
			return true
		}
		if q.closed {
			return false
		}
		if !yielded {
			q.yield()
			continue
		}
		q.idle = true
		q.mu.Unlock()
		s.e.quiet.ring()
		<-q.ready
		q.mu.Lock()
	}
}

// fail is told of a panic in the shard's own code. It ends the run, and the rest
// of what the shard had to fold become dead letters, so that nothing waits for it.
func (s *shard[E, S]) fail(err error) {
	s.q.close()
	s.e.halt(err)
	s.q.mu.Lock()
	s.commit()
	from := len(s.batch) - s.q.inflight
	s.q.mu.Unlock()
	for more := true; more; more, from = s.next(), 0 {
		s.lose(from, errors.Join(ErrShutdown, err))
	}
	s.e.quiet.ring()
}

// lose makes dead letters of the batch from the given place on.
func (s *shard[E, S]) lose(from int, err error) {
	node := s.e.nodes[s.book.w.first].name
	for _, it := range s.batch[from:] {
		_ = s.e.post.put(context.Background(), Letter[E, S]{Event: it.ev, State: s.book.state(it.ev.Key), Node: node, Err: err, At: time.Now()})
		s.tally.dead++
	}
	clear(s.batch)
}

// commit moves the tally of the batch into the counters. q.mu is locked.
func (s *shard[E, S]) commit() {
	t := s.tally
	s.folded += t.folded
	s.late += t.late
	s.dead += t.dead
	s.q.offered += t.ticks
	s.q.received += t.ticks
	s.q.inflight -= int(t.folded + t.late + t.dead - t.ticks)
	s.tally = tally{}
}

// measure records how long the events of the batch up to n took from their
// admission to their commit.
func (s *shard[E, S]) measure(n int) {
	now := s.e.clock.now()
	for s.noted < n {
		first := s.noted
		seen := s.batch[first].ev.Seen
		for s.noted < n && s.batch[s.noted].ev.Seen == seen {
			s.noted++
		}
		if !seen.IsZero() {
			s.lat.record(now.Sub(seen), s.noted-first)
		}
	}
}

// fold leads the event at place i of the batch through the workflow, after the
// ticks that come due by it.
func (s *shard[E, S]) fold(i int) {
	it := &s.batch[i]
	if it.swap != nil {
		s.book.w = it.swap.w
		s.tally.folded++
		return
	}
	if s.book.timed {
		s.foldTicks(i)
	}
	s.mark, s.ticks = it.ev.ID, 0
	if isForAll(&it.ev) {
		s.book.sweep(it.ev.Time)
		s.tally.folded++
		return
	}
	s.one(i, &it.ev)
}

// foldTicks folds the ticks that come due by the event at place i. (It is apart from
// fold because a tick escapes: only workflows with timers pay for it.)
func (s *shard[E, S]) foldTicks(i int) {
	ev := &s.batch[i].ev
	for {
		due, ok := s.book.tick(ev, s.ticks)
		if !ok {
			return
		}
		tick := due // escapes, and only ticks that there are should pay for that
		s.ticks++
		s.one(i, &tick)
		s.tally.ticks++
	}
}

// one folds ev, the event at place i of the batch or a tick before it.
func (s *shard[E, S]) one(i int, ev *Event[E]) {
	r := &s.result
	entry := s.book.fold(ev, r)
	switch {
	case r.Late:
		s.tally.late++
		return
	case r.Err != nil:
		s.tally.dead++
		node := s.book.w.nodes[r.node].name
		_ = s.e.bury(Letter[E, S]{Event: *ev, State: s.book.state(ev.Key), Node: node, Err: r.Err})
		s.note(ended{handling{ev.ID, node}, ev.Key})
		return
	}
	s.ledger.begin(ev, entry.s, r, s.e.nodes)
	for _, e := range r.path[:r.n] {
		s.passed[e.from]++
		for _, h := range e.handlers {
			s.dispatch(i, ev, h, entry.s)
		}
	}
	if r.Stop {
		s.e.halt(ErrStopped)
	}
	s.tally.folded++ // only now: until all is dispatched the event is under way here
}

// dispatch sends ev, folded at place i of the batch, to a handler. When the
// handler's policy makes the fold wait, what is done so far is committed first, and
// the states can be looked at meanwhile.
func (s *shard[E, S]) dispatch(i int, ev *Event[E], h int, state S) {
	lanes := s.e.lanes[h]
	l := lanes[spread(ev.Key, len(lanes))]
	if s.began.IsZero() {
		s.began = s.e.clock.now()
	}
	t := &task[E, S]{ev: *ev, s: state, since: s.began}
	if l.q.tryPush(t, l.effect.Overflow) {
		return
	}
	s.measure(i + 1)
	s.q.mu.Lock()
	s.commit()
	s.since = s.batch[i].ev.Seen
	s.q.mu.Unlock()
	s.mu.Unlock()
	defer s.mu.Lock()
	_ = l.q.push(context.Background(), t, l.effect.Overflow, false) // closed only after the shards
}

// bury puts a dead letter away; an error says that it is lost.
func (e *Engine[E, S]) bury(l Letter[E, S]) error {
	l.At = time.Now()
	if l.Attempts > 0 && l.First.Err == nil {
		l.First = Failure{l.At, l.Err}
	}
	e.cfg.Observe(Transition{At: l.At, Node: l.Node, What: "dead letter", Event: l.Event.ID, Key: l.Event.Key, Err: l.Err})
	err := e.post.put(context.Background(), l)
	if err != nil {
		e.cfg.Log.Error("dead letter lost", "node", l.Node, "err", err)
	}
	return err
}

// age returns how long ago the oldest event was handed over that is queued or being
// folded; 0: there is none. It is called with q.mu locked.
func (s *shard[E, S]) age() time.Duration {
	var seen time.Time
	if s.q.inflight > 0 {
		seen = s.since
	}
	for i := 0; i < s.q.n && seen.IsZero(); i++ { // the order to swap a step has no time
		seen = s.q.at(i).ev.Seen
	}
	if seen.IsZero() {
		return 0
	}
	return s.e.clock.now().Sub(seen)
}

// add adds the shard's figures to st.
func (s *shard[E, S]) add(st *Stats) {
	q := s.q
	q.mu.Lock()
	st.Offered += q.offered
	st.Received += q.received
	st.Waiting += uint64(q.waiting)
	st.Rejected += q.rejected
	st.Outcomes += s.outcomes
	st.Folded += s.folded
	st.Coalesced += q.coalesced
	st.DroppedOldest += q.droppedOldest
	st.DroppedNewest += q.droppedNewest
	st.Late += s.late
	st.DeadFold += s.dead
	st.Queued += uint64(q.n + q.inflight)
	st.Oldest = max(st.Oldest, s.age())
	st.Capacity += q.capacity
	st.HighWater = max(st.HighWater, q.highWater)
	q.mu.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	st.Keys += len(s.book.states)
	st.Forgotten += s.book.forgotten
	for i, n := range s.passed {
		st.Nodes[i].Passed += n
	}
}
