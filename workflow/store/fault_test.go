package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/ncruces/go-sqlite3/vfs"

	"setpoint/workflow"
)

// faulty is a VFS some of whose calls that change something fail. When a sync
// fails, what was written since the one before is gone, as after a loss of power.
type faulty struct {
	vfs.VFSFilename
	name string

	mu    sync.Mutex
	calls int
	fail  func(call int, what string) error
}

// newFaulty registers a VFS for the length of a test.
func newFaulty(t testing.TB, fail func(int, string) error) *faulty {
	t.Helper()
	under, ok := vfs.Find("os").(vfs.VFSFilename)
	if !ok {
		t.Fatal("the VFS below is not what it was")
	}
	v := &faulty{VFSFilename: under, fail: fail}
	v.name = fmt.Sprintf("faulty-%p", v)
	vfs.Register(v.name, sums{under: v})
	t.Cleanup(func() { vfs.Unregister(v.name) })
	return v
}

// call counts a call and returns its fault.
func (v *faulty) call(what string) error {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.calls++
	return v.fail(v.calls, what)
}

func (v *faulty) set(fail func(int, string) error) {
	v.mu.Lock()
	defer v.mu.Unlock()
	v.fail = fail
}

func (v *faulty) Delete(name string, syncDir bool) error {
	if err := v.call("delete"); err != nil {
		return err
	}
	return v.VFSFilename.Delete(name, syncDir)
}

func (v *faulty) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	f, flags, err := v.VFSFilename.OpenFilename(name, flags)
	if err != nil {
		return f, flags, err
	}
	file, ok := f.(diskFile)
	if !ok || flags&vfs.OPEN_READONLY != 0 {
		return f, flags, err
	}
	return &faultyFile{diskFile: file, v: v}, flags, nil
}

type faultyFile struct {
	diskFile
	v    *faulty
	undo []func() error
}

// keep remembers what is between off and off+n.
func (f *faultyFile) keep(off, n int64) error {
	size, err := f.Size()
	if err != nil {
		return err
	}
	old := make([]byte, max(0, min(off+n, size)-off))
	if _, err := f.ReadAt(old, off); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	f.undo = append(f.undo, func() error {
		_, err := f.diskFile.WriteAt(old, off)
		return errors.Join(err, f.diskFile.Truncate(size))
	})
	return nil
}

func (f *faultyFile) WriteAt(p []byte, off int64) (int, error) {
	if err := f.v.call("write"); err != nil {
		return 0, err
	}
	if err := f.keep(off, int64(len(p))); err != nil {
		return 0, err
	}
	return f.diskFile.WriteAt(p, off)
}

func (f *faultyFile) Truncate(size int64) error {
	if err := f.v.call("truncate"); err != nil {
		return err
	}
	is, err := f.Size()
	if err == nil {
		err = f.keep(size, max(0, is-size))
	}
	if err != nil {
		return err
	}
	return f.diskFile.Truncate(size)
}

func (f *faultyFile) Sync(flags vfs.SyncFlag) error {
	if err := f.v.call("sync"); err != nil {
		for _, undo := range slices.Backward(f.undo) {
			if err := undo(); err != nil {
				return err
			}
		}
		f.undo = nil
		return err
	}
	f.undo = nil
	return f.diskFile.Sync(flags)
}

// TestEachCallMayFail lets the n-th call that changes a file fail, for n = 1, 2, ...
// until there are no more, once and for a while, and demands that all is kept.
func TestEachCallMayFail(t *testing.T) {
	for name, c := range map[string]struct {
		err         error
		times, step int
	}{
		"an error, once":          {syscall.EIO, 1, 1},
		"an error, three times":   {syscall.EIO, 3, 3},
		"no room, for five calls": {syscall.ENOSPC, 5, 5},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			n := 1
			for ; eachCall(t, n, c.times, c.err); n += c.step {
				continue
			}
			t.Logf("%d calls", n-1)
		})
	}
}

// eachCall reports whether there were n calls.
func eachCall(t *testing.T, n, times int, fault error) bool {
	t.Helper()
	acked := 0
	v := newFaulty(t, func(call int, _ string) error {
		if call >= n && call < n+times {
			return fault
		}
		return nil
	})
	dir := t.TempDir()
	o := Options{vfs: v.name, slice: 20, Window: time.Millisecond, again: time.Millisecond, MaxBytes: 1, Committed: func(_ string, k int) { acked += k }}
	s, err := Open(dir, o)
	for tries := 0; err != nil && tries < times+1; tries++ {
		s, err = Open(dir, o)
	}
	if err != nil {
		t.Fatal(err)
	}
	j, x := Journal(s, form), Snapshots(s, form.Codec, plainText)
	const batches, size = 8, 10
	insist := func(what string, f func() error) {
		t.Helper()
		for tries := 0; ; tries++ {
			if err := f(); err == nil {
				return
			} else if tries > 10 {
				t.Fatalf("call %d: %s: %v", n, what, err)
			}
		}
	}
	var pos workflow.Position
	for b := range batches {
		var batch []workflow.Record[payload]
		for i := range size {
			batch = append(batch, readingOf("k", at.Add(time.Duration(size*b+i)), float64(size*b+i)))
		}
		pos = appendTo(t, j, batch...)
		insist("flush", func() error { return s.Flush(t.Context()) })
		if b%3 == 2 {
			insist("save", func() error { return x.Save(t.Context(), workflow.Snapshot[payload, string]{Position: pos}) })
			insist("truncate", func() error { return j.Truncate(t.Context(), pos) })
		}
	}
	insist("close", s.Close)
	calls := v.calls
	if notices := s.Notices(); len(notices) > 0 || s.Health().Lost > 0 || acked != batches*size {
		t.Fatalf("call %d: %q, %d lost, %d acknowledged", n, notices, s.Health().Lost, acked)
	}
	kept(t, dir, batches*size)
	return calls >= n
}

