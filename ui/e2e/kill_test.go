//go:build linux

package e2e_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"setpoint/workflow/store"
)

// A source is careful: after a crash it sends again what was not acknowledged.
type source struct {
	stream readings
	dir    string
	rng    *rand.Rand
	acked  int // readings of the stream that were acknowledged
	sent   int // readings of the stream that were ever sent
	alarms []said
	slow   time.Duration // the longest wait for a first acknowledgement

	from int             // the first reading of the newest run
	at   []time.Time     // when that one and those after it were sent
	late map[string]bool // alarms told: whether the patience was over then
}

// patience is how long an alarm waits for the disk. One that was told after that may
// not have been kept when the kill came, and is then told again.
const patience = 150 * time.Millisecond

// waited reports whether an alarm of the newest run was told when the patience was
// over, as on a machine that has other things to do.
func (s *source) waited(l said) bool {
	at, err := time.Parse(time.RFC3339Nano, l.Time)
	i := int(at.Sub(streamBegins)/(100*time.Millisecond)) - s.from
	return err == nil && i >= 0 && i < len(s.at) && l.came.Sub(s.at[i]) >= patience
}

var killArgs = []string{"--on-delay", "3s", "--off-delay", "4s"}

// crash feeds the program until it is killed at a random moment.
func (s *source) crash(t *testing.T) {
	c := watch(t, s.dir, killArgs...)
	dies := time.NewTimer(time.Duration(20+s.rng.IntN(700)) * time.Millisecond)
	defer dies.Stop()
	pace := time.NewTicker(2 * time.Millisecond)
	defer pace.Stop()
	s.from, s.at = s.acked, nil
	for next, alive := s.acked, true; alive; {
		select {
		case <-dies.C:
			c.kill()
			alive = false
		case <-pace.C:
			var b strings.Builder
			for range 1 + s.rng.IntN(20) {
				b.WriteString(s.stream.line(next))
				s.at = append(s.at, time.Now())
				next++
			}
			s.sent = max(s.sent, next) // before it may arrive
			c.say(b.String())
		}
	}
	s.heed(t, c)
}

// heed takes what a run said.
func (s *source) heed(t *testing.T, c *child) {
	first := time.Time{}
	for _, l := range c.heard() {
		switch {
		case l.Type == "alarm":
			s.alarms = append(s.alarms, l)
			if _, again := s.late[told(l)]; !again {
				s.late[told(l)] = s.waited(l)
			}
		case l.Type == "ack" && first.IsZero():
			first = l.came
			s.slow = max(s.slow, first.Sub(c.begun))
		case l.Type == "finding" && strings.Contains(l.Text, "store"):
			t.Errorf("a kill damages the store: %s", l.raw)
		}
	}
	s.acked += c.acked()
}

// check wants every acknowledged reading in the history once, and nothing that was
// never sent: a beginning of the stream.
func (s *source) check(t *testing.T) {
	status, history, stderr := ask(t, "history", "--state", s.dir)
	if status != 0 {
		t.Fatalf("history ends with %d: %s", status, stderr)
	}
	n := 0
	for line := range strings.Lines(history) {
		if want := s.stream.kept(n); line != want {
			t.Fatalf("reading %d of the history is %s, want %s", n, line, want)
		}
		n++
	}
	if n < s.acked || n > s.sent {
		t.Fatalf("the history has %d readings: %d were acknowledged, %d were sent", n, s.acked, s.sent)
	}
	if status, out, stderr := ask(t, "verify", "--state", s.dir); status != 0 || !strings.HasPrefix(out, "whole: ") {
		t.Fatalf("verify ends with %d: %s%s", status, out, stderr)
	}
}

// told is an alarm line without what depends on when it was written.
func told(l said) string { return fmt.Sprintf("%s %s %s %s", l.Time, l.Sensor, l.Threshold, l.State) }

func TestKilledAgainAndAgainNothingIsLostOrRaisedTwice(t *testing.T) {
	t.Parallel()
	kills := number(t, "SETPOINT_KILLS", 20)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	s := &source{stream: readings{seed}, dir: t.TempDir(), rng: rand.New(rand.NewPCG(seed, 0)), late: map[string]bool{}}
	made := 0
	for range kills {
		before := s.acked
		s.crash(t)
		if _, err := os.Stat(s.dir + "/setpoint.db"); err != nil && s.acked == 0 {
			continue // killed before it began
		}
		s.check(t)
		if s.acked > before {
			made++
		}
	}
	c := watch(t, s.dir, killArgs...)
	s.sent, s.at = s.sent+500, nil
	for i := s.acked; i < s.sent; i++ {
		c.say(s.stream.line(i))
	}
	got := c.end(0, 30*time.Second)
	s.heed(t, c)
	if s.check(t); s.acked != s.sent {
		t.Errorf("%d readings are acknowledged in the end, want %d", s.acked, s.sent)
	}
	if s.slow > firstAck {
		t.Errorf("the first acknowledgement came after %v, want at most %v", s.slow, firstAck)
	}
	t.Logf("%d kills, %d of them after acknowledgements: %d readings, %d alarm lines, first acknowledgement after at most %v",
		kills, made, s.sent, len(s.alarms), s.slow)
	whole := &source{stream: s.stream, dir: t.TempDir(), sent: s.sent, late: map[string]bool{}}
	c = watch(t, whole.dir, killArgs...)
	for i := range s.sent {
		c.say(s.stream.line(i))
	}
	want := c.end(0, time.Minute)
	whole.heed(t, c)
	s.compare(t, whole, got, want)
}

