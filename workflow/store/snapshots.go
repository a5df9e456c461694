package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math"
	"time"

	"github.com/ncruces/go-sqlite3"

	"setpoint/workflow"
)

// EngineSnapshots is the newest snapshot of an engine in a [Store].
type EngineSnapshots[E, S any] struct {
	s      *Store
	events workflow.Codec[E]
	states workflow.Codec[S]
}

// Snapshots returns the snapshots of s. There is one in a store.
func Snapshots[E, S any](s *Store, events workflow.Codec[E], states workflow.Codec[S]) *EngineSnapshots[E, S] {
	return &EngineSnapshots[E, S]{s, events, states}
}

// saving is a snapshot on its way to the disk.
type saving struct {
	position       workflow.Position
	time           time.Time
	events, states int
	body           []byte
	older          *saving // this one is written instead of that
	done           chan struct{}
	err            error // once done is closed
}

// end tells who saved it, and who saved an older one instead of which it was
// written.
func (w *saving) end(err error) {
	for ; w != nil; w = w.older {
		w.err = err
		close(w.done)
	}
}

// Save keeps snap and all that was appended before. It fails when an attempt to
// write it fails; it is not tried again then. While [Health] says NeedsSnapshot it
// has to be called until it succeeds.
func (x *EngineSnapshots[E, S]) Save(ctx context.Context, snap workflow.Snapshot[E, S]) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	var body bytes.Buffer
	if err := workflow.WriteSnapshot(&body, snap, x.events, x.states); err != nil {
		return err
	}
	w := &saving{
		position: snap.Position, time: snap.Time, events: x.events.Version, states: x.states.Version,
		body: body.Bytes(), done: make(chan struct{}),
	}
	if err := x.s.save(w); err != nil {
		return err
	}
	select {
	case <-w.done:
		return w.err
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

// save gives w to the writer.
func (s *Store) save(w *saving) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.o.ReadOnly:
		return ErrReadOnly
	case s.dead != nil:
		return s.dead
	case s.closed:
		return ErrClosed
	}
	w.older, s.snap = s.snap, w
	s.prod()
	return nil
}

// writeSnapshot is part of a transaction that holds all that was appended.
func (s *Store) writeSnapshot(d *disk, w *saving) error {
	s.mu.Lock()
	given, hole := s.last, s.hole
	s.mu.Unlock()
	position := min(w.position, given)
	d.last = max(d.last, position)
	if hole {
		d.floor = max(d.floor, position)
	}
	_, err := d.run("INSERT OR REPLACE INTO snapshot VALUES (1, ?, ?, ?, ?, ?)",
		w.time.UTC().Format(time.RFC3339Nano), uint64(position), w.events, w.states, w.body)
	return err
}

// Load returns the newest snapshot, nil if there is none.
func (x *EngineSnapshots[E, S]) Load(ctx context.Context) (snap *workflow.Snapshot[E, S], err error) {
	err = x.s.read(ctx, func(c *conn) error {
		body, _, err := loadSnapshot(c)
		if err != nil || body == nil {
			return err
		}
		got, err := workflow.ReadSnapshot(bytes.NewReader(body), x.events, x.states)
		if errors.Is(err, workflow.ErrDamaged) {
			err = fmt.Errorf("%w: %w", ErrDamaged, err)
		}
		snap = &got
		return err
	})
	if err != nil {
		return nil, err
	}
	return snap, nil
}

// loadSnapshot returns the newest snapshot as it was written, nil if there is none,
// and the versions in it.
func loadSnapshot(c *conn) (body []byte, versions [2]int, err error) {
	err = c.each(func(s *sqlite3.Stmt) bool {
		body = s.ColumnBlob(0, nil)
		versions = [2]int{s.ColumnInt(1), s.ColumnInt(2)}
		return false
	}, "SELECT body, events, states FROM snapshot")
	return body, versions, err
}

// raw is a codec of a version that takes whatever there is.
func raw(version int) workflow.Codec[[]byte] {
	return workflow.Codec[[]byte]{
		Version: min(version, math.MaxInt32),
		Decode:  func(b []byte) ([]byte, error) { return b, nil },
	}
}
