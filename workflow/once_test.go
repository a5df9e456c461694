package workflow

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"
)

// records returns how many records of each kind a journal has.
func records(t testing.TB, j Journal[int]) map[RecordKind]int {
	t.Helper()
	n := map[RecordKind]int{}
	for r, err := range j.Read(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		n[r.Kind]++
	}
	return n
}

// pairing leads every event to two handlers, the first of which the journal does not
// follow.
func pairing(t testing.TB, cheap, dear Handler[int, count], o effect) *Workflow[int, count] {
	t.Helper()
	o.AtMostOnce = true
	w, err := New[int, count]("count").Step("count", counting, "act").
		Handler("cheap", cheap, &o).Handler("dear", dear, nil).
		Edge("count", "act", "cheap", "dear").Build()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// TestTheJournalDoesNotFollowWhatRunsAtMostOnce crashes while one event is handled
// and two are queued.
func TestTheJournalDoesNotFollowWhatRunsAtMostOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		waiting := handler(func(context.Context, Event[int], count) error { <-release; return nil })
		w := pairing(t, waiting, waiting, effect{})
		j := new(MemoryJournal[int])
		r := launch(t, engine(t, w, config{Journal: j}))
		r.inject("a", 1, 2, 3)
		synctest.Wait()
		left, snap := copied(t, j), snapshotOf(t, r.Engine)
		if len(snap.Open) != 3 || snap.Open[0].Node != "dear" {
			t.Errorf("the snapshot holds %+v", snap.Open)
		}
		close(release)
		r.settle()
		r.end()
		if n := records(t, j); n[RecordEvent] != 3 || n[RecordDone] != 3 {
			t.Errorf("%v records for 3 events and 3 ends of the handler that is followed", n)
		}
		for name, cfg := range map[string]config{"from the journal": {Journal: left}, "from the snapshot": {Restore: &snap}} {
			r = launch(t, engine(t, w, cfg))
			r.settle()
			st := r.end()
			if s, _ := r.State("a"); s.n != 3 || st.Nodes[1].Dispatched != 0 || st.Nodes[2].Handled != 3 {
				t.Errorf("%s: state %+v, nodes %+v", name, s, st.Nodes)
			}
		}
	})
}

// TestWhatASnapshotHoldsRunsOnceMore restores a snapshot of when the handler was still
// followed.
func TestWhatASnapshotHoldsRunsOnceMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		snap := Snapshot[int, count]{Open: []OpenEvent[int, count]{{Node: "act", Event: Event[int]{ID: 1, Key: "a"}}}}
		h := handler(func(context.Context, Event[int], count) error { return nil })
		r := launch(t, engine(t, acting(t, h, effect{AtMostOnce: true}), config{Restore: &snap, Journal: new(MemoryJournal[int])}))
		r.settle()
		if st := r.end(); st.Handled != 1 || len(snapshotOf(t, r.Engine).Open) != 0 {
			t.Errorf("%+v", st)
		}
	})
}

// TestWhatRunsAtMostOnceCostsTheJournalOneRecord has such handlers succeed, fail, shed
// and be cut off by the drain: none of it is worth a record.
func TestWhatRunsAtMostOnceCostsTheJournalOneRecord(t *testing.T) {
	for name, c := range map[string]struct {
		effect effect
		fault  func(context.Context) error
	}{
		"it succeeds": {effect{}, func(context.Context) error { return nil }},
		"it fails":    {effect{}, func(context.Context) error { return errCue }},
		"it sheds":    {effect{Queue: 1, Overflow: DropOldest}, func(context.Context) error { time.Sleep(time.Second); return nil }},
		"it is cut":   {effect{Queue: 1}, func(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c.effect.AtMostOnce = true
				h := handler(func(ctx context.Context, _ Event[int], _ count) error { return c.fault(ctx) })
				j := new(MemoryJournal[int])
				r := launch(t, engine(t, acting(t, h, c.effect), config{Journal: j}), emitting("a", 1, 2, 3, 4, 5))
				time.Sleep(time.Minute)
				st := r.end()
				if n := records(t, j); n[RecordEvent] != int(st.Folded) || n[RecordDone] != 0 || st.Folded == 0 {
					t.Errorf("%v records for %d events", n, st.Folded)
				}
				if st.Handled+st.DeadHandler+st.Shed != st.Folded {
					t.Errorf("%+v", st)
				}
				if st := engine(t, acting(t, h, c.effect), config{Journal: j}).Stats(); st.Dispatched != 0 {
					t.Errorf("%d run again", st.Dispatched)
				}
			})
		})
	}
}

// TestAnOutcomeOfWhatRunsAtMostOnceIsFoldedEvenIfTheDrainCutItOff: nothing will
// bring it after a restart.
func TestAnOutcomeOfWhatRunsAtMostOnceIsFoldedEvenIfTheDrainCutItOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := handler(func(ctx context.Context, ev Event[int], _ count) error {
			if ev.Hops == 0 {
				<-ctx.Done()
			}
			return context.Cause(ctx)
		})
		o := effect{AtMostOnce: true, Outcome: func(ev Event[int], _ count, err error) (int, bool) {
			return 100, ev.Hops == 0 && errors.Is(err, ErrShutdown)
		}}
		j := new(MemoryJournal[int])
		r := launch(t, engine(t, acting(t, h, o), config{Journal: j}))
		r.inject("a", 1)
		synctest.Wait()
		r.end()
		again := engine(t, acting(t, h, o), config{Journal: j})
		for _, e := range []*Engine[int, count]{r.Engine, again} {
			if s, _ := e.State("a"); s != (count{2, 101}) {
				t.Errorf("the state is %+v", s)
			}
		}
	})
}
