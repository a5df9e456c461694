package workflowtest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"setpoint/workflow"
	"setpoint/workflow/guard"
)

// A Letter is what the tests of [DeadLetters] put into a store.
type Letter = workflow.Letter[int, string]

// DeadLetters tests a store of dead letters. open returns an empty one, with room
// for a thousand letters at least, for each of the tests.
func DeadLetters(t *testing.T, open func(t *testing.T) Opened[workflow.DeadLetters[int, string]]) {
	for name, test := range map[string]func(*testing.T, workflow.DeadLetters[int, string]){
		"letters come back as they were put, oldest first":       lettersComeBack,
		"a filter chooses by each of its fields":                 filterChooses,
		"what is removed is gone and its ID is not given again":  removedIsGone,
		"many may use it at once":                                manyAtOnce,
		"an engine keeps its books with it and redrives from it": redrives,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t).Store) })
	}
	t.Run("what was put and removed is so after a crash", func(t *testing.T) { lettersOutlive(t, open(t)) })
}

// letters returns one letter for each reason.
func letters() (list []Letter) {
	at := time.Unix(1_700_000_000, 0)
	for i, err := range []error{
		workflow.ErrInvalid, workflow.ErrUnrouted, workflow.ErrTooMany, workflow.ErrTimer,
		&guard.PanicError{Where: "step judge", Value: "\x1b[31mred"}, errors.New("no \u202eanswer"),
		workflow.ErrTimeout, workflow.ErrRefused, errors.Join(workflow.ErrShutdown, errors.New("no answer")),
	} {
		failed := at.Add(time.Duration(i) * time.Minute)
		list = append(list, Letter{
			Event: workflow.Event[int]{
				ID: uint64(i + 1), Cause: uint64(i), Revision: 2, Key: fmt.Sprint("key-", i%3), Source: "plant",
				Time: at, Seen: at.Add(time.Second), Kind: workflow.Control, Hops: 3, Redrives: uint8(i), Payload: 7 * i,
			},
			State: fmt.Sprint("state ", i), Node: fmt.Sprint("node-", i%2), Err: err, At: failed, Attempts: i,
			First: workflow.Failure{At: failed.Add(-time.Second), Err: errors.New("first")},
		})
	}
	return list
}

// fill puts all letters in and returns them with their IDs.
func fill(t *testing.T, store workflow.DeadLetters[int, string]) []Letter {
	t.Helper()
	for _, l := range letters() {
		if err := store.Put(t.Context(), l); err != nil {
			t.Fatal(err)
		}
	}
	return list(t, store, workflow.Filter{})
}

