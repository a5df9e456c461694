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

// kept makes a store with so many readings, closed, and returns its file's bytes and
// its history.
func kept(t *testing.T, n int) (file []byte, history string) {
	t.Helper()
	dir := t.TempDir()
	c := watch(t, dir)
	for i := range n {
		c.say(readings{1}.line(i))
	}
	c.end(0, 30*time.Second)
	file, err := os.ReadFile(filepath.Join(dir, "setpoint.db"))
	if err != nil {
		t.Fatal(err)
	}
	_, history, _ = ask(t, "history", "--state", dir)
	if strings.Count(history, "\n") != n {
		t.Fatalf("%d readings are kept, want %d", strings.Count(history, "\n"), n)
	}
	return file, history
}

// damaged checks what is told of a file that has been changed: the history as it was,
// or that it is damaged. With one more reading the next run goes on with the history
// as it was, or sets the file aside and says so.
func damaged(t *testing.T, file []byte, history string) (found bool) {
	t.Helper()
	dir := t.TempDir()
	db := filepath.Join(dir, "setpoint.db")
	if err := os.WriteFile(db, file, 0o600); err != nil {
		t.Fatal(err)
	}
	whole, _, why := ask(t, "verify", "--state", dir)
	status, out, stderr := ask(t, "history", "--state", dir)
	if status == 0 && out != history {
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
	aside, err := filepath.Glob(db + ".corrupt-*")
	if err != nil {
		t.Fatal(err)
	}
	if len(aside) == 0 {
		if out != history+(readings{1}).kept(1<<20) {
			t.Errorf("the run goes on with other readings; verify ended with %d: %s", whole, why)
		}
		return whole != 0
	}
	said := ""
	for _, l := range c.heard() {
		if l.Type == "finding" {
			said += l.Text
		}
	}
	if !strings.Contains(said, "damaged") || !strings.Contains(said, filepath.Base(aside[0])) {
		t.Errorf("the file is set aside, and %q is said", said)
	}
	if got, err := os.ReadFile(aside[0]); err != nil || len(got) != len(file) {
		t.Errorf("what is set aside has %d bytes of %d: %v", len(got), len(file), err)
	}
	if whole == 0 {
		t.Errorf("verify finds nothing wrong with a file that is set aside")
	}
	return true
}

func TestAFlippedBitIsNeverSilent(t *testing.T) {
	t.Parallel()
	file, history := kept(t, 20_000)
	seed := rand.Uint64()
	t.Logf("seed %d, %d bytes", seed, len(file))
	rng := rand.New(rand.NewPCG(seed, 0))
	found := 0
	for range number(t, "SETPOINT_FLIPS", 20) {
		bad := bytes.Clone(file)
		bad[rng.IntN(len(bad))] ^= 1 << rng.IntN(8)
		if damaged(t, bad, history) {
			found++
		}
	}
	t.Logf("%d flips were found", found)
}

func TestACutFileIsNeverSilent(t *testing.T) {
	t.Parallel()
	file, history := kept(t, 5000)
	for _, n := range []int{20, 90, 4096, len(file) / 2, len(file) - 4096, len(file) - 1} {
		if !damaged(t, file[:n], history) {
			t.Errorf("cut after %d of %d bytes: nothing is found", n, len(file))
		}
	}
}
