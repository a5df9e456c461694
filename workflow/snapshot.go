package workflow

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"setpoint/workflow/guard"
)

// A Snapshot is what an engine knew at one moment. Together with the records of its
// journal after Position it is what the engine knows later. Its order is that of
// keys and IDs, so equal knowledge makes equal snapshots.
type Snapshot[E, S any] struct {
	Time     time.Time // when it was taken
	Position Position  // the journal may be truncated up to here once the snapshot is kept
	Revision uint64
	Why      string // the reason given for that revision
	Shards   []ShardState
	Keys     []KeyState[S]
	Open     []OpenEvent[E, S] // what handlers were not done with; empty without a journal
}

// ShardState is how far a shard had come.
type ShardState struct {
	Last  uint64    // the ID of the last event that it had folded
	Ticks uint64    // how many ticks it had folded of those that the next event brings
	Swept time.Time // when it last looked for silent keys
}

// KeyState is the state of a key.
type KeyState[S any] struct {
	Key       string
	State     S
	Watermark time.Time // newest event time of its data
	Timer     time.Time // the next one of a Timed state; zero: none
}

// An OpenEvent is one that a handler was not done with.
type OpenEvent[E, S any] struct {
	Node  string // the handler
	Event Event[E]
	State S // of its key as the event left it
}

// Snapshot returns what the engine knows. Each shard's part is that between two
// events, and the shard waits only while its states are copied. It may be called at
// any time, also when the run is over. It fails when ctx is done, or when a journal
// that is a [Flusher] does not make durable what the snapshot knows of.
func (e *Engine[E, S]) Snapshot(ctx context.Context) (Snapshot[E, S], error) {
	snap := Snapshot[E, S]{Time: time.Now(), Position: Position(e.position.Load())}
	for _, s := range e.shards {
		if ctx.Err() != nil {
			return Snapshot[E, S]{}, context.Cause(ctx)
		}
		s.snapshot(&snap)
	}
	if err := e.flush(ctx); err != nil {
		return Snapshot[E, S]{}, err
	}
	e.mu.Lock()
	snap.Revision, snap.Why = e.revision, e.why
	e.mu.Unlock()
	slices.SortFunc(snap.Keys, func(a, b KeyState[S]) int { return cmp.Compare(a.Key, b.Key) })
	slices.SortFunc(snap.Open, func(a, b OpenEvent[E, S]) int {
		return cmp.Or(cmp.Compare(a.Event.ID, b.Event.ID), cmp.Compare(a.Node, b.Node))
	})
	return snap, nil
}

// flush makes durable what the journal took so far, if it has a window.
func (e *Engine[E, S]) flush(ctx context.Context) error {
	f, ok := e.cfg.Journal.(Flusher)
	if !ok {
		return nil
	}
	if err := guard.Catch("journal", func() error { return f.Flush(ctx) }); err != nil {
		return fmt.Errorf("journal: %w", err)
	}
	return nil
}

// snapshot adds what the shard knows.
func (s *shard[E, S]) snapshot(snap *Snapshot[E, S]) {
	s.mu.Lock()
	defer s.mu.Unlock()
	snap.Shards = append(snap.Shards, ShardState{s.mark, s.ticks, s.book.swept})
	snap.Keys = slices.Grow(snap.Keys, len(s.book.states))
	for key, e := range s.book.states {
		snap.Keys = append(snap.Keys, KeyState[S]{key, e.s, e.watermark, e.timer})
	}
	if s.ledger == nil {
		return
	}
	snap.Position = min(snap.Position, s.ledger.floor)
	for id, t := range s.ledger.open {
		snap.Open = append(snap.Open, OpenEvent[E, S]{id.node, t.ev, t.s})
	}
}
