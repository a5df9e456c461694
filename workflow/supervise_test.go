package workflow

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sony/gobreaker/v2"
	"golang.org/x/time/rate"
)

// cared is a source that says how it is looked after.
type cared struct {
	SourceFunc[int]
	care Supervision
}

func (c cared) Supervision() Supervision { return c.care }

// flaky returns a source that fails n times and then emits one event.
func flaky(n int, began *[]time.Time) SourceFunc[int] {
	return func(ctx context.Context, emit Emit[int]) error {
		*began = append(*began, time.Now())
		if len(*began) <= n {
			return errCue
		}
		return emit(ctx, "a", start0, 1)
	}
}

func TestAFailedSourceIsStartedAgain(t *testing.T) {
	care := Supervision{MaxRestarts: 3, Backoff: Retry{Initial: time.Second, NoJitter: true}}
	synctest.Test(t, func(t *testing.T) {
		var began []time.Time
		e := engine(t, plain(t, counting), config{})
		st, err := e.Run(t.Context(), cared{flaky(3, &began), care})
		if err != nil || st.Folded != 1 || st.Sources[0].State != SourceEnded || st.Sources[0].Restarts != 3 {
			t.Errorf("%v, %+v", err, st.Sources)
		}
		for i, want := range []time.Duration{time.Second, 2 * time.Second, 4 * time.Second} {
			if got := began[i+1].Sub(began[i]); got != want {
				t.Errorf("restart %d came after %v, want %v", i+1, got, want)
			}
		}
	})
	synctest.Test(t, func(t *testing.T) {
		var began []time.Time
		e := engine(t, plain(t, counting), config{})
		st, err := e.Run(t.Context(), cared{flaky(9, &began), care})
		if !errors.Is(err, errCue) || len(began) != 4 || st.Sources[0].State != SourceFailed {
			t.Errorf("%v after %d starts, %+v", err, len(began), st.Sources)
		}
	})
}

func TestARestartSaysWhenItComes(t *testing.T) {
	care := Supervision{MaxRestarts: 5, Backoff: Retry{Initial: time.Second, NoJitter: true}}
	synctest.Test(t, func(t *testing.T) {
		var began []time.Time
		var mu sync.Mutex // transitions are told by several goroutines
		var told []Transition
		e := engine(t, plain(t, counting), config{Observe: func(tr Transition) {
			mu.Lock()
			defer mu.Unlock()
			if tr.What == SourceRestarting {
				told = append(told, tr)
			}
		}})
		r := launch(t, e, cared{flaky(2, &began), care})
		time.Sleep(1500 * time.Millisecond) // the second of the waits, of two seconds, has run for half a second
		synctest.Wait()
		s := r.Stats().Sources[0]
		if s.State != SourceRestarting || s.Failures != 2 || s.MostRestarts != 5 || s.Window != time.Minute || time.Until(s.Again) != 1500*time.Millisecond {
			t.Errorf("%+v", s)
		}
		mu.Lock()
		if n := len(told); n != 2 || told[n-1].Wait != 2*time.Second {
			t.Errorf("told %+v", told)
		}
		mu.Unlock()
		time.Sleep(2 * time.Second)
		synctest.Wait()
		if s := r.Stats().Sources[0]; s.State != SourceEnded || s.Failures != 0 || !s.Again.IsZero() || s.Restarts != 2 {
			t.Errorf("%+v", s)
		}
		r.end()
	})
}

func TestRestartsAreCountedWithinAWindow(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := 0
		rare := SourceFunc[int](func(context.Context, Emit[int]) error {
			if n++; n > 10 {
				return nil
			}
			time.Sleep(time.Hour)
			return errCue
		})
		e := engine(t, plain(t, counting), config{})
		st, err := e.Run(t.Context(), cared{rare, Supervision{MaxRestarts: 1, Window: time.Minute}})
		if err != nil || st.Sources[0].Restarts != 10 {
			t.Errorf("%v, %+v", err, st.Sources)
		}
	})
}

