package store

import (
	"errors"
	"os"
	"syscall"
	"time"

	"github.com/ncruces/go-sqlite3"

	"setpoint/workflow"
)

// State says how a store does.
type State string

// The states of a store.
const (
	OK      State = "ok"
	Full    State = "full"    // there is no room on the disk
	Failing State = "failing" // the disk does not write, for another reason
	Looking State = "read-only"
)

// Health is how a store does.
type Health struct {
	State   State
	Since   time.Time // when the state began; zero: when the store was opened
	Err     error     // why it is not OK
	Pending int       // records that wait for the disk
	Lost    uint64    // records that will never be kept
	Bytes   int64     // on disk
	Commit  time.Duration
	Durable workflow.Position // up to here all is on disk that was not lost

	// NeedsSnapshot: records are missing from the journal, or all of it. Nothing is
	// written until a snapshot is saved that was taken after what is missing.
	NeedsSnapshot bool
}

// trouble is what goes wrong. It is guarded by the store's mu.
type trouble struct {
	state State // "": OK
	since time.Time
	err   error // of the last attempt
	fails uint64
	retry time.Time // not before
	took  time.Duration
	bytes int64

	lost     uint64
	from, to workflow.Position // what was lost last is in between
	hole     bool              // a snapshot has to cover what is missing
	need     workflow.Position // up to here
}

// Health returns how the store does now.
func (s *Store) Health() Health {
	s.mu.Lock()
	defer s.mu.Unlock()
	h := Health{
		State: s.state, Since: s.since, Err: s.err, Pending: s.records, Lost: s.lost, Bytes: s.bytes,
		Commit: s.took, Durable: s.durable, NeedsSnapshot: s.hole,
	}
	switch {
	case s.o.ReadOnly:
		h.State, h.Bytes = Looking, sizeOf(s.path)
	case h.State == "":
		h.State = OK
	}
	return h
}

// sizeOf returns the bytes of the database file and its WAL.
func sizeOf(path string) (n int64) {
	for _, p := range []string{path, path + "-wal"} {
		if info, err := os.Stat(p); err == nil {
			n += info.Size()
		}
	}
	return n
}

// failed notes that an attempt to write failed. It is called with mu locked.
func (s *Store) failed(err error) {
	state := Failing
	if errors.Is(err, sqlite3.FULL) || errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		state = Full
	}
	if s.state != state {
		s.o.Log.Error("store does not write", "state", state, "pending", s.records, "err", err)
		s.state, s.since = state, time.Now()
	}
	s.err = err
	s.fails++
	s.hurry = false
	s.snap.end(err)
	s.snap = nil
	s.retry = time.Now().Add(s.o.again)
}

// recovered notes that an attempt succeeded. It is called with mu locked.
func (s *Store) recovered(took time.Duration) {
	s.took, s.bytes = took, sizeOf(s.path)
	if s.state == "" {
		return
	}
	s.o.Log.Info("store writes again", "lost", s.lost)
	s.state, s.since, s.err = "", time.Now(), nil
}
