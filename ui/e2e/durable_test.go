//go:build linux

package e2e_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// firstAck is how long a source may wait for the first acknowledgement after a start,
// whatever is stored.
const firstAck = 2 * time.Second

// A stream of readings that a careful source sends: every line has a time of its own,
// a tenth of a second after the one before, and its sensor's value goes over the
// thresholds and back. The times are far ahead, so that the machine's clock, which
// says how long a live sensor has been silent, is never ahead of them.
type readings struct{ seed uint64 }

var streamBegins = time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)

func (s readings) at(i int) (at time.Time, sensor string, value float64) {
	noise := rand.New(rand.NewPCG(s.seed, uint64(i))).NormFloat64()
	k := i % 5
	v := 25 + 18*math.Sin(float64(i)/float64(150+40*k)) + noise
	return streamBegins.Add(time.Duration(i) * 100 * time.Millisecond), "zone-" + strconv.Itoa(k), math.Round(v*1000) / 1000
}

// line returns reading i as it is sent.
func (s readings) line(i int) string {
	at, sensor, v := s.at(i)
	return fmt.Sprintf("{\"time\":%q,\"sensor\":%q,\"value\":%v}\n", at.Format(time.RFC3339Nano), sensor, v)
}

// kept returns reading i as the history command tells it.
func (s readings) kept(i int) string {
	at, sensor, v := s.at(i)
	return fmt.Sprintf("{\"time\":%q,\"sensor\":%q,\"value\":%v,\"quality\":\"good\"}\n", at.Format("2006-01-02T15:04:05.000000000Z"), sensor, v)
}

// A program under test with its standard streams at hand.
type child struct {
	t      *testing.T
	cmd    *exec.Cmd
	stdin  io.WriteCloser
	begun  time.Time
	stderr bytes.Buffer
	ended  chan struct{}
	waits  []time.Duration // from readings to their alarms

	mu    sync.Mutex
	lines []said
	more  chan struct{} // something was said, or the end came
}

// said is a line of standard output, and when it came.
type said struct {
	Type, Sensor, Threshold, State, Source, Text, Quality string
	Time                                                  string
	Value                                                 float64
	N                                                     int
	raw                                                   string
	came                                                  time.Time
}

// run starts a program and reads what it says. It is killed at the end of the test.
func run(t *testing.T, name string, args ...string) *child {
	t.Helper()
	c := &child{t: t, cmd: exec.Command(name, args...), ended: make(chan struct{}), more: make(chan struct{}, 1)}
	c.cmd.Env = append(os.Environ(), "HOME="+t.TempDir(), "XDG_CONFIG_HOME=", "XDG_STATE_HOME=")
	c.cmd.Dir = t.TempDir()
	c.cmd.Stderr = &c.stderr
	var err error
	if c.stdin, err = c.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	out, err := c.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	c.begun = time.Now()
	if err := c.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go c.listen(out)
	t.Cleanup(func() { c.kill() })
	return c
}

// watch runs setpoint headless on standard input, with its state in dir.
func watch(t *testing.T, dir string, args ...string) *child {
	t.Helper()
	return run(t, program, append([]string{"--headless", "--state", dir, "--emit", "acks", "-"}, args...)...)
}

func (c *child) listen(out io.Reader) {
	defer close(c.ended)
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<24)
	for lines.Scan() {
		l := said{raw: lines.Text(), came: time.Now()}
		if json.Unmarshal(lines.Bytes(), &l) != nil {
			l.Type = "torn" // by a kill
		}
		c.mu.Lock()
		c.lines = append(c.lines, l)
		c.mu.Unlock()
		c.ring()
	}
	_ = c.cmd.Wait()
	c.ring()
}

func (c *child) ring() {
	select {
	case c.more <- struct{}{}:
	default:
	}
}

// heard returns what was said so far.
func (c *child) heard() []said {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.lines[:len(c.lines):len(c.lines)]
}

// kill kills the program with SIGKILL, and returns when it is gone and all that it
// said is heard.
func (c *child) kill() {
	_ = c.cmd.Process.Kill()
	_ = c.stdin.Close() // below a tracer the program only hears this
	<-c.ended
}

