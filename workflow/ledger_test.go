package workflow

import (
	"context"
	"errors"
	"fmt"
	"math"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// faulty is a journal whose appends fail as long as they should.
type faulty struct {
	MemoryJournal[int]
	fails atomic.Int64 // below 0: all
	tried []time.Time
}

func (f *faulty) Append(ctx context.Context, records []Record[int]) (Position, error) {
	f.tried = append(f.tried, time.Now())
	if n := f.fails.Load(); n != 0 {
		f.fails.Store(max(n, 0) - 1)
		if n == 2 {
			panic("on cue")
		}
		return 0, errCue
	}
	return f.MemoryJournal.Append(ctx, records)
}

func TestAJournalThatFailsHoldsEventsBackUntilItRecovers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := new(faulty)
		j.fails.Store(12)
		r := launch(t, engine(t, plain(t, counting), config{Queue: 4, Journal: j}), emitting("a", make([]int, 20)...))
		synctest.Wait()
		time.Sleep(time.Second)
		st := r.Stats()
		if st.Folded != 0 || st.Waiting != 1 || st.JournalErrors != 7 || st.Queued == 0 {
			t.Errorf("while it fails: %+v", st)
		}
		if err := st.Check(); err != nil {
			t.Error(err)
		}
		time.Sleep(time.Minute)
		r.settle()
		if st := r.end(); st.Folded != 20 || st.JournalErrors != 12 || st.Letters != 0 {
			t.Errorf("after it: %+v", st)
		}
		want := 10 * time.Millisecond
		for i := range 12 {
			if wait := j.tried[i+1].Sub(j.tried[i]); wait != want {
				t.Errorf("wait %d was %v, want %v", i+1, wait, want)
			}
			want = min(2*want, 5*time.Second)
		}
		if again := engine(t, plain(t, counting), config{Journal: j}); again.Stats().Replayed != 20 {
			t.Errorf("%d were folded again", again.Stats().Replayed)
		}
	})
}

// stuckJournal is a disk that does not answer until somebody gives up.
type stuckJournal struct{ MemoryJournal[int] }

func (*stuckJournal) Append(ctx context.Context, _ []Record[int]) (Position, error) {
	<-ctx.Done()
	return 0, context.Cause(ctx)
}

func TestWhatAJournalNeverTookIsADeadLetter(t *testing.T) {
	broken := new(faulty)
	broken.fails.Store(math.MinInt64)
	for name, j := range map[string]Journal[int]{"one that fails": broken, "one that hangs": new(stuckJournal)} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				r := launch(t, engine(t, plain(t, counting), config{Queue: 4, Journal: j}), emitting("a", make([]int, 20)...))
				time.Sleep(time.Second)
				st := r.end()
				if st.Folded != 0 || st.Received < 5 || st.DeadFold != st.Received || st.Stored != st.Received || st.JournalErrors == 0 {
					t.Errorf("%+v", st)
				}
				for _, l := range r.letters() {
					if !errors.Is(l.Err, ErrShutdown) {
						t.Errorf("the letter says %v", l.Err)
					}
				}
				if _, ok := r.State("a"); ok {
					t.Error("something was folded that is not in the journal")
				}
			})
		})
	}
}

// TestWhatTheDrainCutOffRunsAgain has a handler that is done with the first event
// when the drain cuts it off at the second.
func TestWhatTheDrainCutOffRunsAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var handled []int
		h := handler(func(ctx context.Context, ev Event[int], _ count) error {
			if ev.Payload > 1 && len(handled) == 1 {
				<-ctx.Done()
				return context.Cause(ctx)
			}
			handled = append(handled, ev.Payload)
			return nil
		})
		told := 0
		o := effect{Outcome: func(_ Event[int], _ count, err error) (int, bool) { told++; return 100, true }}
		w, err := New[int, count]("count").Step("count", step(func(s count, ev Event[int]) (count, Action) {
			if ev.Hops > 0 {
				return s, "told"
			}
			return counting(s, ev)
		}), "act", "told").Handler("act", h, &o).Edge("count", "act", "act").Edge("count", "told").Build()
		if err != nil {
			t.Fatal(err)
		}
		j := new(MemoryJournal[int])
		r := launch(t, engine(t, w, config{Journal: j}))
		r.inject("a", 1, 2, 3)
		synctest.Wait()
		if st := r.end(); st.DeadHandler != 2 || st.Stored != 2 {
			t.Errorf("%+v", st)
		}
		handled = append(handled, 0)
		r = launch(t, engine(t, w, config{Journal: j}))
		r.settle()
		if st := r.end(); st.Handled != 2 || st.Replayed != 4 || fmt.Sprint(handled) != "[1 0 2 3]" {
			t.Errorf("handled %v: %+v", handled, st)
		}
		if s, _ := r.State("a"); s != (count{3, 6}) {
			t.Errorf("the state is %+v", s)
		}
		r = launch(t, engine(t, w, config{Journal: j}))
		r.settle()
		if st := r.end(); st.Dispatched != 0 {
			t.Errorf("what is done runs again: %+v", st)
		}
	})
}

// slowJournal takes a second for each batch.
type slowJournal struct{ MemoryJournal[int] }

func (s *slowJournal) Append(ctx context.Context, records []Record[int]) (Position, error) {
	time.Sleep(time.Second)
	return s.MemoryJournal.Append(ctx, records)
}

func TestWhenARunIsOverTheJournalKnowsEverything(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fine := handler(func(context.Context, Event[int], count) error { return nil })
		j := new(slowJournal)
		e := engine(t, acting(t, fine, effect{}), config{Journal: j})
		if st, err := e.Run(t.Context(), emitting("a", 1, 2, 3)); err != nil || st.Handled != 3 {
			t.Errorf("%v: %+v", err, st)
		}
		again := engine(t, acting(t, fine, effect{}), config{Journal: copied(t, j)})
		if st := again.Stats(); st.Replayed != 3 || st.Dispatched != 0 {
			t.Errorf("again: %+v", st)
		}
	})
}
