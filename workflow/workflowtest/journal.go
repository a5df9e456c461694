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

// Record is what the tests of [Journal] append.
type Record = workflow.Record[string]

// Journal tests a journal. open returns an empty one for each of the tests.
func Journal(t *testing.T, open func(t *testing.T) Opened[workflow.Journal[string]]) {
	for name, test := range map[string]func(*testing.T, workflow.Journal[string]){
		"an empty one yields nothing":                            journalIsEmpty,
		"records come back as they were, in their order":         recordsComeBack,
		"it keeps no reference to the records it got":            recordsAreCopied,
		"reading begins after a position":                        readsAfter,
		"positions go on rising when nothing is left":            truncates,
		"an append whose time is over adds nothing":              cancelled,
		"a batch is added whole, and many may append and read":   batchesAreWhole,
		"a reader sees what was there, and may append meanwhile": readerAppends,
	} {
		t.Run(name, func(t *testing.T) {
			test(t, open(t).Store)
		})
	}
	t.Run("what was appended and truncated is so after a crash", func(t *testing.T) { journalOutlives(t, open(t)) })
	t.Run("a crash takes no more than the end of what is not flushed", func(t *testing.T) { crashTakesTheEnd(t, open(t)) })
}

func journalOutlives(t *testing.T, o Opened[workflow.Journal[string]]) {
	last := add(t, o.Store, events(0, 10)...)
	truncate(t, o.Store, last-4)
	j := o.crash(t)
	same(t, read(t, j, 0), events(6, 10))
	if next := add(t, j, events(10, 11)...); next <= last {
		t.Errorf("position %d comes after %d", next, last)
	}
	truncate(t, j, last+1)
	j = o.crash(t)
	if next := add(t, j, events(11, 12)...); next <= last+1 {
		t.Errorf("position %d comes after %d, of which nothing is left", next, last+1)
	}
	same(t, read(t, j, 0), events(11, 12))
}

func crashTakesTheEnd(t *testing.T, o Opened[workflow.Journal[string]]) {
	const size, kept, all = 3, 5, 10 // of a batch; batches flushed, and in all
	for i := range all {
		if add(t, o.Store, events(size*i, size*(i+1))...); i == kept-1 {
			o.flush(t)
		}
	}
	_, window := o.Store.(workflow.Flusher)
	j := o.Reopen()
	got := read(t, j, 0)
	if len(got)%size != 0 || len(got) < size*kept || !window && len(got) < size*all {
		t.Fatalf("%d of %d records are left, %d of them flushed, in batches of %d", len(got), size*all, size*kept, size)
	}
	same(t, got, events(0, len(got)))
	if next := add(t, j, events(len(got), len(got)+1)...); next <= got[len(got)-1].Position {
		t.Errorf("position %d comes after %d", next, got[len(got)-1].Position)
	}
	same(t, read(t, j, 0), events(0, len(got)+1))
}

// events returns the records of the events from..to-1.
func events(from, to int) (list []Record) {
	at := time.Unix(1_700_000_000, 0).UTC()
	for i := from; i < to; i++ {
		list = append(list, Record{Kind: workflow.RecordEvent, Shard: i % 2, Shards: 2, Event: workflow.Event[string]{
			ID: uint64(i + 1), Key: fmt.Sprint("key-", i%3), Source: "plant", Time: at.Add(time.Duration(i)), Payload: fmt.Sprint(i),
		}})
	}
	return list
}

// oddities are records with what strangers and programs put into them.
func oddities() []Record {
	at := time.Date(1969, 12, 31, 23, 59, 59, 999_999_999, time.FixedZone("", -3*3600))
	full := workflow.Event[string]{
		ID: math.MaxInt64, Cause: math.MaxInt64 - 1, Revision: 3, Key: "\x00\xff' OR 1=1 --", Source: "\x1b[31m\u202e",
		Time: at, Seen: at.AddDate(300, 0, 0), Kind: workflow.Control, Hops: math.MaxUint8, Redrives: math.MaxUint8, Payload: "\n\x00é\xff",
	}
	return []Record{
		{Kind: workflow.RecordEvent, Shard: 7, Shards: 8, Event: full},
		{Kind: workflow.RecordEvent, Shards: 1, Event: workflow.Event[string]{ID: 1, Kind: workflow.Tick}},
		{Kind: workflow.RecordDone, Shards: 1, Node: "notify \"all\"", Event: workflow.Event[string]{ID: 2, Key: full.Key}},
		{Kind: workflow.RecordSwap, Shards: 1, Node: "classify", Why: "operator\n\x1b", Event: workflow.Event[string]{Revision: 4}},
	}
}

func journalIsEmpty(t *testing.T, j workflow.Journal[string]) {
	same(t, read(t, j, 0), nil)
	if p := add(t, j); p != 0 {
		t.Errorf("nothing was appended at position %d", p)
	}
	same(t, read(t, j, 0), nil)
}

func recordsComeBack(t *testing.T, j workflow.Journal[string]) {
	var want []Record
	for _, batch := range [][]Record{events(0, 3), oddities(), events(3, 200)} {
		want = append(want, batch...)
		last := add(t, j, batch...)
		if got := read(t, j, 0); len(got) == 0 || got[len(got)-1].Position != last {
			t.Errorf("the last of %d records is not at %d", len(got), last)
		}
	}
	same(t, read(t, j, 0), want)
	same(t, read(t, j, 0), want) // nothing is used up
}

