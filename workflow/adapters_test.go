package workflow

import (
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// offers yields n events of one key, a second apart, and then err.
func offers(n int, err error) iter.Seq2[Offer[int], error] {
	return func(yield func(Offer[int], error) bool) {
		for i := range n {
			if !yield(Offer[int]{"a", start0.Add(time.Duration(i) * time.Second), i}, nil) {
				return
			}
		}
		if err != nil {
			yield(Offer[int]{}, err)
		}
	}
}

// pull makes a function of a sequence; it blocks after its end if that is nil.
func pull(seq iter.Seq2[Offer[int], error], end error) func(context.Context) (Offer[int], error) {
	next, _ := iter.Pull2(seq)
	return func(ctx context.Context) (Offer[int], error) {
		o, err, ok := next()
		if ok {
			return o, err
		}
		if end == nil {
			<-ctx.Done()
			return o, ctx.Err()
		}
		return o, end
	}
}

func TestSourcesFromFunctionsAndSequences(t *testing.T) {
	for name, c := range map[string]struct {
		source func() Source[int]
		want   uint64
		err    error
	}{
		"a sequence ends":                {func() Source[int] { return FromSeq(offers(3, nil)) }, 3, nil},
		"a sequence fails":               {func() Source[int] { return FromSeq(offers(3, errCue)) }, 3, errCue},
		"a sequence is stopped":          {func() Source[int] { return FromSeq(offers(1<<60, nil)) }, 0, errOver},
		"a function ends":                {func() Source[int] { return FuncSource(pull(offers(3, nil), io.EOF)) }, 3, nil},
		"a function fails":               {func() Source[int] { return FuncSource(pull(offers(3, nil), errCue)) }, 3, errCue},
		"a function that waits is ended": {func() Source[int] { return FuncSource(pull(offers(3, nil), nil)) }, 3, errOver},
		"a function is stopped": {func() Source[int] {
			return FuncSource(func(context.Context) (Offer[int], error) { return Offer[int]{Key: "a", Time: start0}, nil })
		}, 0, errOver},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				ctx, cancel := context.WithCancelCause(t.Context())
				defer cancel(nil)
				if errors.Is(c.err, errOver) {
					go func() { time.Sleep(time.Second); cancel(errOver) }()
				}
				// The fold waits a little now and then, so that fake time goes on.
				slow := step(func(s count, _ Event[int]) (count, Action) {
					if s.n++; s.n%4 == 0 {
						time.Sleep(100 * time.Millisecond)
					}
					return s, "act"
				})
				st, err := engine(t, plain(t, slow), config{Queue: 1}).Run(ctx, c.source())
				if !errors.Is(err, c.err) || c.err == nil && err != nil {
					t.Errorf("Run returned %v, want %v", err, c.err)
				}
				if st.Folded != c.want && c.want > 0 || st.Folded == 0 || st.Check() != nil {
					t.Errorf("%d were folded, want %d, %v", st.Folded, c.want, st.Check())
				}
			})
		})
	}
}

func TestASourceIsNotEndedByAFullQueue(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st, err := engine(t, plain(t, counting), config{Queue: 1, Overflow: Reject}).Run(t.Context(), FromSeq(offers(1000, nil)))
		if err != nil || st.Offered != 1000 || st.Check() != nil {
			t.Errorf("offered %d, %v", st.Offered, err)
		}
	})
}

func TestATickerEmitsAtEveryInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin, n := time.Now(), 0
		src := TickerSource(time.Minute, func(at time.Time) (string, int) {
			if n++; at.Sub(begin) != time.Duration(n)*time.Minute {
				t.Errorf("tick %d after %v", n, at.Sub(begin))
			}
			return "a", n
		})
		ctx, cancel := context.WithTimeoutCause(t.Context(), 5*time.Minute+time.Second, errOver)
		defer cancel()
		e := engine(t, plain(t, counting), config{})
		if _, err := e.Run(ctx, src); !errors.Is(err, errOver) {
			t.Error(err)
		}
		if s, _ := e.State("a"); s != (count{5, 15}) {
			t.Errorf("state %+v", s)
		}
		_, err := engine(t, plain(t, counting), config{}).Run(t.Context(), TickerSource[int](0, nil))
		if err == nil || err.Error() != "source source 1: interval 0s: want more than 0" {
			t.Errorf("no interval: %v", err)
		}
	})
}

// chained runs two workflows, the second on the results of the first, whose n
// events all come at once.
func chained(t *testing.T, n int, first effect, second *Engine[int, count]) (a, b Stats, errs [2]error) {
	t.Helper()
	h, results := Results(1, func(ev Event[int], s count) (Offer[int], bool) {
		return Offer[int]{ev.Key, ev.Time, s.sum}, ev.Payload%2 == 0
	})
	var wg sync.WaitGroup
	wg.Go(func() {
		a, errs[0] = engine(t, acting(t, h, first), config{Queue: 4, DrainTimeout: time.Hour}).Run(t.Context(), FromSeq(offers(n, nil)))
	})
	wg.Go(func() { b, errs[1] = second.Run(t.Context(), results) })
	wg.Wait()
	if err := errors.Join(a.Check(), b.Check()); err != nil {
		t.Error(err)
	}
	return a, b, errs
}

