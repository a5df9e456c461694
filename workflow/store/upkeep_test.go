package store

import (
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"setpoint/workflow"
)

// fill appends readings of some keys in turn, a second apart, up to now, and has
// them moved.
func fill(t testing.TB, s *Store, keys, n int) {
	t.Helper()
	j := Journal(s, form)
	now := time.Now()
	var pos workflow.Position
	for i := 0; i < n; {
		var batch []workflow.Record[payload]
		for ; len(batch) < 500 && i < n; i++ {
			batch = append(batch, readingOf("sensor-"+strconv.Itoa(i%keys), now.Add(time.Duration(i-n)*time.Second), rand.Float64()))
		}
		pos = appendTo(t, j, batch...)
	}
	if err := j.Truncate(t.Context(), pos); err != nil {
		t.Fatal(err)
	}
}

// look has the writer look for old readings some times, and returns when it is done.
func look(t *testing.T, s *Store) {
	t.Helper()
	for range 5 {
		if _, err := s.push(t.Context(), op{do: func(*disk) error {
			s.upkeep.due = time.Time{}
			return nil
		}}); err != nil {
			t.Fatal(err)
		}
		idleNow(t, s)
	}
}

func TestOldReadingsAreForgotten(t *testing.T) {
	s := must(t, t.TempDir(), Options{slice: 500, Retention: 1000 * time.Second})
	fill(t, s, 10, 5000)
	s.Put(Note{Topic: "old", Time: time.Now().Add(-time.Hour)})
	look(t, s)
	got, err := everything(t.Context(), s)
	if err != nil || len(got) < 990 || len(got) > 1001 {
		t.Errorf("%d readings, %v", len(got), err)
	}
	if notes, err := s.Notes(t.Context(), "old", 9); err != nil || len(notes) > 0 {
		t.Errorf("got %v, %v", notes, err)
	}
	if _, err := Verify(t.Context(), s.dir); err != nil {
		t.Error(err)
	}
}

func TestTheFileStaysWithinItsSize(t *testing.T) {
	const most = 1 << 20
	s := must(t, t.TempDir(), Options{slice: 2000, MaxBytes: most})
	for range 3 {
		fill(t, s, 20, 30_000)
		look(t, s)
	}
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(filepath.Join(s.dir, FileName))
	if err != nil || info.Size() > most*11/10 || info.Size() < most/2 {
		t.Errorf("%d bytes, %v, want about %d", info.Size(), err, most)
	}
	if _, err := Verify(t.Context(), s.dir); err != nil {
		t.Error(err)
	}
}
