package workflow

import (
	"cmp"
	"context"
	"iter"
	"slices"
	"sync"
)

// A Position is the place of a record in a journal. Positions rise in the order in
// which records were appended, and none is given twice. 0 is before the first.
type Position uint64

// RecordKind says what a record tells.
type RecordKind uint8

// The kinds of records.
const (
	// RecordEvent: the event, as it was about to be folded. Feedback tells by its Cause and
	// Source that this handler is done with that event, too.
	RecordEvent RecordKind = iota + 1

	// RecordDone: the handler Node is done with the event that has the ID and Key of
	// Event, or a dead letter of the step Node was handed to its store.
	RecordDone

	// RecordSwap: from here on the events of a shard have the revision that Event has.
	// The step of Node was replaced, for the reason Why. Each shard says it once.
	RecordSwap
)

// A Record is an entry of a journal.
type Record[E any] struct {
	Position  Position // given by the journal
	Kind      RecordKind
	Shard     int // that folded it, of so many Shards
	Shards    int
	Node, Why string
	Event     Event[E]
}

// A Journal keeps what an engine is about to fold, so that another engine can fold
// it again after a crash. It is used by one engine at a time, but its methods are
// called from several goroutines. The package workflowtest has a test for any of
// them.
type Journal[E any] interface {
	// Append adds the records, all or none of them, one after the other, and returns
	// the position of the last. When it returns, they are in the journal's order: Read
	// yields them. They will be durable within the window that the journal states, and
	// one that states none, which is no [Flusher], has made them durable by then. What a
	// crash takes is an end of that order, of whole appends, none older than the window.
	//
	// It returns soon when ctx is done, and keeps no reference to records. After an
	// error the engine appends the same records again, so it does no harm if they were
	// added even so.
	Append(ctx context.Context, records []Record[E]) (Position, error)

	// Read yields the records after a position in their order, as far as they were
	// appended before it began, and ends after an error.
	Read(ctx context.Context, after Position) iter.Seq2[Record[E], error]

	// Truncate forgets the records up to a position: a snapshot holds them. Positions
	// go on rising even when nothing is left.
	Truncate(ctx context.Context, upTo Position) error
}

// A Flusher is a journal with a window within which a crash loses what was appended.
type Flusher interface {
	// Flush returns when all is durable that was appended before it began.
	// [Engine.Snapshot] calls it: a snapshot must never know of more than its journal,
	// for the positions of what was lost are given again.
	Flush(ctx context.Context) error
}

// MemoryJournal is a journal in memory: it outlives an engine, but not the program.
// The zero value is ready for use.
type MemoryJournal[E any] struct {
	mu     sync.Mutex
	groups [][]Record[E] // as they were appended; never written again
	last   Position
}

// Append adds records; it fails only when ctx is done.
func (m *MemoryJournal[E]) Append(ctx context.Context, records []Record[E]) (Position, error) {
	if ctx.Err() != nil {
		return 0, context.Cause(ctx)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(records) == 0 {
		return m.last, nil
	}
	group := slices.Clone(records)
	for i := range group {
		m.last++
		group[i].Position = m.last
	}
	m.groups = append(m.groups, group)
	return m.last, nil
}

// Read yields the records after a position.
func (m *MemoryJournal[E]) Read(ctx context.Context, after Position) iter.Seq2[Record[E], error] {
	return func(yield func(Record[E], error) bool) {
		m.mu.Lock()
		groups := m.groups
		m.mu.Unlock()
		for _, group := range groups {
			if ctx.Err() != nil {
				yield(Record[E]{}, context.Cause(ctx))
				return
			}
			for _, r := range group {
				if r.Position > after && !yield(r, nil) {
					return
				}
			}
		}
	}
}

// Truncate forgets the records up to a position.
func (m *MemoryJournal[E]) Truncate(ctx context.Context, upTo Position) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	var left [][]Record[E]
	for _, group := range m.groups {
		n, _ := slices.BinarySearchFunc(group, upTo+1, func(r Record[E], p Position) int { return cmp.Compare(r.Position, p) })
		if n < len(group) {
			left = append(left, group[n:])
		}
	}
	m.groups = left
	return nil
}
