package workflow

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"setpoint/workflow/guard"
)

func TestTheEndOfAllSourcesLosesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := handler(func(context.Context, Event[int], count) error { time.Sleep(time.Millisecond); return nil })
		e := engine(t, acting(t, slow, effect{Queue: 4}), config{Queue: 4, DrainTimeout: time.Minute})
		numbers := make([]int, 1000)
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(1999500*time.Microsecond, cancel) // in the drain: it ends nothing any more
		st, err := e.Run(ctx, emitting("a", numbers...), emitting("b", numbers...))
		if err != nil {
			t.Errorf("Run returned %v", err)
		}
		if err := st.Check(); err != nil || st.Handled != 2000 || st.Letters != 0 {
			t.Errorf("handled %d, letters %d, %v", st.Handled, st.Letters, err)
		}
		if _, err := e.Run(t.Context()); err == nil {
			t.Error("it ran twice")
		}
		cancel()
	})
}

func TestAStopEdgeEndsTheRunAndFoldsWhatIsQueued(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stopAt3 := step(func(s count, ev Event[int]) (count, Action) {
			s.n++
			if ev.Payload == 3 {
				return s, "stop"
			}
			return s, "act"
		})
		e := engine(t, plain(t, stopAt3), config{})
		emit := e.emitter(SourceFunc[int](nil), new(sourceRun))
		for i := range 500 {
			if err := emit(t.Context(), "a", start0, i); err != nil {
				t.Fatal(err)
			}
		}
		if st := launch(t, e).over(ErrStopped); st.Folded != 500 {
			t.Errorf("%d of 500 were folded", st.Folded)
		}
	})
}

func TestAStopEdgeCountsWhereverItStandsInThePath(t *testing.T) {
	next := step(func(s count, _ Event[int]) (count, Action) { return s, "next" })
	for _, stop := range []string{"1", "2", "3"} {
		b := New[int, count]("1")
		for i, name := range []string{"1", "2", "3"} {
			to := []string{"2", "3", ""}[i : i+1]
			if i == 2 {
				to = nil
			}
			if name == stop {
				to = append([]string{Stop}, to...)
			}
			b.Step(name, next, "next").Edge(name, "next", to...)
		}
		w, err := b.Build()
		if err != nil {
			t.Fatal(err)
		}
		if _, r := w.Fold(count{}, Event[int]{}); !r.Stop {
			t.Errorf("a stop at step %s is not seen", stop)
		}
	}
}

func TestTheCauseOfACancellationIsReturned(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := launch(t, engine(t, plain(t, counting), config{}))
		r.stop(errCue)
		r.over(errCue)
	})
}

func TestTheDrainLetsHandlersFinish(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		told := 0
		h := handler(func(ctx context.Context, ev Event[int], _ count) error {
			if ev.Payload == 0 { // waits for something, and is told to come to an end
				<-Draining(ctx)
				told++
				return nil
			}
			time.Sleep(time.Second)
			return nil
		})
		begin := time.Now()
		r := launch(t, engine(t, acting(t, h, effect{Outcome: func(ev Event[int], _ count, _ error) (int, bool) {
			return ev.Payload - 1, ev.Payload > 1
		}}), config{}))
		r.inject("a", 0, 3)
		synctest.Wait()
		r.stop(errOver)
		synctest.Wait()
		if err := r.Inject(t.Context(), "a", start0, 1); err != ErrClosed {
			t.Errorf("in the drain Inject returns %v", err)
		}
		if _, err := r.Swap("count", counting, "test"); err != ErrClosed {
			t.Errorf("in the drain Swap returns %v", err)
		}
		st := r.end()
		if told != 1 || st.Handled != 4 || st.Letters != 0 {
			t.Errorf("told %d, handled %d, letters %d", told, st.Handled, st.Letters)
		}
		if took := time.Since(begin); took != 3*time.Second {
			t.Errorf("it took %v, want the three seconds of the chain", took)
		}
	})
}

