package workflowtest

import (
	"context"
	"fmt"
	"math"
	"reflect"
	"slices"
	"sync"
	"testing"
	"time"

	"setpoint/workflow"
)

// A Snapshot is what the tests of [Snapshots] save.
type Snapshot = workflow.Snapshot[string, string]

// Snapshots tests a store of snapshots. open returns an empty one for each of the tests.
func Snapshots(t *testing.T, open func(t *testing.T) Opened[workflow.Snapshots[string, string]]) {
	for name, test := range map[string]func(*testing.T, workflow.Snapshots[string, string]){
		"an empty one has none":                          nothingSaved,
		"a snapshot comes back as it was":                snapshotComesBack,
		"it shares nothing with who saves and who loads": snapshotsAreCopied,
		"a save whose time is over leaves the older one": failedSave,
		"many may save and load at once":                 snapshotsAreWhole,
		"an engine goes on where its snapshot was taken": engineGoesOn,
	} {
		t.Run(name, func(t *testing.T) { test(t, open(t).Store) })
	}
	t.Run("the newest one is there after a crash", func(t *testing.T) {
		o := open(t)
		for i := range 3 {
			save(t, o.Store, keys(10-i, fmt.Sprint(i)))
			o.Store = o.Reopen() // no flush: it is durable
			alike(t, load(t, o.Store), keys(10-i, fmt.Sprint(i)))
		}
		alike(t, load(t, o.Reopen()), keys(8, "2"))
	})
}

// keys returns a snapshot of n keys, all with the same state.
func keys(n int, state string) Snapshot {
	at := time.Unix(1_700_000_000, 7).UTC()
	snap := Snapshot{Time: at, Position: workflow.Position(n), Revision: 1}
	for i := range n {
		snap.Keys = append(snap.Keys, workflow.KeyState[string]{Key: fmt.Sprint("key-", i), State: state, Watermark: at})
	}
	return snap
}

// odd is a snapshot with what strangers and programs put into one.
func odd() Snapshot {
	at := time.Date(1969, 12, 31, 23, 59, 59, 999_999_999, time.FixedZone("", -3*3600))
	snap := Snapshot{
		Time: at, Position: math.MaxUint64, Revision: math.MaxUint64, Why: "operator\n\x1b[31m",
		Shards: []workflow.ShardState{{}, {Last: math.MaxUint64, Ticks: math.MaxUint64, Swept: at}},
		Keys:   []workflow.KeyState[string]{{}, {Key: "\x00\xff' OR 1=1 --", State: "\n\x00é\xff", Watermark: at, Timer: at.AddDate(300, 0, 0)}},
	}
	for _, r := range oddities() {
		snap.Open = append(snap.Open, workflow.OpenEvent[string, string]{Node: r.Node, Event: r.Event, State: r.Why})
	}
	return snap
}

func nothingSaved(t *testing.T, store workflow.Snapshots[string, string]) {
	if snap, err := store.Load(t.Context()); snap != nil || err != nil {
		t.Errorf("got %+v, %v", snap, err)
	}
}

// snapshotComesBack saves larger and smaller ones; each takes the place of the one
// before.
func snapshotComesBack(t *testing.T, store workflow.Snapshots[string, string]) {
	for _, want := range []Snapshot{keys(3, "few"), odd(), keys(5000, "many"), {}, keys(1, "one")} {
		save(t, store, want)
		alike(t, load(t, store), want)
		alike(t, load(t, store), want) // nothing is used up
	}
}

func snapshotsAreCopied(t *testing.T, store workflow.Snapshots[string, string]) {
	snap := odd()
	save(t, store, snap)
	for range 2 {
		clear(snap.Shards)
		clear(snap.Keys)
		clear(snap.Open)
		snap = load(t, store)
		alike(t, snap, odd())
	}
}

func failedSave(t *testing.T, store workflow.Snapshots[string, string]) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := store.Save(ctx, keys(1, "first")); err == nil {
		t.Error("a save whose context is done succeeded")
	}
	nothingSaved(t, store)
	save(t, store, keys(2, "older"))
	if err := store.Save(ctx, keys(2, "newer")); err == nil {
		t.Error("a save whose context is done succeeded")
	}
	alike(t, load(t, store), keys(2, "older"))
	if _, err := store.Load(ctx); err == nil {
		t.Error("a load whose context is done succeeded")
	}
}

