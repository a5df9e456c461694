package monitor

import (
	"time"

	"setpoint/workflow"
)

// A Steady source measures by itself for as long as it is well, so its silence is a
// fault. What it measures outlasts a failure, so it is worth starting again.
type Steady interface {
	// Every returns how far apart its readings are at most; 0: it is not steady.
	Every() time.Duration
}

// The care of sources.
const (
	staleSource = 30 * time.Second // silence of a live source that is not steady
	leastStale  = 5 * time.Second  // and of a steady one, at the least
	staleAfter  = 10               // readings of a steady one that did not come
)

// restarts is how a steady source is started again: a device that is gone for two
// minutes has failed for good. Its waits have no jitter, because no crowd of others
// waits for the same thing.
var restarts = workflow.Supervision{
	MaxRestarts: 8,
	Window:      5 * time.Minute,
	Backoff:     workflow.Retry{Initial: 500 * time.Millisecond, Max: time.Minute, NoJitter: true},
}

// Supervision tells after which silence the source is stale, and whether it is
// started again when it fails.
func (i *intake) Supervision() workflow.Supervision {
	if every := i.every(); every > 0 {
		care := restarts
		care.Idle = max(staleAfter*every, leastStale)
		return care
	}
	if i.m.cfg.Live {
		return workflow.Supervision{Idle: staleSource}
	}
	return workflow.Supervision{}
}

// every returns how far apart the readings of a steady source are at most, 0 of
// another.
func (i *intake) every() time.Duration {
	if s, ok := i.src.(Steady); ok {
		return s.Every()
	}
	return 0
}

// observe is told of the engine's transitions.
func (m *Monitor) observe(t workflow.Transition) {
	m.health.observe(t)
	for _, i := range m.intakes {
		if i.Name() != t.Node {
			continue
		}
		switch t.What {
		case workflow.SourceFailed:
			i.gaveUp(t.Err)
		case workflow.SourceEnded:
			i.gaveUp(nil)
		}
	}
}

// gaveUp is told that a source that waited to be started again will not be: err is
// why, nil at the end of the run.
func (i *intake) gaveUp(err error) {
	i.mu.Lock()
	waited := i.state == workflow.SourceRestarting
	i.mu.Unlock()
	if !waited {
		return
	}
	i.failed(err)
	i.m.sourceGone()
}

// failed notes that the source has failed for good, or without an error that it was
// stopped.
func (i *intake) failed(err error) {
	if err == nil {
		i.set("stopped", nil)
		return
	}
	i.set("failed", err)
	i.m.recorder.sourceFailed(i.Name(), err)
}
