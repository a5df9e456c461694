package monitor

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"setpoint/workflow"
)

// escalations keeps the nested workflows that wait for an acknowledgement. Those
// of one sensor run one after the other.
//
// Two handlers come to know of an escalation, in either order: the recorder, which
// tells it what happens to its sensor, and the one that runs it. It is kept until
// the recorder hears of its end, so that no answer is lost however late it begins,
// and none of what was recorded before the end.
type escalations struct {
	after time.Duration // event time within which somebody has to answer
	wall  bool          // event time is wall time: data that stop do not stop the clock

	mu   sync.Mutex
	of   map[string][]*escalation // by sensor
	open int                      // not ended
}

type escalation struct {
	id       uint64 // of the event that started it
	deadline time.Time
	told     bool // an answer, or that the deadline has passed
	expired  bool // told that it has
	timeout  bool // it ended by itself because nobody answered
	source   workflow.Source[answer]
	sender   *workflow.Sender[answer]
}

// answer is the payload of the nested workflow's events.
type answer bool

const (
	tick  answer = false // time goes by
	acked answer = true
)

func newEscalations(after time.Duration, wall bool) *escalations {
	return &escalations{after: after, wall: wall, of: map[string][]*escalation{}}
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
	x.mu.Lock()
	defer x.mu.Unlock()
	one := x.one(ev)
	w, err := nested(one.deadline)
	if err != nil {
		return workflow.Inner[answer, answer]{}, err
	}
	e, err := workflow.NewEngine(w, workflow.Config[answer, answer]{Queue: 8})
	if err != nil {
		return workflow.Inner[answer, answer]{}, err
	}
	return workflow.Inner[answer, answer]{
		Engine: e, Sources: []workflow.Source[answer]{one.source},
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

// one returns the escalation that ev started; x.mu is locked.
func (x *escalations) one(ev event) *escalation {
	for _, e := range x.of[ev.Key] {
		if e.id == ev.ID {
			return e
		}
	}
	e := &escalation{id: ev.ID, deadline: ev.Time.Add(x.after)}
	e.source, e.sender = workflow.NewChannel[answer](1) // it is told once
	x.of[ev.Key] = append(x.of[ev.Key], e)
	x.open++
	return e
}

// follow tells the escalations what the recorder sees. It reports whether ev means
// that nobody answered one in time.
func (x *escalations) follow(ev event, s State) (expired bool) {
	switch ev.Payload.Kind {
	case InputReading:
		if s.Waiting {
			x.tell(ev, ev.Time, tick)
		}
	case InputAck, InputShelve, InputOut:
		if s.Alarm.Unacked()&severe == 0 {
			x.tell(ev, ev.Time, acked)
		}
	case InputEscalate:
		if s.Waiting && s.Escalation == ev.ID {
			x.start(ev)
			x.tell(ev, s.Time, tick) // what was judged before it began
		}
	case InputAnswered, InputEscalated:
		return x.forget(ev.Key, ev.Cause) || ev.Payload.Kind == InputEscalated
	}
	return false
}

// start makes the escalation of ev known before its sensor's next event.
func (x *escalations) start(ev event) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.one(ev)
}

// end notes how the run of an escalation ended.
func (x *escalations) end(ev event, err error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.open--
	x.one(ev).timeout = errors.Is(err, workflow.ErrTimeout)
}

// outcome tells the workflow around it how an escalation ended.
func (x *escalations) outcome(ev event, _ State, _ error) (Input, bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.one(ev).timeout {
		return Input{Kind: InputEscalated}, true
	}
	return Input{Kind: InputAnswered}, true
}

// forget lets go of an ended escalation, and reports whether it was told that its
// deadline had passed: it may have been drained before it heard.
func (x *escalations) forget(sensor string, id uint64) (expired bool) {
	x.mu.Lock()
	defer x.mu.Unlock()
	rest := slices.DeleteFunc(x.of[sensor], func(e *escalation) bool {
		expired = expired || e.id == id && e.expired
		return e.id == id
	})
	if x.of[sensor] = rest; len(rest) == 0 {
		delete(x.of, sensor)
	}
	return expired
}

// tell passes on what ev means for the escalations of its sensor that began before
// it. It never blocks: each escalation is told an answer or a tick, once.
func (x *escalations) tell(ev event, at time.Time, a answer) {
	x.mu.Lock()
	defer x.mu.Unlock()
	for _, e := range x.of[ev.Key] {
		if e.told || e.id > ev.ID || a == tick && at.Before(e.deadline) {
			continue
		}
		e.told, e.expired = true, a == tick
		_ = e.sender.Send(context.Background(), ev.Key, at, a) // refused only when it is over
	}
}

// waiting returns how many escalations are open.
func (x *escalations) waiting() int {
	x.mu.Lock()
	defer x.mu.Unlock()
	return x.open
}
