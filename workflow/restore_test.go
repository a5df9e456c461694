package workflow

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"strconv"
	"testing"
	"testing/synctest"
	"time"
)

// copied returns what would be left of j if the plug were pulled now.
func copied(t testing.TB, j Journal[int]) *MemoryJournal[int] {
	t.Helper()
	c := new(MemoryJournal[int])
	for r, err := range j.Read(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Append(t.Context(), []Record[int]{r}); err != nil {
			t.Fatal(err)
		}
	}
	return c
}

// eventsOf yields the events of a journal.
func eventsOf[E any](t testing.TB, j Journal[E]) iter.Seq[Event[E]] {
	return func(yield func(Event[E]) bool) {
		for r, err := range j.Read(t.Context(), 0) {
			if err != nil {
				t.Error(err)
			}
			if r.Kind == RecordEvent && !yield(r.Event) {
				return
			}
		}
	}
}

func snapshotOf[E, S any](t testing.TB, e *Engine[E, S]) Snapshot[E, S] {
	t.Helper()
	snap, err := e.Snapshot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return snap
}

// mean is a state with floats in it and the trace of every event, its ID included.
type mean struct {
	n     int
	mean  float64
	trace uint64
}

// weighing is a step that judges by its revision.
func weighing(revision uint64) Step[int, mean] {
	return StepFunc[int, mean](func(s mean, ev Event[int]) (mean, Action) {
		s.n++
		s.mean += (float64(ev.Payload)*math.Sqrt(float64(revision)) - s.mean) / float64(s.n)
		s.trace = (s.trace ^ ev.ID ^ ev.Revision<<32 ^ uint64(ev.Time.UnixNano())) * 1099511628211
		return s, "done"
	})
}

