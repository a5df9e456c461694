package workflow

import (
	"context"
	"testing"
	"testing/synctest"
	"time"
)

// TestNoWakeUpIsLost puts an event in just when the consumers of the one before go to
// sleep, a little later in each round: the fold, the lane, and the fold that only has
// to tell the journal that the lane is done. If a wake-up is lost it hangs.
func TestNoWakeUpIsLost(t *testing.T) {
	seen := make(chan int)
	st := step(func(s count, ev Event[int]) (count, Action) { seen <- ev.Payload; return s, "act" })
	h := handler(func(_ context.Context, ev Event[int], _ count) error { seen <- ev.Payload; return nil })
	for name, e := range map[string]*Engine[int, count]{
		"of the fold":    engine(t, plain(t, st), config{}),
		"of the lane":    engine(t, acting(t, h, effect{}), config{}),
		"of the journal": engine(t, acting(t, h, effect{}), config{Journal: new(MemoryJournal[int])}),
	} {
		t.Run(name, func(t *testing.T) {
			r := launch(t, e)
			const rounds = 20_000
			for round := range rounds {
				r.inject("a", round)
				if got := <-seen; got != round {
					t.Fatalf("round %d: got %d", round, got)
				}
				if round%10 == 0 {
					r.settle()
				}
				for range round % 2048 { // a little later
				}
			}
			r.settle()
			if st := r.end(); st.Folded != rounds {
				t.Errorf("%d of %d were folded", st.Folded, rounds)
			}
		})
	}
}

func TestEventsThatComeInARushShareAReadingOfTheClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := rush{clock: new(clock)}
		for _, push := range []struct {
			name   string
			alone  bool
			before time.Duration // that passes
			old    time.Duration // how old the time told may be
		}{
			{"alone", true, 0, 0},
			{"alone, just after", true, rushTime / 2, 0},
			{"the first behind others", false, rushTime / 2, 0},
			{"just after it", false, rushTime / 2, rushTime / 2},
			{"just after it, but alone", true, rushTime / 4, 0},
			{"when the reading is stale", false, rushTime, 0},
			{"long after", false, time.Hour, 0},
		} {
			time.Sleep(push.before)
			synctest.Wait()
			if got := time.Since(r.now(push.alone)); got != push.old {
				t.Errorf("%s: told a time %v ago, want %v", push.name, got, push.old)
			}
		}
		time.Sleep(rushTime)
		synctest.Wait()
		first := r.now(false)
		time.Sleep(time.Nanosecond)
		for i := range rushSize - 1 {
			if got := r.now(false); got != first {
				t.Errorf("event %d of a rush has a reading of its own", i+2)
			}
		}
		if got := r.now(false); got.Sub(first) != 1 {
			t.Errorf("a reading is shared by more than %d", rushSize)
		}
	})
}

func TestTheAgeOfTheOldestEventIsTold(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		slow := step(func(s count, _ Event[int]) (count, Action) { time.Sleep(10 * time.Second); return s, "act" })
		r := launch(t, engine(t, plain(t, slow), config{Shards: 2}))
		check := func(what string, want time.Duration) {
			t.Helper()
			synctest.Wait()
			if got := r.age(); got != want {
				t.Errorf("%s: the oldest is %v old, want %v", what, got, want)
			}
		}
		check("nothing was put in", 0)
		r.inject("a", 1)
		if _, err := r.Swap("count", slow, "test"); err != nil { // which has no age
			t.Fatal(err)
		}
		time.Sleep(3 * time.Second)
		r.inject("a", 2)
		check("one is being folded, one waits", 3*time.Second)
		time.Sleep(8 * time.Second) // the first is done
		check("the one that waited is being folded", 8*time.Second)
		time.Sleep(time.Minute)
		check("all are done", 0)
		r.end()
	})
}

// age is what Stats tells, without the rest of it, which would wait for the fold.
func (r *running) age() (oldest time.Duration) {
	for _, s := range r.shards {
		s.q.mu.Lock()
		oldest = max(oldest, s.age())
		s.q.mu.Unlock()
	}
	return oldest
}
