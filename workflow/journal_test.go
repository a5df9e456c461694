package workflow_test

import (
	"errors"
	"testing"

	"setpoint/workflow"
	"setpoint/workflow/guard"
	"setpoint/workflow/workflowtest"
)

func TestMemoryJournalIsAJournal(t *testing.T) {
	workflowtest.Journal(t, func(*testing.T) (workflow.Journal[string], func() workflow.Journal[string]) {
		j := new(workflow.MemoryJournal[string])
		return j, func() workflow.Journal[string] { return j }
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
