package store

import (
	"errors"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"time"
)

// ErrLocked is returned when another instance writes to the store.
var ErrLocked = errors.New("another instance uses the store")

// The lock is that of the operating system on this file, so it ends with the
// process, however that ends. The file stays.
const lockName = "setpoint.lock"

// lock is the lock of a state directory.
type lock struct {
	file *os.File
	mark mark // as it was when the lock was taken
}

// mark is what the lock file says: who writes, and how much was acknowledged. It is
// written without a sync, so it may be behind after a loss of power, but it is never
// ahead.
type mark struct {
	pid     int
	store   uint64 // ID of the file
	commits uint64 // of which somebody was told
	clean   bool   // the store was closed
}

const markForm = "pid %d store %016x commits %d clean %t"

// String returns the line that parseMark understands.
func (m mark) String() string {
	line := fmt.Sprintf(markForm, m.pid, m.store, m.commits, m.clean)
	return fmt.Sprintf("%s crc %08x\n", line, crc32.ChecksumIEEE([]byte(line)))
}

// parseMark returns what the first line says; nothing if it is damaged.
func parseMark(b []byte) (m mark, ok bool) {
	var sum uint32
	if _, err := fmt.Sscanf(string(b), markForm+" crc %08x\n", &m.pid, &m.store, &m.commits, &m.clean, &sum); err != nil {
		return mark{}, false
	}
	line := fmt.Sprintf(markForm, m.pid, m.store, m.commits, m.clean)
	if sum != crc32.ChecksumIEEE([]byte(line)) {
		return mark{}, false
	}
	return m, true
}

// readMark returns what the lock file of dir says; nothing if there is none.
func readMark(dir string) mark {
	b, _ := os.ReadFile(filepath.Join(dir, lockName))
	m, _ := parseMark(b)
	return m
}

// Somebody who only asks whether the lock is taken holds it for a moment.
const (
	lockTries = 20
	lockWait  = 10 * time.Millisecond
)

// acquire takes the lock of dir, or says who has it.
func acquire(dir string) (*lock, error) {
	f, err := os.OpenFile(filepath.Join(dir, lockName), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, err
	}
	for range lockTries {
		if err = tryLock(f, true); !errors.Is(err, errTaken) {
			break
		}
		time.Sleep(lockWait)
	}
	if err == nil {
		err = f.Chmod(0o600)
	}
	l := &lock{f, readMark(dir)}
	if errors.Is(err, errTaken) {
		err = fmt.Errorf("%w: it has process ID %d", ErrLocked, l.mark.pid)
	}
	if err != nil {
		_ = f.Close() // nothing was written
		return nil, err
	}
	return l, nil
}

var errTaken = errors.New("the lock is taken")

// taken reports whether somebody has the lock of dir.
func taken(dir string) bool {
	f, err := os.Open(filepath.Join(dir, lockName))
	if err != nil {
		return false
	}
	defer f.Close()
	return errors.Is(tryLock(f, false), errTaken)
}

// write writes m. A mark that cannot be written is behind, which does no harm.
func (l *lock) write(m mark) {
	m.pid = os.Getpid()
	line := fmt.Appendf(nil, "%-120s", m.String())
	_, _ = l.file.WriteAt(line, 0)
}

// release gives the lock back.
func (l *lock) release() error { return l.file.Close() }
