package workflow

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"setpoint/workflow/guard"
)

// A Letter is a dead letter: an event that failed for good, and why.
type Letter[E any] struct {
	ID       uint64 // given by the store, rises
	Event    Event[E]
	Node     string // the step or handler it failed at
	Err      error  // the last error
	Attempts int    // 0: it failed in the fold
	At       time.Time
}

// DeadLetters keeps dead letters. Put may fail; the engine counts that letter as
// lost. It is called from several goroutines.
type DeadLetters[E any] interface {
	Put(ctx context.Context, l Letter[E]) error
	List(ctx context.Context) ([]Letter[E], error) // oldest first
}

// ErrLettersFull is returned by a store that has no room for a letter.
var ErrLettersFull = errors.New("the store of dead letters is full")

// MemoryLetters keeps up to Limit dead letters (0: 10,000) in memory; later ones
// are refused with [ErrLettersFull]. The zero value is ready for use.
type MemoryLetters[E any] struct {
	Limit int

	mu      sync.Mutex
	letters []Letter[E]
	last    uint64
}

// Put keeps l.
func (m *MemoryLetters[E]) Put(_ context.Context, l Letter[E]) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	limit := m.Limit
	if limit <= 0 {
		limit = 10_000
	}
	if len(m.letters) >= limit {
		return ErrLettersFull
	}
	m.last++
	l.ID = m.last
	m.letters = append(m.letters, l)
	return nil
}

// List returns a copy of all letters.
func (m *MemoryLetters[E]) List(context.Context) ([]Letter[E], error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return slices.Clone(m.letters), nil
}

// post hands dead letters to the store and counts what becomes of them.
type post[E any] struct {
	store DeadLetters[E]

	mu                     sync.Mutex
	produced, stored, lost uint64
}

func (p *post[E]) put(ctx context.Context, l Letter[E]) error {
	err := guard.Catch("store of dead letters", func() error { return p.store.Put(ctx, l) })
	p.mu.Lock()
	defer p.mu.Unlock()
	p.produced++
	if err != nil {
		p.lost++
	} else {
		p.stored++
	}
	return err
}
