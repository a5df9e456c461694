//go:build linux

package e2e_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestOneInstanceWritesAndOthersLookOn(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	first := watch(t, dir)
	first.say(`{"sensor":"oven","value":45}` + "\n")
	first.wait("an acknowledgement", firstAck+slack, func(l said) bool { return l.Type == "ack" && l.N == 1 })

	second := watch(t, dir)
	second.end(3, 3*time.Second)
	if text := second.stderr.String(); !strings.Contains(text, "another instance uses the store") || !strings.Contains(text, fmt.Sprint(first.cmd.Process.Pid)) {
		t.Errorf("the second instance says %q", text)
	}
	if len(second.heard()) > 0 {
		t.Errorf("the second instance says\n%s", second.said())
	}

	looker := run(t, program, "--headless", "--read-only", "--state", dir)
	looker.wait("the alarm that the first has", 3*time.Second, func(l said) bool {
		return l.Sensor == "oven" && l.Threshold == "critical" && l.State == "raised"
	})
	first.say(`{"sensor":"hall","value":46}` + "\n")
	looker.wait("an alarm that comes later", 3*time.Second, func(l said) bool {
		return l.Sensor == "hall" && l.Threshold == "critical" && l.State == "raised"
	})
	if s := looker.stop(); s.number("sensors.oven.last") != 45 || s.number("sensors.hall.last") != 46 {
		t.Errorf("the one that looks has %v", s.at("sensors"))
	}
	if status, out, _ := ask(t, "history", "--state", dir); status != 0 || strings.Count(out, "\n") != 2 {
		t.Errorf("history beside the first ends with %d: %s", status, out)
	}
	if status, out, stderr := ask(t, "verify", "--state", dir); status != 0 {
		t.Errorf("verify beside the first ends with %d: %s%s", status, out, stderr)
	}

	first.kill()
	third := watch(t, dir)
	third.say(`{"sensor":"oven","value":44}` + "\n")
	third.wait("an acknowledgement after a kill", firstAck+slack, func(l said) bool { return l.Type == "ack" && l.N == 1 })
	if s := third.end(0, 5*time.Second); s.number("alarms.active") != 4 { // high and critical of both
		t.Errorf("%v alarms are active", s.at("alarms.active"))
	}
}

func TestAFileThatIsNotOursIsLeftAlone(t *testing.T) {
	t.Parallel()
	for name, text := range map[string][]byte{
		"a letter":                   []byte("Dear diary, " + strings.Repeat("today it was warm. ", 1000)),
		"another program's database": append([]byte("SQLite format 3\x00\x10\x00\x01\x01\x00\x40\x20\x20"), bytes.Repeat([]byte{0}, 8192-24)...),
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			file := filepath.Join(dir, "setpoint.db")
			if err := os.WriteFile(file, text, 0o600); err != nil {
				t.Fatal(err)
			}
			c := watch(t, dir)
			c.end(3, 3*time.Second)
			if !strings.Contains(c.stderr.String(), "not a store of this program") {
				t.Errorf("it says %q", c.stderr.String())
			}
			for _, command := range []string{"history", "verify"} {
				if status, _, stderr := ask(t, command, "--state", dir); status != 3 || stderr == "" {
					t.Errorf("%s ends with %d: %s", command, status, stderr)
				}
			}
			if got, err := os.ReadFile(file); err != nil || !bytes.Equal(got, text) {
				t.Errorf("the file is not what it was: %v", err)
			}
		})
	}
}

func TestAStateDirectoryThatCannotBeUsedEndsTheProgram(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "state")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	c := watch(t, file)
	if c.end(3, 3*time.Second); c.stderr.Len() == 0 {
		t.Error("nothing is said of a file in place of the directory")
	}
	c = watch(t, filepath.Join(file, "below"))
	if c.end(3, 3*time.Second); c.stderr.Len() == 0 {
		t.Error("nothing is said of a directory that cannot be made")
	}
	if status, _, stderr := ask(t, "history", "--state", filepath.Join(t.TempDir(), "none")); status != 3 || !strings.Contains(stderr, "none") {
		t.Errorf("history of nothing ends with %d: %s", status, stderr)
	}
}

func TestADirectoryThatCannotBeWrittenToIsStillRead(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	c := watch(t, dir)
	c.say(`{"sensor":"oven","value":45}` + "\n")
	c.end(0, 5*time.Second)
	bound := mounted(t, dir, "", syscall.MS_BIND)
	if err := syscall.Mount("", bound, "", syscall.MS_BIND|syscall.MS_REMOUNT|syscall.MS_RDONLY, ""); err != nil {
		t.Skip(err)
	}
	c = watch(t, bound)
	if c.end(3, 3*time.Second); !strings.Contains(c.stderr.String(), "read-only") {
		t.Errorf("it says %q", c.stderr.String())
	}
	if status, out, stderr := ask(t, "history", "--state", bound); status != 0 || strings.Count(out, "\n") != 1 {
		t.Errorf("history ends with %d: %s%s", status, out, stderr)
	}
	if status, _, stderr := ask(t, "verify", "--state", bound); status != 0 {
		t.Errorf("verify ends with %d: %s", status, stderr)
	}
}

// mounted mounts what may be mounted only by some, until the end of the test.
func mounted(t *testing.T, device, kind string, flags uintptr, data ...string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := syscall.Mount(device, dir, kind, flags, strings.Join(data, ",")); err != nil {
		t.Skipf("mount: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}