func list(t *testing.T, store workflow.DeadLetters[int, string], f workflow.Filter) []Letter {
	t.Helper()
	got, err := store.List(t.Context(), f)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

func lettersComeBack(t *testing.T, store workflow.DeadLetters[int, string]) {
	want := letters()
	got := fill(t, store)
	if len(got) != len(want) {
		t.Fatalf("%d of %d letters came back", len(got), len(want))
	}
	for i, l := range got {
		if i > 0 && l.ID <= got[i-1].ID {
			t.Errorf("ID %d after %d", l.ID, got[i-1].ID)
		}
		if a, b := plain(l), plain(want[i]); a != b {
			t.Errorf("got  %s\nwant %s", a, b)
		}
	}
}

func lettersOutlive(t *testing.T, o Opened[workflow.DeadLetters[int, string]]) {
	want := fill(t, o.Store)
	last := len(want) - 1
	if err := o.Store.Remove(t.Context(), want[0].ID, want[last].ID); err != nil {
		t.Fatal(err)
	}
	store := o.crash(t)
	got := list(t, store, workflow.Filter{})
	if len(got) != last-1 {
		t.Fatalf("%d letters are left, want %d", len(got), last-1)
	}
	for i, l := range got {
		if w := want[i+1]; l.ID != w.ID || plain(l) != plain(w) {
			t.Errorf("got  %d %s\nwant %d %s", l.ID, plain(l), w.ID, plain(w))
		}
	}
	if again := fill(t, store); again[last-1].ID <= want[last].ID {
		t.Errorf("ID %d was given after %d", again[last-1].ID, want[last].ID)
	}
}

// plain is l as text, without its ID; times are told to the nanosecond, wherever
// they were read.
func plain(l Letter) string {
	ev := l.Event
	for _, at := range []*time.Time{&ev.Time, &ev.Seen, &l.At, &l.First.At} {
		*at = at.UTC()
	}
	return fmt.Sprintf("%+v %q %q %s %q %v %d %v %q", ev, l.State, l.Node, l.Reason(), l.Err.Error(), l.At, l.Attempts, l.First.At, l.First.Err.Error())
}

func filterChooses(t *testing.T, store workflow.DeadLetters[int, string]) {
	all := fill(t, store)
	for name, c := range map[string]struct {
		f    workflow.Filter
		want []int
	}{
		"everything":    {workflow.Filter{}, []int{0, 1, 2, 3, 4, 5, 6, 7, 8}},
		"IDs":           {workflow.Filter{IDs: []uint64{all[7].ID, all[2].ID, 1 << 60}}, []int{2, 7}},
		"a node":        {workflow.Filter{Node: "node-1"}, []int{1, 3, 5, 7}},
		"a key":         {workflow.Filter{Key: "key-2"}, []int{2, 5, 8}},
		"a reason":      {workflow.Filter{Reason: workflow.ReasonPanic}, []int{4}},
		"before a time": {workflow.Filter{Before: all[2].At}, []int{0, 1}},
		"a limit":       {workflow.Filter{Limit: 2}, []int{0, 1}},
		"all at once":   {workflow.Filter{Node: "node-1", Key: "key-2", Reason: workflow.ReasonFailed, Before: all[8].At, Limit: 1}, []int{5}},
		"nothing":       {workflow.Filter{Key: "key-2", Reason: workflow.ReasonPanic}, nil},
	} {
		var want, got []uint64
		for _, i := range c.want {
			want = append(want, all[i].ID)
		}
		for _, l := range list(t, store, c.f) {
			got = append(got, l.ID)
		}
		if !slices.Equal(got, want) {
			t.Errorf("%s: got %d, want %d", name, got, want)
		}
	}
}

func removedIsGone(t *testing.T, store workflow.DeadLetters[int, string]) {
	all := fill(t, store)
	last := all[len(all)-1].ID
	if err := store.Remove(t.Context(), all[3].ID, 1<<60, last, last); err != nil {
		t.Fatal(err)
	}
	if got := list(t, store, workflow.Filter{}); len(got) != len(all)-2 || slices.ContainsFunc(got, func(l Letter) bool {
		return l.ID == all[3].ID || l.ID == last
	}) {
		t.Errorf("%d of %d letters are left after 2 were removed", len(got), len(all))
	}
	if err := store.Put(t.Context(), letters()[0]); err != nil {
		t.Fatal(err)
	}
	if got := list(t, store, workflow.Filter{}); got[len(got)-1].ID <= last {
		t.Errorf("ID %d was given after %d", got[len(got)-1].ID, last)
	}
}

func manyAtOnce(t *testing.T, store workflow.DeadLetters[int, string]) {
	var wg sync.WaitGroup
	for worker := range 4 {
		wg.Go(func() {
			for i := range 100 {
				l := letters()[i%9]
				l.Node = fmt.Sprint("worker-", worker)
				mine := workflow.Filter{Node: l.Node, Limit: 1}
				if err := store.Put(t.Context(), l); err != nil {
					t.Error(err)
				}
				got, err := store.List(t.Context(), mine)
				if err != nil || len(got) != 1 {
					t.Errorf("%d letters of %s, %v", len(got), l.Node, err)
					return
				}
				if i%2 == 0 {
					continue
				}
				if err := store.Remove(t.Context(), got[0].ID); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	if got := list(t, store, workflow.Filter{}); len(got) != 200 {
		t.Errorf("%d letters are left, want 200", len(got))
	}
}

// redrives lets every event fail once and then sends it again.
func redrives(t *testing.T, store workflow.DeadLetters[int, string]) {
	step := workflow.StepFunc[int, string](func(s string, _ workflow.Event[int]) (string, workflow.Action) { return s + "x", "act" })
	var handled []uint64
	act := workflow.HandlerFunc[int, string](func(_ context.Context, ev workflow.Event[int], _ string) error {
		if ev.Redrives == 0 {
			return errors.New("not yet")
		}
		handled = append(handled, ev.ID)
		return nil
	})
	w, err := workflow.New[int, string]("step").Step("step", step, "act").Handler("act", act, nil).Edge("step", "act", "act").Build()
	if err != nil {
		t.Fatal(err)
	}
	e, err := workflow.NewEngine(w, workflow.Config[int, string]{DeadLetters: store})
	if err != nil {
		t.Fatal(err)
	}
	st, err := e.Run(t.Context(), workflow.SourceFunc[int](func(ctx context.Context, emit workflow.Emit[int]) error {
		for i := range 10 {
			if err := emit(ctx, "a", time.Unix(int64(i), 0), i); err != nil {
				return err
			}
		}
		if err := e.Settle(ctx); err != nil {
			return err
		}
		if n, err := e.Drop(ctx, workflow.Filter{Limit: 3}); n != 3 || err != nil {
			return fmt.Errorf("%d of 3 were dropped: %w", n, err)
		}
		if n, err := e.Redrive(ctx, workflow.Filter{}, false); n != 7 || err != nil {
			return fmt.Errorf("%d of 7 were sent again: %w", n, err)
		}
		return nil
	}))
	if err := errors.Join(err, st.Check()); err != nil {
		t.Error(err)
	}
	if st.Stored != 10 || st.Redriven != 7 || st.DroppedLetters != 3 || st.Kept != 0 || len(list(t, store, workflow.Filter{})) != 0 {
		t.Errorf("stored %d, redriven %d, dropped %d, kept %d", st.Stored, st.Redriven, st.DroppedLetters, st.Kept)
	}
	if !slices.IsSorted(handled) || len(handled) != 7 {
		t.Errorf("handled %d", handled)
	}
}
