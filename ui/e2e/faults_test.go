//go:build linux

package e2e_test

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// promptly is within what time an alarm is told, whatever the disk does.
const promptly = 200 * time.Millisecond

// flood feeds a run readings of sensors that are over their thresholds at once, one
// sensor after the other at a pace, until enough is reached, and returns how many.
func (c *child) flood(from int, pace time.Duration, enough func(n int) bool) (n int) {
	c.t.Helper()
	tick := time.NewTicker(pace)
	defer tick.Stop()
	for n = from; !enough(n); n++ {
		if n > from+1000 {
			c.t.Fatalf("after %d readings it is not enough\n%s", n-from, c.said())
		}
		<-tick.C
		name := fmt.Sprint("oven-", n)
		sent := time.Now()
		c.say(fmt.Sprintf("{\"sensor\":%q,\"value\":99}\n", name))
		raised := c.wait("an alarm of "+name, promptly+slack, func(l said) bool {
			return l.Type == "alarm" && l.Sensor == name && l.Threshold == "critical" && l.State == "raised"
		})
		c.waits = append(c.waits, raised.came.Sub(sent))
	}
	return n
}

// prompt wants alarms to have been told in time, and returns the longest of the times. A
// machine that has other things to do may be late with some.
func (c *child) prompt() time.Duration {
	c.t.Helper()
	slices.Sort(c.waits)
	if half := c.waits[len(c.waits)/2]; half > promptly {
		c.t.Errorf("half of the alarms came after %v or more, want at most %v", half, promptly)
	}
	return c.waits[len(c.waits)-1]
}

// found reports whether a finding with some text has begun or is over.
func (c *child) found(text, state string) bool {
	n := 0
	for _, l := range c.heard() {
		if l.Type == "finding" && strings.Contains(l.Text, text) && l.State == state {
			n++
		}
	}
	if n > 1 {
		c.t.Errorf("%q is said %d times", text, n)
	}
	return n > 0
}

// stored returns how many readings are in the store.
func stored(t *testing.T, dir string) int {
	t.Helper()
	status, out, stderr := ask(t, "history", "--state", dir)
	if status != 0 {
		t.Fatalf("history ends with %d: %s", status, stderr)
	}
	if status, out, stderr := ask(t, "verify", "--state", dir); status != 0 {
		t.Errorf("verify ends with %d: %s%s", status, out, stderr)
	}
	return strings.Count(out, "\n")
}

func TestOnAFullDiskAlarmsGoOnAndStoringResumes(t *testing.T) {
	t.Parallel()
	dir := mounted(t, "tmpfs", "tmpfs", 0, "size=4m")
	c := watch(t, filepath.Join(dir, "state"))
	n := c.settled()
	ballast := filepath.Join(dir, "ballast")
	if err := os.WriteFile(ballast, make([]byte, 4<<20), 0o600); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("the disk does not fill up: %v", err)
	}
	n = c.flood(n, 10*time.Millisecond, func(int) bool { return c.found("store is full", "begun") })
	n = c.flood(n, 10*time.Millisecond, func(m int) bool { return m == n+100 })
	told := c.acked()
	n = c.flood(n, 10*time.Millisecond, func(m int) bool { return m == n+50 })
	if c.acked() != told || told >= n-150 {
		t.Errorf("%d of %d readings were acknowledged while there was no room", c.acked(), n)
	}
	if err := os.Remove(ballast); err != nil {
		t.Fatal(err)
	}
	c.wait("all acknowledgements", 5*time.Second, func(l said) bool { return l.Type == "ack" && l.N == n })
	c.wait("that storing resumes", 5*time.Second, func(l said) bool {
		return l.Type == "finding" && strings.HasPrefix(l.Text, "store is") && l.State == "over"
	})
	c.end(0, 5*time.Second)
	if got := stored(t, filepath.Join(dir, "state")); got != n {
		t.Errorf("%d readings are kept, want %d", got, n)
	}
	t.Logf("%d readings, alarms after at most %v", n, c.prompt())
}

func TestADiskThatStaysFullIsToldByTheExitStatus(t *testing.T) {
	t.Parallel()
	dir := mounted(t, "tmpfs", "tmpfs", 0, "size=2m")
	c := watch(t, filepath.Join(dir, "state"))
	n := c.settled()
	if err := os.WriteFile(filepath.Join(dir, "ballast"), make([]byte, 4<<20), 0o600); !errors.Is(err, syscall.ENOSPC) {
		t.Fatalf("the disk does not fill up: %v", err)
	}
	n = c.flood(n, 10*time.Millisecond, func(m int) bool { return m == n+100 })
	told := c.acked()
	c.end(3, 10*time.Second)
	if text := c.stderr.String(); !strings.Contains(text, "not kept") {
		t.Errorf("it says %q", text)
	}
	list := c.heard()
	if _, err := lastSummary(list[len(list)-1].raw); err != nil {
		t.Error(err)
	}
	if err := os.Remove(filepath.Join(dir, "ballast")); err != nil {
		t.Fatal(err)
	}
	if got := stored(t, filepath.Join(dir, "state")); got < told || got > n {
		t.Errorf("%d readings are kept, of %d; %d were acknowledged", got, n, told)
	}
}

