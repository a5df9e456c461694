package e2e_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// figures is a summary line.
type figures map[string]any

// lastSummary returns the summary that headless output ends with.
func lastSummary(stdout string) (figures, error) {
	line := strings.TrimSuffix(stdout, "\n")
	line = line[strings.LastIndexByte(line, '\n')+1:]
	var s figures
	if err := json.Unmarshal([]byte(line), &s); err != nil {
		return nil, fmt.Errorf("the last line is no summary: %w", err)
	}
	if s["type"] != "summary" {
		return nil, fmt.Errorf("the last line is of type %v", s["type"])
	}
	return s, nil
}

// at returns what is at a path such as sensors.oven-1.mean, nil if nothing is.
func (s figures) at(path string) any {
	var v any = map[string]any(s)
	for name := range strings.SplitSeq(path, ".") {
		object, _ := v.(map[string]any)
		v = object[name]
	}
	return v
}

// number returns the number at a path, NaN if there is none.
func (s figures) number(path string) float64 {
	if v, ok := s.at(path).(float64); ok {
		return v
	}
	return math.NaN()
}

func summary(ts *testscript.TestScript, args []string) {
	s, err := lastSummary(ts.ReadFile("stdout"))
	ts.Check(err)
	for _, want := range args {
		i := strings.IndexAny(want, "=<>")
		if i < 0 {
			ts.Fatalf("%q: want PATH=VALUE", want)
		}
		path, value := want[:i], want[i+1:]
		if !holds(s, path, want[i], value) {
			ts.Fatalf("%s is %v, want %s", path, s.at(path), want[i:])
		}
	}
}

func holds(s figures, path string, relation byte, value string) bool {
	if text, ok := s.at(path).(string); ok {
		return relation == '=' && text == value
	}
	got := s.number(path)
	v, err := strconv.ParseFloat(value, 64)
	switch {
	case err != nil:
		return false
	case relation == '<':
		return got < v
	case relation == '>':
		return got > v
	}
	return math.Abs(got-v) < 1e-9
}

// same compares the alarm lines of two runs, byte by byte.
func same(ts *testscript.TestScript, args []string) {
	var alarms strings.Builder
	for line := range strings.Lines(ts.ReadFile("stdout")) {
		if strings.HasPrefix(line, `{"type":"alarm"`) {
			alarms.WriteString(line)
		}
	}
	if alarms.Len() == 0 {
		ts.Fatalf("there are no alarm lines")
	}
	file := ts.MkAbs(args[0])
	if _, err := os.Stat(file); err != nil {
		ts.Check(os.WriteFile(file, []byte(alarms.String()), 0o600))
		return
	}
	if ts.ReadFile(file) != alarms.String() {
		ts.Fatalf("the alarm lines differ from those in %s", args[0])
	}
}
