package workflow

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"setpoint/workflow/guard"
)

// A Letter is a dead letter: an event that failed for good, and why.
type Letter[E, S any] struct {
	ID       uint64 // given by the store, rises
	Event    Event[E]
	State    S         // of its key as the event left it; a handler got the same
	Node     string    // the step or handler it failed at
	Err      error     // the last error; it may hold a stranger's text
	At       time.Time // when it failed for good
	Attempts int       // 0: it failed in the fold, or before a handler's first attempt
	First    Failure   // that of the first attempt; zero without one
}

// A Failure is an error and when it happened.
type Failure struct {
	At  time.Time
	Err error
}

// The reasons for which an event becomes a dead letter.
const (
	ReasonInvalid  = "invalid"  // its payload's Validate says so
	ReasonUnrouted = "unrouted" // a step named an action without an edge
	ReasonHops     = "hops"     // it is feedback of feedback, too many times
	ReasonTimer    = "timer"    // its key asks for a tick that it has just had
	ReasonPanic    = "panic"    // in a step, a handler or its Outcome
	ReasonFailed   = "failed"   // a handler's error
	ReasonTimeout  = "timeout"  // a handler's
	ReasonRefused  = "refused"  // by a handler's breaker, or because too many of its attempts hang
	ReasonShutdown = "shutdown" // the drain was over before it was done
)

// Reason returns which of the reasons led to l, told by Err.
func (l Letter[E, S]) Reason() string {
	_, panicked := errors.AsType[*guard.PanicError](l.Err)
	recalled, kept := errors.AsType[*recalled](l.Err)
	switch {
	case kept:
		return recalled.reason
	case errors.Is(l.Err, ErrShutdown):
		return ReasonShutdown
	case panicked:
		return ReasonPanic
	case errors.Is(l.Err, ErrInvalid):
		return ReasonInvalid
	case errors.Is(l.Err, ErrUnrouted):
		return ReasonUnrouted
	case errors.Is(l.Err, ErrTooMany):
		return ReasonHops
	case errors.Is(l.Err, ErrTimer):
		return ReasonTimer
	case errors.Is(l.Err, ErrRefused):
		return ReasonRefused
	case errors.Is(l.Err, ErrTimeout):
		return ReasonTimeout
	}
	return ReasonFailed
}

type recalled struct{ reason, text string }

func (r *recalled) Error() string { return r.text }

// RecallError returns an error with the text and, as a letter's Err, the reason
// given: for stores that keep letters as text.
func RecallError(reason, text string) error { return &recalled{reason, text} }

// A Filter chooses letters. What is zero does not count; the rest must all be so.
type Filter struct {
	IDs               []uint64 // any of them
	Node, Key, Reason string
	Before            time.Time // failed before
	Limit             int       // at most so many, the oldest
}

// Matches reports whether f chooses l, whatever the limit.
func (l Letter[E, S]) Matches(f Filter) bool {
	return (len(f.IDs) == 0 || slices.Contains(f.IDs, l.ID)) &&
		(f.Node == "" || f.Node == l.Node) &&
		(f.Key == "" || f.Key == l.Event.Key) &&
		(f.Before.IsZero() || l.At.Before(f.Before)) &&
		(f.Reason == "" || f.Reason == l.Reason())
}

// DeadLetters keeps dead letters, for one engine at a time. Its methods are called
// from several goroutines. The package workflowtest has a test for any of them.
type DeadLetters[E, S any] interface {
	// Put keeps l under an ID of its own, higher than any before. It is durable when Put
	// returns, or within the window that the store states. If it fails, the
	// engine counts the letter as lost. A letter whose event was redriven is on its
	// way to take an old one's place, so a store with a limit has room for it.
	Put(ctx context.Context, l Letter[E, S]) error
	List(ctx context.Context, f Filter) ([]Letter[E, S], error) // oldest first
	Remove(ctx context.Context, ids ...uint64) error            // those it has
}

// ErrLettersFull is returned by a store that has no room for a letter.
var ErrLettersFull = errors.New("the store of dead letters is full")

// MemoryLetters keeps up to Limit dead letters (0: 10,000) in memory; later ones
// are refused with [ErrLettersFull]. The zero value is ready for use.
type MemoryLetters[E, S any] struct {
	Limit int

	mu      sync.Mutex
	letters map[uint64]Letter[E, S]
	last    uint64
}

// Put keeps l.
func (m *MemoryLetters[E, S]) Put(_ context.Context, l Letter[E, S]) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	limit := m.Limit
	if limit <= 0 {
		limit = 10_000
	}
	if len(m.letters) >= limit && l.Event.Redrives == 0 {
		return ErrLettersFull
	}
	if m.letters == nil {
		m.letters = map[uint64]Letter[E, S]{}
	}
	m.last++
	l.ID = m.last
	m.letters[l.ID] = l
	return nil
}

// List returns copies of the letters that f chooses.
func (m *MemoryLetters[E, S]) List(_ context.Context, f Filter) (list []Letter[E, S], _ error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, id := range slices.Sorted(maps.Keys(m.letters)) {
		if f.Limit > 0 && len(list) == f.Limit {
			break
		}
		if l := m.letters[id]; l.Matches(f) {
			list = append(list, l)
		}
	}
	return list, nil
}

// Remove forgets the letters with the given IDs.
func (m *MemoryLetters[E, S]) Remove(_ context.Context, ids ...uint64) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, id := range ids {
		delete(m.letters, id)
	}
	return nil
}
