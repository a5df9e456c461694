package workflow

import (
	"context"
	"errors"
	"testing"
	"time"
)

// start0 is the event time at which the tests begin.
var start0 = time.Unix(1_700_000_000, 0)

var errOver = errors.New("the test is over")

type (
	effect  = Effect[int, count]
	config  = Config[int, count]
	handler = HandlerFunc[int, count]
	step    = StepFunc[int, count]
)

// counting is the step of most tests.
var counting = step(func(s count, ev Event[int]) (count, Action) {
	s.n++
	s.sum += ev.Payload
	return s, "act"
})

// acting is a workflow of one step, counting, and one handler.
func acting(t testing.TB, h Handler[int, count], o effect) *Workflow[int, count] {
	t.Helper()
	w, err := New[int, count]("count").
		Step("count", counting, "act").
		Handler("act", h, &o).
		Edge("count", "act", "act").
		Build()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// plain is a workflow of one step.
func plain(t testing.TB, st step) *Workflow[int, count] {
	t.Helper()
	w, err := New[int, count]("count").Step("count", st, "act", "stop").
		Edge("count", "act").Edge("count", "stop", Stop).Build()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func engine(t testing.TB, w *Workflow[int, count], c config) *Engine[int, count] {
	t.Helper()
	e, err := NewEngine(w, c)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// A running engine has a source that lasts until the engine is stopped.
type running struct {
	*Engine[int, count]
	t    testing.TB
	stop context.CancelCauseFunc
	done chan struct{}
	st   Stats
	err  error
}

func launch(t testing.TB, e *Engine[int, count], sources ...Source[int]) *running {
	ctx, cancel := context.WithCancelCause(t.Context())
	r := &running{Engine: e, t: t, stop: cancel, done: make(chan struct{})}
	forever := SourceFunc[int](func(ctx context.Context, _ Emit[int]) error {
		<-ctx.Done()
		return nil
	})
	go func() {
		defer close(r.done)
		r.st, r.err = e.Run(ctx, append(sources, forever)...)
	}()
	return r
}

// end stops the engine and checks that it ended as it should.
func (r *running) end() Stats {
	r.t.Helper()
	r.stop(errOver)
	return r.over(errOver)
}

// over waits for the end of the run, which should be for the reason want.
func (r *running) over(want error) Stats {
	r.t.Helper()
	<-r.done
	if !errors.Is(r.err, want) || want == nil && r.err != nil {
		r.t.Errorf("Run returned %v, want %v", r.err, want)
	}
	if err := r.st.Check(); err != nil {
		r.t.Error(err)
	}
	if r.st.Queued+r.st.Open+r.st.Waiting != 0 {
		r.t.Errorf("at the end %d are queued, %d open, %d waiting", r.st.Queued, r.st.Open, r.st.Waiting)
	}
	return r.st
}

// inject puts events of one key in, one after the other.
func (r *running) inject(key string, payloads ...int) {
	r.t.Helper()
	for _, p := range payloads {
		if err := r.Inject(r.t.Context(), key, start0, p); err != nil {
			r.t.Fatal(err)
		}
	}
}

// settle waits until nothing is under way.
func (r *running) settle() {
	r.t.Helper()
	if err := r.Settle(r.t.Context()); err != nil {
		r.t.Fatal(err)
	}
}

// letters returns the dead letters.
func (r *running) letters() []Letter[int, count] {
	r.t.Helper()
	l, err := r.Letters(r.t.Context(), Filter{})
	if err != nil {
		r.t.Fatal(err)
	}
	return l
}

// emitting is a source that emits the payloads of one key, a second apart, and ends.
func emitting(key string, payloads ...int) Source[int] {
	return SourceFunc[int](func(ctx context.Context, emit Emit[int]) error {
		for i, p := range payloads {
			if err := emit(ctx, key, start0.Add(time.Duration(i)*time.Second), p); err != nil {
				return err
			}
		}
		return nil
	})
}
