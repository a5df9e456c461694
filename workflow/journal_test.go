package workflow_test

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"setpoint/workflow"
	"setpoint/workflow/guard"
	"setpoint/workflow/workflowtest"
)

func TestMemoryJournalIsAJournal(t *testing.T) {
	workflowtest.Journal(t, func(*testing.T) workflowtest.Opened[workflow.Journal[string]] {
		j := new(workflow.MemoryJournal[string])
		return workflowtest.Opened[workflow.Journal[string]]{Store: j, Reopen: func() workflow.Journal[string] { return j }}
	})
}

func TestHandlersGoWrongOnCueUntilTheyAreReleased(t *testing.T) {
	cue := errors.New("on cue")
	for name, c := range map[string]struct {
		handler *workflowtest.Handler[int, int]
		wrong   int // attempts of the first three
	}{
		"none fails":  {workflowtest.Failing[int, int](0, cue), 0},
		"two fail":    {workflowtest.Failing[int, int](2, cue), 2},
		"all fail":    {workflowtest.Failing[int, int](-1, cue), 3},
		"one panics":  {workflowtest.Panicking[int, int](1), 1},
		"all panic":   {workflowtest.Panicking[int, int](-1), 3},
		"none panics": {workflowtest.Panicking[int, int](0), 0},
	} {
		attempt := func() error {
			return guard.Catch("handler", func() error { return c.handler.Handle(t.Context(), workflow.Event[int]{Payload: 7}, 0) })
		}
		wrong := 0
		for range 3 {
			if attempt() != nil {
				wrong++
			}
		}
		if wrong != c.wrong {
			t.Errorf("%s: %d of 3 went wrong, want %d", name, wrong, c.wrong)
		}
		c.handler.Release()
		c.handler.Release()
		if err := attempt(); err != nil {
			t.Errorf("%s: after the release: %v", name, err)
		}
		if calls := c.handler.Calls(); len(calls) != 4 || calls[3].Payload != 7 {
			t.Errorf("%s: it remembers %+v", name, calls)
		}
	}
}

func TestAHandlerThatHangsHoldsItsLaneUntilItIsReleased(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := workflowtest.Hanging[int, int]()
		step := workflow.StepFunc[int, int](func(s int, _ workflow.Event[int]) (int, workflow.Action) { return s + 1, "act" })
		w, err := workflow.New[int, int]("judge").Step("judge", step, "act").
			Handler("act", h, &workflow.Effect[int, int]{Timeout: time.Second}).Edge("judge", "act", "act").Build()
		if err != nil {
			t.Fatal(err)
		}
		e, err := workflow.NewEngine(w, workflow.Config[int, int]{})
		if err != nil {
			t.Fatal(err)
		}
		src := workflow.SourceFunc[int](func(ctx context.Context, emit workflow.Emit[int]) error {
			for i := range 3 {
				if err := emit(ctx, "a", time.Unix(int64(i), 0), i); err != nil {
					return err
				}
			}
			return nil
		})
		time.AfterFunc(3*time.Second, h.Release) // in the middle of the second attempt
		st, err := e.Run(t.Context(), src)
		if err != nil || st.Abandoned != 1 || st.Handled != 2 || st.DeadHandler != 1 || len(h.Calls()) != 3 {
			t.Errorf("%v, abandoned %d, handled %d, dead %d of %d calls", err, st.Abandoned, st.Handled, st.DeadHandler, len(h.Calls()))
		}
	})
}
