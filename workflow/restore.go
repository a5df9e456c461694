package workflow

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"
)

var errNoHandler = errors.New("no handler has this name any more")

// lostIDs is how many IDs each shard leaves out after a restore from a journal with
// a window: what a crash took had IDs, by which handlers may know it. A shard does not
// journal so many events within a second.
const lostIDs = 1 << 20

// restorer brings an engine that has not run yet to where another one was.
type restorer[E, S any] struct {
	e      *Engine[E, S]
	last   []ShardState // how far the shards had come, by the number they had
	top    uint64       // highest ID so far
	steps  map[uint64]*Workflow[E, S]
	whys   map[uint64]string
	open   map[handling]task[E, S]
	buried map[handling]Letter[E, S] // dead letters that may not have reached their store
}

// restore brings e to where the engine was whose snapshot and journal it was given.
func (e *Engine[E, S]) restore(ctx context.Context) error {
	if e.cfg.Restore == nil && e.cfg.Journal == nil {
		return nil
	}
	r := &restorer[E, S]{
		e: e, last: make([]ShardState, len(e.shards)), steps: map[uint64]*Workflow[E, S]{},
		whys: map[uint64]string{}, open: map[handling]task[E, S]{}, buried: map[handling]Letter[E, S]{},
	}
	for _, s := range e.shards {
		s.revision = 0 // none yet: that of the first event is asked for
	}
	if e.cfg.Restore != nil {
		r.load(e.cfg.Restore)
	}
	if e.cfg.Journal != nil {
		if err := r.read(ctx); err != nil {
			return fmt.Errorf("journal: %w", err)
		}
	}
	w, err := r.workflow(e.revision)
	if err != nil {
		return err
	}
	e.w, e.why = w, r.whys[e.revision]
	for i, s := range e.shards {
		s.book.w, s.revision = w, e.revision
		s.seq = r.top / (uint64(len(e.shards)) * s.book.room())
		if _, ok := e.cfg.Journal.(Flusher); ok {
			s.seq += lostIDs
		}
		if s.ticks = 0; len(r.last) == len(e.shards) {
			s.mark = r.last[i].Last
		}
	}
	r.resume()
	return nil
}

// load takes over a snapshot.
func (r *restorer[E, S]) load(snap *Snapshot[E, S]) {
	e := r.e
	e.position.Store(uint64(snap.Position))
	e.revision, r.whys[snap.Revision] = max(snap.Revision, 1), snap.Why
	r.last = slices.Clone(snap.Shards)
	for _, l := range r.last {
		r.top = max(r.top, l.Last)
	}
	if len(r.last) == len(e.shards) {
		for i, s := range e.shards {
			s.ticks, s.book.swept = r.last[i].Ticks, r.last[i].Swept
		}
	}
	for _, k := range snap.Keys {
		e.shardOf(k.Key).book.put(k)
	}
	for _, o := range snap.Open {
		r.open[handling{o.Event.ID, o.Node}] = task[E, S]{ev: o.Event, s: o.State}
	}
}

// read folds what the journal has after the snapshot.
func (r *restorer[E, S]) read(ctx context.Context) error {
	for rec, err := range r.e.cfg.Journal.Read(ctx, Position(r.e.position.Load())) {
		if err != nil {
			return err
		}
		if err := r.take(&rec); err != nil {
			return fmt.Errorf("record %d: %w", rec.Position, err)
		}
		r.e.reach(rec.Position)
	}
	return nil
}

func (r *restorer[E, S]) take(rec *Record[E]) error {
	if h, ok := rec.ends(); ok {
		delete(r.open, h)
		delete(r.buried, h)
	}
	switch rec.Kind {
	case RecordDone:
		return nil
	case RecordSwap:
		r.whys[rec.Event.Revision] = rec.Why
		r.e.revision = max(r.e.revision, rec.Event.Revision)
		return nil
	case RecordEvent:
		return r.fold(rec)
	}
	return fmt.Errorf("kind %d: want %d to %d", rec.Kind, RecordEvent, RecordSwap)
}

