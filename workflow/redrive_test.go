package workflow

import (
	"context"
	"errors"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// switched is a handler that fails until it is switched on.
type switched struct {
	on     atomic.Bool
	mu     sync.Mutex
	events []Event[int]
	states []count
}

func (s *switched) Handle(_ context.Context, ev Event[int], c count) error {
	if !s.on.Load() {
		return errCue
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.events = append(s.events, ev)
	s.states = append(s.states, c)
	return nil
}

func (r *running) redrive(f Filter, want int) {
	r.t.Helper()
	if n, err := r.Redrive(r.t.Context(), f, false); n != want || err != nil {
		r.t.Errorf("%d were sent again, %v, want %d", n, err, want)
	}
	r.settle()
	if err := r.Stats().Check(); err != nil {
		r.t.Error(err)
	}
}

func TestALetterOfAHandlerGoesToThatHandlerAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		bad, good := new(switched), new(switched)
		good.on.Store(true)
		w, err := New[int, count]("count").Step("count", counting, "act").
			Handler("bad", bad, &effect{Overflow: DropNewest}).Handler("good", good, nil).
			Edge("count", "act", "bad", "good").Build()
		if err != nil {
			t.Fatal(err)
		}
		r := launch(t, engine(t, w, config{}))
		r.inject("a", 1, 2)
		r.inject("b", 3)
		r.settle()
		r.redrive(Filter{Key: "a"}, 2) // fail again
		letters := r.letters()
		if len(letters) != 3 || letters[2].Event.Redrives != 1 || letters[2].Attempts != 1 {
			t.Fatalf("letters %+v", letters)
		}
		bad.on.Store(true)
		if n, err := r.Redrive(t.Context(), Filter{}, true); n != 3 || err != nil || len(r.letters()) != 3 {
			t.Errorf("looking found %d, %v", n, err)
		}
		r.redrive(Filter{Node: "bad", Reason: ReasonFailed}, 3)
		if !slices.Equal(bad.states, []count{{1, 3}, {1, 1}, {2, 3}}) || bad.events[1].ID != letters[1].Event.ID || bad.events[1].Redrives != 2 {
			t.Errorf("sent again: %+v with %+v", bad.events, bad.states)
		}
		if s, _ := r.State("a"); s != (count{2, 3}) || len(good.events) != 3 {
			t.Errorf("folded again: %+v, %d events", s, len(good.events))
		}
		st := r.end()
		if st.Stored != 5 || st.Redriven != 5 || st.Kept != 0 || st.Dispatched != 11 || st.Handled != 6 || st.DeadHandler != 5 || st.Received != 3 {
			t.Errorf("%+v", st)
		}
	})
}

func TestALetterOfTheFoldIsAdmittedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var got []Event[int]
		wrong := true
		st := step(func(s count, ev Event[int]) (count, Action) {
			if wrong && ev.Payload == 2 {
				return s, "nowhere"
			}
			got = append(got, ev)
			s.n++
			s.sum += ev.Payload
			return s, "act"
		})
		r := launch(t, engine(t, plain(t, st), config{}), emitting("a", 1, 2, 3))
		synctest.Wait()
		letters := r.letters()
		if len(letters) != 1 || letters[0].State != (count{1, 1}) || letters[0].Reason() != ReasonUnrouted || letters[0].First.Err != nil {
			t.Fatalf("letters %+v", letters)
		}
		wrong = false
		r.redrive(Filter{IDs: []uint64{letters[0].ID}}, 1) // older than the key's newest, and not late
		ev := got[len(got)-1]
		if s, _ := r.State("a"); s != (count{3, 6}) || ev.Redrives != 1 || ev.Cause != letters[0].Event.ID || !ev.Time.Equal(start0.Add(time.Second)) {
			t.Errorf("state %+v, event %+v", s, ev)
		}
		if st := r.end(); st.Offered != 4 || st.Folded != 3 || st.DeadFold != 1 || st.Late != 0 || st.Redriven != 1 || st.Kept != 0 {
			t.Errorf("%+v", st)
		}
	})
}

