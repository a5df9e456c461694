package workflow

import (
	"context"
	"slices"
	"sync"
)

// Snapshots keeps the newest snapshot of an engine. Its methods may be called from
// several goroutines. The package workflowtest has a test for any of them.
type Snapshots[E, S any] interface {
	// Save keeps snap instead of the one before; it is durable when Save returns. If
	// Save fails, the one before is still there; if the program dies meanwhile, that
	// one or snap is. It returns soon when ctx is done, and keeps no reference to what
	// snap holds.
	Save(ctx context.Context, snap Snapshot[E, S]) error

	// Load returns the newest snapshot, nil if there is none. It is the caller's own.
	Load(ctx context.Context) (*Snapshot[E, S], error)
}

// MemorySnapshots keeps the newest snapshot in memory: it outlives an engine, but
// not the program. The zero value is ready for use.
type MemorySnapshots[E, S any] struct {
	mu     sync.Mutex
	newest *Snapshot[E, S]
}

// Save keeps snap; it fails only when ctx is done.
func (m *MemorySnapshots[E, S]) Save(ctx context.Context, snap Snapshot[E, S]) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	m.newest = snap.clone()
	return nil
}

// Load returns the newest snapshot; it fails only when ctx is done.
func (m *MemorySnapshots[E, S]) Load(ctx context.Context) (*Snapshot[E, S], error) {
	if ctx.Err() != nil {
		return nil, context.Cause(ctx)
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.newest == nil {
		return nil, nil
	}
	return m.newest.clone(), nil
}

func (s *Snapshot[E, S]) clone() *Snapshot[E, S] {
	c := *s
	c.Shards, c.Keys, c.Open = slices.Clone(s.Shards), slices.Clone(s.Keys), slices.Clone(s.Open)
	return &c
}
