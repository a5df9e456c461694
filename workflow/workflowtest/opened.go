// Package workflowtest tests what others write for [workflow]: a journal, a store of
// dead letters, a store of snapshots; and it has handlers that go wrong on cue.
package workflowtest

import (
	"testing"

	"setpoint/workflow"
)

// Opened is a store under test, of type T: a workflow.Journal, DeadLetters or
// Snapshots. One that has a window within which a crash loses what it took is a
// [workflow.Flusher].
type Opened[T any] struct {
	Store T

	// Reopen returns the store as it is once the program has died, without a flush or
	// a close, and was started again. The one before is used no more.
	Reopen func() T
}

// flush makes durable what the store took, if it has a window.
func (o *Opened[T]) flush(t *testing.T) {
	t.Helper()
	if f, ok := any(o.Store).(workflow.Flusher); ok {
		if err := f.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// crash returns the store after a crash that loses nothing.
func (o *Opened[T]) crash(t *testing.T) T {
	t.Helper()
	o.flush(t)
	o.Store = o.Reopen()
	return o.Store
}
