package store

import (
	"bufio"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"strconv"
	"testing"
	"time"

	"setpoint/workflow"
)

// child writes readings, numbered by their value, until it is killed. It prints how
// many are in the store each time it is told that there are more.
func child(dir string) {
	have, _ := strconv.Atoi(os.Getenv("STORE_TEST_HAVE"))
	done := have
	s, err := Open(dir, Options{Window: time.Millisecond, slice: 500, Committed: func(_ string, n int) {
		done += n
		fmt.Println(done)
	}})
	if err != nil {
		fmt.Println("open:", err)
		return
	}
	j, x := Journal(s, form), Snapshots(s, form.Codec, form.Codec)
	for i := have; ; i++ {
		key := strconv.Itoa(i % 7)
		pos, err := j.Append(context.Background(), []workflow.Record[payload]{readingOf(key, at.Add(time.Duration(i)), float64(i))})
		if err == nil && i%700 == 699 {
			err = x.Save(context.Background(), workflow.Snapshot[payload, payload]{Position: pos})
		}
		if err == nil && i%1400 == 1399 {
			err = j.Truncate(context.Background(), pos)
		}
		if err == nil && i%100 == 99 { // a round is not much longer on a fast machine
			err = s.Wait(context.Background(), pos-50)
		}
		if err != nil {
			fmt.Println("append:", err)
			return
		}
	}
}

func TestWhatIsAcknowledgedSurvivesKill(t *testing.T) {
	dir, have := t.TempDir(), 0
	sqlite, _ := exec.LookPath("sqlite3")
	for round := range 20 {
		acked := killed(t, dir, have, 1+rand.IntN(12))
		if round%3 == 0 && sqlite != "" { // a program without checksums does our checkpoint
			if out, err := exec.CommandContext(t.Context(), sqlite, dir+"/"+FileName, "SELECT count(*) FROM history").CombinedOutput(); err != nil {
				t.Fatalf("%v: %s", err, out)
			}
			if _, err := Verify(t.Context(), dir); err != nil {
				t.Error(err)
			}
		}
		s, err := Open(dir, Options{})
		if err != nil {
			t.Fatal(err)
		}
		if notices := s.Notices(); len(notices) > 0 {
			t.Fatal(notices)
		}
		n := 0
		for r, err := range s.History(t.Context(), "", time.Time{}, time.Time{}) {
			if err != nil || r.Value.Value != float64(n) || r.Key != strconv.Itoa(n%7) || !r.Time.Equal(at.Add(time.Duration(n))) {
				t.Fatalf("round %d: reading %d is %v, %v", round, n, r, err)
			}
			n++
		}
		if n < acked {
			t.Fatalf("round %d: %d readings, %d were acknowledged", round, n, acked)
		}
		if err := s.Close(); err != nil {
			t.Error(err)
		}
		have = n
	}
	if _, err := Verify(t.Context(), dir); err != nil {
		t.Error(err)
	}
	t.Logf("%d readings", have)
}

// killed runs a child, kills it after some acknowledgements, and returns how many
// readings it was told of.
func killed(t *testing.T, dir string, have, lines int) (acked int) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), "STORE_TEST_CHILD="+dir, "STORE_TEST_HAVE="+strconv.Itoa(have))
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	in := bufio.NewScanner(out)
	for n := 0; in.Scan(); n++ {
		if acked, err = strconv.Atoi(in.Text()); err != nil {
			t.Error(in.Text())
		}
		if n == lines {
			_ = cmd.Process.Kill()
		}
	}
	_ = cmd.Wait() // killed
	return acked
}
