//go:build linux

package e2e_test

import (
	"bytes"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// kept makes a store with so many readings, of a program that ended or was killed, and
// returns the bytes of its files and its history.
func kept(t *testing.T, n int, killed bool) (files map[string][]byte, history string) {
	t.Helper()
	dir := t.TempDir()
	c := watch(t, dir)
	for i := range n {
		c.say(readings{1}.line(i))
	}
	c.wait("all acknowledgements", 30*time.Second, func(l said) bool { return l.Type == "ack" && l.N == n })
	if killed {
		c.kill()
	} else {
		c.end(0, 30*time.Second)
	}
	files = map[string][]byte{}
	for _, name := range []string{db, wal, "setpoint.lock"} {
		if text, err := os.ReadFile(filepath.Join(dir, name)); err == nil {
			files[name] = text
		}
	}
	_, history, _ = ask(t, "history", "--state", dir)
	if strings.Count(history, "\n") != n {
		t.Fatalf("%d readings are kept, want %d", strings.Count(history, "\n"), n)
	}
	return files, history
}

const (
	db  = "setpoint.db"
	wal = "setpoint.db-wal"
)

// damaged checks what is told of files of which one has been changed: the history as it
// was, or that it is damaged. With one more reading the next run goes on with the history
// as it was, or sets the file aside and says so.
func damaged(t *testing.T, files map[string][]byte, name string, changed []byte, history string) (found bool) {
	t.Helper()
	dir := t.TempDir()
	for file, text := range files {
		if file == name {
			text = changed
		}
		if err := os.WriteFile(filepath.Join(dir, file), text, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	whole, _, why := ask(t, "verify", "--state", dir)
	status, out, stderr := ask(t, "history", "--state", dir)
	if status == 0 && out != history && whole == 0 {
		t.Errorf("silently other readings; verify ends with %d: %s", whole, why)
	}
	if status != 0 && (status != 3 || whole != 3 || stderr == "") {
		t.Errorf("history ends with %d, %s; verify with %d, %s", status, stderr, whole, why)
	}
	c := watch(t, dir)
	newer := readings{1}.line(1 << 20)
	c.say(newer)
	c.wait("an acknowledgement", firstAck+slack, func(l said) bool { return l.Type == "ack" && l.N == 1 })
	c.end(0, 5*time.Second)
	if status, out, stderr = ask(t, "history", "--state", dir); status != 0 {
		t.Errorf("after a run the history ends with %d: %s", status, stderr)
	}
	aside, err := filepath.Glob(filepath.Join(dir, db) + ".corrupt-*")
	if err != nil {
		t.Fatal(err)
	}
	if len(aside) == 0 {
		if out != history+(readings{1}).kept(1<<20) {
			t.Errorf("the run goes on with other readings; verify ended with %d: %s", whole, why)
		}
		return whole != 0
	}
	var said strings.Builder
	for _, l := range c.heard() {
		if l.Type == "finding" {
			said.WriteString(l.Text)
		}
	}
	if !strings.Contains(said.String(), "damaged") || !strings.Contains(said.String(), filepath.Base(aside[0])) {
		t.Errorf("the file is set aside, and %q is said", said.String())
	}
	if _, err := os.Stat(aside[0]); err != nil {
		t.Error(err)
	}
	if whole == 0 {
		t.Errorf("verify finds nothing wrong with a file that is set aside")
	}
	return true
}

// flip flips single bits of a file, each in files as they were.
func flip(t *testing.T, files map[string][]byte, name, history string, times int) {
	t.Helper()
	if len(files[name]) == 0 {
		t.Fatalf("no %s", name)
	}
	seed := rand.Uint64()
	t.Logf("seed %d, %s has %d bytes", seed, name, len(files[name]))
	rng := rand.New(rand.NewPCG(seed, 0))
	found := 0
	for range times {
		bad := bytes.Clone(files[name])
		bad[rng.IntN(len(bad))] ^= 1 << rng.IntN(8)
		if damaged(t, files, name, bad, history) {
			found++
		}
	}
	t.Logf("%d of %d flips of %s were found, the others change nothing", found, times, name)
}

func TestAFlippedBitIsNeverSilent(t *testing.T) {
	t.Parallel()
	files, history := kept(t, 20_000, false)
	flip(t, files, db, history, number(t, "SETPOINT_FLIPS", 20))
}

func TestAFlippedBitAfterAKillIsNeverSilent(t *testing.T) {
	t.Parallel()
	files, history := kept(t, 2000, true)
	flip(t, files, wal, history, number(t, "SETPOINT_FLIPS", 10))
	flip(t, files, db, history, number(t, "SETPOINT_FLIPS", 5))
}

func TestACutFileIsNeverSilent(t *testing.T) {
	t.Parallel()
	files, history := kept(t, 5000, false)
	file := files[db]
	for _, n := range []int{20, 90, 4096, len(file) / 2, len(file) - 4096, len(file) - 1} {
		if !damaged(t, files, db, file[:n], history) {
			t.Errorf("cut after %d of %d bytes: nothing is found", n, len(file))
		}
	}
	files, history = kept(t, 2000, true)
	file = files[wal]
	for _, n := range []int{0, 31, len(file) / 2, len(file) - 1} {
		if !damaged(t, files, wal, file[:n], history) {
			t.Errorf("cut after %d of %d bytes: nothing is found", n, len(file))
		}
	}
}
