package workflow

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"setpoint/workflow/guard"
)

func TestDelayGrowsExponentiallyUpToItsMaximum(t *testing.T) {
	for name, c := range map[string]struct {
		r        Retry
		failures int
		u        float64
		want     time.Duration
	}{
		"the first wait is the initial one": {Retry{Initial: time.Second, NoJitter: true}, 1, 0, time.Second},
		"it doubles":                        {Retry{Initial: time.Second, NoJitter: true}, 4, 0, 8 * time.Second},
		"or grows as it is told":            {Retry{Initial: time.Second, Multiplier: 3, NoJitter: true}, 3, 0, 9 * time.Second},
		"or stays":                          {Retry{Initial: time.Second, Multiplier: 1, NoJitter: true}, 30, 0, time.Second},
		"it is cut at the maximum":          {Retry{Initial: time.Second, Max: 5 * time.Second, NoJitter: true}, 4, 0, 5 * time.Second},
		"even the first":                    {Retry{Initial: time.Minute, Max: 5 * time.Second, NoJitter: true}, 1, 0, 5 * time.Second},
		"jitter takes a part of the bound":  {Retry{Initial: time.Second}, 3, 0.25, time.Second},
		"jitter can be nothing":             {Retry{Initial: time.Second}, 3, 0, 0},
		"no failure counts as the first":    {Retry{Initial: time.Second, NoJitter: true}, 0, 0, time.Second},
		"growth beyond all numbers is cut":  {Retry{Initial: time.Second, Max: time.Hour, NoJitter: true}, 1 << 40, 0, time.Hour},
		"and bounded without a maximum":     {Retry{Initial: time.Second, NoJitter: true}, 1 << 40, 0, math.MaxInt64 / 2},
		"no initial wait is none, ever":     {Retry{NoJitter: true}, 1 << 40, 0, 0},
		"a negative initial wait is none":   {Retry{Initial: -1, NoJitter: true}, 2, 0, 0},
	} {
		// The bound of the last but two is a float64, so it is off by one.
		if got := c.r.Delay(c.failures, c.u); (got - c.want).Abs() > 1 {
			t.Errorf("%s: got %v, want %v", name, got, c.want)
		}
	}
}

func TestDelayIsNeverAboveItsMaximumAndItsBoundNeverFalls(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := Retry{
			Initial:    time.Duration(rapid.Int64Range(0, int64(time.Hour)).Draw(t, "initial")),
			Max:        time.Duration(rapid.Int64Range(1, int64(time.Hour)).Draw(t, "max")),
			Multiplier: rapid.Float64Range(1, 10).Draw(t, "multiplier"),
		}
		n := rapid.IntRange(1, 5000).Draw(t, "failures")
		u := rapid.Float64Range(0, math.Nextafter(1, 0)).Draw(t, "u")
		bound := r
		bound.NoJitter = true
		full := bound.Delay(n, u)
		switch got := r.Delay(n, u); {
		case full > r.Max, full < 0:
			t.Fatalf("the bound is %v", full)
		case bound.Delay(n+1, u) < full:
			t.Fatalf("the bound falls from %v", full)
		case got < 0, got > full:
			t.Fatalf("%v is beyond the bound %v", got, full)
		case math.Abs(float64(got)-u*float64(full)) > 1+1e-9*float64(full):
			t.Fatalf("%v is not %v of %v", got, u, full)
		}
	})
}

func TestRetriesWaitToTheNanosecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var at []time.Duration
		begin := time.Now()
		failing := handler(func(_ context.Context, ev Event[int], s count) error {
			if ev.Payload != 7 || s != (count{1, 7}) {
				t.Errorf("attempt %d got %+v, %+v", len(at)+1, ev, s)
			}
			at = append(at, time.Since(begin))
			return errCue
		})
		r := launch(t, engine(t, acting(t, failing, effect{
			Retry: Retry{MaxAttempts: 5, Initial: time.Second, Max: 4 * time.Second, NoJitter: true},
		}), config{}))
		r.inject("a", 7)
		r.settle()
		st := r.end()
		want := []time.Duration{0, time.Second, 3 * time.Second, 7 * time.Second, 11 * time.Second}
		if !slices.Equal(at, want) {
			t.Errorf("attempts at %v, want %v", at, want)
		}
		l := r.letters()
		if len(l) != 1 || l[0].Attempts != 5 || !errors.Is(l[0].Err, errCue) || l[0].Node != "act" || l[0].Event.Payload != 7 {
			t.Errorf("dead letters: %+v", l)
		}
		if st.Nodes[1].Retries != 4 || st.DeadHandler != 1 {
			t.Errorf("%d retries, %d dead", st.Nodes[1].Retries, st.DeadHandler)
		}
	})
}