// TestWhatWasRedrivenIsNotDropped redrives two letters of the fold and two of a
// handler while both are busy, and then lets a flood come.
func TestWhatWasRedrivenIsNotDropped(t *testing.T) {
	for _, policy := range []Overflow{DropOldest, DropNewest, Coalesce, Reject} {
		t.Run(policy.String(), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var folded, handled []int
				st := step(func(s count, ev Event[int]) (count, Action) {
					switch {
					case ev.Payload == 0:
						time.Sleep(time.Second)
					case ev.Payload < 3 && ev.Redrives == 0:
						return s, "nowhere"
					case ev.Redrives > 0:
						folded = append(folded, ev.Payload)
					}
					return s, "act"
				})
				h := handler(func(_ context.Context, ev Event[int], _ count) error {
					if ev.Redrives > 0 {
						handled = append(handled, ev.Payload)
						return nil
					}
					if ev.Payload == 0 {
						time.Sleep(time.Minute)
					}
					return errCue
				})
				w, err := New[int, count]("count").Step("count", st, "act").Handler("act", h, &effect{Queue: 2, Overflow: policy}).
					Edge("count", "act", "act").Build()
				if err != nil {
					t.Fatal(err)
				}
				source, sender := NewChannel[int](0)
				r := launch(t, engine(t, w, config{Queue: 4, Overflow: policy}), source)
				send := func(payloads ...int) {
					for _, p := range payloads {
						if err := sender.Send(t.Context(), "a", start0, p); err != nil {
							t.Fatal(err)
						}
						time.Sleep(time.Second)
					}
				}
				send(1, 2, 3, 4)
				send(0)          // now the handler is busy
				r.inject("a", 0) // and the fold
				synctest.Wait()
				if n, err := r.Redrive(t.Context(), Filter{}, false); n != 4 || err != nil {
					t.Fatalf("%d were sent again, %v", n, err)
				}
				for range 100 {
					_ = sender.Send(t.Context(), "a", start0, 100)
				}
				synctest.Wait()
				r.settle()
				slices.Sort(handled)
				if !slices.Equal(folded, []int{1, 2}) || !slices.Equal(handled, []int{1, 2, 3, 4}) {
					t.Errorf("folded %d, handled %d", folded, handled)
				}
				r.end()
			})
		})
	}
}

func TestALetterIsSentOnceHoweverManyAskAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := new(switched)
		w := acting(t, h, effect{Queue: 4, Lanes: 2})
		r := launch(t, engine(t, w, config{}))
		for i := range 500 {
			r.inject(string(rune('a'+i%7)), i)
		}
		r.settle()
		h.on.Store(true)
		var sent, dropped atomic.Int64
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				for {
					n, err := r.Redrive(t.Context(), Filter{Limit: 1 + i*5}, false)
					if err != nil {
						t.Error(err)
					}
					sent.Add(int64(n))
					d, err := r.Drop(t.Context(), Filter{Limit: 1})
					if err != nil {
						t.Error(err)
					}
					dropped.Add(int64(d))
					if err := r.Stats().Check(); err != nil {
						t.Error(err)
					}
					if n+d == 0 {
						return
					}
				}
			})
		}
		wg.Wait()
		r.settle()
		st := r.end()
		if sent.Load()+dropped.Load() != 500 || int64(len(h.events)) != sent.Load() {
			t.Errorf("sent %d, dropped %d, handled %d", sent.Load(), dropped.Load(), len(h.events))
		}
		if st.Stored != 500 || int64(st.Redriven) != sent.Load() || int64(st.DroppedLetters) != dropped.Load() || st.Kept != 0 {
			t.Errorf("%+v", st)
		}
	})
}

// stubborn is a store that will not remove anything until it is told to.
type stubborn struct {
	MemoryLetters[int, count]
	yields bool
}

func (s *stubborn) Remove(ctx context.Context, ids ...uint64) error {
	if !s.yields {
		return errCue
	}
	return s.MemoryLetters.Remove(ctx, ids...)
}

func TestALetterThatCannotBeRemovedIsNotSentTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, store := new(switched), new(stubborn)
		r := launch(t, engine(t, acting(t, h, effect{}), config{DeadLetters: store}))
		r.inject("a", 1)
		r.settle()
		h.on.Store(true)
		r.redrive(Filter{}, 1)
		for range 2 {
			if n, err := r.Redrive(t.Context(), Filter{}, false); n != 0 || !errors.Is(err, errCue) {
				t.Errorf("sent %d, %v", n, err)
			}
		}
		if st := r.Stats(); len(h.events) != 1 || st.Kept != 1 || st.Redriven != 0 {
			t.Errorf("handled %d, kept %d, redriven %d", len(h.events), st.Kept, st.Redriven)
		}
		store.yields = true
		r.redrive(Filter{}, 1)
		if st := r.end(); len(h.events) != 1 || st.Kept != 0 || st.Redriven != 1 {
			t.Errorf("handled %d, kept %d, redriven %d", len(h.events), st.Kept, st.Redriven)
		}
	})
}

func TestAFullStoreHasRoomForWhatWasRedriven(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, store := new(switched), &stubborn{MemoryLetters: MemoryLetters[int, count]{Limit: 1}}
		r := launch(t, engine(t, acting(t, h, effect{}), config{DeadLetters: store}))
		r.inject("a", 1)
		r.settle()
		_, _ = r.Redrive(t.Context(), Filter{}, false) // it fails again before the first letter is gone
		r.settle()
		if st := r.end(); st.Stored != 2 || st.Lost != 0 {
			t.Errorf("stored %d, lost %d", st.Stored, st.Lost)
		}
	})
}

func TestLettersThatStayAreTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		store := new(MemoryLetters[int, count])
		for range 20 {
			if err := store.Put(t.Context(), Letter[int, count]{Node: "gone\x1b", Err: errCue}); err != nil {
				t.Fatal(err)
			}
		}
		h := new(switched)
		r := launch(t, engine(t, acting(t, h, effect{}), config{DeadLetters: store}))
		n, err := r.Redrive(t.Context(), Filter{}, false)
		joined, _ := err.(interface{ Unwrap() []error })
		if n != 0 || joined == nil || len(joined.Unwrap()) != 8 || joined.Unwrap()[0].Error() != `letter 1: no node is named "gone\x1b" any more` {
			t.Errorf("sent %d, %v", n, err)
		}
		ctx, cancel := context.WithCancelCause(t.Context())
		cancel(errOver)
		if n, err := r.Drop(ctx, Filter{}); n != 0 || !errors.Is(err, errOver) {
			t.Errorf("dropped %d, %v", n, err)
		}
		if st := r.end(); st.Found != 20 || st.Kept != 20 {
			t.Errorf("found %d, kept %d", st.Found, st.Kept)
		}
		if n, err := r.Redrive(t.Context(), Filter{}, false); n != 0 || !errors.Is(err, ErrClosed) {
			t.Errorf("sent %d after the end, %v", n, err)
		}
		if n, err := r.Drop(t.Context(), Filter{}); n != 20 || err != nil {
			t.Errorf("dropped %d, %v", n, err)
		}
	})
}

// TestARedrivenLetterStaysUntilItsHandlerIsDone has a crash while the event of one is
// handled again: the next engine has what the store and the journal have.
func TestARedrivenLetterStaysUntilItsHandlerIsDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		calls := 0
		h := handler(func(context.Context, Event[int], count) error {
			if calls++; calls > 1 {
				<-release
				return nil
			}
			return errCue
		})
		j, store := new(MemoryJournal[int]), new(MemoryLetters[int, count])
		w := acting(t, h, effect{})
		r := launch(t, engine(t, w, config{Journal: j, DeadLetters: store}))
		r.inject("a", 7)
		r.settle()
		for range 2 { // the second call finds nothing to take
			_, _ = r.Redrive(t.Context(), Filter{}, false)
		}
		_, _ = r.Drop(t.Context(), Filter{})
		synctest.Wait()
		if st := r.Stats(); st.Kept != 1 || st.Redriven+st.DroppedLetters != 0 || calls != 2 || st.Check() != nil {
			t.Errorf("%d calls: %+v", calls, st)
		}
		left := new(MemoryLetters[int, count])
		for _, l := range r.letters() {
			if err := left.Put(t.Context(), l); err != nil {
				t.Fatal(err)
			}
		}
		next := launch(t, engine(t, w, config{Journal: copied(t, j), DeadLetters: left}))
		close(release)
		r.settle()
		if st := r.end(); st.Kept != 0 || st.Redriven != 1 {
			t.Errorf("at the end: %+v", st)
		}
		next.redrive(Filter{}, 1)
		if st := next.end(); st.Found != 1 || st.Kept != 0 || st.Handled != 1 || st.Dispatched != 1 {
			t.Errorf("after the crash: %+v", st)
		}
	})
}

// TestALetterStaysIfTheOneInItsPlaceIsLost fails again while the store is full.
func TestALetterStaysIfTheOneInItsPlaceIsLost(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h, store := new(switched), new(fullStore)
		r := launch(t, engine(t, acting(t, h, effect{}), config{DeadLetters: store}))
		r.inject("a", 1)
		r.settle()
		store.full = true
		r.redrive(Filter{}, 1)
		if st := r.Stats(); st.Lost != 1 || st.Kept != 1 || len(r.letters()) != 1 {
			t.Errorf("%+v", st)
		}
		h.on.Store(true)
		r.redrive(Filter{}, 1)
		if st := r.end(); len(h.events) != 1 || st.Kept != 0 || st.Redriven != 1 {
			t.Errorf("handled %d, %+v", len(h.events), st)
		}
	})
}

// fullStore is a store that takes nothing while it is full.
type fullStore struct {
	MemoryLetters[int, count]
	full bool
}

func (s *fullStore) Put(ctx context.Context, l Letter[int, count]) error {
	if s.full {
		return ErrLettersFull
	}
	return s.MemoryLetters.Put(ctx, l)
}

