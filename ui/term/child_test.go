//go:build linux

package term_test

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strings"
	"syscall"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"go.uber.org/goleak"
	"golang.org/x/sys/unix"

	"setpoint/sensors/display"
	"setpoint/ui/term"
	"setpoint/workflow/guard"
)

// role tells the test binary, started once more, which program to be.
const role = "SETPOINT_TERM_TEST"

func TestMain(m *testing.M) {
	switch os.Getenv(role) {
	case "":
		goleak.VerifyTestMain(m)
	case "shell":
		os.Exit(shell())
	case "vanish": // a terminal that vanishes without a word
		signal.Ignore(syscall.SIGHUP)
	}
	os.Exit(program())
}

// program is what a main function does with the package.
func program() int {
	t, err := term.Open()
	if err != nil {
		fmt.Fprintln(os.Stderr, "error:", display.Error(err))
		return 2
	}
	numbers := term.NewLatest[int]()
	guard.Go("numbers", t.Fail, func() {
		n := 0
		for range time.Tick(5 * time.Millisecond) {
			n++
			numbers.Put(n)
		}
	})
	last := "LOST"
	_, end := t.Run(&screen{fail: t.Fail, next: func() tea.Msg { return <-numbers.C() }}, term.Options{OnEnd: func(term.End) {
		switch os.Getenv(role) {
		case "slow":
			select {}
		case "clumsy":
			panic("oops")
		}
		last = "DRAINED"
	}})
	fmt.Fprintln(os.Stderr, last)
	if end.Err != nil {
		fmt.Fprintln(os.Stderr, "ERROR", display.Error(end.Err))
	}
	if p, ok := errors.AsType[*guard.PanicError](end.Err); ok {
		_, _ = os.Stderr.Write(p.Stack)
	}
	return end.Status()
}

// screen is a model that fills the terminal anew with every number, and goes wrong
// in the way the pressed key names.
type screen struct {
	fail          func(error)
	next          tea.Cmd
	n             int
	columns, rows int
	panicking     bool
	overlong      bool
}

func (s *screen) Init() tea.Cmd { return s.next }

func (s *screen) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case int:
		s.n = msg
		return s, s.next
	case tea.WindowSizeMsg:
		s.columns, s.rows = msg.Width, msg.Height
	case tea.KeyPressMsg:
		return s, s.press(msg.String())
	}
	return s, nil
}

func (s *screen) press(key string) tea.Cmd {
	oops := func() tea.Msg { panic("oops") }
	switch key {
	case "q":
		return tea.Quit
	case "i":
		return tea.Interrupt
	case "u":
		panic("oops")
	case "v":
		s.panicking = true
	case "o":
		s.overlong = true
	case "c":
		return oops
	case "b":
		return tea.Batch(s.next, oops)
	case "s":
		return tea.Sequence(func() tea.Msg { return nil }, oops)
	case "g":
		guard.Go("goroutine", s.fail, func() { panic("oops") })
	case "d": // deaf and dumb
		select {}
	}
	return nil
}

func (s *screen) View() tea.View {
	if s.panicking {
		panic("oops")
	}
	lines := make([]string, max(s.rows, 1))
	for i := range lines {
		text := fmt.Sprintf("%dx%d number %d ", s.columns, s.rows, s.n)
		lines[i] = (text + strings.Repeat(string(rune('a'+(s.n+i)%26)), s.columns))[:max(s.columns, 1)]
	}
	if s.overlong {
		lines[0] = "\x1b[" + strings.Repeat("1;", 40) + "mSURVIVED"
	}
	v := tea.NewView(strings.Join(lines, "\n"))
	v.AltScreen = true
	v.MouseMode = tea.MouseModeCellMotion
	return v
}

// shell is a session leader that starts the program in a job of its own and obeys
// "fg", "bg" and "kill" while that job is stopped or in the background.
func shell() int {
	signal.Ignore(syscall.SIGTTOU)
	job := exec.Command(os.Args[0])
	job.Env = append(os.Environ(), role+"=program")
	job.Stdin, job.Stdout, job.Stderr = os.Stdin, os.Stdout, os.Stderr
	job.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Foreground: true}
	if err := job.Start(); err != nil {
		return 99
	}
	pid := job.Process.Pid
	commands := bufio.NewScanner(os.Stdin)
	for {
		var status syscall.WaitStatus
		if _, err := syscall.Wait4(pid, &status, syscall.WUNTRACED, nil); err != nil {
			return 98
		}
		_ = unix.IoctlSetPointerInt(0, unix.TIOCSPGRP, unix.Getpgrp())
		if status.Exited() {
			fmt.Printf("EXITED %d\n", status.ExitStatus())
			return status.ExitStatus()
		}
		for again := true; again; {
			fmt.Println("PROMPT")
			commands.Scan()
			switch commands.Text() {
			case "fg":
				_ = unix.IoctlSetPointerInt(0, unix.TIOCSPGRP, pid)
				again = false
			case "kill":
				_ = syscall.Kill(-pid, syscall.SIGTERM)
				again = false
			}
			_ = syscall.Kill(-pid, syscall.SIGCONT)
		}
	}
}
