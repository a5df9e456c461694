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

// TestAHandlerWithTooManyHangingAttemptsGetsNoMoreEvents has two of them hang in one
// of its lanes, which refuses the rest, as does the other lane, until one returns.
func TestAHandlerWithTooManyHangingAttemptsGetsNoMoreEvents(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		deaf := handler(func(_ context.Context, ev Event[int], _ count) error {
			if ev.Payload < 3 {
				<-release
			}
			return nil
		})
		told := 0
		r := launch(t, engine(t, acting(t, deaf, effect{
			Lanes: 2, Timeout: time.Second, Grace: time.Second, MaxAbandoned: 2, Retry: Retry{MaxAttempts: 5, Initial: time.Second},
			Outcome: func(_ Event[int], _ count, err error) (int, bool) {
				if errors.Is(err, ErrTooManyAbandoned) {
					told++
				}
				return 0, false
			},
		}), config{}))
		begin := time.Now()
		r.inject("a", 1, 2, 3, 4)
		r.settle()
		r.inject("b", 5) // of the other lane
		r.settle()
		if took := time.Since(begin); took != 4*time.Second {
			t.Errorf("after %v, want two timeouts and their graces", took)
		}
		if n := r.Stats().Nodes[1]; n.Abandoned != 2 || n.Hanging != 2 || n.Dead != 5 || n.Refused != 3 || told != 3 {
			t.Errorf("while two hang: %+v, told %d", n, told)
		}
		for i, l := range r.letters() {
			if refused := errors.Is(l.Err, ErrRefused); refused != (i > 1) || refused != (l.Attempts == 0) || refused != (l.Reason() == ReasonRefused) {
				t.Errorf("letter %d: %+v", i, l)
			}
		}
		release <- struct{}{}
		synctest.Wait()
		r.inject("a", 6)
		r.inject("b", 7)
		r.settle()
		close(release)
		synctest.Wait()
		st := r.end()
		if n := st.Nodes[1]; n.Abandoned != 2 || n.Hanging != 0 || n.Handled != 2 {
			t.Errorf("after one returned: %+v", n)
		}
	})
}

func TestSixteenAttemptsMayHang(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		deaf := handler(func(context.Context, Event[int], count) error { <-release; return nil })
		r := launch(t, engine(t, acting(t, deaf, effect{Timeout: time.Second}), config{}), emitting("a", make([]int, 40)...))
		time.Sleep(time.Hour)
		if n := r.Stats().Nodes[1]; n.Hanging != 16 || n.Refused != 24 {
			t.Errorf("%+v", n)
		}
		close(release)
		r.end()
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
