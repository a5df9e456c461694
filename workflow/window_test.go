package workflow_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"setpoint/workflow"
	"setpoint/workflow/workflowtest"
)

// windowed is a journal that makes durable what it took only when it is flushed.
type windowed[E any] struct {
	workflow.MemoryJournal[E]
	mu      sync.Mutex
	taken   []func(*windowed[E]) // what was done to it
	durable int                  // of that
	broken  error
}

func (w *windowed[E]) Append(ctx context.Context, records []workflow.Record[E]) (workflow.Position, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	kept := slices.Clone(records)
	last, err := w.MemoryJournal.Append(ctx, records)
	if err == nil {
		w.taken = append(w.taken, func(w *windowed[E]) { _, _ = w.Append(context.Background(), kept) })
	}
	return last, err
}

func (w *windowed[E]) Truncate(ctx context.Context, upTo workflow.Position) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.taken = append(w.taken, func(w *windowed[E]) { _ = w.Truncate(context.Background(), upTo) })
	return w.MemoryJournal.Truncate(ctx, upTo)
}

func (w *windowed[E]) Flush(context.Context) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.broken == nil {
		w.durable = len(w.taken)
	}
	return w.broken
}

// crash returns what was durable.
func (w *windowed[E]) crash() *windowed[E] {
	left := new(windowed[E])
	for _, do := range w.taken[:w.durable] {
		do(left)
	}
	left.durable = w.durable
	return left
}

func TestAJournalMayHaveAWindow(t *testing.T) {
	workflowtest.Journal(t, func(*testing.T) workflowtest.Opened[workflow.Journal[string]] {
		j := new(windowed[string])
		return workflowtest.Opened[workflow.Journal[string]]{Store: j, Reopen: func() workflow.Journal[string] {
			j = j.crash()
			return j
		}}
	})
}

// TestASnapshotKnowsOfNoMoreThanItsJournal loses what came after a snapshot. Of the
// events that were lost a handler may know the IDs.
func TestASnapshotKnowsOfNoMoreThanItsJournal(t *testing.T) {
	journal := new(windowed[int])
	var ids []uint64
	note := workflow.HandlerFunc[int, int](func(_ context.Context, ev workflow.Event[int], _ int) error {
		ids = append(ids, ev.ID)
		return nil
	})
	w := must(workflow.New[int, int]("sum").Step("sum", workflow.StepFunc[int, int](sum), "next").
		Handler("note", note, &workflow.Effect[int, int]{AtMostOnce: true}).Edge("sum", "next", "note").Build())
	run := func(restore *workflow.Snapshot[int, int], want int) (snap workflow.Snapshot[int, int]) {
		e := must(workflow.NewEngine(w, workflow.Config[int, int]{Journal: journal, Restore: restore}))
		_, err := e.Run(t.Context(), workflow.SourceFunc[int](func(ctx context.Context, _ workflow.Emit[int]) error {
			one := func() error { return errors.Join(e.Inject(ctx, "a", time.Unix(0, 0), 1), e.Settle(ctx)) }
			first := one()
			snap = must(e.Snapshot(ctx))
			return errors.Join(first, one())
		}))
		if s, _ := e.State("a"); s != want || err != nil {
			t.Errorf("the state is %d, %v, want %d", s, err, want)
		}
		journal.broken = errors.New("no space")
		if _, err := e.Snapshot(t.Context()); !errors.Is(err, journal.broken) {
			t.Errorf("a snapshot that knows of more than the journal: %v", err)
		}
		return snap
	}
	snap := run(nil, 2)
	journal = journal.crash()
	run(&snap, 3)
	if len(ids) != 4 || !slices.IsSorted(ids) || len(slices.Compact(ids)) != 4 {
		t.Errorf("the IDs are %d", ids)
	}
}
