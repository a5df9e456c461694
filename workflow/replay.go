package workflow

import (
	"fmt"
	"iter"
	"time"
)

// ReplayConfig says by which rules recorded events were folded: those of the [Config]
// of the engine that recorded them. The zero ReplayConfig is that of the zero Config.
type ReplayConfig[E, S any] struct {
	Shards           int
	Lateness, Forget time.Duration
	MaxHops          uint8

	// Steps returns the workflow that judged the events of a revision. It is asked once
	// for each, revision 0 excepted, which is none. nil: the one that Replay was given
	// judges all of them, as in a what-if.
	Steps func(revision uint64) (*Workflow[E, S], error)
}

// Replay folds recorded events by the rules of a live engine, without running a
// handler, and yields what became of each. Ticks that come due are yielded before the
// event that brought them. If Steps has no workflow for an event, the Result of that
// event has the error, and it is the last.
func Replay[E, S any](w *Workflow[E, S], c ReplayConfig[E, S], evs iter.Seq[Event[E]]) iter.Seq2[Event[E], Folded[S]] {
	return func(yield func(Event[E], Folded[S]) bool) {
		r := newReplayer(w, c)
		for ev := range evs {
			if !r.fold(&ev, yield) {
				return
			}
		}
	}
}

// replayer is a replay under way.
type replayer[E, S any] struct {
	w         *Workflow[E, S]
	steps     func(uint64) (*Workflow[E, S], error)
	asked     map[uint64]*Workflow[E, S]
	books     []book[E, S] // of each shard
	revisions []uint64     // by which each book judges
}

func newReplayer[E, S any](w *Workflow[E, S], c ReplayConfig[E, S]) *replayer[E, S] {
	r := &replayer[E, S]{w: w, steps: c.Steps, asked: map[uint64]*Workflow[E, S]{0: w}}
	if c.MaxHops == 0 {
		c.MaxHops = defaultHops
	}
	for range max(c.Shards, 1) {
		r.books = append(r.books, newBook(w, c.Lateness, c.Forget, c.MaxHops))
	}
	r.revisions = make([]uint64, len(r.books))
	return r
}

// fold yields what becomes of ev and of the ticks that it brings; false: that was all.
func (r *replayer[E, S]) fold(ev *Event[E], yield func(Event[E], Folded[S]) bool) bool {
	b, err := r.book(ev)
	if err != nil {
		yield(*ev, Folded[S]{Result: Result{Err: err}})
		return false
	}
	one := func(ev *Event[E]) bool {
		var f Folded[S]
		if e := b.fold(ev, &f.Result); e != nil {
			f.State = e.s
		}
		return yield(*ev, f)
	}
	for n := uint64(0); ; n++ {
		tick, ok := b.tick(ev, n)
		if !ok {
			break
		}
		if !one(&tick) {
			return false
		}
	}
	if isForAll(ev) {
		b.sweep(ev.Time)
		return true
	}
	return one(ev)
}

// book returns where ev is folded: in the shard of its key or, if it is for all, in the
// one that gave it its ID. It judges by the revision of ev.
func (r *replayer[E, S]) book(ev *Event[E]) (*book[E, S], error) {
	no := spread(ev.Key, len(r.books))
	if isForAll(ev) {
		no = int(ev.ID / r.books[0].room() % uint64(len(r.books)))
	}
	b := &r.books[no]
	if r.steps == nil || ev.Revision == r.revisions[no] {
		return b, nil
	}
	w := r.asked[ev.Revision]
	if w == nil {
		var err error
		if w, err = r.steps(ev.Revision); err != nil {
			return nil, fmt.Errorf("steps of revision %d: %w", ev.Revision, err)
		}
		if w == nil {
			return nil, fmt.Errorf("steps of revision %d: there are none", ev.Revision)
		}
		r.asked[ev.Revision] = w
	}
	b.w, r.revisions[no] = w, ev.Revision
	return b, nil
}