// kept checks that the history is made of n readings and all is well.
func kept(t *testing.T, dir string, n int) {
	t.Helper()
	s := must(t, dir, Options{})
	i := 0
	for r, err := range s.History(t.Context(), "", time.Time{}, time.Time{}) {
		if err != nil || r.Value.Value != float64(i) {
			t.Fatalf("reading %d is %v, %v", i, r, err)
		}
		i++
	}
	if i != n {
		t.Fatalf("%d readings, want %d", i, n)
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
	if _, err := Verify(t.Context(), dir); err != nil {
		t.Error(err)
	}
}

func TestWithoutRoomTheOldestRecordsAreDiscardedAndASnapshotGoesOn(t *testing.T) {
	v := newFaulty(t, func(int, string) error { return nil })
	var told []string
	s := must(t, t.TempDir(), Options{
		vfs: v.name, buffer: 10, again: time.Hour,
		Committed: func(_ string, n int) { told = append(told, fmt.Sprint("kept ", n)) },
		Lost:      func(_ string, n int) { told = append(told, fmt.Sprint("lost ", n)) },
	})
	j, x := Journal(s, form), Snapshots(s, form.Codec, plainText)
	appendTo(t, j, readingOf("k", at, 0))
	if err := s.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	v.set(func(int, string) error { return syscall.ENOSPC })
	var last workflow.Position
	for i := range 25 {
		last = appendTo(t, j, readingOf("k", at.Add(time.Duration(i+1)), float64(i+1)))
		if i == 0 {
			if err := s.Flush(t.Context()); err == nil {
				t.Error("a flush to a full disk succeeded")
			}
		}
	}
	h := s.Health()
	if h.State != Full || h.Lost != 15 || h.Pending != 10 || !h.NeedsSnapshot || h.Err == nil || h.Durable != 1 {
		t.Errorf("got %+v", h)
	}
	if err := s.Wait(t.Context(), 7); !errors.Is(err, errLost) {
		t.Errorf("waiting for what was lost: %v", err)
	}
	if err := j.Flush(t.Context()); err != nil {
		t.Errorf("a snapshot cannot be taken: %v", err)
	}
	if err := x.Save(t.Context(), workflow.Snapshot[payload, string]{Position: last - 2}); err == nil {
		t.Error("a snapshot was saved on a full disk")
	}
	v.set(func(int, string) error { return nil })
	if err := x.Save(t.Context(), workflow.Snapshot[payload, string]{Position: 3}); err == nil {
		t.Error("a snapshot was saved that was taken before what was lost")
	}
	if err := x.Save(t.Context(), workflow.Snapshot[payload, string]{Position: last - 2}); err != nil {
		t.Fatal(err)
	}
	if h := s.Health(); h.State != OK || h.NeedsSnapshot || h.Pending != 0 || h.Durable != last {
		t.Errorf("got %+v", h)
	}
	// The first one was being written when the disk was full: it is in doubt, and kept.
	if got := fmt.Sprint(told); got != "[kept 1 kept 1 lost 15 kept 9]" {
		t.Errorf("got %s", got)
	}
	again := crash(t, s)
	var replayed []float64
	for r, err := range Journal(again, form).Read(t.Context(), last-2) {
		if err != nil {
			t.Fatal(err)
		}
		replayed = append(replayed, r.Event.Payload.V.Value)
	}
	if !slices.Equal(replayed, []float64{24, 25}) {
		t.Errorf("replayed %v", replayed)
	}
	if n := rows(t, again, "SELECT count(*) FROM history"); n != 11 {
		t.Errorf("%d readings, want 11", n)
	}
}

func TestASlowDiskHoldsNobodyBackUntilTheBufferIsFull(t *testing.T) {
	release := make(chan struct{})
	v := newFaulty(t, func(int, string) error { return nil })
	s := must(t, t.TempDir(), Options{vfs: v.name, buffer: 100, Window: time.Millisecond})
	j := Journal(s, form)
	hangs := make(chan struct{})
	var once sync.Once
	v.set(func(_ int, what string) error {
		once.Do(func() { close(hangs) })
		<-release
		return nil
	})
	appendTo(t, j, readingOf("k", at, 0))
	<-hangs
	for i := range 99 {
		appendTo(t, j, readingOf("k", at, float64(i)))
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := j.Append(ctx, []workflow.Record[payload]{readingOf("k", at, 1)}); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("got %v", err)
	}
	if s.Health().Durable != 0 {
		t.Error("what was not synced is told to be durable")
	}
	close(release)
	if err := s.Flush(t.Context()); err != nil {
		t.Error(err)
	}
}
