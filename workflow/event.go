package workflow

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// An Action is what a step names as the outcome of an event: the label on an edge.
type Action string

// Stop as the target of an edge ends the run: sources are stopped, what is
// queued is folded, handlers finish, and Run returns [ErrStopped].
const Stop = "stop"

// Kind says what an event is.
type Kind uint8

// The kinds of events.
const (
	Data    Kind = iota // from a source: may be late, coalesced or dropped
	Control             // a command or an outcome: never late, never dropped
	Tick                // time has come: for the timer of a key, or (Key "") for all
)

// An Event is the envelope in which a payload travels through a workflow.
type Event[E any] struct {
	ID       uint64    // of its own in an engine; rises with the order of its key
	Cause    uint64    // the event that led to this one; 0: none
	Revision uint64    // of the steps that judged it
	Key      string    // events of one key keep their order
	Source   string    // where it came from
	Time     time.Time // event time, never rewritten
	Seen     time.Time // when its producer handed it over; in a rush up to a millisecond before
	Kind     Kind
	Hops     uint8 // how many times feedback led to feedback
	Redrives uint8 // how many times it was sent again after it was a dead letter; 255: or more
	Payload  E
}

// An Emit takes an event from a source. It returns nil when the event was
// admitted or was dropped and counted, [ErrFull] when it was refused, [ErrClosed]
// when the engine takes no more, and the context's error when that ended first.
type Emit[E any] func(ctx context.Context, key string, at time.Time, payload E) error

// A Source pushes events. Run returns nil when there are no more, and an error
// when the source failed. It must return soon after ctx is done.
type Source[E any] interface {
	Run(ctx context.Context, emit Emit[E]) error
}

// SourceFunc is a function as a [Source].
type SourceFunc[E any] func(ctx context.Context, emit Emit[E]) error

// Run calls f.
func (f SourceFunc[E]) Run(ctx context.Context, emit Emit[E]) error { return f(ctx, emit) }

// A Named source tells the name under which its events and figures appear.
type Named interface{ Name() string }

// A Paced source says what happens to its events when the queue is full;
// without it the engine's own policy holds.
type Paced interface{ Overflow() Overflow }

// A Timed state waits for a time. When event time passes it, the key gets an event
// of kind [Tick] with exactly that time and the zero payload: before the first data
// event of the key that is not older, or when [Engine.Advance] says that time has
// come. The state that a Tick leaves must wait for a later time, or for none.
type Timed interface {
	NextTimer() time.Time // the zero time: none
}

// A Forgettable state says whether its key may be forgotten after Config.Forget of
// silence; a state without this method always may.
type Forgettable interface{ Forgettable() bool }

// A Step folds an event into the state of its key and names an action. It is
// pure: it uses the event's time, no clock, no randomness, no I/O, and the state
// it returns shares nothing that is written later.
type Step[E, S any] interface {
	Step(s S, ev Event[E]) (S, Action)
}

// StepFunc is a function as a [Step].
type StepFunc[E, S any] func(s S, ev Event[E]) (S, Action)

// Step calls f.
func (f StepFunc[E, S]) Step(s S, ev Event[E]) (S, Action) { return f(s, ev) }

// A Handler is an effect: it may block, fail and be tried again. It gets a copy
// of the state as the event left it. (Event.ID, handler) is the same on every
// attempt: an idempotency key. A handler that is an [io.Closer] is closed at the end
// of the run.
type Handler[E, S any] interface {
	Handle(ctx context.Context, ev Event[E], s S) error
}

// HandlerFunc is a function as a [Handler].
type HandlerFunc[E, S any] func(ctx context.Context, ev Event[E], s S) error

// Handle calls f.
func (f HandlerFunc[E, S]) Handle(ctx context.Context, ev Event[E], s S) error {
	return f(ctx, ev, s)
}

// A Validator is a payload that can be wrong: an event whose payload's Validate
// returns an error is not folded, but becomes a dead letter.
type Validator interface{ Validate() error }

