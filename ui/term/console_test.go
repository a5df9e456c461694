//go:build linux

package term_test

import (
	"bytes"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/sys/unix"
)

// A console is a program on a pseudo terminal, seen from the terminal's side.
type console struct {
	t      *testing.T
	cmd    *exec.Cmd
	master *os.File
	modes  unix.Termios // before the program
	exited chan struct{}

	mu   sync.Mutex
	out  bytes.Buffer
	more chan struct{} // something came
}

// start runs a role of the test binary on a new terminal. Nothing is read from it
// before read is called.
func start(t *testing.T, as string, columns, rows int, env ...string) *console {
	t.Helper()
	master, slave, err := pty.Open()
	if err != nil {
		t.Fatal(err)
	}
	_ = pty.Setsize(master, &pty.Winsize{Cols: uint16(columns), Rows: uint16(rows)})
	modes, err := unix.IoctlGetTermios(int(slave.Fd()), unix.TCGETS)
	if err != nil {
		t.Fatal(err)
	}
	c := &console{t: t, master: master, modes: *modes, exited: make(chan struct{}), more: make(chan struct{}, 1)}
	c.cmd = exec.Command(os.Args[0])
	c.cmd.Env = append([]string{"TERM=xterm-256color", "LANG=C.UTF-8", role + "=" + as}, env...)
	c.cmd.Stdin, c.cmd.Stdout, c.cmd.Stderr = slave, slave, slave
	c.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true, Ctty: 1}
	if as == "piped" {
		c.cmd.Stdin = strings.NewReader("time,sensor,value\n")
	}
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = c.cmd.Wait()
		close(c.exited)
	}()
	t.Cleanup(func() {
		_ = c.cmd.Process.Kill()
		<-c.exited
		_ = slave.Close()
		_ = master.Close()
	})
	return c
}

// read takes what the program writes, from now on.
func (c *console) read() *console {
	go func() {
		_, _ = io.Copy(c, c.master)
	}()
	return c
}

// Write collects the program's output.
func (c *console) Write(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	select {
	case c.more <- struct{}{}:
	default:
	}
	return c.out.Write(p)
}

func (c *console) output() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.out.String()
}

// expect waits until text was written after the given offset and returns the offset
// behind it.
func (c *console) expect(text string, after int) int {
	c.t.Helper()
	late := time.After(10 * time.Second)
	for {
		out := c.output()
		if i := strings.Index(out[min(after, len(out)):], text); i >= 0 {
			return after + i + len(text)
		}
		select {
		case <-c.more:
		case <-late:
			c.t.Fatalf("no %q in\n%.3000q", text, out[min(after, len(out)):])
		}
	}
}

func (c *console) send(keys string) {
	c.t.Helper()
	if _, err := io.WriteString(c.master, keys); err != nil {
		c.t.Fatal(err)
	}
}

// exit waits for the program's end and checks status and time.
func (c *console) exit(status int, within time.Duration) {
	c.t.Helper()
	select {
	case <-c.exited:
		if got := c.cmd.ProcessState.ExitCode(); got != status {
			c.t.Errorf("exit status %d, want %d\n%.3000q", got, status, c.output())
		}
	case <-time.After(within):
		c.t.Fatalf("the program did not end within %v", within)
	}
}

// clean checks that the terminal was left as it was found and returns what was
// written after the screen was left.
func (c *console) clean() string {
	c.t.Helper()
	c.expect("DRAINED", 0)
	out := c.output()
	for _, m := range []struct{ on, off string }{
		{"\x1b[?1049h", "\x1b[?1049l"},
		{"\x1b[?25l", "\x1b[?25h"},
		{"\x1b[?1002h", "\x1b[?1002l"},
		{"\x1b[?1006h", "\x1b[?1006l"},
		{"\x1b[?2004h", "\x1b[?2004l"},
	} {
		if strings.LastIndex(out, m.off) <= strings.LastIndex(out, m.on) {
			c.t.Errorf("%q is not undone by %q in the end", m.on, m.off)
		}
	}
	modes, err := unix.IoctlGetTermios(int(c.master.Fd()), unix.TCGETS)
	if err != nil || *modes != c.modes {
		c.t.Errorf("the modes of the line are %v (%v), they were %v", modes, err, c.modes)
	}
	return out[strings.LastIndex(out, "\x1b[?1049l"):]
}

// quiet waits until the program has stopped drawing.
func quiet(c *console) {
	for {
		select {
		case <-c.more:
		case <-time.After(300 * time.Millisecond):
			return
		}
	}
}

// full waits until the program has something to write that the terminal does not
// take: what can be read stays the same for a while.
func full(t *testing.T, c *console) {
	t.Helper()
	last, same := 0, 0
	for range time.Tick(50 * time.Millisecond) {
		n, err := unix.IoctlGetInt(int(c.master.Fd()), unix.TIOCINQ)
		if err != nil {
			t.Fatal(err)
		}
		if n > 0 && n == last {
			same++
		}
		if same == 6 {
			return
		}
		last = n
	}
}
