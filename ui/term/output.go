package term

import (
	"errors"
	"io"
	"sync"
	"time"

	"golang.org/x/sys/unix"
)

// errAbandoned is what Write returns once the terminal was given up.
var errAbandoned = errors.New("terminal given up")

// output writes to a terminal through an open description of its own, which does
// not block: the renderer holds its lock while it writes, so a write that waits for
// an unread terminal must be possible to end from outside. (The description is our
// own because O_NONBLOCK on the shared one would befall the shell as well.)
//
// It is a terminal file for Bubble Tea, which takes its size from Fd.
type output struct {
	fd int

	mu     sync.Mutex // held for the system call, never while waiting
	broken bool       // a write failed: the screen is in an unknown state
	given  bool       // given up: nothing is written any more
}

// Write writes all of p, waiting while the terminal takes nothing, until that is
// given up.
func (o *output) Write(p []byte) (int, error) {
	for done := 0; ; {
		n, err := o.write(p[done:])
		done += n
		switch {
		case done == len(p):
			return done, nil
		case err == nil:
		case errors.Is(err, unix.EAGAIN), errors.Is(err, unix.EINTR):
			o.wait()
		default:
			return done, err
		}
	}
}

func (o *output) write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.given {
		return 0, errAbandoned
	}
	n, err := unix.Write(o.fd, p)
	if err != nil && !errors.Is(err, unix.EAGAIN) && !errors.Is(err, unix.EINTR) {
		o.broken = true
	}
	return max(n, 0), err
}

// wait returns when the terminal may take something, or after a tenth of a second.
// It always takes a moment, so that no caller spins where poll has nothing to say.
func (o *output) wait() {
	_, _ = unix.Poll([]unix.PollFd{{Fd: int32(o.fd), Events: unix.POLLOUT}}, 100)
	time.Sleep(time.Millisecond)
}

// gone reports whether the terminal hung up.
func (o *output) gone() bool {
	fds := []unix.PollFd{{Fd: int32(o.fd)}}
	n, err := unix.Poll(fds, 0)
	return err == nil && n > 0 && fds[0].Revents&(unix.POLLHUP|unix.POLLERR) != 0
}

// giveUp ends a Write that waits, and all later ones.
func (o *output) giveUp() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.given = true
}

// clean reports whether everything that was to be written was written.
func (o *output) clean() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return !o.broken && !o.given
}

// last throws away what the terminal has not read yet and writes s, trying for at
// most the given time. Nobody else may write any more.
func (o *output) last(s string, within time.Duration) {
	_ = discard(o.fd)
	rest := []byte(s)
	for end := time.Now().Add(within); len(rest) > 0 && time.Now().Before(end) && !o.gone(); {
		n, err := unix.Write(o.fd, rest)
		rest = rest[max(n, 0):]
		if err != nil {
			time.Sleep(5 * time.Millisecond)
		}
	}
}

// Fd returns the descriptor.
func (o *output) Fd() uintptr { return uintptr(o.fd) }

// Read returns [io.EOF]: keys come from elsewhere.
func (o *output) Read([]byte) (int, error) { return 0, io.EOF }

// Close does nothing: the terminal is needed until the process ends.
func (o *output) Close() error { return nil }
