//go:build linux

package e2e_test

import (
	"io"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

// A stage is where a script's program runs, one at a time.
type stage struct{ now *running }

// onStage is the key of a script's stage.
type onStage struct{}

// running is a program that was started and goes on.
type running struct {
	cmd    *exec.Cmd
	stdin  io.WriteCloser // nil on a terminal
	exited chan struct{}

	mu             sync.Mutex
	stdout, stderr strings.Builder
	more           chan struct{} // something came

	tty *tty // nil without a terminal
}

// A stream is where one of the program's outputs goes.
type stream struct {
	p    *running
	into io.Writer
}

// Write takes what the program writes.
func (s stream) Write(b []byte) (int, error) {
	s.p.mu.Lock()
	defer s.p.mu.Unlock()
	select {
	case s.p.more <- struct{}{}:
	default:
	}
	return s.into.Write(b)
}

// prepare makes the script's program ready to be started with args.
func prepare(ts *testscript.TestScript, args []string) *running {
	s := ts.Value(onStage{}).(*stage)
	if s.now != nil {
		ts.Fatalf("the program is running already")
	}
	p := &running{cmd: exec.Command(program, unquoted(ts, args)...), exited: make(chan struct{}), more: make(chan struct{}, 1)}
	p.cmd.Dir = ts.MkAbs(".")
	for _, name := range []string{"PATH", "HOME", "LANG", "TERM", "NO_COLOR", "SETPOINT_SPEED"} {
		if v := ts.Getenv(name); v != "" {
			p.cmd.Env = append(p.cmd.Env, name+"="+v)
		}
	}
	s.now = p
	return p
}

// start starts the program, and makes sure of its end.
func (p *running) start(ts *testscript.TestScript) {
	ts.Check(p.cmd.Start())
	exited, cmd := p.exited, p.cmd
	go func() {
		_ = cmd.Wait()
		close(exited)
	}()
	ts.Defer(func() {
		_ = cmd.Process.Kill()
		<-exited
	})
}

func begin(ts *testscript.TestScript, args []string) {
	p := prepare(ts, args)
	p.cmd.Stdout, p.cmd.Stderr = stream{p, &p.stdout}, stream{p, &p.stderr}
	var err error
	p.stdin, err = p.cmd.StdinPipe()
	ts.Check(err)
	p.start(ts)
}

// current returns the program that runs.
func current(ts *testscript.TestScript) *running {
	s := ts.Value(onStage{}).(*stage)
	if s.now == nil {
		ts.Fatalf("no program is running")
	}
	return s.now
}

// shown returns what standard output or the screen has.
func (p *running) shown() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.tty != nil {
		return p.tty.screen.String()
	}
	return p.stdout.String()
}

// until waits until what is shown is as wanted.
func (p *running) until(ts *testscript.TestScript, what string, ok func(string) bool) {
	late := time.After(15 * time.Second)
	for exited := p.exited; !ok(p.shown()); {
		select {
		case <-p.more:
		case <-exited: // what is shown now is the last
			exited = nil
			if p.tty == nil && !ok(p.shown()) {
				ts.Fatalf("%s: the program has ended\n%s%s", what, p.shown(), p.stderr.String())
			}
		case <-late:
			ts.Fatalf("%s: not in time\n%s", what, p.shown())
		}
	}
}

func expect(ts *testscript.TestScript, args []string) {
	for _, text := range args {
		current(ts).until(ts, "expect "+text, func(shown string) bool { return strings.Contains(shown, text) })
	}
}

func gone(ts *testscript.TestScript, args []string) {
	current(ts).until(ts, "gone "+args[0], func(shown string) bool { return !strings.Contains(shown, args[0]) })
}

func typeText(ts *testscript.TestScript, args []string) {
	p := current(ts)
	text := strings.Join(unquoted(ts, args), " ")
	var to io.Writer = p.stdin
	if p.tty != nil {
		to = p.tty.master
	}
	_, err := io.WriteString(to, text)
	ts.Check(err)
}

var signals = map[string]syscall.Signal{
	"TERM": syscall.SIGTERM, "INT": syscall.SIGINT, "HUP": syscall.SIGHUP, "QUIT": syscall.SIGQUIT,
}

func signal(ts *testscript.TestScript, args []string) {
	s, ok := signals[args[0]]
	if !ok {
		ts.Fatalf("%s: want TERM, INT, HUP or QUIT", args[0])
	}
	ts.Check(current(ts).cmd.Process.Signal(s))
}

// end waits for the program to end by itself, within the two seconds that are
// promised even if nobody reads the terminal.
func end(ts *testscript.TestScript, args []string) {
	p := current(ts)
	select {
	case <-p.exited:
	case <-time.After(2*time.Second + slack):
		ts.Fatalf("the program does not end\n%s", p.shown())
	}
	status := p.cmd.ProcessState.ExitCode()
	if p.tty != nil {
		p.tty.drain(p)
		ts.Logf("%s", p.shown())
		ts.Check(p.tty.left())
	} else {
		_, _ = io.WriteString(ts.Stdout(), p.stdout.String())
		_, _ = io.WriteString(ts.Stderr(), p.stderr.String())
		ts.Check(sound(p.stdout.String(), p.stderr.String()))
	}
	want(ts, status, args[0])
	ts.Value(onStage{}).(*stage).now = nil
}

// slack is for a machine that has other things to do.
const slack = time.Second