// say writes to standard input; a program that is gone does not hear it.
func (c *child) say(text string) bool {
	_, err := io.WriteString(c.stdin, text)
	return err == nil
}

// wait returns the first line that is as wanted.
func (c *child) wait(what string, within time.Duration, ok func(said) bool) said {
	c.t.Helper()
	for late, n := time.After(within), 0; ; {
		for list := c.heard(); n < len(list); n++ {
			if ok(list[n]) {
				return list[n]
			}
		}
		select {
		case <-c.more:
		case <-c.ended:
			if n == len(c.heard()) {
				c.t.Fatalf("%s: the program has ended\n%s%s", what, c.said(), c.stderr.String())
			}
		case <-late:
			c.t.Fatalf("%s: not within %v\n%s%s", what, within, c.said(), c.stderr.String())
		}
	}
}

// said returns the last lines as they were written.
func (c *child) said() string {
	var b strings.Builder
	list := c.heard()
	for _, l := range list[max(0, len(list)-20):] {
		fmt.Fprintf(&b, "%.500s\n", l.raw)
	}
	return b.String()
}

// end waits for the end of the program, wants its exit status, and returns its
// summary.
func (c *child) end(status int, within time.Duration) figures {
	c.t.Helper()
	_ = c.stdin.Close()
	select {
	case <-c.ended:
	case <-time.After(within):
		c.t.Fatalf("the program does not end within %v\n%s", within, c.said())
	}
	if got := c.cmd.ProcessState.ExitCode(); got != status {
		c.t.Fatalf("exit status %d, want %d\n%s%s", got, status, c.said(), c.stderr.String())
	}
	list := c.heard()
	if len(list) == 0 {
		return nil
	}
	s, err := lastSummary(list[len(list)-1].raw)
	if status == 0 && err != nil {
		c.t.Fatal(err)
	}
	return s
}

// stop ends the program with SIGTERM.
func (c *child) stop() figures {
	c.t.Helper()
	if err := c.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		c.t.Fatal(err)
	}
	return c.end(143, 5*time.Second+slack)
}

// acked returns how many records were acknowledged.
func (c *child) acked() (n int) {
	for _, l := range c.heard() {
		if l.Type == "ack" {
			n = l.N
		}
	}
	return n
}

// ask runs a command to its end and returns what it says.
func ask(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, diagnosis bytes.Buffer
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = t.TempDir(), &out, &diagnosis
	cmd.Env = append(os.Environ(), "HOME="+cmd.Dir, "XDG_CONFIG_HOME=", "XDG_STATE_HOME=")
	err := cmd.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		status = exit.ExitCode()
	} else if err != nil {
		t.Fatal(err)
	}
	if err := inert("stderr", diagnosis.String()); err != nil {
		t.Error(err)
	}
	return status, out.String(), diagnosis.String()
}

// number returns a number from the environment, for runs that are longer than usual.
func number(t *testing.T, name string, usual int) int {
	text := os.Getenv(name)
	if text == "" {
		return usual
	}
	n, err := strconv.Atoi(text)
	if err != nil {
		t.Fatalf("%s=%q: want a number", name, text)
	}
	return n
}

func TestAcknowledgementsCountRejectedRecordsInTheirPlace(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := watch(t, dir, "--emit", "acks,rejects")
	lines := 0
	say := func(text string) {
		lines++
		c.say(text + "\n")
	}
	for i := range 50 {
		say(strings.TrimSuffix(readings{1}.line(i), "\n"))
		if i%7 == 0 {
			say("no reading")
			say(`{"sensor":"oven"}`)
		}
	}
	say(`{"sensor":"","value":1}`)
	say(`{"sensor":"oven","value":21}`)
	c.wait("all acknowledgements", firstAck+slack, func(l said) bool { return l.Type == "ack" && l.N == lines })
	c.end(0, 5*time.Second)
	if status, out, _ := ask(t, "history", "--state", dir); status != 0 || strings.Count(out, "\n") != 51 {
		t.Errorf("history ends with %d and has %d readings, want 51", status, strings.Count(out, "\n"))
	}
}
