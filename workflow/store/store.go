package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/ncruces/go-sqlite3"

	"setpoint/workflow"
	"setpoint/workflow/guard"
)

// FileName is that of the database in the state directory.
const FileName = "setpoint.db"

// The errors of a store that takes nothing.
var (
	ErrClosed   = errors.New("the store is closed")
	ErrReadOnly = errors.New("the store is read-only")
)

// Options say how a store is kept. The zero Options are in order.
type Options struct {
	ReadOnly  bool          // only look, beside an instance that may be running
	Retention time.Duration // older readings and notes are forgotten; 0: 90 days
	MaxBytes  int64         // of the file; the oldest readings are forgotten beyond it; 0: 4 GiB
	Window    time.Duration // within which what is appended is committed; 0: 200 ms
	Log       *slog.Logger
	Views     map[string]string // more views for people, by name: their SELECT

	// Committed is told that n more events of a source are on disk, and Lost that n
	// more will never be: together they tell of each event of the source, in the order
	// in which it was appended. The writer calls them; they must not block.
	Committed, Lost func(source string, n int)

	// Fail gets the panic of the writer. Nothing is kept any more then.
	Fail func(error)

	// For tests.
	vfs    string        // under which name the files are opened
	steps  []string      // schema
	buffer int           // records that may wait
	slice  int           // records that are moved at once
	again  time.Duration // between attempts to write
}

const (
	maxGroup = 1000    // records: as many are committed before the window is over
	maxBatch = 1 << 14 // records in a transaction
)