// An Effect says how a handler is run. The zero Effect is one lane with a queue
// of 64 that holds the fold back when it is full, one attempt and no timeout.
type Effect[E, S any] struct {
	// Outcome turns the end of a handler (nil, its error, ErrTimeout) into a
	// feedback event for the same key; false: there is nothing to tell.
	Outcome func(ev Event[E], s S, err error) (E, bool)

	Timeout time.Duration // of one attempt; 0: none
	Grace   time.Duration // that a timed-out attempt has to return (1 s)

	// MaxAbandoned is how many attempts may hang beyond their grace (16): while so many
	// do, events for the handler are refused with ErrTooManyAbandoned.
	MaxAbandoned int

	Retry    Retry
	Limit    Limiter  // waited for before each attempt; nil: none
	Breaker  Breaker  // asked before each attempt; nil: none
	Lanes    int      // keys are spread over so many lanes, each works by itself
	Queue    int      // events that may wait in a lane
	Overflow Overflow // what happens when they are more; only Block and Coalesce hold the fold back

	// AtMostOnce keeps the handler out of the journal: what it was not done with at a
	// crash is not run again, and costs the journal nothing. It says so of the
	// events that a journal holds, too: change it only with a snapshot of all of them.
	AtMostOnce bool

	// Waits marks a handler that waits for something outside the stream, such as
	// a person: Settle does not wait for it.
	Waits bool
}

// A Transition is something that happened inside an engine that a person who
// watches it wants to see: a retry, a dead letter, a source that failed.
type Transition struct {
	At    time.Time
	Node  string        // the step, handler or source
	What  string        // "retry", "dead letter", "abandoned", or the new state of a source
	Event uint64        // 0: none
	Key   string        // of the event
	Wait  time.Duration // before the retry, or until a source is started again
	Err   error         // why
}

// A Limiter holds attempts back to a rate. [golang.org/x/time/rate.Limiter] is one.
type Limiter interface {
	Wait(ctx context.Context) error // nil: go on
}

// A Breaker refuses attempts while what they need is known to be broken. The
// TwoStepCircuitBreaker of github.com/sony/gobreaker/v2 is one.
type Breaker interface {
	// Allow returns what is to be called with the attempt's error, or why the
	// attempt is refused: it then counts as failed, with ErrRefused.
	Allow() (done func(error), err error)
}

// The errors by which ends are told apart.
var (
	ErrStopped   = errors.New("stopped by a stop edge")                  // Run: a Stop edge was reached
	ErrClosed    = errors.New("the engine takes no more events")         // Emit, Inject, Swap: after the end
	ErrFull      = errors.New("the queue is full")                       // Emit: refused by the policy Reject
	ErrTimeout   = errors.New("timed out")                               // a handler's attempt, a nested workflow
	ErrShutdown  = errors.New("shut down before it was done")            // a dead letter of the drain
	ErrUnrouted  = errors.New("no edge for the action")                  // a dead letter of the fold
	ErrInvalid   = errors.New("invalid payload")                         // a dead letter of the fold
	ErrTimer     = errors.New("the timer does not move on")              // a dead letter of the fold
	ErrTooMany   = errors.New("too many hops of feedback")               // a dead letter of the fold
	ErrRefused   = errors.New("refused")                                 // a dead letter of a handler: its breaker was open
	ErrAbandoned = errors.New("did not return after its timeout")        // a dead letter of a handler
	ErrDraining  = errors.New("the workflow around it is being drained") // the cause a nested workflow ends by
)

// ErrTooManyAbandoned is an ErrRefused: so many attempts of a handler hang that it gets
// no more events until one of them returns.
var ErrTooManyAbandoned = fmt.Errorf("%w: too many attempts have not returned", ErrRefused)

type permanent struct{ error }

func (p permanent) Unwrap() error { return p.error }

// Permanent marks err as one that no retry can mend.
func Permanent(err error) error {
	if err == nil {
		return nil
	}
	return permanent{err}
}

type drainingKey struct{}

// Draining returns a channel that is closed when the engine that called the
// handler with ctx begins to drain: a handler that waits should come to an end.
func Draining(ctx context.Context) <-chan struct{} {
	ch, _ := ctx.Value(drainingKey{}).(chan struct{})
	return ch
}