// compare wants the alarms of s to be those of a run that was never killed.
func (s *source) compare(t *testing.T, whole *source, got, want figures) {
	t.Helper()
	expected := map[string]bool{}
	for _, l := range whole.alarms {
		expected[told(l)] = true
	}
	heard, again := map[string]bool{}, 0
	for _, l := range s.alarms {
		switch line := told(l); {
		case heard[line] && s.late[line]:
			again++
		case heard[line], !expected[line]:
			t.Errorf("said %t, and a run without a kill says it %t: %s", heard[line], expected[line], l.raw)
		}
		heard[told(l)] = true
	}
	kept := alarmsKept(t, s.dir)
	if want := alarmsKept(t, whole.dir); !slices.Equal(kept, want) {
		t.Errorf("the state has %d alarms, want %d:\n%s\nwant\n%s", len(kept), len(want), strings.Join(kept, "\n"), strings.Join(want, "\n"))
	}
	if silent := len(expected) - len(heard); silent > 0 { // killed between commit and line: the state has them
		t.Logf("%d of %d alarm lines were not written, because of a kill", silent, len(expected))
	}
	if again > 0 {
		t.Logf("%d alarm lines were written again, because the disk had kept them waiting before the kill", again)
	}
	for k := range 5 {
		zone := fmt.Sprintf("sensors.zone-%d.", k)
		for _, field := range []string{"last", "min", "max", "state"} {
			if g, w := got.at(zone+field), want.at(zone+field); g != w {
				t.Errorf("%s%s is %v, want %v", zone, field, g, w)
			}
		}
	}
	for _, field := range []string{"active", "unacked"} {
		if g, w := got.at("alarms."+field), want.at("alarms."+field); g != w {
			t.Errorf("%v alarms are %s, want %v", g, field, w)
		}
	}
}

// alarmsKept returns the alarms in a store: sensor, threshold, when raised and when
// over.
func alarmsKept(t *testing.T, dir string) (list []string) {
	t.Helper()
	s, err := store.Open(dir, store.Options{ReadOnly: true})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	notes, err := s.Notes(t.Context(), "alert", 1<<30)
	if err != nil {
		t.Fatal(err)
	}
	for _, n := range notes {
		var a struct {
			Kind              int
			Time, Ended       time.Time
			Sensor, Threshold string
		}
		if err := json.Unmarshal(n.Body, &a); err != nil {
			t.Fatal(err)
		}
		if a.Kind == 0 {
			list = append(list, fmt.Sprintf("%s %s %s %s", a.Time.Format(time.RFC3339Nano), a.Sensor, a.Threshold, a.Ended.Format(time.RFC3339Nano)))
		}
	}
	slices.Sort(list)
	return list
}

// TestTheFirstAcknowledgementDoesNotWaitForWhatIsStored fills a store, with
// SETPOINT_STORED readings if that is given, and measures from the start of the program.
func TestTheFirstAcknowledgementDoesNotWaitForWhatIsStored(t *testing.T) {
	t.Parallel()
	stream, dir, n := readings{1}, t.TempDir(), number(t, "SETPOINT_STORED", 30_000)
	c := watch(t, dir)
	for i := 0; i < n; {
		var b strings.Builder
		for end := min(i+1000, n); i < end; i++ {
			b.WriteString(stream.line(i))
		}
		c.say(b.String())
	}
	c.wait("all acknowledgements", time.Minute, func(l said) bool { return l.Type == "ack" && l.N == n })
	ways := map[string]func(){"a kill": c.kill, "an end": func() { c.end(0, 10*time.Second) }}
	for _, after := range []string{"a kill", "an end"} {
		ways[after]()
		c = watch(t, dir)
		c.say(stream.line(n))
		ack := c.wait("an acknowledgement", 30*time.Second, func(l said) bool { return l.Type == "ack" })
		n++
		if took := ack.came.Sub(c.begun); took > firstAck {
			t.Errorf("after %s, with %d readings, the first acknowledgement came after %v, want at most %v", after, n-1, took, firstAck)
		} else {
			t.Logf("after %s, with %d readings, the first acknowledgement came after %v", after, n-1, took)
		}
	}
}