func recordsAreCopied(t *testing.T, j workflow.Journal[string]) {
	batch := events(0, 5)
	add(t, j, batch...)
	clear(batch)
	same(t, read(t, j, 0), events(0, 5))
}

func readsAfter(t *testing.T, j workflow.Journal[string]) {
	add(t, j, events(0, 7)...)
	last := add(t, j, events(7, 20)...)
	for i, r := range read(t, j, 0) {
		same(t, read(t, j, r.Position), events(i+1, 20))
	}
	same(t, read(t, j, last+100), nil)
	for range j.Read(t.Context(), 0) {
		break // whoever has seen enough may leave
	}
}

func truncates(t *testing.T, j workflow.Journal[string]) {
	add(t, j, events(0, 10)...)
	last := add(t, j, events(10, 20)...)
	list := read(t, j, 0)
	truncate(t, j, list[12].Position)
	same(t, read(t, j, 0), events(13, 20))
	truncate(t, j, list[3].Position) // nothing comes back
	same(t, read(t, j, 0), events(13, 20))
	truncate(t, j, last)
	same(t, read(t, j, 0), nil)
	if next := add(t, j, events(20, 21)...); next <= last {
		t.Errorf("position %d comes after %d", next, last)
	}
	same(t, read(t, j, last), events(20, 21))
}

func cancelled(t *testing.T, j workflow.Journal[string]) {
	add(t, j, events(0, 1)...)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := j.Append(ctx, events(1, 3)); err == nil {
		t.Error("an append whose context is done succeeded")
	}
	same(t, read(t, j, 0), events(0, 1))
	for _, err := range j.Read(ctx, 0) {
		if err == nil {
			t.Error("a read whose context is done yields records")
		}
	}
}

func batchesAreWhole(t *testing.T, j workflow.Journal[string]) {
	const writers, batches, size = 4, 20, 5
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for b := range batches {
				batch := events(0, size)
				for i := range batch {
					batch[i].Shard, batch[i].Node = w, fmt.Sprint(b)
				}
				if _, err := j.Append(t.Context(), batch); err != nil {
					t.Error(err)
				}
				whole(t, j, size)
			}
		})
	}
	wg.Wait()
	if n := whole(t, j, size); n != writers*batches*size {
		t.Errorf("%d records, want %d", n, writers*batches*size)
	}
}

// whole checks that a journal consists of whole batches, and returns its length.
func whole(t *testing.T, j workflow.Journal[string], size int) int {
	var list []Record
	for r, err := range j.Read(t.Context(), 0) {
		if err != nil {
			t.Error(err)
		}
		list = append(list, r)
	}
	for i, r := range list {
		first := list[i-i%size]
		if r.Shard != first.Shard || r.Node != first.Node || r.Event.ID != uint64(i%size+1) {
			t.Errorf("record %d is in the midst of another batch", i)
		}
	}
	if len(list)%size != 0 {
		t.Errorf("%d records are no whole batches", len(list))
	}
	return len(list)
}

func readerAppends(t *testing.T, j workflow.Journal[string]) {
	add(t, j, events(0, 10)...)
	n := 0
	for _, err := range j.Read(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		add(t, j, events(10+n, 11+n)...)
		n++
	}
	if n != 10 {
		t.Errorf("the reader saw %d records, want the 10 that were there", n)
	}
	same(t, read(t, j, 0), events(0, 20))
}

func add(t *testing.T, j workflow.Journal[string], records ...Record) workflow.Position {
	t.Helper()
	last, err := j.Append(t.Context(), records)
	if err != nil {
		t.Fatal(err)
	}
	return last
}

func truncate(t *testing.T, j workflow.Journal[string], upTo workflow.Position) {
	t.Helper()
	if err := j.Truncate(t.Context(), upTo); err != nil {
		t.Fatal(err)
	}
}

// read returns the records after a position, whose positions have to rise.
func read(t *testing.T, j workflow.Journal[string], after workflow.Position) (list []Record) {
	t.Helper()
	last := after
	for r, err := range j.Read(t.Context(), after) {
		if err != nil {
			t.Fatal(err)
		}
		if r.Position <= last {
			t.Errorf("position %d comes after %d", r.Position, last)
		}
		last = r.Position
		list = append(list, r)
	}
	return list
}

// same compares records but for their positions; times are the same when they are
// the same instant.
func same(t *testing.T, got, want []Record) {
	t.Helper()
	plain := func(list []Record) []Record {
		list = slices.Clone(list)
		for i := range list {
			r := &list[i]
			r.Position = 0
			r.Event.Time, r.Event.Seen = r.Event.Time.UTC(), r.Event.Seen.UTC()
		}
		return list
	}
	got, want = plain(got), plain(want)
	if len(got) != len(want) {
		t.Errorf("%d records, want %d", len(got), len(want))
		return
	}
	for i := range want {
		if !reflect.DeepEqual(got[i], want[i]) {
			t.Errorf("record %d: got %+v, want %+v", i, got[i], want[i])
		}
	}
}
