package workflow

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math"
	"sync"
	"sync/atomic"
	"time"

	"setpoint/workflow/guard"
)

// Config says how an engine runs. The zero Config is one shard with a queue of
// 1,024 that holds producers back.
type Config[E, S any] struct {
	Shards   int      // goroutines that fold; keys are spread over them
	Queue    int      // events that may wait in a shard
	Overflow Overflow // what happens when they are more, unless the source says otherwise

	Lateness     time.Duration // how much older than its key's newest an event may be
	Forget       time.Duration // keys silent for longer, by Advance, are forgotten; 0: never
	MaxHops      uint8         // longest chain of feedback; 0: 8
	DrainTimeout time.Duration // that handlers have to finish at the end; 0: 5 s

	// Journal gets what is about to be folded. NewEngine folds again what is in it
	// after the snapshot Restore, and Run takes up what handlers were not done with.
	// It takes the same Lateness, Forget and MaxHops, and until a snapshot holds all
	// of the journal the same Shards. nil: none.
	Journal Journal[E]
	Restore *Snapshot[E, S] // nil: nothing

	// Steps returns the workflow that judged the events of a revision, for the reason
	// it was given. nil: that of NewEngine judges all of them.
	Steps func(revision uint64, why string) (*Workflow[E, S], error)

	DeadLetters DeadLetters[E, S] // nil: a MemoryLetters
	Log         *slog.Logger      // nil: none

	// Observe is told of transitions, by the goroutines in which they happen: it must
	// not block. nil: nobody.
	Observe func(Transition)
	Seed    uint64 // of the jitter of retries
}

const (
	defaultHops  = 8
	defaultDrain = 5 * time.Second
	sourceGrace  = 500 * time.Millisecond // that a source has to return when it is stopped
	drainGrace   = time.Second            // that a handler has after its context is cancelled
)

// An Engine runs a [Workflow].
type Engine[E, S any] struct {
	cfg    Config[E, S]
	nodes  []node[E, S] // as built; a swap changes steps, neither names nor handlers
	shards []*shard[E, S]
	lanes  [][]*lane[E, S] // of each node; nil for steps
	post   *post[E, S]

	started  atomic.Bool
	draining chan struct{}
	halted   chan struct{}
	changed  chan struct{}
	quiet    bell
	measured measured
	clock    clock

	laneCtx    context.Context
	laneCancel context.CancelCauseFunc

	journalCtx    context.Context // outlives laneCtx: the end of handlers is journalled, too
	journalCancel context.CancelCauseFunc
	journalErrors atomic.Uint64
	position      atomic.Uint64 // of the journal's last record known
	replayed      uint64        // events, by NewEngine

	mu        sync.Mutex
	w         *Workflow[E, S]
	revision  uint64
	why       string // of the revision
	closing   bool   // no more events from outside
	cause     error  // why it was halted
	sources   []*sourceRun
	abandoned int
	handing   int    // letters being handed over
	handed    uint64 // that were, or are being
}

