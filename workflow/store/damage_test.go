package store

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"setpoint/workflow"
)

// filled returns a directory with a closed store of n readings, of which some are in
// the journal still, and its history.
func filled(t *testing.T, n int) (dir string, history []Reading) {
	t.Helper()
	dir = t.TempDir()
	s, err := Open(dir, Options{slice: 1000})
	if err != nil {
		t.Fatal(err)
	}
	j := Journal(s, form)
	var pos workflow.Position
	for i := range n {
		pos = appendTo(t, j, readingOf(strings.Repeat("k", 1+i%5), at.Add(time.Duration(i)), float64(i)/3))
	}
	err = errors.Join(
		Snapshots(s, form.Codec, plainText).Save(t.Context(), workflow.Snapshot[payload, string]{Position: pos, Keys: []workflow.KeyState[string]{{Key: "k"}}}),
		j.Truncate(t.Context(), pos))
	idleNow(t, s)
	history, herr := everything(t.Context(), s)
	if err := errors.Join(err, herr, s.Close()); err != nil || len(history) != n {
		t.Fatalf("%d readings, %v", len(history), err)
	}
	return dir, history
}

func everything(ctx context.Context, s *Store) (list []Reading, err error) {
	for r, err := range s.History(ctx, "", time.Time{}, time.Time{}) {
		if err != nil {
			return nil, err
		}
		list = append(list, r)
	}
	return list, nil
}

func same(a, b []Reading) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

func TestNoFlippedBitIsSilent(t *testing.T) {
	dir, want := filled(t, 3000)
	whole, err := os.ReadFile(filepath.Join(dir, FileName))
	if err != nil {
		t.Fatal(err)
	}
	flips := 40
	for i := range flips + 40 {
		bit := rand.IntN(8 * len(whole))
		if i >= flips { // those by which a file is told and read
			bit = rand.IntN(8 * headerSize)
		}
		b := bytes.Clone(whole)
		b[bit/8] ^= 1 << (bit % 8)
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, FileName), b, 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Verify(t.Context(), dir); err == nil && i >= flips {
			t.Errorf("bit %d of the header: nothing is wrong", bit)
		}
		s, err := Open(dir, Options{})
		if err != nil {
			t.Fatalf("bit %d: %v", bit, err)
		}
		got, err := everything(t.Context(), s)
		if err != nil || len(got) > 0 || len(s.Notices()) != 1 {
			t.Errorf("bit %d: %d readings, %v, notices %q", bit, len(got), err, s.Notices())
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		if kept, _ := filepath.Glob(filepath.Join(dir, FileName+".corrupt-*")); len(kept) != 1 {
			t.Errorf("bit %d: set aside %q", bit, kept)
		} else if is, _ := os.ReadFile(kept[0]); !bytes.Equal(is, b) {
			t.Errorf("bit %d: what was set aside is not what was there", bit)
		}
	}
	s := must(t, dir, Options{})
	if got, err := everything(t.Context(), s); err != nil || !same(got, want) {
		t.Errorf("without a flip: %d readings, %v", len(got), err)
	}
}

func TestNoFlippedBitOfAWALIsSilent(t *testing.T) {
	dir := t.TempDir()
	killed(t, dir, 0, 4)
	wal, err := os.ReadFile(filepath.Join(dir, FileName+"-wal"))
	if err != nil || len(wal) == 0 {
		t.Fatal(len(wal), err)
	}
	for range 40 {
		to := t.TempDir()
		copyDir(t, dir, to)
		b := bytes.Clone(wal)
		bit := rand.IntN(8 * len(b))
		b[bit/8] ^= 1 << (bit % 8)
		if err := os.WriteFile(filepath.Join(to, FileName+"-wal"), b, 0o600); err != nil {
			t.Fatal(err)
		}
		_, verr := Verify(t.Context(), to)
		s, err := Open(to, Options{})
		if err != nil {
			t.Fatal(err)
		}
		got, err := everything(t.Context(), s)
		for i, r := range got {
			if r.Value.Value != float64(i) || !r.Time.Equal(at.Add(time.Duration(i))) {
				t.Fatalf("bit %d: reading %d is %v", bit, i, r)
			}
		}
		aside := len(s.Notices()) > 0
		if err != nil || aside && verr == nil || aside != (len(got) == 0) {
			t.Errorf("bit %d: %d readings, %v, notices %q, verify %v", bit, len(got), err, s.Notices(), verr)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestACutFileIsSetAside(t *testing.T) {
	dir, _ := filled(t, 3000)
	whole, err := os.ReadFile(filepath.Join(dir, FileName))
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{16, 99, 100, 4095, 4096, 5000, len(whole) / 2, len(whole) - 1} {
		if err := os.WriteFile(filepath.Join(dir, FileName), whole[:n], 0o600); err != nil {
			t.Fatal(err)
		}
		if _, err := Verify(t.Context(), dir); !errors.Is(err, ErrDamaged) {
			t.Errorf("cut after %d: verify says %v", n, err)
		}
		s, err := Open(dir, Options{})
		if err != nil || len(s.Notices()) != 1 {
			t.Fatalf("cut after %d: %v", n, err)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	}
}

func TestAForeignFileIsNotTouched(t *testing.T) {
	other := append([]byte(magic), make([]byte, 2*pageSize)...)
	for name, content := range map[string][]byte{"a text": []byte("shopping list\n"), "another database": other, "one byte": {7}} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			path := filepath.Join(dir, FileName)
			if err := os.WriteFile(path, content, 0o644); err != nil {
				t.Fatal(err)
			}
			for _, o := range []Options{{}, {ReadOnly: true}} {
				if s, err := Open(dir, o); !errors.Is(err, ErrForeign) {
					t.Errorf("got %v, %v", s, err)
				}
			}
			is, err := os.ReadFile(path)
			info, _ := os.Stat(path)
			if err != nil || !bytes.Equal(is, content) || info.Mode().Perm() != 0o644 {
				t.Errorf("it was touched, %v", err)
			}
		})
	}
}

func TestADirectoryInPlaceOfTheFileIsForeign(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, FileName), 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir, Options{}); !errors.Is(err, ErrForeign) {
		t.Errorf("got %v", err)
	}
}