// TestTheDrainWaitsForWhatIsBeingRedriven ends the run while letters are handed
// over to a slow handler.
func TestTheDrainWaitsForWhatIsBeingRedriven(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		handled := 0
		h := handler(func(_ context.Context, ev Event[int], _ count) error {
			if ev.Redrives == 0 {
				return errCue
			}
			time.Sleep(time.Second)
			handled++
			return nil
		})
		r := launch(t, engine(t, acting(t, h, effect{Queue: 1}), config{DrainTimeout: time.Minute}))
		r.inject("a", 1, 2, 3, 4, 5)
		r.settle()
		var n int
		var err error
		done := make(chan struct{})
		go func() {
			defer close(done)
			n, err = r.Redrive(t.Context(), Filter{}, false)
		}()
		synctest.Wait()
		st := r.end()
		<-done
		if n != 3 || !errors.Is(err, ErrClosed) || handled != 3 || st.Handled != 3 || st.Kept != 2 {
			t.Errorf("sent %d, %v, handled %d, %+v", n, err, handled, st)
		}
	})
}

func TestARedrivenEventBeginsItsHopsAnew(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		n := 0
		r := launch(t, engine(t, acting(t, handler(func(context.Context, Event[int], count) error { return nil }), effect{
			Outcome: func(Event[int], count, error) (int, bool) { n++; return 1, n <= 4 },
		}), config{MaxHops: 3}))
		r.inject("a", 1)
		r.settle()
		if l := r.letters(); len(l) != 1 || l[0].Reason() != ReasonHops || l[0].State != (count{4, 4}) {
			t.Fatalf("letters %+v", l)
		}
		r.redrive(Filter{Reason: ReasonHops}, 1)
		if s, _ := r.State("a"); s != (count{5, 5}) || len(r.letters()) != 0 {
			t.Errorf("state %+v, letters %+v", s, r.letters())
		}
		r.end()
	})
}

func TestTheDrainIsNotOverBeforeALetterIsHandedOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := launch(t, engine(t, plain(t, counting), config{DrainTimeout: time.Hour}))
		if err := r.beginHandOver(); err != nil {
			t.Fatal(err)
		}
		r.stop(errOver)
		synctest.Wait()
		select {
		case <-r.done:
			t.Error("the run is over")
		default:
		}
		if err := r.beginHandOver(); !errors.Is(err, ErrClosed) {
			t.Errorf("another one begins: %v", err)
		}
		begin := time.Now()
		r.endHandOver()
		r.over(errOver)
		if took := time.Since(begin); took != 0 {
			t.Errorf("the end took %v more", took)
		}
	})
}

// TestALetterTellsItsFirstAndItsLastFailure fails with another error each time.
func TestALetterTellsItsFirstAndItsLastFailure(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		begin, first := time.Now(), errors.New("at first")
		h := handler(func(ctx context.Context, ev Event[int], _ count) error {
			switch {
			case ev.Payload == 2:
				<-ctx.Done()
				<-Draining(ctx) // deaf: abandoned at the first attempt
			case time.Since(begin) == 0:
				return first
			}
			return errCue
		})
		r := launch(t, engine(t, acting(t, h, effect{
			Timeout: time.Second, Lanes: 1, Retry: Retry{MaxAttempts: 3, Initial: time.Second, Multiplier: 1, NoJitter: true},
		}), config{}))
		r.inject("a", 1, 2)
		r.settle()
		l := r.letters()
		if len(l) != 2 || l[0].Attempts != 3 || l[0].First != (Failure{begin, first}) || !errors.Is(l[0].Err, errCue) || l[0].At.Sub(begin) != 2*time.Second {
			t.Errorf("%+v", l)
		}
		if l[1].Attempts != 1 || l[1].First.Err == nil || !l[1].First.At.Equal(l[1].At) || l[1].Reason() != ReasonTimeout || l[1].State != (count{2, 3}) {
			t.Errorf("%+v", l[1])
		}
		r.end()
	})
}

func TestLettersOnTheirWayAreTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := handler(func(_ context.Context, ev Event[int], _ count) error {
			if ev.Redrives == 0 {
				return errCue
			}
			time.Sleep(time.Minute)
			return nil
		})
		r := launch(t, engine(t, acting(t, h, effect{}), config{}))
		r.inject("a", 1, 2, 3)
		r.settle()
		if n, err := r.Redrive(t.Context(), Filter{Limit: 2}, false); n != 2 || err != nil {
			t.Fatal(n, err)
		}
		for _, want := range [][]uint64{{1, 2}, {2}, nil} {
			synctest.Wait()
			free, err := r.Redrive(t.Context(), Filter{}, true)
			if got := r.Claimed(); !slices.Equal(got, want) || free != 1 || err != nil || len(r.letters()) != len(want)+1 {
				t.Errorf("on their way %v, want %v; free %d, %v", got, want, free, err)
			}
			time.Sleep(time.Minute)
		}
		r.end()
	})
}