func TestResultsAreTheEventsOfAnother(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var sums []int
		slow := step(func(s count, ev Event[int]) (count, Action) {
			time.Sleep(time.Second)
			sums = append(sums, ev.Payload)
			return s, "act"
		})
		a, b, errs := chained(t, 9, effect{Queue: 1}, engine(t, plain(t, slow), config{Queue: 1}))
		if errs != [2]error{} || a.Handled != 9 || b.Folded != 5 || !slices.Equal(sums, []int{0, 3, 10, 21, 36}) {
			t.Errorf("%v, handled %d, folded %d: %d", errs, a.Handled, b.Folded, sums)
		}
	})
}

// TestResultsHoldTheFirstBack lets the second work on nothing for a minute, in
// which the first can take in no more than the queues between hold.
func TestResultsHoldTheFirstBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		began := time.Now()
		slow := step(func(s count, _ Event[int]) (count, Action) {
			if time.Since(began) == 0 {
				time.Sleep(time.Minute)
			}
			return s, "act"
		})
		var emitted atomic.Int64
		h, results := Results(1, func(ev Event[int], _ count) (Offer[int], bool) { return Offer[int]{"b", ev.Time, 0}, true })
		first := engine(t, acting(t, h, effect{Queue: 1}), config{Queue: 1})
		var wg sync.WaitGroup
		wg.Go(func() {
			_, _ = first.Run(t.Context(), SourceFunc[int](func(ctx context.Context, emit Emit[int]) error {
				for range 1000 {
					_ = emit(ctx, "a", start0, 0)
					emitted.Add(1)
				}
				return nil
			}))
		})
		wg.Go(func() { _, _ = engine(t, plain(t, slow), config{Queue: 1}).Run(t.Context(), results) })
		synctest.Wait()
		if n := emitted.Load(); n == 0 || n > 10 {
			t.Errorf("%d were taken in", n)
		}
		wg.Wait()
		if n := emitted.Load(); n != 1000 {
			t.Errorf("%d were taken in at the end", n)
		}
	})
}

// pause is a limiter that lets time pass before each attempt.
type pause time.Duration

func (p pause) Wait(context.Context) error { time.Sleep(time.Duration(p)); return nil }

func TestResultsThatNobodyTakesAreDeadLetters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stopping := step(func(s count, _ Event[int]) (count, Action) { return s, "stop" })
		a, b, errs := chained(t, 100, effect{
			Limit: pause(time.Millisecond), Retry: Retry{MaxAttempts: 9, Initial: time.Hour},
		}, engine(t, plain(t, stopping), config{}))
		if errs[0] != nil || !errors.Is(errs[1], ErrStopped) || a.DeadHandler != 49 || b.Received != 1 {
			t.Errorf("%v: dead %d, received %d", errs, a.DeadHandler, b.Received)
		}
	})
}

// grumpy is a handler that does not like to be closed.
type grumpy struct {
	handler
	closed int
}

func (g *grumpy) Close() error {
	g.closed++
	panic("on cue")
}

func TestAHandlerThatCanBeClosedIsClosedAtTheEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := &grumpy{handler: func(context.Context, Event[int], count) error { return nil }}
		r := launch(t, engine(t, acting(t, g, effect{}), config{}))
		r.inject("a", 1)
		r.settle()
		if g.closed != 0 {
			t.Error("closed before the end")
		}
		if r.end(); g.closed != 1 {
			t.Errorf("closed %d times", g.closed)
		}
	})
}

func TestACalledWorkflowAnswersByAnEvent(t *testing.T) {
	for name, c := range map[string]struct {
		inner []int
		make  error
		want  string
	}{
		"its result":           {[]int{1, 2, 3}, nil, "{3 6} <nil>"},
		"that it cannot begin": {nil, errCue, "nothing on cue"},
		"that it has failed":   {[]int{-1}, nil, "{0 0} source source 1: on cue"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var said string
				h, outcome := Call(func(Event[int], count) (Inner[int, count], error) {
					src := emitting("in", c.inner...)
					if slices.Contains(c.inner, -1) {
						src = FromSeq(offers(0, errCue))
					}
					return Inner[int, count]{Engine: engine(t, plain(t, counting), config{}), Sources: []Source[int]{src}}, c.make
				}, time.Minute, func(_ Event[int], inner *Engine[int, count], err error) (int, bool) {
					said = fmt.Sprint("nothing ", err)
					if inner == nil {
						return 0, false
					}
					s, _ := inner.State("in")
					said = fmt.Sprint(s, " ", err)
					return s.sum, true
				})
				var back []int
				w, err := New[int, count]("ask").Step("ask", step(func(s count, ev Event[int]) (count, Action) {
					if ev.Cause != 0 {
						back = append(back, ev.Payload)
						return s, "done"
					}
					return s, "call"
				}), "call", "done").Handler("call", h, &effect{Outcome: outcome}).Edge("ask", "call", "call").Edge("ask", "done").Build()
				if err != nil {
					t.Fatal(err)
				}
				r := launch(t, engine(t, w, config{}))
				r.inject("a", 1)
				r.settle()
				if said != c.want || (c.make == nil) != (len(back) == 1) {
					t.Errorf("the end was told as %q, want %q; back came %d", said, c.want, back)
				}
				r.end()
			})
		})
	}
}
