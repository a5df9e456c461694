package workflow

import (
	"errors"
	"math"
	"time"

	"setpoint/workflow/guard"
)

// journalWaits are the waits after a journal's errors.
var journalWaits = Retry{Initial: 10 * time.Millisecond, Max: 5 * time.Second, NoJitter: true}

// noFloor is the floor of a shard that has folded all it appended.
const noFloor = Position(math.MaxUint64)

// handling is an event at a handler, or at the step where it ended.
type handling struct {
	id   uint64
	node string
}

// ended is a handling that is done, by an event of the key.
type ended struct {
	handling
	key string
}

// ledger is what a shard keeps for the journal. Without a journal it is nil.
type ledger[E, S any] struct {
	records []Record[E] // of the batch

	// Guarded by the queue's mu.
	done, writing []ended // to be appended with the next batch, and with this one

	// Guarded by the shard's mu.
	open  map[handling]task[E, S] // what handlers are not done with, as far as the journal knows
	floor Position                // what is appended but not yet folded is after it
}

func newLedger[E, S any](c *Config[E, S]) *ledger[E, S] {
	if c.Journal == nil {
		return nil
	}
	return &ledger[E, S]{open: map[handling]task[E, S]{}, floor: noFloor}
}

// turn takes what is done for the next batch. It is called with q.mu locked.
func (l *ledger[E, S]) turn() bool {
	if l == nil {
		return false
	}
	l.writing, l.done = l.done, l.writing[:0]
	return len(l.writing) > 0
}

// owes reports whether something is done of which the journal does not know. It
// is called with q.mu locked.
func (l *ledger[E, S]) owes() bool { return l != nil && len(l.writing)+len(l.done) > 0 }

// note has the next batch tell the journal that h is done.
func (s *shard[E, S]) note(h ended) {
	if s.ledger == nil {
		return
	}
	s.q.mu.Lock()
	defer s.q.mu.Unlock()
	if !s.q.closed {
		s.ledger.done = append(s.ledger.done, h)
		s.q.wake()
	}
}

// begin opens the handlings of ev by the handlers that the path of r leads to, and
// that the journal follows.
func (l *ledger[E, S]) begin(ev *Event[E], state S, r *Result, nodes []node[E, S]) {
	if l == nil {
		return
	}
	for _, e := range r.path[:r.n] {
		for _, h := range e.handlers {
			if n := &nodes[h]; !n.effect.AtMostOnce {
				l.open[handling{ev.ID, n.name}] = task[E, S]{ev: *ev, s: state}
			}
		}
	}
}

// close closes the handlings that the batch in records tells the end of.
func (l *ledger[E, S]) close() {
	for i := range l.records {
		if h, ok := l.records[i].ends(); ok {
			delete(l.open, h)
		}
	}
}

// ends returns the handling that r tells the end of.
func (r *Record[E]) ends() (h handling, ok bool) {
	switch {
	case r.Kind == RecordDone:
		return handling{r.Event.ID, r.Node}, true
	case r.Kind == RecordEvent && r.Event.Hops > 0:
		return handling{r.Event.Cause, r.Event.Source}, true
	}
	return h, false
}

// writeAhead appends the batch to the journal, and tries again with growing waits
// until it is there. It gives up only once the drain timeout is over.
func (s *shard[E, S]) writeAhead() error {
	l, e := s.ledger, s.e
	s.list()
	s.mu.Lock()
	l.floor = Position(e.position.Load())
	s.mu.Unlock()
	for failures := 1; ; failures++ {
		var last Position
		err := guard.Catch("journal", func() (err error) {
			last, err = e.cfg.Journal.Append(e.journalCtx, l.records)
			return err
		})
		if err == nil {
			e.reach(last)
			return nil
		}
		e.journalErrors.Add(1)
		e.touch()
		wait := journalWaits.Delay(failures, 0)
		e.cfg.Log.Error("batch not journalled", "shard", s.no, "records", len(l.records), "again in", wait, "err", err)
		timer := time.NewTimer(wait)
		select {
		case <-timer.C:
		case <-e.laneCtx.Done():
			timer.Stop()
			return errors.Join(ErrShutdown, err)
		}
	}
}

// list makes the records of the batch and of what is done.
func (s *shard[E, S]) list() {
	l := s.ledger
	l.records = l.records[:0]
	add := func(r Record[E]) {
		r.Shard, r.Shards = s.no, len(s.e.shards)
		l.records = append(l.records, r)
	}
	for _, h := range l.writing {
		add(Record[E]{Kind: RecordDone, Node: h.node, Event: Event[E]{ID: h.id, Key: h.key}})
	}
	for i := range s.batch {
		if it := &s.batch[i]; it.swap != nil {
			add(Record[E]{Kind: RecordSwap, Node: it.swap.node, Why: it.swap.why, Event: Event[E]{Revision: it.swap.revision}})
		} else {
			add(Record[E]{Kind: RecordEvent, Event: it.ev})
		}
	}
}

// reach notes that the journal has come to position p.
func (e *Engine[E, S]) reach(p Position) {
	for {
		old := e.position.Load()
		if uint64(p) <= old || e.position.CompareAndSwap(old, uint64(p)) {
			return
		}
	}
}
