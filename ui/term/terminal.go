package term

import (
	"errors"
	"fmt"
	"os"

	xterm "github.com/charmbracelet/x/term"
	"golang.org/x/sys/unix"
)

// ErrNoTerminal is returned, wrapped, by [Open] when there is nothing to draw on:
// the program can run without a screen only.
var ErrNoTerminal = errors.New("no terminal")

// A Terminal is the one the process was started on. There is one for each process,
// and it serves one [Terminal.Run].
type Terminal struct {
	in     *os.File // where keys come from
	out    *output
	saved  *xterm.State // how in was found
	failed chan error   // one slot: the first failure ends the run
}

// Open finds the terminal. It must be standard output; keys come from standard
// input, or from the terminal behind standard output when data is piped in. It
// writes nothing. The error is an [ErrNoTerminal] with the reason.
func Open() (*Terminal, error) {
	if name := os.Getenv("TERM"); name == "" || name == "dumb" {
		return nil, fmt.Errorf("%w: TERM is %q", ErrNoTerminal, name)
	}
	if !xterm.IsTerminal(os.Stdout.Fd()) {
		return nil, fmt.Errorf("%w: standard output is not one", ErrNoTerminal)
	}
	fd, err := reopen(unix.O_RDWR | unix.O_NONBLOCK)
	if err != nil {
		return nil, fmt.Errorf("%w: open the terminal of standard output: %w", ErrNoTerminal, err)
	}
	in := os.Stdin
	if !xterm.IsTerminal(in.Fd()) {
		keys, err := reopen(unix.O_RDWR)
		if err != nil {
			return nil, fmt.Errorf("%w: open the terminal for keys: %w", ErrNoTerminal, err)
		}
		in = os.NewFile(uintptr(keys), "terminal")
	}
	saved, err := xterm.GetState(in.Fd())
	if err != nil {
		return nil, fmt.Errorf("%w: read its modes: %w", ErrNoTerminal, err)
	}
	return &Terminal{in: in, out: &output{fd: fd}, saved: saved, failed: make(chan error, 1)}, nil
}

// reopen opens the terminal of standard output once more. Another user's (after su)
// can be opened as the controlling terminal only.
func reopen(flags int) (int, error) {
	fd, err := unix.Open(fmt.Sprintf("/proc/self/fd/%d", unix.Stdout), flags|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	if err != nil {
		fd, err = unix.Open("/dev/tty", flags|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	}
	return fd, err
}

// Size returns the columns and rows of the terminal, 0 and 0 if it does not know.
func (t *Terminal) Size() (columns, rows int) {
	columns, rows, err := xterm.GetSize(t.out.Fd())
	if err != nil || columns <= 0 || rows <= 0 {
		return 0, 0
	}
	return columns, rows
}

// ASCII reports whether the locale wants nothing but ASCII (LC_ALL, LC_CTYPE, LANG,
// the first that is set; none: UTF-8).
func (t *Terminal) ASCII() bool { return !utf8Locale() }

// Fail ends the run with err, at once or as soon as it starts; only the first
// failure counts. It never blocks and may be called by any goroutine: it is meant
// as the report of [guard.Go].
func (t *Terminal) Fail(err error) { offer(t.failed, err) }

// restoring undoes all that the renderer may have switched on, whatever sequence
// was cut off: synchronized output, mouse, focus reports, pasting, grapheme width,
// keyboard protocols, scroll region, wrapping, cursor, colours, alternate screen.
const restoring = "\x18\x1b[?2026l\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1004l\x1b[?2004l\x1b[?2027l" +
	"\x1b[<u\x1b[>4m\x1b[r\x1b[?7h\x1b[0 q\x1b[?25h\x1b[0m\x1b[?1049l"

// restore leaves the terminal as it was found.
func (t *Terminal) restore() {
	if !t.out.clean() {
		t.out.last(restoring, lastWords)
	}
	_ = xterm.Restore(t.in.Fd(), t.saved)
}