func TestNoRetryBeginsBeyondTheBudget(t *testing.T) {
	for budget, want := range map[time.Duration]int{0: 5, time.Hour: 5, 7 * time.Second: 4, 7*time.Second - 1: 3, 1: 1} {
		synctest.Test(t, func(t *testing.T) {
			h := handler(func(context.Context, Event[int], count) error { return errCue })
			retry := Retry{MaxAttempts: 5, Initial: time.Second, NoJitter: true, Budget: budget} // at 0, 1, 3, 7, 15 s
			r := launch(t, engine(t, acting(t, h, effect{Retry: retry}), config{}))
			r.inject("a", 1)
			r.settle()
			r.end()
			if l := r.letters(); len(l) != 1 || l[0].Attempts != want || !errors.Is(l[0].Err, errCue) {
				t.Errorf("budget %v: want %d attempts, got %+v", budget, want, l)
			}
		})
	}
}

func TestJitterIsTheSameForTheSameSeed(t *testing.T) {
	run := func(seed uint64) (took time.Duration) {
		synctest.Test(t, func(t *testing.T) {
			begin := time.Now()
			failing := handler(func(context.Context, Event[int], count) error { return errCue })
			r := launch(t, engine(t, acting(t, failing, effect{Retry: Retry{MaxAttempts: 4, Initial: time.Second}}), config{Seed: seed}))
			r.inject("a", 1)
			r.settle()
			took = time.Since(begin)
			r.end()
		})
		return took
	}
	if a, b, c := run(1), run(1), run(2); a != b || a == c || a <= 0 || a >= 7*time.Second {
		t.Errorf("seed 1: %v and %v, seed 2: %v", a, b, c)
	}
}

func TestWhatNoRetryCanMendIsNotRetried(t *testing.T) {
	for name, c := range map[string]struct {
		do   func() error
		may  func(error) bool
		want int
	}{
		"an error is":                      {func() error { return errCue }, nil, 3},
		"a permanent one is not":           {func() error { return Permanent(errCue) }, nil, 1},
		"nor is a panic":                   {func() error { panic("on cue") }, nil, 1},
		"nor one that is said not to be":   {func() error { return errCue }, func(err error) bool { return err != errCue }, 1},
		"nor one of which nobody can tell": {func() error { return errCue }, func(error) bool { panic("on cue") }, 1},
		"nor success":                      {func() error { return nil }, nil, 1},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				calls := 0
				h := handler(func(context.Context, Event[int], count) error { calls++; return c.do() })
				r := launch(t, engine(t, acting(t, h, effect{Retry: Retry{MaxAttempts: 3, Initial: 1, Retryable: c.may}}), config{}))
				r.inject("a", 1, 1)
				r.settle()
				r.end()
				if calls != 2*c.want {
					t.Errorf("%d calls for two events, want %d each", calls, c.want)
				}
			})
		})
	}
	if Permanent(nil) != nil || !errors.Is(Permanent(errCue), errCue) {
		t.Error("Permanent changes what an error is")
	}
	if _, is := errors.AsType[*guard.PanicError](Permanent(errCue)); is {
		t.Error("a permanent error is a panic")
	}
}

func TestAnOutcomeThatPanicsIsADeadLetterAndTheLaneGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := handler(func(context.Context, Event[int], count) error { return nil })
		r := launch(t, engine(t, acting(t, h, effect{Outcome: func(ev Event[int], _ count, _ error) (int, bool) {
			if ev.Payload == 1 {
				panic("on cue")
			}
			return 0, false
		}}), config{}))
		r.inject("a", 1, 2)
		r.settle()
		if st := r.end(); st.DeadHandler != 1 || st.Handled != 1 || len(r.letters()) != 1 {
			t.Errorf("dead %d, handled %d, letters %v", st.DeadHandler, st.Handled, r.letters())
		}
	})
}