// spoil makes the program's disk misbehave, as strace can make it, until it is mended.
func (c *child) spoil(inject string) (mend func()) {
	c.t.Helper()
	strace, err := exec.LookPath("strace")
	if err != nil {
		c.t.Skip("no strace in the path: a failing and a slow fsync are not tested (Debian: apt-get install strace)")
	}
	cmd := exec.Command(strace, "-f", "-o", "/dev/null", "-e", "trace=fdatasync", "-e", "inject=fdatasync:"+inject, "-p", strconv.Itoa(c.cmd.Process.Pid))
	words, err := cmd.StderrPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		c.t.Fatal(err)
	}
	mend = sync.OnceFunc(func() {
		_ = cmd.Process.Signal(syscall.SIGINT)
		_, _ = io.Copy(io.Discard, words)
		_ = cmd.Wait()
	})
	c.t.Cleanup(mend)
	if first, err := bufio.NewReader(words).ReadString('\n'); err != nil || !strings.Contains(first, "attached") {
		c.t.Skipf("strace does not work here: %q, %v", first, err)
	}
	return mend
}

// settled feeds a run until it has acknowledged some readings, and returns how many.
func (c *child) settled() (n int) {
	c.t.Helper()
	n = c.flood(0, time.Millisecond, func(n int) bool { return n == 10 })
	c.wait("acknowledgements", firstAck+slack, func(l said) bool { return l.Type == "ack" && l.N == n })
	return n
}

func TestAfterAFailedSyncNothingIsAcknowledgedThatIsNotThere(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := watch(t, dir)
	n := c.settled()
	mend := c.spoil("error=EIO")
	n = c.flood(n, 20*time.Millisecond, func(int) bool { return c.found("store is failing", "begun") })
	told := c.acked()
	n = c.flood(n, 20*time.Millisecond, func(m int) bool { return m == n+50 })
	if c.acked() != told || told > n-50 {
		t.Errorf("%d of %d readings are acknowledged, %d when syncs failed already", c.acked(), n, told)
	}
	mend()
	c.wait("that storing resumes", 10*time.Second, func(l said) bool {
		return l.Type == "finding" && strings.HasPrefix(l.Text, "store is") && l.State == "over"
	})
	n = c.flood(n, 20*time.Millisecond, func(m int) bool { return m == n+20 })
	c.wait("all acknowledgements", 5*time.Second, func(l said) bool { return l.Type == "ack" && l.N == n })
	c.end(0, 10*time.Second)
	if got := stored(t, dir); got != n {
		t.Errorf("%d readings are kept, want %d", got, n)
	}
	t.Logf("%d readings, %d acknowledged when it was told, alarms after at most %v", n, told, c.prompt())
}

func TestADiskThatFailsToTheEndIsToldByTheExitStatus(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := watch(t, dir)
	n := c.settled()
	mend := c.spoil("error=EIO")
	n = c.flood(n, 20*time.Millisecond, func(m int) bool { return m == n+50 })
	told := c.acked()
	c.end(3, 10*time.Second)
	mend()
	if text := c.stderr.String(); !strings.Contains(text, "not kept") {
		t.Errorf("it says %q", text)
	}
	if got := stored(t, dir); got < told || got > n {
		t.Errorf("%d readings are kept, of %d; %d were acknowledged", got, n, told)
	}
	t.Logf("%d readings, %d acknowledged, alarms after at most %v", n, told, c.prompt())
}

func TestASlowDiskDoesNotDelayAlarmsAndIsWaitedForBeforeAcknowledgements(t *testing.T) {
	t.Parallel()
	const sync = 300 * time.Millisecond
	c := watch(t, t.TempDir())
	begun := c.settled()
	c.spoil(fmt.Sprintf("delay_enter=%d", sync.Microseconds()))
	var sent []time.Time
	c.waits = nil
	n := c.flood(begun, 37*time.Millisecond, func(n int) bool {
		sent = append(sent, time.Now())
		return n == begun+20
	})
	c.wait("all acknowledgements", 10*time.Second, func(l said) bool { return l.Type == "ack" && l.N == n })
	least := time.Hour
	for _, l := range c.heard() {
		if l.Type == "ack" && l.N > begun {
			least = min(least, l.came.Sub(sent[l.N-begun-1]))
		}
	}
	if least < sync {
		t.Errorf("an acknowledgement came after %v, a commit takes %v", least, sync)
	}
	c.end(0, 10*time.Second)
	t.Logf("%d readings, alarms after at most %v, acknowledgements not before %v", n, c.prompt(), least)
}
