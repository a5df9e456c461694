package workflow

import (
	"context"
	"errors"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func TestATimeoutCancelsAndTheNextAttemptWaitsForTheReturn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var begun, returned []time.Duration
		begin := time.Now()
		slow := handler(func(ctx context.Context, _ Event[int], _ count) error {
			begun = append(begun, time.Since(begin))
			<-ctx.Done()
			if context.Cause(ctx) != ErrTimeout {
				t.Errorf("cancelled with %v", context.Cause(ctx))
			}
			time.Sleep(300 * time.Millisecond) // some need a while to return
			returned = append(returned, time.Since(begin))
			return errCue
		})
		r := launch(t, engine(t, acting(t, slow, effect{Timeout: time.Second, Retry: Retry{MaxAttempts: 2}}), config{}))
		r.inject("a", 1)
		r.settle()
		st := r.end()
		const ms = time.Millisecond
		if !slices.Equal(begun, []time.Duration{0, 1300 * ms}) || !slices.Equal(returned, []time.Duration{1300 * ms, 2600 * ms}) {
			t.Errorf("begun at %v, returned at %v", begun, returned)
		}
		l := r.letters()
		if len(l) != 1 || l[0].Attempts != 2 || !errors.Is(l[0].Err, ErrTimeout) || !errors.Is(l[0].Err, errCue) || errors.Is(l[0].Err, ErrAbandoned) {
			t.Errorf("letters: %+v", l)
		}
		if st.Abandoned != 0 {
			t.Errorf("%d abandoned", st.Abandoned)
		}
	})
}

func TestAnAttemptThatDoesNotReturnIsAbandonedAndTheLaneGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		begin := time.Now()
		var second time.Duration
		deaf := handler(func(_ context.Context, ev Event[int], _ count) error {
			if ev.Payload == 1 {
				<-release
				return nil // too late to count
			}
			second = time.Since(begin)
			return nil
		})
		r := launch(t, engine(t, acting(t, deaf, effect{
			Timeout: time.Second, Grace: 2 * time.Second, Retry: Retry{MaxAttempts: 5},
			Outcome: func(ev Event[int], _ count, err error) (int, bool) {
				return 100, errors.Is(err, ErrAbandoned) && errors.Is(err, ErrTimeout)
			},
		}), config{}))
		r.inject("a", 1, 2)
		r.settle()
		if second != 3*time.Second {
			t.Errorf("the next event was handled after %v", second)
		}
		close(release)
		synctest.Wait()
		st := r.end()
		if st.Abandoned != 1 || st.Nodes[1].Abandoned != 1 || st.DeadHandler != 1 || st.Handled != 2 {
			t.Errorf("abandoned %d, dead %d, handled %d", st.Abandoned, st.DeadHandler, st.Handled)
		}
		l := r.letters()
		if len(l) != 1 || l[0].Attempts != 1 || !errors.Is(l[0].Err, ErrAbandoned) || !errors.Is(l[0].Err, ErrTimeout) {
			t.Errorf("letters: %+v", l)
		}
		if s, _ := r.State("a"); s.sum != 103 {
			t.Errorf("the sum is %d: the outcome of the abandoned attempt is missing", s.sum)
		}
	})
}

// TestAnAttemptIsNotAbandonedForTheOneBefore returns attempts in the very instant
// in which their grace is over.
func TestAnAttemptIsNotAbandonedForTheOneBefore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var calls atomic.Int64 // an abandoned attempt runs beside the next
		h := handler(func(context.Context, Event[int], count) error {
			calls.Add(1)
			time.Sleep(2 * time.Second)
			return errCue
		})
		r := launch(t, engine(t, acting(t, h, effect{
			Timeout: time.Second, Grace: time.Second, Retry: Retry{MaxAttempts: 200},
		}), config{}))
		for range 20 {
			r.inject("a", 1)
		}
		r.settle()
		st := r.end()
		if n := int(st.Nodes[1].Retries) + 20; n != int(calls.Load()) {
			t.Errorf("%d attempts for %d calls", n, calls.Load())
		}
		for _, l := range r.letters() {
			if errors.Is(l.Err, ErrAbandoned) == (l.Attempts == 200) {
				t.Errorf("after %d attempts: %v", l.Attempts, l.Err)
			}
		}
	})
}

func TestAnAbandonAimedAtAnEarlierAttemptMissesTheNextOne(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		h := handler(func(context.Context, Event[int], count) error { <-release; return nil })
		r := launch(t, engine(t, acting(t, h, effect{}), config{}))
		r.inject("a", 1, 2)
		synctest.Wait()
		release <- struct{}{}
		synctest.Wait()
		r.lanes[1][0].abandon(1) // as a timer would that fired just before it was stopped
		close(release)
		r.settle()
		if st := r.end(); st.Abandoned != 0 || st.Handled != 2 {
			t.Errorf("abandoned %d, handled %d", st.Abandoned, st.Handled)
		}
	})
}
