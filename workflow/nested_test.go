package workflow

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// nesting is a workflow whose handler runs another one, which ends when its first
// event says so; how it ends comes back as an event of the outer one.
func nesting(t *testing.T, limit time.Duration, inner func(Event[int], count) (Inner[int, count], error)) (*running, *[]error) {
	t.Helper()
	var ends []error
	r := launch(t, engine(t, acting(t, Nested(inner, limit), effect{
		Outcome: func(ev Event[int], _ count, err error) (int, bool) {
			if ev.Kind == Data {
				return 0, false
			}
			ends = append(ends, err)
			return 0, false
		},
	}), config{DrainTimeout: time.Minute}))
	return r, &ends
}

func TestANestedWorkflowEndsForItsOwnReasons(t *testing.T) {
	stopping := step(func(s count, ev Event[int]) (count, Action) {
		s.sum += ev.Payload
		if ev.Payload > 10 {
			return s, "stop"
		}
		return s, "act"
	})
	wait := SourceFunc[int](func(ctx context.Context, _ Emit[int]) error { <-ctx.Done(); return nil })
	fails := SourceFunc[int](func(context.Context, Emit[int]) error { return errCue })
	answer := SourceFunc[int](func(ctx context.Context, emit Emit[int]) error {
		time.Sleep(time.Second)
		return emit(ctx, "a", start0, 11)
	})
	for name, c := range map[string]struct {
		sources []Source[int]
		limit   time.Duration
		end     func(error) error
		make    error
		want    error
		took    time.Duration
	}{
		"its sources end":             {sources: []Source[int]{emitting("a", 1)}, limit: time.Minute},
		"its stop edge is reached":    {sources: []Source[int]{answer, wait}, limit: time.Minute, took: time.Second},
		"its stop edge means failure": {sources: []Source[int]{answer, wait}, end: func(err error) error { return err }, want: ErrStopped, took: time.Second},
		"its time is up":              {sources: []Source[int]{wait}, limit: 3 * time.Second, want: ErrTimeout, took: 3 * time.Second},
		"its source fails":            {sources: []Source[int]{fails}, want: errCue},
		"it cannot be made":           {make: errCue, want: errCue},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r, ends := nesting(t, c.limit, func(Event[int], count) (Inner[int, count], error) {
					return Inner[int, count]{Engine: engine(t, plain(t, stopping), config{}), Sources: c.sources, End: c.end}, c.make
				})
				begin := time.Now()
				r.inject("a", 1)
				r.settle()
				if took := time.Since(begin); took != c.took {
					t.Errorf("it took %v, want %v", took, c.took)
				}
				if len(*ends) != 1 || !errors.Is((*ends)[0], c.want) || c.want == nil && (*ends)[0] != nil {
					t.Errorf("it ended with %v, want %v", *ends, c.want)
				}
				r.end()
			})
		})
	}
}

func TestANestedWorkflowIsDrainedWithTheOneAroundIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		handled := 0
		slow := handler(func(context.Context, Event[int], count) error {
			time.Sleep(time.Second)
			handled++
			return nil
		})
		src, sender := NewChannel[int](8)
		r, ends := nesting(t, 0, func(Event[int], count) (Inner[int, count], error) {
			return Inner[int, count]{Engine: engine(t, acting(t, slow, effect{}), config{}), Sources: []Source[int]{src}}, nil
		})
		r.inject("a", 1)
		for range 3 {
			if err := sender.Send(t.Context(), "b", start0, 1); err != nil {
				t.Fatal(err)
			}
		}
		synctest.Wait()
		begin := time.Now()
		r.end()
		if handled != 3 || time.Since(begin) != 3*time.Second {
			t.Errorf("%d of 3 inner events were handled in %v", handled, time.Since(begin))
		}
		if len(*ends) != 1 || !errors.Is((*ends)[0], ErrDraining) {
			t.Errorf("it ended with %v", *ends)
		}
	})
}

func TestANestedWorkflowNeedsNoEngineAroundIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := Nested(func(Event[int], count) (Inner[int, count], error) {
			return Inner[int, count]{Engine: engine(t, plain(t, counting), config{}), Sources: []Source[int]{emitting("a", 1)}}, nil
		}, time.Second)
		if err := h.Handle(t.Context(), Event[int]{}, count{}); err != nil {
			t.Error(err)
		}
	})
}
