package workflow

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"setpoint/workflow/guard"
)

// twoSteps counts in the first step; the payload says what the second one does.
func twoSteps(t testing.TB) *Workflow[int, count] {
	t.Helper()
	second := step(func(s count, ev Event[int]) (count, Action) {
		switch ev.Payload {
		case 13:
			s.n = -1
			panic("on cue")
		case 14:
			return count{-1, -1}, "nowhere"
		}
		s.sum *= 2
		return s, "done"
	})
	w, err := New[int, count]("first").
		Step("first", counting, "act").Step("second", second, "done").
		Edge("first", "act", "second").Edge("second", "done").
		Build()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestFoldCommitsAllOfAPathOrNothing(t *testing.T) {
	w := twoSteps(t)
	before := count{1, 5}
	for name, c := range map[string]struct {
		payload int
		after   count
		action  Action
		fault   string
	}{
		"both steps pass":               {1, count{2, 12}, "done", ""},
		"the second step panics":        {13, before, "", `panic in step second: "on cue"`},
		"the second step names no edge": {14, before, "nowhere", `step second: no edge for the action "nowhere"`},
	} {
		got, r := w.Fold(before, Event[int]{Payload: c.payload})
		if got != c.after || r.Action != c.action || (r.Err == nil) != (c.fault == "") {
			t.Errorf("%s: got %+v, %+v", name, got, r)
		}
		if r.Err != nil && r.Err.Error() != c.fault {
			t.Errorf("%s: got %v, want %s", name, r.Err, c.fault)
		}
	}
}

func TestAnEventThatFailsLeavesNoTrace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := launch(t, engine(t, twoSteps(t), config{}))
		r.inject("a", 3, 13, 14, 4)
		r.inject("b", 13)
		r.settle()
		if s, ok := r.State("a"); !ok || s != (count{2, 20}) {
			t.Errorf("the state is %+v, %v", s, ok)
		}
		if s, ok := r.State("b"); ok {
			t.Errorf("a key none of whose events was folded has the state %+v", s)
		}
		st := r.end()
		if st.Folded != 2 || st.DeadFold != 3 || st.Keys != 1 {
			t.Errorf("folded %d, dead %d, keys %d", st.Folded, st.DeadFold, st.Keys)
		}
		l := r.letters()
		if len(l) != 3 {
			t.Fatalf("letters: %+v", l)
		}
		if _, is := errors.AsType[*guard.PanicError](l[0].Err); !is || l[0].Node != "second" || l[0].Attempts != 0 || l[0].Event.Payload != 13 {
			t.Errorf("the first letter is %+v", l[0])
		}
		if !errors.Is(l[1].Err, ErrUnrouted) || l[1].Event.ID <= l[0].Event.ID {
			t.Errorf("the second letter is %+v", l[1])
		}
	})
}

// grade is a payload that can be wrong.
type grade int

func (g grade) Validate() error {
	if g < 0 {
		return errCue
	}
	return nil
}

func TestAPayloadThatIsWrongIsADeadLetter(t *testing.T) {
	validated(t, grade(1), grade(-1))
	validated(t, new(grade(1)), new(grade(-1)))
}

func validated[E any](t *testing.T, good, bad E) {
	t.Helper()
	w, err := New[E, int]("count").Step("count", StepFunc[E, int](func(n int, _ Event[E]) (int, Action) {
		return n + 1, "done"
	}), "done").Edge("count", "done").Build()
	if err != nil {
		t.Fatal(err)
	}
	if n, r := w.Fold(3, Event[E]{Payload: good}); n != 4 || r.Err != nil {
		t.Errorf("%T: the good one: %d, %v", good, n, r.Err)
	}
	if n, r := w.Fold(3, Event[E]{Payload: bad}); n != 3 || !errors.Is(r.Err, ErrInvalid) || !errors.Is(r.Err, errCue) {
		t.Errorf("%T: the bad one: %d, %v", bad, n, r.Err)
	}
}