func TestTheWALOfAFileThatIsGoneIsSetAside(t *testing.T) {
	dir := t.TempDir()
	killed(t, dir, 0, 5)
	if err := os.Remove(filepath.Join(dir, FileName)); err != nil {
		t.Fatal(err)
	}
	s := must(t, dir, Options{})
	if got, err := everything(t.Context(), s); err != nil || len(got) > 0 || len(s.Notices()) != 1 {
		t.Errorf("%d readings, %v, notices %q", len(got), err, s.Notices())
	}
}

func TestDamageThatIsMetLaterBeginsANewFile(t *testing.T) {
	s := must(t, t.TempDir(), Options{})
	j := Journal(s, form)
	x := Snapshots(s, form.Codec, plainText)
	pos := appendTo(t, j, readingOf("old", at, 1))
	if err := s.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(filepath.Join(s.dir, FileName), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	info, _ := f.Stat()
	for off := int64(0); off < info.Size(); off += pageSize {
		if _, err := f.WriteAt([]byte("damage"), off+200); err != nil {
			t.Fatal(err)
		}
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := everything(t.Context(), s); !errors.Is(err, ErrDamaged) {
		t.Errorf("got %v", err)
	}
	if err := s.await(t.Context(), func() (bool, error) { return s.hole, nil }); err != nil {
		t.Fatal(err)
	}
	after := appendTo(t, j, readingOf("new", at, 2))
	if after != pos+1 {
		t.Errorf("position %d comes after %d", after, pos)
	}
	if err := x.Save(t.Context(), workflow.Snapshot[payload, string]{Position: pos}); err != nil {
		t.Fatal(err)
	}
	got, err := everything(t.Context(), s)
	if err != nil || len(got) != 1 || got[0].Key != "new" || len(s.Notices()) != 1 || s.Health().NeedsSnapshot {
		t.Errorf("got %v, %v, %q", got, err, s.Notices())
	}
}

func TestOneInstanceWrites(t *testing.T) {
	dir := t.TempDir()
	s := must(t, dir, Options{})
	appendTo(t, Journal(s, form), readingOf("k", at, 1))
	if err := s.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := Open(dir, Options{}); !errors.Is(err, ErrLocked) {
		t.Errorf("got %v", err)
	}
	r := must(t, dir, Options{ReadOnly: true})
	if got := told(t, r, ""); len(got) != 1 {
		t.Errorf("beside it: %q", got)
	}
	if _, err := Journal(r, form).Append(t.Context(), nil); !errors.Is(err, ErrReadOnly) {
		t.Errorf("got %v", err)
	}
}

func TestAReadOnlyStoreMakesNothing(t *testing.T) {
	empty := t.TempDir()
	if _, err := Open(empty, Options{ReadOnly: true}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	dir, want := filled(t, 10)
	s := must(t, dir, Options{ReadOnly: true})
	if got, err := everything(t.Context(), s); err != nil || !same(got, want) {
		t.Errorf("got %d readings, %v", len(got), err)
	}
	if s.Health().State != Looking {
		t.Errorf("it is %s", s.Health().State)
	}
	for dir, want := range map[string]int{empty: 0, dir: 2} { // the database and the lock file
		if list, err := os.ReadDir(dir); err != nil || len(list) != want {
			t.Errorf("%v, %v", list, err)
		}
	}
}

func TestAnOlderFileIsLedOnAndANewerOneRefused(t *testing.T) {
	dir := t.TempDir()
	older := must(t, dir, Options{})
	appendTo(t, Journal(older, form), readingOf("k", at, 1))
	if err := older.Close(); err != nil {
		t.Fatal(err)
	}
	steps := []string{schema[0], "ALTER TABLE notes ADD COLUMN author TEXT", "CREATE TABLE later(a)"}
	newer := must(t, dir, Options{steps: steps})
	if got := told(t, newer, "k"); len(got) != 1 || rows(t, newer, "PRAGMA user_version") != 3 || rows(t, newer, "SELECT count(author) FROM notes") != 0 {
		t.Errorf("got %q", got)
	}
	if err := newer.Close(); err != nil {
		t.Fatal(err)
	}
	for _, o := range []Options{{}, {ReadOnly: true}} {
		if _, err := Open(dir, o); !errors.Is(err, ErrNewer) {
			t.Errorf("got %v", err)
		}
	}
}