// TestAfterTheDrainTimeoutTheRestAreDeadLetters has one handler that heeds its
// context, one that heeds nothing, and queues behind both.
func TestAfterTheDrainTimeoutTheRestAreDeadLetters(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		heeds := handler(func(ctx context.Context, _ Event[int], _ count) error {
			<-ctx.Done()
			return context.Cause(ctx)
		})
		deaf := handler(func(context.Context, Event[int], count) error { <-release; return nil })
		waits := handler(func(context.Context, Event[int], count) error { return errCue }) // for an hour, to try again
		w, err := New[int, count]("count").Step("count", counting, "act").
			Handler("heeds", heeds, nil).Handler("deaf", deaf, nil).
			Handler("waits", waits, &effect{Retry: Retry{MaxAttempts: 2, Initial: time.Hour, NoJitter: true}}).
			Edge("count", "act", "heeds", "deaf", "waits").Build()
		if err != nil {
			t.Fatal(err)
		}
		begin := time.Now()
		r := launch(t, engine(t, w, config{DrainTimeout: 10 * time.Second}))
		r.inject("a", 1, 2, 3)
		synctest.Wait()
		st := r.end()
		if took := time.Since(begin); took != 11*time.Second {
			t.Errorf("it took %v, want the timeout and a second's grace", took)
		}
		if st.DeadHandler != 9 || st.Stored != 9 || st.Abandoned != 1 {
			t.Errorf("dead %d, letters %d, abandoned %d", st.DeadHandler, st.Stored, st.Abandoned)
		}
		abandoned, attempts := 0, 0
		for _, l := range r.letters() {
			attempts += l.Attempts
			if !errors.Is(l.Err, ErrShutdown) {
				t.Errorf("%s: %v", l.Node, l.Err)
			}
			if errors.Is(l.Err, ErrAbandoned) {
				abandoned++
			}
			if l.Node == "waits" && l.Attempts == 1 && !errors.Is(l.Err, errCue) {
				t.Errorf("the last error is lost: %v", l.Err)
			}
		}
		if abandoned != 1 || attempts != 3 {
			t.Errorf("%d abandoned, %d attempts", abandoned, attempts)
		}
		close(release)
	})
}

// brokenLetters is a store that panics.
type brokenLetters struct{ MemoryLetters[int, count] }

func (*brokenLetters) Put(context.Context, Letter[int, count]) error { panic("on cue") }

func TestAStoreOfLettersThatFailsIsCounted(t *testing.T) {
	for name, c := range map[string]struct {
		store        DeadLetters[int, count]
		stored, lost uint64
	}{
		"a full one":        {&MemoryLetters[int, count]{Limit: 2}, 2, 3},
		"one that panics":   {new(brokenLetters), 0, 5},
		"one that has room": {nil, 5, 0},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := launch(t, engine(t, cues(t, effect{}), config{DeadLetters: c.store}))
				r.inject("a", 9, 10, 13, 14, 9, 1)
				r.settle()
				st := r.end()
				if st.Letters != 5 || st.Stored != c.stored || st.Lost != c.lost || st.Handled != 1 {
					t.Errorf("letters %d, stored %d, lost %d, handled %d", st.Letters, st.Stored, st.Lost, st.Handled)
				}
			})
		})
	}
}

// TestAPanicInTheFoldLoopEndsTheRunAndNothingHangs breaks a shard from inside, as
// only a bug of the engine could.
func TestAPanicInTheFoldLoopEndsTheRunAndNothingHangs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := handler(func(context.Context, Event[int], count) error { time.Sleep(time.Second); return nil })
		e := engine(t, acting(t, slow, effect{Queue: 1000}), config{Queue: 200})
		numbers := make([]int, 1000)
		e.shards[0].passed = nil // folding the first event panics after its state is committed
		begin := time.Now()
		r := launch(t, e, emitting("a", numbers...))
		<-r.done
		if _, is := errors.AsType[*guard.PanicError](r.err); !is {
			t.Errorf("Run returned %v, want a panic", r.err)
		}
		if err := r.st.Check(); err != nil || r.st.Queued+r.st.Open+r.st.Waiting != 0 || r.st.DeadFold == 0 || r.st.DeadFold != r.st.Stored {
			t.Errorf("%v: %+v", err, r.st)
		}
		if took := time.Since(begin); took > time.Second {
			t.Errorf("it took %v", took)
		}
		if _, ok := r.State("a"); !ok { // it can still be asked
			t.Error("the state is gone")
		}
		if err := r.Settle(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

func TestChangedTellsOfEveryChangeAndHoldsNobodyUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := launch(t, engine(t, acting(t, handler(func(context.Context, Event[int], count) error {
			time.Sleep(time.Second)
			return nil
		}), effect{}), config{}))
		r.settle()
		drainChanged := func() (n int) {
			for {
				synctest.Wait()
				select {
				case <-r.Changed():
					n++
				default:
					return n
				}
			}
		}
		drainChanged()
		r.inject("a", 1, 2, 3) // nobody listens: nothing stops
		if n := drainChanged(); n != 1 {
			t.Errorf("%d wake-ups after the fold, want one that was kept", n)
		}
		time.Sleep(3500 * time.Millisecond)
		if n := drainChanged(); n != 1 {
			t.Errorf("%d wake-ups after the handler, want one that was kept", n)
		}
		if st := r.end(); st.Handled != 3 {
			t.Errorf("%d were handled", st.Handled)
		}
	})
}