func TestALateEventIsCountedAndNotFolded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e := engine(t, plain(t, counting), config{Lateness: time.Minute})
		seconds := []int{100, 40, 39, 160, 99, 100, 0}
		r := launch(t, e, SourceFunc[int](func(ctx context.Context, emit Emit[int]) error {
			for _, s := range seconds {
				if err := emit(ctx, "a", start0.Add(time.Duration(s)*time.Second), s); err != nil {
					return err
				}
			}
			return emit(ctx, "b", start0, 0) // another key has a clock of its own
		}))
		synctest.Wait()
		if err := r.Inject(t.Context(), "a", start0, 1000); err != nil { // a command is never late
			t.Fatal(err)
		}
		r.settle()
		if s, _ := r.State("a"); s.sum != 100+40+160+100+1000 {
			t.Errorf("the sum is %d", s.sum)
		}
		if st := r.end(); st.Late != 3 || st.Folded != 6 {
			t.Errorf("late %d, folded %d", st.Late, st.Folded)
		}
	})
}

func TestAWhatIfCopyLeavesTheOriginalAlone(t *testing.T) {
	w := twoSteps(t)
	ten := step(func(s count, _ Event[int]) (count, Action) { return count{s.n + 10, 0}, "act" })
	whatIf, err := w.With("first", ten)
	if err != nil {
		t.Fatal(err)
	}
	if s, _ := whatIf.Fold(count{}, Event[int]{Payload: 1}); s.n != 10 {
		t.Errorf("the copy counts %d", s.n)
	}
	if s, _ := w.Fold(count{}, Event[int]{Payload: 1}); s.n != 1 {
		t.Errorf("the original counts %d", s.n)
	}
	if _, err := w.With("third", ten); err == nil || err.Error() != `no step is named "third"` {
		t.Errorf("got %v", err)
	}
	for _, none := range []Step[int, count]{nil, step(nil)} {
		if _, err := w.With("first", none); err == nil || err.Error() != `step "first" has no code` {
			t.Errorf("got %v", err)
		}
	}
}

// TestReplayIsTheLiveRunAgain records what a live engine folds, across a swap, and
// folds it again.
func TestReplayIsTheLiveRunAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		type folded struct {
			ev Event[int]
			s  count
		}
		var live []folded
		tape := handler(func(_ context.Context, ev Event[int], s count) error {
			live = append(live, folded{ev, s})
			return nil
		})
		w := acting(t, tape, effect{})
		r := launch(t, engine(t, w, config{Lateness: 10}), SourceFunc[int](func(ctx context.Context, emit Emit[int]) error {
			for i := range 10_000 {
				if i == 5000 {
					<-time.After(time.Second) // the swap comes here
				}
				key := []string{"a", "b", "c"}[i%3]
				if err := emit(ctx, key, start0.Add(time.Duration(i-(i%7)*5)), i); err != nil {
					return err
				}
			}
			return nil
		}))
		time.Sleep(time.Second / 2)
		double := step(func(s count, ev Event[int]) (count, Action) { return count{s.n + 2, s.sum - ev.Payload}, "act" })
		if _, err := r.Swap("count", double, "test"); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Second)
		r.settle()
		if st := r.end(); st.Late == 0 || st.Revision != 2 || int(st.Handled) != len(live) {
			t.Errorf("late %d, revision %d, handled %d of %d", st.Late, st.Revision, st.Handled, len(live))
		}

		swapped, err := w.With("count", double)
		if err != nil {
			t.Fatal(err)
		}
		i := 0
		events := func(yield func(Event[int]) bool) {
			for _, f := range live {
				if !yield(f.ev) {
					return
				}
			}
		}
		c := ReplayConfig[int, count]{Lateness: 10, Steps: func(revision uint64) (*Workflow[int, count], error) {
			return map[uint64]*Workflow[int, count]{1: w, 2: swapped}[revision], nil
		}}
		for ev, f := range Replay(w, c, events) {
			if f.Result.Err != nil || f.Result.Late || f.State != live[i].s || ev != live[i].ev {
				t.Fatalf("event %d: live %+v, again %+v", i, live[i], f)
			}
			i++
		}
		if i != len(live) {
			t.Errorf("%d of %d came again", i, len(live))
		}
		for range Replay(w, c, slices.Values([]Event[int]{{}, {}})) {
			break // whoever has seen enough may leave
		}
	})
}