// TestReplayIsLiveBitForBit folds a million events with swaps and commands in
// between, a tenth of that under the race detector, and folds them again.
func TestReplayIsLiveBitForBit(t *testing.T) {
	events := 1_000_000
	if raceEnabled {
		events /= 10
	}
	w, err := New[int, mean]("weigh").Step("weigh", weighing(1), "done").Edge("weigh", "done").Build()
	if err != nil {
		t.Fatal(err)
	}
	cfg := Config[int, mean]{Shards: 2, Lateness: time.Second, Journal: new(MemoryJournal[int])}
	live, err := NewEngine(w, cfg)
	if err != nil {
		t.Fatal(err)
	}
	st, err := live.Run(t.Context(), SourceFunc[int](func(ctx context.Context, emit Emit[int]) error {
		for i := range events {
			key := "sensor-" + strconv.Itoa(i%100)
			errs := []error{emit(ctx, key, start0.Add(time.Duration(i-i%1001*3)*time.Millisecond), i%977)}
			if i%1000 == 999 {
				errs = append(errs, live.Inject(ctx, key, start0, -i))
			}
			if revision := live.Stats().Revision + 1; i%(events/10) == events/20 {
				_, err := live.Swap("weigh", weighing(revision), fmt.Sprint("weight ", revision))
				errs = append(errs, err)
			}
			if err := errors.Join(errs...); err != nil {
				return err
			}
		}
		return nil
	}))
	if err != nil || st.Late == 0 || st.Revision != 11 {
		t.Fatalf("%v, late %d, revision %d", err, st.Late, st.Revision)
	}
	cfg.Steps = func(revision uint64, why string) (*Workflow[int, mean], error) {
		if want := fmt.Sprint("weight ", revision); why != want && revision > 1 {
			return nil, fmt.Errorf("the reason is %q, want %q", why, want)
		}
		return w.With("weigh", weighing(revision))
	}
	again, err := NewEngine(w, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if got := again.Stats(); got.Replayed != uint64(events+events/1000) || got.Revision != 11 {
		t.Errorf("%d were folded again, revision %d", got.Replayed, got.Revision)
	}
	late := uint64(0)
	replayed := map[string]mean{}
	rules := ReplayConfig[int, mean]{Shards: cfg.Shards, Lateness: cfg.Lateness, Steps: func(revision uint64) (*Workflow[int, mean], error) {
		return w.With("weigh", weighing(revision))
	}}
	for ev, f := range Replay(w, rules, eventsOf(t, cfg.Journal)) {
		if replayed[ev.Key] = f.State; f.Result.Late {
			late++
		}
	}
	if late != st.Late {
		t.Errorf("%d were late, want %d", late, st.Late)
	}
	want, got := snapshotOf(t, live), snapshotOf(t, again)
	if len(got.Keys) != 100 || len(want.Keys) != 100 {
		t.Fatalf("%d keys, want %d", len(got.Keys), len(want.Keys))
	}
	for i, k := range want.Keys {
		if k != got.Keys[i] || k.State != replayed[k.Key] {
			t.Errorf("live %+v, again %+v, replayed %+v", k, got.Keys[i], replayed[k.Key])
		}
	}
	for i, s := range want.Shards {
		if s != got.Shards[i] {
			t.Errorf("live %+v, again %+v", s, got.Shards[i])
		}
	}
}

// ticking waits for a tick every second.
type ticking struct {
	n    int
	next time.Time
}

func (s *ticking) NextTimer() time.Time { return s.next }

// TestASnapshotBetweenTheTicksOfAnEventKeepsTheirIDs takes a snapshot while the
// fold is held back in the midst of the ticks that one event brings.
func TestASnapshotBetweenTheTicksOfAnEventKeepsTheirIDs(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		var ids []uint64
		h := HandlerFunc[int, ticking](func(_ context.Context, ev Event[int], s ticking) error {
			<-release
			if ids = append(ids, ev.ID); s.n != len(ids) {
				t.Errorf("event %d has the state %+v", len(ids), s)
			}
			return nil
		})
		w, err := New[int, ticking]("tick").Step("tick", StepFunc[int, ticking](func(s ticking, ev Event[int]) (ticking, Action) {
			s.n++
			s.next = ev.Time.Add(time.Second)
			return s, "act"
		}), "act").Handler("act", h, &Effect[int, ticking]{Queue: 1}).Edge("tick", "act", "act").Build()
		if err != nil {
			t.Fatal(err)
		}
		j := new(MemoryJournal[int])
		run := func(c Config[int, ticking], events ...int) *Engine[int, ticking] {
			e, err := NewEngine(w, c)
			if err != nil {
				t.Fatal(err)
			}
			go func() {
				_, _ = e.Run(t.Context(), SourceFunc[int](func(ctx context.Context, emit Emit[int]) error {
					for _, n := range events {
						_ = emit(ctx, "a", start0.Add(time.Duration(n)*time.Second), n)
					}
					return nil
				}))
			}()
			return e
		}
		e := run(Config[int, ticking]{Journal: j, DrainTimeout: time.Minute}, 0, 5)
		synctest.Wait()
		snap, left := snapshotOf(t, e), copied(t, j)
		if snap.Shards[0].Ticks != 2 || len(snap.Open) != 3 {
			t.Errorf("the snapshot is %+v", snap)
		}
		close(release)
		time.Sleep(time.Hour)
		synctest.Wait()
		want := ids
		ids = nil
		run(Config[int, ticking]{Journal: left, Restore: &snap, DrainTimeout: time.Minute})
		time.Sleep(time.Hour)
		synctest.Wait()
		if fmt.Sprint(ids) != fmt.Sprint(want) || len(want) != 7 {
			t.Errorf("IDs %v, want %v", ids, want)
		}
		for i := 1; i < len(want); i++ {
			if want[i] <= want[i-1] {
				t.Errorf("IDs do not rise: %v", want)
			}
		}
	})
}