func TestASilentSourceIsStale(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		speak := make(chan struct{})
		moody := SourceFunc[int](func(ctx context.Context, emit Emit[int]) error {
			for {
				select {
				case <-speak:
					if err := emit(ctx, "a", start0, 1); err != nil {
						return err
					}
				case <-ctx.Done():
					return nil
				}
			}
		})
		e := engine(t, plain(t, counting), config{})
		r := launch(t, e, cared{moody, Supervision{Idle: 10 * time.Second}})
		is := func(want string) {
			t.Helper()
			if got := e.Stats().Sources[0].State; got != want {
				t.Errorf("after %v it is %s, want %s", time.Since(e.Stats().Sources[0].Last), got, want)
			}
		}
		time.Sleep(10 * time.Second)
		is(SourceRunning)
		time.Sleep(time.Nanosecond)
		is(SourceStale)
		speak <- struct{}{}
		synctest.Wait()
		is(SourceRunning)
		r.end()
		is(SourceEnded)
	})
}

func TestALimiterSpacesAttempts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var at []time.Time
		h := HandlerFunc[int, count](func(context.Context, Event[int], count) error {
			at = append(at, time.Now())
			return nil
		})
		w := acting(t, h, effect{Limit: rate.NewLimiter(rate.Every(time.Second), 1)})
		if _, err := engine(t, w, config{DrainTimeout: time.Minute}).Run(t.Context(), emitting("a", 1, 2, 3)); err != nil {
			t.Fatal(err)
		}
		if len(at) != 3 || at[2].Sub(at[0]) != 2*time.Second {
			t.Errorf("attempts at %v, want one a second", at)
		}
	})
}

func TestABreakerRefusesUntilItClosesAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		broken, calls := true, 0
		h := HandlerFunc[int, count](func(context.Context, Event[int], count) error {
			calls++
			if broken {
				return errCue
			}
			return nil
		})
		breaker := gobreaker.NewTwoStepCircuitBreaker[any](gobreaker.Settings{
			Timeout:     time.Minute,
			ReadyToTrip: func(c gobreaker.Counts) bool { return c.ConsecutiveFailures >= 2 },
		})
		e := engine(t, acting(t, h, effect{Breaker: breaker}), config{})
		r := launch(t, e)
		r.inject("a", 1, 2, 3)
		r.settle()
		if calls != 2 {
			t.Errorf("%d calls, want 2 before the breaker opened", calls)
		}
		if l := r.letters(); len(l) != 3 || !errors.Is(l[2].Err, ErrRefused) || !errors.Is(l[2].Err, gobreaker.ErrOpenState) {
			t.Errorf("letters %v", l)
		}
		broken = false
		time.Sleep(time.Minute + 1)
		r.inject("a", 4)
		r.settle()
		if st := r.end(); calls != 3 || st.Handled != 1 || st.DeadHandler != 3 {
			t.Errorf("%d calls, handled %d, dead %d", calls, st.Handled, st.DeadHandler)
		}
	})
}

func TestTransitionsAreTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var got []string
		observe := func(x Transition) {
			mu.Lock()
			defer mu.Unlock()
			got = append(got, fmt.Sprintf("%s %s %v %v", x.Node, x.What, x.Wait, x.Err))
		}
		h := HandlerFunc[int, count](func(context.Context, Event[int], count) error { return errCue })
		w := acting(t, h, effect{Retry: Retry{MaxAttempts: 2, Initial: time.Second, NoJitter: true}})
		src := named{name: "src", SourceFunc: emitting("a", 1).(SourceFunc[int])}
		if _, err := engine(t, w, config{Observe: observe}).Run(t.Context(), src); err != nil {
			t.Fatal(err)
		}
		slices.Sort(got)
		want := []string{"act dead letter 0s on cue", "act retry 1s on cue", "src ended 0s <nil>"}
		if !slices.Equal(got, want) {
			t.Errorf("told %q, want %q", got, want)
		}
	})
}
