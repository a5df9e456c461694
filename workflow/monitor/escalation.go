package monitor

import (
	"context"
	"errors"
	"sync"
	"time"

	"setpoint/workflow"
)

// escalations keeps the nested workflows that wait for an acknowledgement, one
// for each sensor at most.
type escalations struct {
	after time.Duration // event time within which somebody has to answer
	wall  bool          // event time is wall time: data that stop do not stop the clock

	mu      sync.Mutex
	open    map[string]*escalation
	expired map[uint64]bool // how the one that began with this event ended
}

type escalation struct {
	deadline time.Time
	told     bool // that the deadline has passed
	sender   *workflow.Sender[answer]
}

// answer is the payload of the nested workflow's events.
type answer bool

const (
	tick  answer = false // time goes by
	acked answer = true
)

func newEscalations(after time.Duration, wall bool) *escalations {
	return &escalations{after: after, wall: wall, open: map[string]*escalation{}, expired: map[uint64]bool{}}
}

// nested is the escalation itself: it waits until there is an answer, or a tick at
// or after the deadline.
func nested(deadline time.Time) (*workflow.Workflow[answer, answer], error) {
	wait := workflow.StepFunc[answer, answer](func(_ answer, ev workflow.Event[answer]) (answer, workflow.Action) {
		switch {
		case ev.Payload == acked:
			return acked, "answered"
		case ev.Time.Before(deadline):
			return tick, "wait"
		}
		return tick, "expired"
	})
	return workflow.New[answer, answer]("wait").
		Step("wait", wait, "wait", "answered", "expired").
		Edge("wait", "wait").
		Edge("wait", "answered", workflow.Stop).
		Edge("wait", "expired", workflow.Stop).
		Build()
}

// handler runs an escalation for each event it gets.
func (x *escalations) handler() workflow.Handler[Input, State] {
	limit := time.Duration(0)
	if x.wall {
		limit = x.after
	}
	run := workflow.Nested(x.begin, limit)
	return workflow.HandlerFunc[Input, State](func(ctx context.Context, ev event, s State) error {
		err := run.Handle(ctx, ev, s)
		x.end(ev, err)
		if errors.Is(err, workflow.ErrTimeout) || errors.Is(err, workflow.ErrDraining) {
			return nil // ends like any other, told by the outcome
		}
		return err
	})
}

// begin prepares the nested workflow for a critical alarm.
func (x *escalations) begin(ev event, _ State) (workflow.Inner[answer, answer], error) {
	deadline := ev.Time.Add(x.after)
	w, err := nested(deadline)
	if err != nil {
		return workflow.Inner[answer, answer]{}, err
	}
	e, err := workflow.NewEngine(w, workflow.Config[answer, answer]{Queue: 8})
	if err != nil {
		return workflow.Inner[answer, answer]{}, err
	}
	source, sender := workflow.NewChannel[answer](4) // an answer and a tick at most
	x.mu.Lock()
	defer x.mu.Unlock()
	x.open[ev.Key] = &escalation{deadline: deadline, sender: sender}
	return workflow.Inner[answer, answer]{
		Engine: e, Sources: []workflow.Source[answer]{source},
		End: func(err error) error {
			if s, _ := e.State(ev.Key); errors.Is(err, workflow.ErrStopped) && s != acked {
				return workflow.ErrTimeout
			}
			if errors.Is(err, workflow.ErrStopped) {
				return nil
			}
			return err
		},
	}, nil
}

func (x *escalations) end(ev event, err error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	delete(x.open, ev.Key)
	if errors.Is(err, workflow.ErrTimeout) {
		x.expired[ev.ID] = true
	}
}

// outcome tells the workflow around it how an escalation ended.
func (x *escalations) outcome(ev event, _ State, _ error) (Input, bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.expired[ev.ID] {
		delete(x.expired, ev.ID)
		return Input{Kind: InputEscalated}, true
	}
	return Input{Kind: InputAnswered}, true
}

// tell passes on what happens to a sensor. It never blocks: each escalation is
// told at most one answer and one tick.
func (x *escalations) tell(sensor string, at time.Time, a answer) {
	x.mu.Lock()
	defer x.mu.Unlock()
	e := x.open[sensor]
	if e == nil || e.told || a == tick && at.Before(e.deadline) {
		return
	}
	e.told = true
	_ = e.sender.Send(context.Background(), sensor, at, a) // refused only when it is over
}

// any reports whether an escalation is open.
func (x *escalations) any() bool { return x.waiting() > 0 }

// waiting returns how many escalations are open.
func (x *escalations) waiting() int {
	x.mu.Lock()
	defer x.mu.Unlock()
	return len(x.open)
}
