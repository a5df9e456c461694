//go:build linux

package e2e_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// acting is the foul names that a recording can hold, each of a sensor.
func acting() (names []string) {
	for _, name := range foul {
		if len(name) <= 1024 {
			names = append(names, name)
		}
	}
	return names
}

// harmless wants text to be nothing that acts on a terminal, and to be JSON lines if
// it looks like that.
func harmless(t *testing.T, what, text string) {
	t.Helper()
	if err := inert(what, strings.ReplaceAll(text, "\t", " ")); err != nil {
		t.Error(err)
	}
	if !strings.HasPrefix(text, "{") {
		return
	}
	for line := range strings.Lines(text) {
		if !json.Valid([]byte(line)) {
			t.Errorf("%s: no JSON: %.200q", what, line)
		}
	}
}

// foulDay is a recording in which every foul name has an hour of readings, in a foul
// unit.
func foulDay() []byte {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	_ = w.Write([]string{"time", "sensor", "value", "unit"})
	for i := range 60 {
		for _, name := range acting() {
			_ = w.Write([]string{fmt.Sprint(1_700_000_000 + 60*i), name, fmt.Sprint(20 + i%30), "\x1b[2J\u202e°C"})
		}
	}
	w.Flush()
	return b.Bytes()
}

func TestCommandsWriteNothingRaw(t *testing.T) {
	t.Parallel()
	file := written(t, "foul.csv", foulDay())
	dir := t.TempDir()
	state, log := filepath.Join(dir, "state"), filepath.Join(dir, "log")
	c := run(t, program, "--headless", "--speed", "max", "--state", state, "--emit", "acks,rejects", "--stats", "100ms",
		"--log", log, "--log-level", "debug", "--high", "a\x1b[2Jb=40", file)
	c.end(0, 20*time.Second)
	for _, l := range c.heard() {
		harmless(t, "stdout", l.raw)
	}
	harmless(t, "stderr", c.stderr.String())
	text, err := os.ReadFile(log)
	if err != nil || len(text) == 0 {
		t.Fatal("no log", err)
	}
	harmless(t, "log", string(text))

	labels := written(t, "labels.csv", []byte("from,to,sensor,label\n2023-11-14T22:13:20Z,2023-11-14T22:23:20Z,\"esc\x1b[2Jape\",real\n"))
	foulLabels := written(t, "foul.csv", []byte("from,to,sensor,label\n\x1b[2J,\u202e,\u009b,\x1b]0;x\a\n"))
	foulConfig := written(t, "foul.yaml", []byte("sensors:\n  \"esc\\x1b[2J\": {hihg: \"\\x9b\", cause: \"\\e[2J\"}\n\u009bx: 3\n\"\\u202e\": [\n"))
	evil := "\x1b[2J\u202e\u009b\xff"
	for _, q := range []struct {
		status int
		args   []string
	}{
		{0, []string{"whatif", file}},
		{0, []string{"whatif", "--json", "--labels", labels, file}},
		{2, []string{"whatif", "--labels", foulLabels, file}},
		{2, []string{"whatif", "--sensor", evil, file}},
		{4, []string{"whatif", evil + ".csv"}},
		{2, []string{"whatif", "--high", evil, file}},
		{0, []string{"suggest", file}},
		{0, []string{"suggest", "--json", file}},
		{0, []string{"suggest", "--band", file}},
		{0, []string{"suggest", "--band", "--json", file}},
		{2, []string{"suggest", "--budget", evil, file}},
		{0, []string{"export", "prometheus", file}},
		{0, []string{"export", "prometheus", "--tests", file}},
		{0, []string{"export", "grafana", file}},
		{0, []string{"export", "homeassistant", file}},
		{2, []string{"export", evil}},
		{0, []string{"history", "--state", state}},
		{0, []string{"history", "--state", state, "--sensor", "esc\x1b[2Jape"}},
		{2, []string{"history", "--state", state, "--from", evil}},
		{3, []string{"history", "--state", filepath.Join(dir, evil)}},
		{0, []string{"verify", "--state", state}},
		{3, []string{"verify", "--state", filepath.Join(dir, evil)}},
		{0, []string{"letters", "list", "--state", state}},
		{2, []string{"letters", "drop", evil, "--state", state}},
		{2, []string{"completion", evil}},
		{2, []string{"--config", foulConfig, "sim:"}},
		{2, []string{"--config", filepath.Join(dir, evil), "sim:"}},
		{2, []string{evil}},
	} {
		status, out, stderr := ask(t, q.args...)
		if status != q.status || (status != 0) != (stderr != "") {
			t.Errorf("%q ends with %d, want %d: %s", q.args, status, q.status, stderr)
		}
		harmless(t, fmt.Sprintf("%q", q.args), out)
	}
}
