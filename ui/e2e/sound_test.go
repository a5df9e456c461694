package e2e_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"
)

// sound returns what is wrong with the output of a run that has ended, whatever the
// run was about: nothing in it can act on a terminal, headless output is JSON from
// start to summary, and the summary keeps the law of the counters.
func sound(stdout, stderr string) error {
	err := errors.Join(inert("stdout", stdout), inert("stderr", stderr))
	if err != nil || !strings.HasPrefix(stdout, "{") {
		return err
	}
	var types []string
	for line := range strings.Lines(stdout) {
		var l struct{ Type string }
		if err := json.Unmarshal([]byte(line), &l); err != nil || l.Type == "" || !strings.HasSuffix(line, "\n") {
			return fmt.Errorf("no line of JSON with a type: %.300q: %w", line, err)
		}
		types = append(types, l.Type)
	}
	if types[0] != "start" || types[len(types)-1] != "summary" {
		return fmt.Errorf("lines from %s to %s, want from start to summary", types[0], types[len(types)-1])
	}
	s, err := lastSummary(stdout)
	if err != nil {
		return err
	}
	return s.lawful()
}

// inert returns an error if a terminal would take a part of text for more than
// characters to show.
func inert(name, text string) error {
	for i, r := range text {
		raw := r == utf8.RuneError && !strings.HasPrefix(text[i:], "\ufffd")
		if raw || r != '\n' && !unicode.IsGraphic(r) {
			return fmt.Errorf("%s: %q at byte %d, after %q", name, r, i, text[max(0, i-40):i])
		}
	}
	return nil
}

// lawful returns what the summary's counters do not add up to. After the end
// nothing may be waiting, queued or open.
func (s figures) lawful() error {
	var errs []error
	for _, law := range []string{
		"offered = received waiting rejected",
		"received = folded coalesced dropped_oldest dropped_newest late dead_fold queued",
		"dispatched = handled dead_handler shed open",
		"letters = stored lost",
		"waiting =", "queued =", "open =",
	} {
		left, right, _ := strings.Cut(law, " =")
		sum := 0.0
		for name := range strings.FieldsSeq(right) {
			sum += s.number("accounting." + name)
		}
		if got := s.number("accounting." + left); got != sum {
			errs = append(errs, fmt.Errorf("%s: %v is not %v", law, got, sum))
		}
	}
	return errors.Join(errs...)
}

func TestUnsoundOutputIsFound(t *testing.T) {
	counters := `"offered":3,"received":2,"waiting":0,"rejected":1,"folded":1,"coalesced":1,"dropped_oldest":0,` +
		`"dropped_newest":0,"late":0,"dead_fold":0,"queued":0,"dispatched":1,"handled":1,"dead_handler":0,` +
		`"shed":0,"open":0,"letters":0,"stored":0,"lost":0`
	good := `{"type":"start"}` + "\n" + `{"type":"summary","accounting":{` + counters + "}}\n"
	if err := sound(good, "hint: 5 °C\n"); err != nil {
		t.Fatal(err)
	}
	for name, bad := range map[string][2]string{
		"an escape":           {good, "\x1b[2J"},
		"a C1 control":        {good, "\u009b2J"},
		"a bidi override":     {good, "a\u202eb"},
		"invalid UTF-8":       {good, "a\xffb"},
		"no JSON":             {strings.Replace(good, "}\n", "\n", 1), ""},
		"no summary":          {`{"type":"start"}` + "\n", ""},
		"half a line":         {strings.TrimSuffix(good, "\n"), ""},
		"a lost reading":      {strings.Replace(good, `"offered":3`, `"offered":4`, 1), ""},
		"a missing counter":   {strings.Replace(good, `"lost":0`, `"found":0`, 1), ""},
		"an unfinished event": {strings.Replace(good, `"handled":1,"dead_handler":0,"shed":0,"open":0`, `"handled":0,"dead_handler":0,"shed":0,"open":1`, 1), ""},
	} {
		if sound(bad[0], bad[1]) == nil {
			t.Errorf("%s is not found", name)
		}
	}
}
