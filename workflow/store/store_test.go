package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"setpoint/workflow"
	"setpoint/workflow/workflowtest"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv("STORE_TEST_CHILD"); dir != "" {
		child(dir)
		return
	}
	goleak.VerifyTestMain(m)
}

// payload is what the tests put into events: a reading, or a text.
type payload struct {
	Reading bool
	V       Value
	Text    string
}

var form = Form[payload]{
	Codec: workflow.JSONCodec[payload](),
	Split: func(p payload) (Value, bool) { return p.V, p.Reading },
	Join:  func(v Value) payload { return payload{Reading: true, V: v} },
}

// texts is a form without readings, whose payloads may be any bytes.
var texts = Form[string]{Codec: plainText}

var plainText = workflow.Codec[string]{
	Version: 1,
	Encode:  func(s string) ([]byte, error) { return []byte(s), nil },
	Decode:  func(b []byte) (string, error) { return string(b), nil },
}

// must opens a store that is closed at the end of the test.
func must(t testing.TB, dir string, o Options) *Store {
	t.Helper()
	s, err := Open(dir, o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// crash returns what a store becomes when its process dies now, as a copy.
func crash(t *testing.T, s *Store) *Store {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "after")
	s.mu.Lock()
	s.closed, s.queue, s.records, s.snap = true, nil, 0, nil
	s.mu.Unlock()
	s.prod()
	<-s.done
	copyDir(t, s.dir, dir)
	return must(t, dir, s.o)
}

func copyDir(t *testing.T, from, to string) {
	t.Helper()
	if err := os.MkdirAll(to, 0o700); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{FileName, FileName + "-wal", lockName} {
		b, err := os.ReadFile(filepath.Join(from, name))
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err := errors.Join(err, os.WriteFile(filepath.Join(to, name), b, 0o600)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestTheJournalDoesWhatAJournalDoes(t *testing.T) {
	workflowtest.Journal(t, func(t *testing.T) workflowtest.Opened[workflow.Journal[string]] {
		s := must(t, t.TempDir(), Options{})
		return workflowtest.Opened[workflow.Journal[string]]{Store: Journal(s, texts), Reopen: func() workflow.Journal[string] {
			s = crash(t, s)
			return Journal(s, texts)
		}}
	})
}

func TestTheSnapshotsDoWhatSnapshotsDo(t *testing.T) {
	workflowtest.Snapshots(t, func(t *testing.T) workflowtest.Opened[workflow.Snapshots[string, string]] {
		s := must(t, t.TempDir(), Options{})
		return workflowtest.Opened[workflow.Snapshots[string, string]]{Store: Snapshots(s, plainText, plainText), Reopen: func() workflow.Snapshots[string, string] {
			s = crash(t, s)
			return Snapshots(s, plainText, plainText)
		}}
	})
}

func TestTheLettersDoWhatLettersDo(t *testing.T) {
	workflowtest.DeadLetters(t, func(t *testing.T) workflowtest.Opened[workflow.DeadLetters[int, string]] {
		f := Form[int]{Codec: workflow.JSONCodec[int]()}
		s := must(t, t.TempDir(), Options{})
		return workflowtest.Opened[workflow.DeadLetters[int, string]]{Store: Letters(s, f, plainText), Reopen: func() workflow.DeadLetters[int, string] {
			s = crash(t, s)
			return Letters(s, f, plainText)
		}}
	})
}

// at is the time of the tests.
var at = time.Date(2026, 11, 22, 10, 11, 12, 0, time.UTC)

// readingOf returns the record of a reading.
func readingOf(key string, at time.Time, v float64) workflow.Record[payload] {
	return workflow.Record[payload]{Kind: workflow.RecordEvent, Shards: 1, Event: workflow.Event[payload]{
		ID: uint64(at.UnixNano()) & math.MaxInt64, Revision: 1, Key: key, Source: "plant", Time: at, Seen: at.Add(time.Millisecond),
		Payload: payload{Reading: true, V: Value{v, 1, "°C"}},
	}}
}

func appendTo(t testing.TB, j *EventJournal[payload], records ...workflow.Record[payload]) workflow.Position {
	t.Helper()
	pos, err := j.Append(t.Context(), records)
	if err != nil {
		t.Fatal(err)
	}
	return pos
}

// told returns a history as text.
func told(t *testing.T, s *Store, key string) (list []string) {
	t.Helper()
	for r, err := range s.History(t.Context(), key, time.Time{}, time.Time{}) {
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, fmt.Sprintf("%s@%d=%v/%d%s", r.Key, r.Time.Sub(at)/time.Second, r.Value.Value, r.Quality, r.Unit))
	}
	return list
}

func TestAReadingIsInTheHistoryOnceWhereverItIs(t *testing.T) {
	s := must(t, t.TempDir(), Options{slice: 4})
	j := Journal(s, form)
	sec := func(n int) time.Time { return at.Add(time.Duration(n) * time.Second) }
	appendTo(t, j,
		readingOf("b", sec(2), 1), readingOf("a", sec(1), 1), readingOf("a", sec(1), 2), readingOf("a", sec(1), 1),
		readingOf("a", sec(3), math.NaN()), readingOf("a", sec(3), math.Inf(1)), readingOf("a", sec(1), 3), readingOf("a", sec(0), math.Copysign(0, -1)),
	)
	pos := appendTo(t, j, readingOf("b", sec(2), 1), readingOf("a", sec(3), math.NaN()), readingOf("a", sec(1), 2), readingOf("a", sec(4), 7))
	appendTo(t, j, workflow.Record[payload]{Kind: workflow.RecordEvent, Event: workflow.Event[payload]{Key: "a", Kind: workflow.Tick, Time: sec(5)}})
	want := []string{"a@0=0/1°C", "a@1=1/1°C", "a@1=2/1°C", "a@1=3/1°C", "b@2=1/1°C", "a@3=NaN/1°C", "a@4=7/1°C"}
	look := func(when string) {
		t.Helper()
		if err := s.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := told(t, s, ""); !slices.Equal(got, want) {
			t.Errorf("%s: got %q, want %q", when, got, want)
		}
		if got := told(t, s, "b"); !slices.Equal(got, []string{"b@2=1/1°C"}) {
			t.Errorf("%s: got %q", when, got)
		}
		keys, err := s.Keys(t.Context())
		if err != nil || len(keys) != 2 || keys[0].Readings != 6 || !keys[0].First.Equal(sec(0)) || !keys[0].Last.Equal(sec(4)) {
			t.Errorf("%s: got %v, %v", when, keys, err)
		}
		var each []Reading
		err = s.EachNewest(t.Context(), func(string) int { return 2 }, func(_ string, list []Reading) error {
			each = append(each, list...)
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		if all, err := s.Newest(t.Context(), "", 2); err != nil || fmt.Sprint(all) != fmt.Sprint(each) {
			t.Errorf("one by one %v, together %v, %v", each, all, err)
		}
		newest, err := s.Newest(t.Context(), "", 2)
		if err != nil || len(newest) != 3 || newest[1].Value.Value != 7 || newest[2].Key != "b" {
			t.Errorf("%s: got %v, %v", when, newest, err)
		}
		n := 0
		for range s.History(t.Context(), "a", sec(1), sec(3)) {
			n++
		}
		if n != 3 {
			t.Errorf("%s: %d readings of a from second 1 and before second 3, want 3", when, n)
		}
	}
	look("in the journal")
	if err := j.Truncate(t.Context(), pos-3); err != nil {
		t.Fatal(err)
	}
	idleNow(t, s)
	look("half moved")
	if err := j.Truncate(t.Context(), pos); err != nil {
		t.Fatal(err)
	}
	idleNow(t, s)
	look("moved")
	if n := rows(t, s, "SELECT count(*) FROM journal"); n != 1 {
		t.Errorf("%d records in the journal, want the one behind the snapshot", n)
	}
	left := 0
	for r, err := range j.Read(t.Context(), 0) {
		if left++; err != nil || r.Event.Kind != workflow.Tick {
			t.Errorf("got %v, %v", r, err)
		}
	}
	if left != 1 {
		t.Errorf("%d records, want 1", left)
	}
	verified := func() error { _, err := Verify(t.Context(), s.dir); return err }
	if err := verified(); err != nil {
		t.Error(err)
	}
}

// idleNow returns when the writer has no upkeep left.
func idleNow(t *testing.T, s *Store) {
	t.Helper()
	for idle := 0; idle < 2; idle++ { // a commit is followed by a slice of upkeep
		if _, err := s.push(t.Context(), op{do: func(*disk) error {
			if s.upkeep.more {
				idle = 0
			}
			return nil
		}}); err != nil {
			t.Fatal(err)
		}
		if err := s.Flush(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

// rows returns the number that a query yields.
func rows(t *testing.T, s *Store, sql string) (n int64) {
	t.Helper()
	if err := s.read(t.Context(), func(c *conn) (err error) { n, err = c.number(sql); return err }); err != nil {
		t.Fatal(err)
	}
	return n
}

func TestRecordsComeBackToTheBit(t *testing.T) {
	s := must(t, t.TempDir(), Options{})
	j := Journal(s, form)
	var want []workflow.Record[payload]
	for i, v := range []float64{1, 0.1, math.Copysign(0, -1), math.NaN(), math.Inf(-1), math.MaxFloat64, math.SmallestNonzeroFloat64, 1 << 53} {
		r := readingOf(strconv.Itoa(i), at.Add(time.Duration(i)), v)
		want = append(want, r)
		r.Event.Seen = time.Time{}
		want = append(want, r)
		r.Event.Time = time.Time{}
		want = append(want, r)
		r.Event.Cause, r.Shard, r.Why = 3, 5, "x"
		want = append(want, r)
	}
	appendTo(t, j, want...)
	i := 0
	for got, err := range j.Read(t.Context(), 0) {
		if err != nil {
			t.Fatal(err)
		}
		w := want[i]
		if a, b := math.Float64bits(got.Event.Payload.V.Value), math.Float64bits(w.Event.Payload.V.Value); a != b {
			t.Errorf("record %d: value %x, want %x", i, a, b)
		}
		got.Event.Payload.V.Value, w.Event.Payload.V.Value = 0, 0
		w.Position = got.Position
		if got != w {
			t.Errorf("record %d: got %+v, want %+v", i, got, w)
		}
		i++
	}
	if i != len(want) {
		t.Errorf("%d records, want %d", i, len(want))
	}
}

func TestNotesAreTheNewestOfTheirID(t *testing.T) {
	dir := t.TempDir()
	s := must(t, dir, Options{})
	for i := range 5 {
		s.Put(Note{Topic: "alarms", ID: uint64(i), Key: "k", Time: at, Body: []byte("{}")})
	}
	s.Put(Note{Topic: "alarms", ID: 3, Key: "k", Time: at, Body: []byte(`{"acknowledged":true}`)})
	s.Put(Note{Topic: "changes", ID: 9, Time: at})
	got, err := s.Notes(t.Context(), "alarms", 3)
	if err != nil || len(got) != 3 || got[0].ID != 2 || string(got[1].Body) != `{"acknowledged":true}` || !got[2].Time.Equal(at) {
		t.Errorf("got %v, %v", got, err)
	}
}

func TestAcknowledgementsFollowTheOrderOfTheSource(t *testing.T) {
	var acks []string
	s, err := Open(t.TempDir(), Options{Committed: func(source string, n int) { acks = append(acks, fmt.Sprint(source, n)) }})
	if err != nil {
		t.Fatal(err)
	}
	j := Journal(s, form)
	a, b := readingOf("k", at, 1), readingOf("k", at, 1)
	b.Event.Source = "lab"
	pos := appendTo(t, j, a, b, a, workflow.Record[payload]{Kind: workflow.RecordDone})
	if err := s.Wait(t.Context(), pos); err != nil {
		t.Fatal(err)
	}
	appendTo(t, j, b)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if got := strings.Join(acks, " "); got != "plant2 lab1 lab1" {
		t.Errorf("got %q", got)
	}
	if _, err := j.Append(t.Context(), []workflow.Record[payload]{a}); !errors.Is(err, ErrClosed) {
		t.Errorf("got %v", err)
	}
	if err := s.Wait(t.Context(), pos+100); !errors.Is(err, ErrClosed) {
		t.Errorf("got %v", err)
	}
}

func TestFilesArePrivateWhateverTheUmask(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b c?d%20#")
	s := must(t, dir, Options{})
	appendTo(t, Journal(s, form), readingOf("k", at, 1))
	if err := s.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		info, ierr := e.Info()
		if want := map[bool]fs.FileMode{true: 0o700, false: 0o600}[e.IsDir()]; err == nil && ierr == nil && info.Mode().Perm() != want {
			t.Errorf("%s has mode %o, want %o", path, info.Mode().Perm(), want)
		}
		return errors.Join(err, ierr)
	})
	if err != nil {
		t.Error(err)
	}
}

func TestSqlite3ReadsWhileWeWrite(t *testing.T) {
	program, err := exec.LookPath("sqlite3")
	if err != nil {
		t.Skip("the program sqlite3 is not installed")
	}
	s := must(t, t.TempDir(), Options{slice: 2, Views: map[string]string{"hot": "SELECT * FROM history WHERE value > 50"}})
	j := Journal(s, form)
	pos := appendTo(t, j, readingOf("oven", at.Add(-80*365*24*time.Hour), 51.5), readingOf("oven", at.Add(7), 20), readingOf("fridge", at, math.NaN()))
	if err := j.Truncate(t.Context(), pos-1); err != nil {
		t.Fatal(err)
	}
	idleNow(t, s)
	query := func(sql string) string {
		out, err := exec.CommandContext(t.Context(), program, s.path, sql).CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v: %s", sql, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	for sql, want := range map[string]string{
		"SELECT * FROM history ORDER BY time": "oven|1946-12-12T10:11:12.000000000Z|51.5|1|°C\nfridge|2026-11-22T10:11:12.000000000Z||1|°C\noven|2026-11-22T10:11:12.000000007Z|20.0|1|°C",
		"SELECT key, value FROM hot":          "oven|51.5",
		"PRAGMA integrity_check":              "ok",
	} {
		if got := query(sql); got != want {
			t.Errorf("%s: got %q, want %q", sql, got, want)
		}
	}
}

func TestLettersComeBackAfterACrash(t *testing.T) {
	s := must(t, t.TempDir(), Options{})
	x := Letters(s, form, plainText)
	for i := range 3 {
		l := workflow.Letter[payload, string]{Event: readingOf("k", at, float64(i)).Event, State: "s", Node: "n", Err: workflow.ErrTimeout, At: at}
		if err := x.Put(t.Context(), l); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(x.Remove(t.Context(), 3), x.Flush(t.Context())); err != nil {
		t.Fatal(err)
	}
	x = Letters(crash(t, s), form, plainText)
	got, err := x.List(context.Background(), workflow.Filter{Reason: workflow.ReasonTimeout})
	if err != nil || len(got) != 2 || got[1].Event.Payload.V.Value != 1 || got[1].State != "s" || !got[1].At.Equal(at) {
		t.Errorf("got %v, %v", got, err)
	}
	if err := x.Put(t.Context(), workflow.Letter[payload, string]{Err: errors.New("x")}); err != nil {
		t.Fatal(err)
	}
	if got, _ := x.List(t.Context(), workflow.Filter{}); got[len(got)-1].ID != 4 {
		t.Errorf("ID %d was given after 3", got[len(got)-1].ID)
	}
}

func TestAPanicOfTheWriterIsToldAndNothingIsKeptAnyMore(t *testing.T) {
	failed := make(chan error, 1)
	s, err := Open(t.TempDir(), Options{Fail: func(err error) { failed <- err }})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := s.push(t.Context(), op{do: func(*disk) error { panic("on cue") }}); err != nil {
		t.Fatal(err)
	}
	if err := s.Flush(t.Context()); err == nil {
		t.Error("a flush succeeded")
	}
	if err := <-failed; err == nil || s.Health().State != Failing {
		t.Errorf("got %v, %s", err, s.Health().State)
	}
	if _, err := Journal(s, form).Append(t.Context(), []workflow.Record[payload]{readingOf("k", at, 1)}); err == nil {
		t.Error("an append succeeded")
	}
	if err := s.Close(); err == nil {
		t.Error("a close succeeded")
	}
}