func TestWhatWasShedOrDiedInTheFoldIsDone(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, policy := range []Overflow{DropOldest, DropNewest, Coalesce, Reject} {
			release := make(chan struct{})
			h := handler(func(context.Context, Event[int], count) error { <-release; return nil })
			j := new(MemoryJournal[int])
			r := launch(t, engine(t, acting(t, h, effect{Queue: 1, Overflow: policy}), config{Journal: j}), emitting("a", 1, 2, 3, 4, 5))
			synctest.Wait()
			shed := r.Stats().Shed
			e := engine(t, acting(t, h, effect{}), config{Journal: copied(t, j)})
			if st := e.Stats(); shed < 3 || st.Dispatched != 5-shed {
				t.Errorf("%v: %d of 5 were shed, %d dispatched again", policy, shed, st.Dispatched)
			}
			close(release)
			r.end()
		}
		j := new(MemoryJournal[int])
		r := launch(t, engine(t, cues(t, effect{}), config{Journal: j}))
		r.inject("a", 13, 14, 9, 10)
		r.settle()
		r.end()
		e := engine(t, cues(t, effect{}), config{Journal: j})
		if st := e.Stats(); st.Letters != 0 || st.Dispatched != 0 || st.Replayed != 4 {
			t.Errorf("again: %+v", st)
		}
	})
}

// TestADeadLetterIsNotLostBetweenTheJournalAndItsStore crashes after an event that
// dies in the fold is journalled, but before its letter is known to be stored.
func TestADeadLetterIsNotLostBetweenTheJournalAndItsStore(t *testing.T) {
	j := new(MemoryJournal[int])
	records := []Record[int]{
		{Kind: RecordEvent, Shards: 1, Event: Event[int]{ID: 1, Revision: 1, Key: "a", Time: start0, Payload: 14}},
		{Kind: RecordEvent, Shards: 1, Event: Event[int]{ID: 2, Revision: 1, Key: "a", Time: start0, Payload: 1}},
	}
	if _, err := j.Append(t.Context(), records); err != nil {
		t.Fatal(err)
	}
	e := engine(t, cues(t, effect{}), config{Journal: j})
	l, err := e.Letters(t.Context(), Filter{})
	if err != nil || len(l) != 1 || l[0].Event.ID != 1 || !errors.Is(l[0].Err, ErrUnrouted) {
		t.Errorf("letters %+v, %v", l, err)
	}
	snap := snapshotOf(t, e)
	if len(snap.Open) != 1 || snap.Open[0].Node != "act" || snap.Open[0].Event.ID != 2 {
		t.Errorf("open is %+v", snap.Open)
	}
	snap.Open[0].Node = "gone"
	e = engine(t, cues(t, effect{}), config{Restore: &snap})
	if l, err = e.Letters(t.Context(), Filter{}); err != nil || len(l) != 1 || l[0].Node != "gone" || !errors.Is(l[0].Err, errNoHandler) {
		t.Errorf("letters %+v, %v", l, err)
	}
}

// TestIDsGoOnAfterARestore restores by a snapshot alone and by a journal alone, on
// other numbers of shards where that is allowed.
func TestIDsGoOnAfterARestore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		j := new(MemoryJournal[int])
		last := uint64(0)
		h := handler(func(_ context.Context, ev Event[int], _ count) error {
			if ev.ID <= last {
				t.Errorf("event %d comes after %d", ev.ID, last)
			}
			last = ev.ID
			return nil
		})
		var snap Snapshot[int, count]
		for i, c := range []struct {
			journal  Journal[int]
			snapshot bool
			shards   int
		}{{j, false, 2}, {j, false, 2}, {j, true, 3}, {j, true, 3}, {nil, true, 1}, {nil, true, 5}} {
			cfg := config{Journal: c.journal, Shards: c.shards}
			if c.snapshot {
				cfg.Restore = &snap
			}
			r := launch(t, engine(t, acting(t, h, effect{}), cfg))
			for range 5 {
				r.inject("a", 1)
				r.settle()
			}
			if s, _ := r.State("a"); s.n != 5*(i+1) {
				t.Errorf("run %d: the state is %+v", i, s)
			}
			r.end()
			if i != 2 { // then the tail of the fourth run is folded again
				snap = snapshotOf(t, r.Engine)
			}
		}
	})
}