func (o Options) withDefaults() Options {
	set := func(p *time.Duration, v time.Duration) {
		if *p <= 0 {
			*p = v
		}
	}
	set(&o.Retention, 90*24*time.Hour)
	set(&o.Window, 200*time.Millisecond)
	set(&o.again, time.Second)
	if o.MaxBytes <= 0 {
		o.MaxBytes = 4 << 30
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.vfs == "" {
		o.vfs = strictVFS
	}
	if o.steps == nil {
		o.steps = schema
	}
	if o.buffer <= 0 {
		o.buffer = 1 << 16
	}
	if o.slice <= 0 {
		o.slice = maxBatch
	}
	return o
}

// walPages is how many pages the WAL holds before they are moved into the file.
func (o *Options) walPages() int { return int(min(max(o.MaxBytes/20/pageSize, 250), 4000)) }

// A Store is the file in a state directory. Its methods may be called from several
// goroutines.
type Store struct {
	dir, path string
	o         Options
	lock      *lock
	notices   []string // guarded by mu

	mu      sync.Mutex
	queue   []op    // what is not on disk
	records int     // in queue
	busy    int     // of queue, are being written, or may have been
	snap    *saving // to be written with the queue
	seq     uint64  // of the newest op
	written uint64  // seq of the newest op on disk
	last    workflow.Position
	durable workflow.Position
	letters uint64 // newest ID
	hurry   bool   // somebody waits
	closed  bool
	tried   bool  // once more after that
	dead    error // the writer's panic
	trouble
	changed chan struct{} // closed and made anew when something above changed

	wake    chan struct{}
	done    chan struct{} // closed when the writer is
	suspect atomic.Bool   // a reader met damage

	// The writer's own.
	disk    *disk
	unsure  *attempt // it failed, and nobody knows yet whether it is in the file
	crashed bool     // a WAL was left
	upkeep  upkeep
}

// Open opens the store in the directory dir, and makes both if they are not there.
// A damaged store is set aside, see [Store.Notices]. The error Is [ErrLocked],
// [ErrForeign] or [ErrNewer] when that is why; for a read-only store, which is not
// made, it Is [fs.ErrNotExist] or [ErrDamaged].
func Open(dir string, o Options) (*Store, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	s := &Store{
		dir: dir, path: filepath.Join(dir, FileName), o: o.withDefaults(),
		changed: make(chan struct{}), wake: make(chan struct{}, 1), done: make(chan struct{}),
	}
	if o.ReadOnly {
		close(s.done)
		if err := s.look(); err != nil {
			return nil, fmt.Errorf("store %q: %w", s.path, err)
		}
		return s, nil
	}
	if err := makeDir(dir); err != nil {
		return nil, err
	}
	if s.lock, err = acquire(dir); err != nil {
		return nil, fmt.Errorf("store %q: %w", dir, err)
	}
	if err := s.begin(); err != nil {
		_ = s.lock.release() // nothing was written to it
		return nil, fmt.Errorf("store %q: %w", s.path, err)
	}
	guard.Go("store", s.die, s.run)
	return s, nil
}

// makeDir makes a directory that is its owner's alone.
func makeDir(dir string) error {
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	return os.Chmod(dir, 0o700) // whatever the umask
}

// look checks that there is something to read.
func (s *Store) look() error {
	if err := sniff(s.path); err != nil {
		return err
	}
	return s.read(context.Background(), func(c *conn) error {
		_, err := version(c, s.o.steps)
		return err
	})
}

// scanTime is how long the file is searched for damage before it is used.
const scanTime = 300 * time.Millisecond

// begin opens the file, or a new one if there is none or a damaged one.
func (s *Store) begin() error {
	s.crashed = s.lock.mark.pid != 0 && !s.lock.mark.clean
	d, err := s.open()
	if isDamage(err) {
		if err = s.replace(err); err == nil {
			d, err = s.open()
		}
	}
	if err != nil {
		return err
	}
	s.disk = d
	s.last, s.durable, s.letters = d.last, d.last, d.state.letters
	s.lock.mark = mark{store: d.state.id, commits: d.commits}
	s.lock.write(s.lock.mark)
	s.bytes = sizeOf(s.path)
	return s.upkeep.begin(d)
}

// open opens the file, which it makes if there is none, and searches it for damage.
func (s *Store) open() (*disk, error) {
	err := sniff(s.path)
	if errors.Is(err, fs.ErrNotExist) {
		if !empty(s.path + "-wal") { // of a file that is gone
			return nil, fmt.Errorf("%w: only its WAL is left", ErrDamaged)
		}
		s.mu.Lock()
		last := s.last
		s.mu.Unlock()
		err = create(s.path, s.o.vfs, s.o.steps, last)
	}
	if err != nil {
		return nil, err
	}
	if s.crashed && empty(s.path+"-wal") {
		if err := resum(s.path); err != nil {
			return nil, err
		}
	}
	d, err := openDisk(s.path, &s.o)
	if err != nil {
		return nil, err
	}
	if err := s.check(d); err != nil {
		d.abandon()
		return nil, err
	}
	return d, nil
}

// check returns an error if the file has less than what was acknowledged, or shows
// damage soon.
func (s *Store) check(d *disk) error {
	if m := s.lock.mark; !m.clean && m.store == d.state.id && m.commits > d.commits {
		return fmt.Errorf("%w: it has %d commits, want %d", ErrDamaged, d.commits, m.commits)
	}
	if !empty(s.path + "-wal") { // somebody reads
		return nil
	}
	return scan(s.path, scanTime, false)
}

// replace sets the damaged file aside and says so.
func (s *Store) replace(why error) error {
	aside, err := setAside(s.path, time.Now())
	if err != nil {
		return fmt.Errorf("set aside, because %w: %w", why, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.notices = append(s.notices, fmt.Sprintf("%q was damaged and is now %q, a new one was begun: %v", s.path, filepath.Base(aside), why))
	s.o.Log.Error("damaged store set aside", "file", s.path, "now", aside, "err", why)
	return nil
}

// Notices returns what the operator should know about the file, each a line.
func (s *Store) Notices() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.notices)
}

// Close writes what is waiting and closes the file. Its error tells what is lost.
func (s *Store) Close() error {
	s.mu.Lock()
	again := s.closed
	s.closed = true
	s.ring()
	s.mu.Unlock()
	s.prod()
	<-s.done
	if again || s.lock == nil {
		return nil
	}
	s.mu.Lock()
	left, err := s.records, s.err
	s.mu.Unlock()
	if s.disk != nil && s.dead == nil {
		s.disk.close()
		s.lock.mark.clean = true
		s.lock.write(s.lock.mark)
	}
	if err := errors.Join(s.dead, s.lock.release()); err != nil {
		return err
	}
	if left > 0 {
		return fmt.Errorf("%d records were not kept: %w", left, err)
	}
	return nil
}

// die is told of the writer's panic.
func (s *Store) die(err error) {
	s.mu.Lock()
	s.dead = err
	s.state, s.err, s.since = Failing, err, time.Now()
	s.ring()
	s.mu.Unlock()
	close(s.done)
	if s.o.Fail != nil {
		s.o.Fail(err)
	}
}

// read calls f with a connection that only reads.
func (s *Store) read(ctx context.Context, f func(*conn) error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	name, query := s.o.vfs, ""
	if s.o.ReadOnly {
		name, query = beside(s.dir, s.path)
	}
	c, err := dial(s.path, name, query, sqlite3.OPEN_READONLY)
	if err == nil {
		defer c.close()
		c.SetInterrupt(ctx)
		if err = c.Exec("BEGIN"); err == nil {
			err = f(c)
		}
	}
	if isDamage(err) {
		s.suspect.Store(true)
		s.prod()
		return fmt.Errorf("store %q: %w: %w", s.path, ErrDamaged, err)
	}
	if err != nil && ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return err
}

// beside returns how to open a file that belongs to somebody else. Without a WAL
// nobody writes, and nothing has to be made to read it. If the last writer crashed
// and its WAL is gone, a program without checksums wrote it back.
func beside(dir, path string) (vfsName, query string) {
	if _, err := os.Stat(path + "-wal"); err == nil {
		return strictVFS, ""
	}
	if m := readMark(dir); m.pid != 0 && !m.clean && !taken(dir) {
		return lenientVFS, "&immutable=1"
	}
	return strictVFS, "&immutable=1"
}