// fold folds the event of rec, unless it is known already: the snapshot may hold
// it, and after an error it may have been appended twice.
func (r *restorer[E, S]) fold(rec *Record[E]) error {
	if no := rec.Shard; rec.Shards == len(r.last) && no >= 0 && no < len(r.last) && rec.Event.ID <= r.last[no].Last {
		return nil
	}
	if n := len(r.e.shards); rec.Shards != n || rec.Shard < 0 || rec.Shard >= n {
		return fmt.Errorf("shard %d of %d: want %d shards until a snapshot holds all that is in the journal", rec.Shard, rec.Shards, n)
	}
	if len(r.last) != len(r.e.shards) { // the snapshot's number of shards is history now
		r.last = make([]ShardState, len(r.e.shards))
	}
	s, ev := r.e.shards[rec.Shard], &rec.Event
	if ev.Revision != s.revision {
		w, err := r.workflow(ev.Revision)
		if err != nil {
			return err
		}
		s.book.w, s.revision = w, ev.Revision
	}
	for tick, ok := s.book.tick(ev, s.ticks); ok; tick, ok = s.book.tick(ev, s.ticks) {
		s.ticks++
		r.one(s, &tick)
	}
	s.ticks = 0
	if r.last[rec.Shard].Last = ev.ID; isForAll(ev) {
		s.book.sweep(ev.Time)
	} else {
		r.one(s, ev)
	}
	r.top = max(r.top, ev.ID)
	r.e.replayed++
	return nil
}

// one folds ev as a live shard does, but leaves its effects for later.
func (r *restorer[E, S]) one(s *shard[E, S], ev *Event[E]) {
	var res Result
	entry := s.book.fold(ev, &res)
	if res.Err != nil {
		node := s.book.w.nodes[res.node].name
		r.buried[handling{ev.ID, node}] = Letter[E, S]{Event: *ev, State: s.book.state(ev.Key), Node: node, Err: res.Err}
		return
	}
	for _, e := range res.path[:res.n] {
		for _, h := range e.handlers {
			if n := &r.e.nodes[h]; !n.effect.AtMostOnce {
				r.open[handling{ev.ID, n.name}] = task[E, S]{ev: *ev, s: entry.s}
			}
		}
	}
}

// workflow returns what judges the events of a revision.
func (r *restorer[E, S]) workflow(revision uint64) (*Workflow[E, S], error) {
	if w := r.steps[revision]; w != nil {
		return w, nil
	}
	w := r.e.w
	if r.e.cfg.Steps != nil {
		var err error
		if w, err = r.e.cfg.Steps(revision, r.whys[revision]); err != nil {
			return nil, fmt.Errorf("steps of revision %d: %w", revision, err)
		}
	}
	same := func(a, b node[E, S]) bool { return a.name == b.name }
	if w == nil || !slices.EqualFunc(w.nodes, r.e.nodes, same) {
		return nil, fmt.Errorf("steps of revision %d: want the nodes of the engine's workflow", revision)
	}
	r.steps[revision] = w
	return w, nil
}

// resume hands out, in their order, what nobody had been done with.
func (r *restorer[E, S]) resume() {
	byID := func(a, b handling) int { return cmp.Or(cmp.Compare(a.id, b.id), cmp.Compare(a.node, b.node)) }
	for _, h := range slices.SortedFunc(maps.Keys(r.buried), byID) {
		r.bury(h, r.buried[h])
	}
	for _, h := range slices.SortedFunc(maps.Keys(r.open), byID) {
		t := r.open[h]
		i := slices.IndexFunc(r.e.nodes, func(n node[E, S]) bool { return n.name == h.node && n.handler != nil })
		if i < 0 {
			r.bury(h, Letter[E, S]{Event: t.ev, State: t.s, Node: h.node, Err: errNoHandler})
			continue
		}
		if l := r.e.shardOf(t.ev.Key).ledger; l != nil && !r.e.nodes[i].effect.AtMostOnce {
			l.open[h] = t
		}
		t.since = time.Now()
		lanes := r.e.lanes[i]
		_ = lanes[spread(t.ev.Key, len(lanes))].q.push(context.Background(), &t, Block, true) // open: it cannot fail
	}
}

func (r *restorer[E, S]) bury(h handling, l Letter[E, S]) {
	_ = r.e.bury(l)
	r.e.shardOf(l.Event.Key).note(ended{h, l.Event.Key})
}
