package workflow_test

import (
	"errors"
	"fmt"
	"testing"

	"setpoint/workflow"
	"setpoint/workflow/guard"
	"setpoint/workflow/workflowtest"
)

func TestMemoryLettersAreAStore(t *testing.T) {
	workflowtest.DeadLetters(t, func(*testing.T) workflowtest.Opened[workflow.DeadLetters[int, string]] {
		store := new(workflow.MemoryLetters[int, string])
		return workflowtest.Opened[workflow.DeadLetters[int, string]]{
			Store: store, Reopen: func() workflow.DeadLetters[int, string] { return store },
		}
	})
}

func TestTheReasonOfALetterIsToldByItsError(t *testing.T) {
	panicked := &guard.PanicError{Where: "handler act", Value: "on cue"}
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"a payload that is wrong":             {fmt.Errorf("%w: %w", workflow.ErrInvalid, errors.New("no number")), "invalid"},
		"no edge":                             {fmt.Errorf("step judge: %w %q", workflow.ErrUnrouted, "up"), "unrouted"},
		"too many hops":                       {workflow.ErrTooMany, "hops"},
		"a timer that stands still":           {workflow.ErrTimer, "timer"},
		"a panic":                             {panicked, "panic"},
		"a panic after a timeout":             {errors.Join(workflow.ErrTimeout, panicked), "panic"},
		"an error of a handler":               {errors.New("no answer"), "failed"},
		"a timeout":                           {errors.Join(workflow.ErrTimeout, errors.New("no answer")), "timeout"},
		"an attempt that was abandoned":       {errors.Join(workflow.ErrTimeout, workflow.ErrAbandoned), "timeout"},
		"a breaker that refuses":              {errors.Join(workflow.ErrRefused, errors.New("open")), "refused"},
		"the end of the drain":                {errors.Join(workflow.ErrShutdown, errors.New("no answer")), "shutdown"},
		"the end of the drain by a panic":     {errors.Join(workflow.ErrShutdown, panicked), "shutdown"},
		"one that was kept as text":           {workflow.RecallError("timeout", "shut down"), "timeout"},
		"no error, which should never happen": {nil, "failed"},
	} {
		if got := (workflow.Letter[int, string]{Err: c.err}).Reason(); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
}
