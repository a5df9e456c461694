package monitor

import (
	"context"
	"errors"
	"slices"

	"setpoint/workflow"
	"setpoint/workflow/guard"
)

// Summary is what came of a run.
type Summary struct {
	Reason                            string // ended, duration, max-events, critical, signal
	Accepted, Rejected, Dropped, Dead uint64
	Raised                            uint64
	Active, Unacked                   int
	Duplicates                        uint64
	Flow                              workflow.Stats
	Sensors                           map[string]State
}

func (m *Monitor) summary(reason string, flow workflow.Stats) *Summary {
	s := &Summary{
		Reason: reason, Flow: flow, Sensors: map[string]State{},
		Dropped: flow.Coalesced + flow.DroppedOldest + flow.DroppedNewest,
		Dead:    flow.DeadFold + flow.DeadHandler,
	}
	for _, i := range m.intakes {
		s.Accepted += i.accepted.Load()
		s.Rejected += i.rejected.Load()
		s.Dropped += i.refused.Load()
	}
	r := m.recorder
	r.mu.Lock()
	defer r.mu.Unlock()
	s.Active, s.Unacked, s.Raised = r.active, r.unacked, r.raisedN
	for name, t := range r.tracks {
		s.Sensors[name] = t.state
		s.Duplicates += t.state.Duplicates
	}
	return s
}

type counter struct {
	name string
	n    uint64
}

// accounting lists every counter of the law, and the readings that had the time
// of the one before them (they are among the folded).
func (s *Summary) accounting() []counter {
	f := s.Flow
	return []counter{
		{"offered", f.Offered},
		{"received", f.Received},
		{"waiting", f.Waiting},
		{"rejected", f.Rejected},
		{"folded", f.Folded},
		{"coalesced", f.Coalesced},
		{"dropped_oldest", f.DroppedOldest},
		{"dropped_newest", f.DroppedNewest},
		{"late", f.Late},
		{"dead_fold", f.DeadFold},
		{"queued", f.Queued},
		{"dispatched", f.Dispatched},
		{"handled", f.Handled},
		{"dead_handler", f.DeadHandler},
		{"shed", f.Shed},
		{"open", f.Open},
		{"letters", f.Letters},
		{"stored", f.Stored},
		{"lost", f.Lost},
		{"kept", f.Kept},
		{"redriven", f.Redriven},
		{"dropped_letters", f.DroppedLetters},
		{"duplicate", s.Duplicates},
	}
}

// reasonOf tells a run's end by its error, and returns what is left of it: a run
// that ended as asked has none but the failures of its sources.
func reasonOf(err error, failed []error) (string, error) {
	cause := err
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		others := slices.DeleteFunc(slices.Clone(joined.Unwrap()), func(e error) bool {
			_, source := e.(*workflow.SourceError)
			return source
		})
		cause = errors.Join(others...)
	}
	switch _, bug := errors.AsType[*guard.PanicError](err); {
	case bug:
		return "panic", err
	case errors.Is(cause, workflow.ErrStopped):
		return "critical", errors.Join(append(failed, workflow.ErrStopped)...)
	case errors.Is(cause, errEnough):
		return "max-events", errors.Join(failed...)
	case errors.Is(cause, errDuration):
		return "duration", errors.Join(failed...)
	case errors.Is(cause, errIdle):
		return "ended", errors.Join(failed...)
	case errors.Is(cause, context.Canceled), errors.Is(cause, context.DeadlineExceeded):
		return "signal", errors.Join(failed...)
	case cause == nil:
		return "ended", errors.Join(failed...)
	}
	return "ended", err
}

// failures returns why sources failed. (The engine takes a failure that comes
// together with the end for a part of it.)
func (m *Monitor) failures() (list []error) {
	for _, i := range m.intakes {
		i.mu.Lock()
		if i.err != nil && i.state == workflow.SourceFailed {
			list = append(list, &workflow.SourceError{Source: i.Name(), Err: i.err})
		}
		i.mu.Unlock()
	}
	return list
}