// NewEngine returns an engine for w, or every fault of c.
func NewEngine[E, S any](w *Workflow[E, S], c Config[E, S]) (*Engine[E, S], error) {
	var errs []error
	for name, n := range map[string]int{"shards": c.Shards, "queue": c.Queue} {
		if n < 0 || n > 1<<24 {
			errs = append(errs, fmt.Errorf("%s %d: want 0 to %d", name, n, 1<<24))
		}
	}
	for name, d := range map[string]time.Duration{"lateness": c.Lateness, "drain timeout": c.DrainTimeout, "forget": c.Forget} {
		if d < 0 {
			errs = append(errs, fmt.Errorf("%s %v: want 0 or more", name, d))
		}
	}
	if c.MaxHops == math.MaxUint8 {
		errs = append(errs, fmt.Errorf("hops %d: want 0 to %d", c.MaxHops, math.MaxUint8-1))
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	c.Shards = max(c.Shards, 1)
	if c.Queue == 0 {
		c.Queue = 1024
	}
	if c.MaxHops == 0 {
		c.MaxHops = defaultHops
	}
	if c.DrainTimeout == 0 {
		c.DrainTimeout = defaultDrain
	}
	if c.DeadLetters == nil {
		c.DeadLetters = new(MemoryLetters[E, S])
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Observe == nil {
		c.Observe = func(Transition) {}
	}
	post, err := newPost(c.DeadLetters)
	if err != nil {
		return nil, err
	}
	e := &Engine[E, S]{
		cfg: c, nodes: w.nodes, w: w, revision: 1, post: post,
		draining: make(chan struct{}), halted: make(chan struct{}), changed: make(chan struct{}, 1),
	}
	e.laneCtx, e.laneCancel = context.WithCancelCause(context.WithValue(context.Background(), drainingKey{}, e.draining))
	e.journalCtx, e.journalCancel = context.WithCancelCause(context.Background())
	for i := range c.Shards {
		e.shards = append(e.shards, newShard(e, i))
	}
	for i := range w.nodes {
		e.lanes = append(e.lanes, newLanes(e, i))
	}
	if err := e.restore(context.Background()); err != nil {
		return nil, err
	}
	return e, nil
}

// Run runs the engine until all sources have ended, ctx is done or a Stop edge is
// passed; then it stops the sources, folds what is queued, lets handlers finish
// until the drain timeout, and returns the last figures. The error is nil after
// the sources' end, [ErrStopped], the cause of ctx, or the sources' failures;
// a panic in the engine itself is a *guard.PanicError. An engine runs once.
func (e *Engine[E, S]) Run(ctx context.Context, sources ...Source[E]) (Stats, error) {
	if !e.started.CompareAndSwap(false, true) {
		return Stats{}, errors.New("an engine runs only once")
	}
	for _, s := range e.shards {
		guard.Go("fold", s.fail, s.run)
	}
	for _, lanes := range e.lanes {
		for _, l := range lanes {
			l.start(0)
		}
	}
	srcCtx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	ended := e.startSources(srcCtx, sources)
	select {
	case <-ended:
	case <-ctx.Done():
	case <-e.halted:
	}
	cause := context.Cause(ctx) // nil unless it is over: what comes during the drain ends nothing
	stop(ErrClosed)
	e.awaitSources(ended)
	e.drain()
	return e.stats(0), e.outcome(cause)
}

// outcome returns why the run is over: halted by itself, or else by cause.
func (e *Engine[E, S]) outcome(cause error) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.cause != nil {
		cause = e.cause
	}
	errs := []error{cause}
	for _, s := range e.sources {
		if s.err != nil {
			errs = append(errs, &SourceError{Source: s.name, Err: s.err})
		}
	}
	return errors.Join(errs...)
}

// halt ends the run; the first cause counts.
func (e *Engine[E, S]) halt(cause error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.cause == nil {
		e.cause = cause
		close(e.halted)
	}
}

// fail is told of a panic in the engine's own goroutines.
func (e *Engine[E, S]) fail(err error) { e.halt(err) }

// drain lets everything that is under way come to an end.
func (e *Engine[E, S]) drain() {
	e.mu.Lock()
	e.closing = true
	e.mu.Unlock()
	for _, s := range e.shards {
		s.q.seal()
	}
	close(e.draining)
	if !e.await(e.cfg.DrainTimeout) {
		e.laneCancel(ErrShutdown)
		if !e.await(drainGrace) {
			e.journalCancel(ErrShutdown)
			for _, lanes := range e.lanes {
				for _, l := range lanes {
					l.abandonAny()
				}
			}
			e.await(drainGrace)
		}
	}
	e.shutDown()
}

// shutDown ends every goroutine that waits for work.
func (e *Engine[E, S]) shutDown() {
	for _, s := range e.shards {
		s.q.close()
	}
	for _, lanes := range e.lanes {
		for _, l := range lanes {
			l.q.close()
		}
	}
	e.laneCancel(ErrShutdown)
	e.journalCancel(ErrShutdown)
	for _, n := range e.nodes {
		if c, ok := n.handler.(io.Closer); ok {
			if err := guard.Catch("close of "+n.name, c.Close); err != nil {
				e.cfg.Log.Error("handler not closed", "handler", n.name, "err", err)
			}
		}
	}
	e.quiet.ring()
}

// admit puts an event from outside into the queue of its shard.
func (e *Engine[E, S]) admit(ctx context.Context, it *item[E, S], policy Overflow) error {
	err := e.shardOf(it.ev.Key).admit(ctx, it, policy)
	if err != nil {
		e.quiet.ring() // it may have been the last that was held back
	}
	return err
}

// Inject puts an event in from outside the sources: a command of the operator.
// It is never late and never dropped; it waits when the queue is full.
func (e *Engine[E, S]) Inject(ctx context.Context, key string, at time.Time, p E) error {
	ev := Event[E]{Key: key, Source: "injected", Time: at, Kind: Control, Payload: p}
	return e.admit(ctx, &item[E, S]{ev: ev}, Block)
}

// Advance says that event time has come to at, also for keys that are silent: it
// brings the ticks that are due by then, in every shard after what is queued there.
func (e *Engine[E, S]) Advance(ctx context.Context, at time.Time) error {
	for _, s := range e.shards {
		ev := Event[E]{Source: "clock", Time: at, Seen: e.clock.now(), Kind: Tick}
		if err := s.q.push(ctx, &item[E, S]{ev: ev}, Block, false); err != nil {
			return err
		}
	}
	return nil
}

// Swap replaces the step of a node at an event boundary: events admitted before
// are judged by the old one, events admitted after by the new. It returns the
// new revision.
func (e *Engine[E, S]) Swap(name string, st Step[E, S], why string) (uint64, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closing {
		return 0, ErrClosed
	}
	w, err := e.w.With(name, st)
	if err != nil {
		return 0, err
	}
	e.w, e.why = w, why
	e.revision++
	for _, s := range e.shards {
		it := &item[E, S]{ev: Event[E]{Kind: Control}, swap: &swap[E, S]{w, e.revision, name, why}}
		if err := s.q.push(context.Background(), it, Block, true); err != nil {
			return 0, err
		}
	}
	e.cfg.Log.Info("step swapped", "node", name, "revision", e.revision, "why", why)
	return e.revision, nil
}

// State returns the state of a key; false: no event of it was folded yet.
func (e *Engine[E, S]) State(key string) (s S, ok bool) {
	sh := e.shardOf(key)
	sh.mu.Lock()
	defer sh.mu.Unlock()
	if entry := sh.book.states[key]; entry != nil {
		return entry.s, true
	}
	return s, false
}

// Changed returns a channel with one slot that is filled whenever something may
// have changed. Whoever looks at the engine waits on it; the engine never waits.
func (e *Engine[E, S]) Changed() <-chan struct{} { return e.changed }

func (e *Engine[E, S]) touch() {
	select {
	case e.changed <- struct{}{}:
	default:
	}
}

func (e *Engine[E, S]) shardOf(key string) *shard[E, S] {
	return e.shards[spread(key, len(e.shards))]
}

// spread returns which of n places key belongs to (FNV-1a).
func spread(key string, n int) int {
	if n == 1 {
		return 0
	}
	h := uint64(14695981039346656037)
	for i := range len(key) {
		h = (h ^ uint64(key[i])) * 1099511628211
	}
	return int(h % uint64(n))
}
