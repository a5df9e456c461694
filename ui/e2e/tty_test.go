//go:build linux

package e2e_test

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/charmbracelet/x/term"
	"github.com/creack/pty"
	"github.com/rogpeppe/go-internal/testscript"
	"golang.org/x/sys/unix"
)

// A tty is the terminal that a program runs on. It answers no question.
type tty struct {
	master, slave *os.File
	modes         term.State // of the line, before the program
	screen        *screen
	reading       bool
	vanished      bool
}

// begins starts the program on a terminal, which is read unless the size says
// otherwise.
func begins(ts *testscript.TestScript, args []string) {
	p := prepare(ts, args[1:])
	size, how, _ := strings.Cut(args[0], ":")
	t := &tty{screen: &screen{unread: how == "unread"}}
	var err error
	t.master, t.slave, err = pty.Open()
	ts.Check(err)
	ts.Defer(func() { _ = errors.Join(t.master.Close(), t.slave.Close()) })
	p.tty = t
	resize(ts, []string{size})
	modes, err := term.GetState(t.slave.Fd())
	ts.Check(err)
	t.modes = *modes
	p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = t.slave, t.slave, t.slave
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if how != "unread" {
		t.read(p)
	}
	p.start(ts)
}

// read takes what the program writes, from now on.
func (t *tty) read(p *running) {
	if t.reading {
		return
	}
	t.reading = true
	go func() { _, _ = io.Copy(stream{p, t.screen}, t.master) }()
}

func resize(ts *testscript.TestScript, args []string) {
	var columns, rows uint16
	_, err := fmt.Sscanf(args[0], "%dx%d", &columns, &rows)
	ts.Check(err)
	p := current(ts)
	p.mu.Lock()
	p.tty.screen.resize(int(columns), int(rows))
	p.mu.Unlock()
	ts.Check(pty.Setsize(p.tty.master, &pty.Winsize{Cols: columns, Rows: rows}))
}

// full waits until the program has something to write that the terminal does not
// take: what can be read stays the same for a while.
func full(ts *testscript.TestScript, _ []string) {
	last, same := 0, 0
	late := time.After(15 * time.Second)
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for same < 6 {
		select {
		case <-tick.C:
		case <-late:
			ts.Fatalf("the terminal does not become full")
		}
		n, err := unix.IoctlGetInt(int(current(ts).tty.master.Fd()), unix.TIOCINQ)
		ts.Check(err)
		same++
		if n == 0 || n != last {
			last, same = n, 0
		}
	}
}

func hangup(ts *testscript.TestScript, _ []string) {
	t := current(ts).tty
	t.vanished = true
	ts.Check(errors.Join(t.slave.Close(), t.master.Close()))
}

// drain waits until everything that the program wrote has been taken.
func (t *tty) drain(p *running) {
	if t.vanished {
		return
	}
	t.read(p)
	_, _ = io.WriteString(t.slave, enquiry)
	for late := time.After(5 * time.Second); ; {
		p.mu.Lock()
		all := t.screen.enquired
		p.mu.Unlock()
		if all {
			return
		}
		select {
		case <-p.more:
		case <-late:
			return
		}
	}
}

// left returns what is wrong with the terminal that the program leaves behind, and
// with all that it wrote.
func (t *tty) left() error {
	if t.vanished {
		return nil
	}
	errs := []error{t.screen.left()}
	modes, err := term.GetState(t.slave.Fd())
	if err == nil && *modes != t.modes {
		err = errors.New("the modes of the line are not what they were")
	}
	return errors.Join(append(errs, err)...)
}
