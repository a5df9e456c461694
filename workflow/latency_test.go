package workflow

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// TestAStuckHandlerDoesNotSlowTheFold compares the fold's latencies without a
// handler, with one that hangs for ever and sheds, and with one that hangs before
// a queue that is large enough. A fold costs 1 ms of the bubble's time.
func TestAStuckHandlerDoesNotSlowTheFold(t *testing.T) {
	run := func(o *effect) (st Stats) {
		synctest.Test(t, func(t *testing.T) {
			slow := step(func(s count, ev Event[int]) (count, Action) {
				time.Sleep(time.Millisecond)
				return s, "act"
			})
			b := New[int, count]("count").Step("count", slow, "act")
			if o == nil {
				b.Edge("count", "act")
			} else {
				stuck := handler(func(ctx context.Context, _ Event[int], _ count) error { <-ctx.Done(); return nil })
				b.Handler("stuck", stuck, o).Edge("count", "act", "stuck")
			}
			w, err := b.Build()
			if err != nil {
				t.Fatal(err)
			}
			paced := SourceFunc[int](func(ctx context.Context, emit Emit[int]) error {
				for i := range 1000 {
					if err := emit(ctx, "a", start0, i); err != nil {
						return err
					}
					if i%3 == 2 { // three at once, then a pause
						time.Sleep(4 * time.Millisecond)
					}
				}
				return nil
			})
			if st, err = engine(t, w, config{}).Run(t.Context(), paced); err != nil {
				t.Error(err)
			}
		})
		return st
	}
	free := run(nil)
	if free.Fold.N != 1000 || free.Fold.P99 < 3*time.Millisecond || free.Fold.P50 < time.Millisecond {
		t.Fatalf("the yardstick is wrong: %+v", free.Fold)
	}
	for name, o := range map[string]*effect{
		"shedding":             {Overflow: DropNewest},
		"shedding the oldest":  {Overflow: DropOldest},
		"one key, coalescing":  {Overflow: Coalesce, Queue: 1},
		"with room for all":    {Queue: 2000},
		"with lanes and tries": {Queue: 2000, Lanes: 4, Timeout: time.Minute, Retry: Retry{MaxAttempts: 3, Initial: time.Hour}},
	} {
		held := run(o)
		if held.Fold.N != 1000 || float64(held.Fold.P99) > 1.1*float64(free.Fold.P99) || float64(held.Fold.P50) > 1.1*float64(free.Fold.P50) {
			t.Errorf("%s: the fold takes %v (p99 %v) instead of %v (p99 %v)", name, held.Fold.P50, held.Fold.P99, free.Fold.P50, free.Fold.P99)
		}
		if err := held.Check(); err != nil || held.Dispatched != 1000 {
			t.Errorf("%s: dispatched %d, %v", name, held.Dispatched, err)
		}
	}
}

// TestAHandlerThatBlocksHoldsTheFoldButNobodyWhoLooks is the other side: Block is
// what it says, and the states and figures can be looked at meanwhile.
func TestAHandlerThatBlocksHoldsTheFoldButNobodyWhoLooks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		hold := make(chan struct{})
		h := handler(func(context.Context, Event[int], count) error { <-hold; return nil })
		r := launch(t, engine(t, acting(t, h, effect{Queue: 2}), config{Queue: 2}))
		for range 10 {
			go func() { _ = r.Inject(t.Context(), "a", start0, 1) }()
		}
		synctest.Wait()
		st := r.Stats()
		if s, ok := r.State("a"); !ok || s.n != 4 { // one running, two queued, one held
			t.Errorf("the state is %+v, %v", s, ok)
		}
		if err := st.Check(); err != nil || st.Waiting == 0 || st.Open != 4 || st.Nodes[1].Open != 4 {
			t.Errorf("waiting %d, open %d, %v", st.Waiting, st.Open, err)
		}
		close(hold)
		r.settle()
		if st := r.end(); st.Handled != 10 {
			t.Errorf("%d of 10 were handled", st.Handled)
		}
	})
}

func TestLatenciesAreMeasuredFromTheHandOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := step(func(s count, _ Event[int]) (count, Action) { time.Sleep(time.Second); return s, "act" })
		r := launch(t, engine(t, plain(t, slow), config{}))
		r.inject("a", 1) // a batch of its own
		synctest.Wait()
		r.inject("a", 2, 3) // one second of waiting, two of folding: committed together
		r.settle()
		q := r.end().Fold
		if q.N != 3 || !about(q.Max, 3*time.Second) || !about(q.P50, 3*time.Second) {
			t.Errorf("got %+v", q)
		}
	})
}

// about reports whether got has the two digits of want that are kept.
func about(got, want time.Duration) bool { return (got - want).Abs() <= want/100 }