// badJournal is a journal that cannot be read.
type badJournal struct{ MemoryJournal[int] }

func (*badJournal) Read(context.Context, Position) iter.Seq2[Record[int], error] {
	return func(yield func(Record[int], error) bool) { yield(Record[int]{}, errCue) }
}

func TestAnEngineThatCannotBeRestoredSaysWhy(t *testing.T) {
	ev := Event[int]{ID: 8, Revision: 2, Key: "a"}
	other := func(uint64, string) (*Workflow[int, count], error) { return cues(t, effect{}), nil }
	none := func(uint64, string) (*Workflow[int, count], error) { return nil, errCue }
	for name, c := range map[string]struct {
		record Record[int]
		steps  func(uint64, string) (*Workflow[int, count], error)
		want   string
	}{
		"other shards":         {Record[int]{Kind: RecordEvent, Shard: 1, Shards: 4, Event: ev}, nil, "journal: record 1: shard 1 of 4: want 2 shards until a snapshot holds all that is in the journal"},
		"a shard out of range": {Record[int]{Kind: RecordEvent, Shard: 2, Shards: 2, Event: ev}, nil, "journal: record 1: shard 2 of 2: want 2 shards until a snapshot holds all that is in the journal"},
		"an unknown record":    {Record[int]{Kind: 9, Shards: 2}, nil, "journal: record 1: kind 9: want 1 to 3"},
		"no steps":             {Record[int]{Kind: RecordEvent, Shards: 2, Event: ev}, none, "journal: record 1: steps of revision 2: on cue"},
		"other steps":          {Record[int]{Kind: RecordEvent, Shards: 2, Event: ev}, other, "journal: record 1: steps of revision 2: want the nodes of the engine's workflow"},
	} {
		j := new(MemoryJournal[int])
		if _, err := j.Append(t.Context(), []Record[int]{c.record}); err != nil {
			t.Fatal(err)
		}
		e, err := NewEngine(plain(t, counting), config{Shards: 2, Journal: j, Steps: c.steps})
		if e != nil || err == nil || err.Error() != c.want {
			t.Errorf("%s: got %v, want %s", name, err, c.want)
		}
	}
	if _, err := NewEngine(plain(t, counting), config{Journal: new(badJournal)}); !errors.Is(err, errCue) {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cancel(errCue)
	if _, err := engine(t, plain(t, counting), config{}).Snapshot(ctx); err != errCue {
		t.Errorf("got %v", err)
	}
}

// TestSilentKeysAreForgottenAgain restores an engine that has forgotten keys, from
// its journal, and from a snapshot taken before it did.
func TestSilentKeysAreForgottenAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cfg := config{Shards: 3, Forget: time.Hour, Journal: new(MemoryJournal[int])}
		r := launch(t, engine(t, plain(t, counting), cfg), emitting("a", 1), emitting("b", 1, 2))
		synctest.Wait()
		early := snapshotOf(t, r.Engine)
		if err := r.Advance(t.Context(), start0.Add(time.Hour+time.Second/2)); err != nil {
			t.Fatal(err)
		}
		r.settle()
		r.end()
		want := snapshotOf(t, r.Engine)
		for _, cfg.Restore = range []*Snapshot[int, count]{nil, &early, &want} {
			got := snapshotOf(t, engine(t, plain(t, counting), cfg))
			if len(early.Keys) != 2 || len(got.Keys) != 1 || got.Keys[0].Key != "b" {
				t.Errorf("the keys are %+v", got.Keys)
			}
			for i, s := range got.Shards {
				if s != want.Shards[i] {
					t.Errorf("shard %d: got %+v, want %+v", i, s, want.Shards[i])
				}
			}
		}
	})
}
