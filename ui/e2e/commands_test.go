//go:build linux

package e2e_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// written writes a file, and returns its name.
func written(t *testing.T, name string, text []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(file, text, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// A course is the values of a sensor at equal steps of time.
type course struct {
	begins time.Time
	step   time.Duration
	values []float64
}

// wander returns so many values that go up and down, with noise.
func wander(n int, step time.Duration, seed uint64) *course {
	rng := rand.New(rand.NewPCG(seed, 0))
	c := &course{begins: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC), step: step}
	for i := range n {
		v := 25 + 9*math.Sin(float64(i)/37) + 5*math.Sin(float64(i)/411) + 3*rng.NormFloat64()
		c.values = append(c.values, math.Round(v*100)/100)
	}
	return c
}

func (c *course) csv(sensor string) []byte {
	var b bytes.Buffer
	b.WriteString("time,sensor,value\n")
	for i, v := range c.values {
		fmt.Fprintf(&b, "%s,%s,%v\n", c.begins.Add(time.Duration(i)*c.step).Format(time.RFC3339), sensor, v)
	}
	return b.Bytes()
}

// lasted reports whether ok holds for value i and for those before it for so long.
func (c *course) lasted(i int, d time.Duration, ok func(v float64) bool) bool {
	first := i - int(d/c.step)
	return first >= 0 && !slices.ContainsFunc(c.values[first:i+1], func(v float64) bool { return !ok(v) })
}

// count counts the alarms of a threshold plainly: looking back from each value.
func (c *course) count(upper bool, at, deadband float64, on, off time.Duration) (raised []time.Time, inAlarm time.Duration) {
	sign := 1.0
	if !upper {
		sign = -1
	}
	active := false
	for i := range c.values {
		switch {
		case active && c.lasted(i, off, func(v float64) bool { return sign*v < sign*at-deadband }):
			active = false
		case !active && c.lasted(i, on, func(v float64) bool { return sign*v >= sign*at }):
			active = true
			raised = append(raised, c.begins.Add(time.Duration(i)*c.step))
		}
		if active && i < len(c.values)-1 {
			inAlarm += c.step
		}
	}
	return raised, inAlarm
}

// crowd returns how many of the times fall into ten minutes at most.
func crowd(times []time.Time) (most int) {
	for i, first := range times {
		n := i
		for n < len(times) && times[n].Sub(first) < 10*time.Minute {
			n++
		}
		most = max(most, n-i)
	}
	return most
}

// answer is a line of whatif --json or suggest --json.
type answer struct {
	Sensor, Threshold string
	On                *float64
	Off               *float64
	Alarms            int
	Worst             int         `json:"worst_10min"`
	InAlarm           float64     `json:"in_alarm_pct"`
	Raised            []time.Time `json:"raised"`
	OnDelay           string      `json:"on_delay"`
	OffDelay          string      `json:"off_delay"`
	Suggest           *struct{ On, Off float64 }
	Reason            string
	Line              *struct{ Margin float64 }
}

// answers runs a command that answers in JSON lines.
func answers(t *testing.T, args ...string) (list []answer) {
	t.Helper()
	status, out, stderr := ask(t, args...)
	if err := inert("stdout", out); err != nil || status != 0 {
		t.Fatalf("%q ends with %d: %s%v", args, status, stderr, err)
	}
	for line := range strings.Lines(out) {
		var a answer
		if err := json.Unmarshal([]byte(line), &a); err != nil {
			t.Fatalf("%q: %v", line, err)
		}
		list = append(list, a)
	}
	return list
}

func TestWhatIfCountsAsAPlainCount(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	c := wander(20_000, time.Second, seed)
	file := written(t, "day.csv", c.csv("oven"))
	alarms := 0
	for _, q := range []struct {
		high, low, deadband float64
		on, off             time.Duration
	}{
		{30, 18, 0, 0, 0},
		{30, 18, 0.5, 0, 0},
		{31.5, 16, 3, 0, 0},
		{30, 18, 1, 3 * time.Second, 0},
		{30, 18, 1, 0, 4 * time.Second},
		{29, 20, 2, 5 * time.Second, 8 * time.Second},
		{34, 13, 6, 2 * time.Second, 2 * time.Second},
		{60, -60, 1, 0, 0},
	} {
		list := answers(
			t, "whatif", "--json", "--critical", "off", "--high", fmt.Sprint(q.high), "--low", fmt.Sprint(q.low),
			"--deadband", fmt.Sprint(q.deadband), "--on-delay", q.on.String(), "--off-delay", q.off.String(), file,
		)
		if len(list) != 2 || list[0].Threshold != "high" || list[1].Threshold != "low" {
			t.Fatalf("%+v: the answers are %+v", q, list)
		}
		for _, a := range list {
			upper, at, off := a.Threshold == "high", q.high, q.high-q.deadband
			if !upper {
				at, off = q.low, q.low+q.deadband
			}
			raised, in := c.count(upper, at, q.deadband, q.on, q.off)
			alarms += len(raised)
			if *a.On != at || *a.Off != off || a.Alarms != len(raised) || !slices.EqualFunc(a.Raised, raised, time.Time.Equal) || a.Worst != crowd(raised) {
				t.Errorf("%+v: %s has %d alarms, at worst %d in ten minutes, on %v off %v; want %d and %d",
					q, a.Threshold, a.Alarms, a.Worst, *a.On, *a.Off, len(raised), crowd(raised))
			}
			pct := 100 * in.Seconds() / (time.Duration(len(c.values)) * c.step).Seconds()
			if math.Abs(a.InAlarm-pct) > 0.2 {
				t.Errorf("%+v: %s is on for %v%%, want %v%%", q, a.Threshold, a.InAlarm, pct)
			}
		}
	}
	t.Logf("%d alarms", alarms)
}

func TestWhatIfAndTheRunRaiseTheSameAlarms(t *testing.T) {
	t.Parallel()
	file := written(t, "day.csv", wander(10_000, time.Second, 7).csv("oven"))
	args := []string{"--high", "31", "--low", "18", "--critical", "37", "--deadband", "1.5", "--on-delay", "3s", "--off-delay", "4s", file}
	r := run(t, program, append([]string{"--headless", "--speed", "max"}, args...)...)
	r.end(0, 10*time.Second)
	var lived, asked []string
	for _, l := range r.heard() {
		if l.Type == "alarm" && l.State == "raised" && l.Threshold != "stale" {
			at, err := time.Parse(time.RFC3339, l.Time)
			if err != nil {
				t.Fatal(err)
			}
			lived = append(lived, l.Threshold+" "+at.UTC().String())
		}
	}
	for _, a := range answers(t, append([]string{"whatif", "--json"}, args...)...) {
		for _, at := range a.Raised {
			asked = append(asked, a.Threshold+" "+at.UTC().String())
		}
	}
	slices.Sort(lived)
	slices.Sort(asked)
	if len(lived) == 0 || !slices.Equal(lived, asked) {
		t.Errorf("the run raised %d alarms, whatif tells %d", len(lived), len(asked))
	}
}

func TestASuggestedThresholdKeepsItsBudget(t *testing.T) {
	t.Parallel()
	const weeks = 3
	c := wander(weeks*7*24*60, time.Minute, 3)
	file := written(t, "weeks.csv", c.csv("oven"))
	for _, perWeek := range []int{1, 20} {
		budget := fmt.Sprintf("%d/week", perWeek)
		for _, a := range answers(t, "suggest", "--json", "--budget", budget, file) {
			if a.Suggest == nil {
				t.Errorf("%s: %s has no suggestion: %s", budget, a.Threshold, a.Reason)
				continue
			}
			raised, _ := c.count(a.Threshold == "high", a.Suggest.On, math.Abs(a.Suggest.On-a.Suggest.Off), delay(t, a.OnDelay), delay(t, a.OffDelay))
			if len(raised) > perWeek*weeks || a.Alarms != len(raised) {
				t.Errorf("%s: %s at %v raises %d alarms in %d weeks, and tells %d", budget, a.Threshold, a.Suggest.On, len(raised), weeks, a.Alarms)
			}
			status, table, stderr := ask(t, "suggest", "--budget", budget, file)
			line := fmt.Sprintf("oven %s: suggest %v: at most ", a.Threshold, a.Suggest.On)
			how := fmt.Sprintf("; off %v, delays %s/%s\n", a.Suggest.Off, a.OnDelay, a.OffDelay)
			if status != 0 || !strings.Contains(table, line) || !strings.Contains(table, how) {
				t.Errorf("suggest ends with %d: %s%s, want %s ... %s", status, table, stderr, line, how)
			}
		}
	}
	lines := answers(t, "suggest", "--band", "--json", file)
	if len(lines) != 2 || lines[0].Line == nil && lines[0].Reason == "" {
		t.Errorf("the lines are %+v", lines)
	}
	if status, _, stderr := ask(t, "suggest", "--budget", "0/week", file); status != 2 || !strings.Contains(stderr, "--budget") {
		t.Errorf("a budget of nothing ends with %d: %s", status, stderr)
	}
}

func delay(t *testing.T, text string) time.Duration {
	t.Helper()
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestHistoryIsCutBySensorAndTime(t *testing.T) {
	t.Parallel()
	s, dir := readings{1}, t.TempDir()
	c := watch(t, dir)
	for i := range 100 {
		c.say(s.line(i))
	}
	c.end(0, 5*time.Second)
	at := func(i int) string { at, _, _ := s.at(i); return at.Format(time.RFC3339Nano) }
	for _, q := range []struct {
		args  []string
		first int
		last  int
		every int
	}{
		{nil, 0, 100, 1},
		{[]string{"--from", at(20)}, 20, 100, 1},
		{[]string{"--to", at(20)}, 0, 20, 1},
		{[]string{"--from", at(10), "--to", at(20)}, 10, 20, 1},
		{[]string{"--sensor", "zone-2"}, 2, 100, 5},
		{[]string{"--sensor", "zone-2", "--from", at(10), "--to", at(50)}, 12, 50, 5},
		{[]string{"--from", at(200)}, 0, 0, 1},
	} {
		var want strings.Builder
		for i := q.first; i < q.last; i += q.every {
			want.WriteString(s.kept(i))
		}
		status, got, stderr := ask(t, append([]string{"history", "--state", dir}, q.args...)...)
		if status != 0 || got != want.String() {
			t.Errorf("%q ends with %d%s:\n%s\nwant\n%s", q.args, status, stderr, got, want.String())
		}
	}
}

func TestShellsUnderstandTheirCompletion(t *testing.T) {
	t.Parallel()
	for _, shell := range []string{"bash", "zsh", "fish"} {
		status, script, stderr := ask(t, "completion", shell)
		if status != 0 || !strings.Contains(script, "suggest") || stderr != "" {
			t.Errorf("completion %s ends with %d: %s", shell, status, stderr)
		}
		path, err := exec.LookPath(shell)
		if err != nil {
			t.Logf("no %s", shell)
			continue
		}
		if out, err := exec.CommandContext(t.Context(), path, "-n", written(t, "script", []byte(script))).CombinedOutput(); err != nil {
			t.Errorf("%s: %v\n%s", shell, err, out)
		}
	}
}

func TestAWrongConfigurationIsToldSoonAndNothingIsStarted(t *testing.T) {
	t.Parallel()
	file := written(t, "wrong.yaml", []byte("hihg: 3\nsensors:\n  oven: {low: warm, hgih: 2}\n"))
	for name, text := range map[string][]byte{
		"deep":  []byte(strings.Repeat("[", 100_000)),
		"wide":  []byte("sensors: {" + strings.Repeat("a: {high: 3}, ", 50_000) + "}"),
		"bytes": bytes.Repeat([]byte{0xff, 0, 0x1b, '['}, 10_000),
	} {
		for _, config := range []string{file, written(t, name, text)} {
			dir := filepath.Join(t.TempDir(), "state")
			c := watch(t, dir, "--config", config)
			c.end(2, 2*time.Second+slack)
			if _, err := os.Stat(dir); err == nil || len(c.heard()) > 0 {
				t.Errorf("%s: something was started: %s", config, c.said())
			}
			if err := inert("stderr", c.stderr.String()); err != nil || c.stderr.Len() == 0 || c.stderr.Len() > 1<<16 {
				t.Errorf("%s: %d bytes are said: %v", config, c.stderr.Len(), err)
			}
		}
	}
}