func snapshotsAreWhole(t *testing.T, store workflow.Snapshots[string, string]) {
	var wg sync.WaitGroup
	for writer := range 4 {
		wg.Go(func() {
			for i := range 20 {
				if err := store.Save(t.Context(), keys(10*writer+i+1, fmt.Sprint(writer))); err != nil {
					t.Error(err)
				}
				got, err := store.Load(t.Context())
				if err != nil || got == nil || len(got.Keys) == 0 || int(got.Position) != len(got.Keys) {
					t.Errorf("writer %d got %+v, %v", writer, got, err)
					return
				}
				if mixed := slices.ContainsFunc(got.Keys, func(k workflow.KeyState[string]) bool { return k.State != got.Keys[0].State }); mixed {
					t.Error("a snapshot holds states of two")
				}
			}
		})
	}
	wg.Wait()
}

// engineGoesOn runs an engine three times, each from the snapshot of the one before.
func engineGoesOn(t *testing.T, store workflow.Snapshots[string, string]) {
	step := workflow.StepFunc[string, string](func(s string, ev workflow.Event[string]) (string, workflow.Action) { return s + ev.Payload, "done" })
	w, err := workflow.New[string, string]("step").Step("step", step, "done").Edge("step", "done").Build()
	if err != nil {
		t.Fatal(err)
	}
	journal := new(workflow.MemoryJournal[string])
	for _, want := range []string{"ab", "abab", "ababab"} {
		newest, err := store.Load(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		e, err := workflow.NewEngine(w, workflow.Config[string, string]{Journal: journal, Restore: newest})
		if err != nil {
			t.Fatal(err)
		}
		_, err = e.Run(t.Context(), workflow.SourceFunc[string](func(ctx context.Context, emit workflow.Emit[string]) error {
			for i, p := range []string{"a", "b"} {
				if err := emit(ctx, "key", time.Unix(int64(len(want)+i), 0), p); err != nil {
					return err
				}
				if err := e.Settle(ctx); err != nil || i > 0 {
					return err
				}
				snap, err := e.Snapshot(ctx)
				if err != nil {
					return err
				}
				save(t, store, snap)
				truncate(t, journal, snap.Position)
			}
			return nil
		}))
		if got, _ := e.State("key"); err != nil || got != want {
			t.Errorf("the state is %q, %v, want %q", got, err, want)
		}
	}
}

func save(t *testing.T, store workflow.Snapshots[string, string], snap Snapshot) {
	t.Helper()
	if err := store.Save(t.Context(), snap); err != nil {
		t.Fatal(err)
	}
}

func load(t *testing.T, store workflow.Snapshots[string, string]) Snapshot {
	t.Helper()
	snap, err := store.Load(t.Context())
	if err != nil || snap == nil {
		t.Fatalf("got %v, %v", snap, err)
	}
	return *snap
}

// alike compares snapshots; times are the same when they are the same instant, and
// an empty list is none.
func alike(t *testing.T, got, want Snapshot) {
	t.Helper()
	if got, want := normal(got), normal(want); !reflect.DeepEqual(got, want) {
		t.Errorf("got  %.1000s\nwant %.1000s", fmt.Sprintf("%+v", got), fmt.Sprintf("%+v", want))
	}
}

func normal(snap Snapshot) Snapshot {
	utc := func(times ...*time.Time) {
		for _, at := range times {
			*at = at.UTC()
		}
	}
	utc(&snap.Time)
	snap.Shards = append([]workflow.ShardState(nil), snap.Shards...)
	snap.Keys = append([]workflow.KeyState[string](nil), snap.Keys...)
	snap.Open = append([]workflow.OpenEvent[string, string](nil), snap.Open...)
	for i := range snap.Shards {
		utc(&snap.Shards[i].Swept)
	}
	for i := range snap.Keys {
		utc(&snap.Keys[i].Watermark, &snap.Keys[i].Timer)
	}
	for i := range snap.Open {
		utc(&snap.Open[i].Event.Time, &snap.Open[i].Event.Seen)
	}
	return snap
}
