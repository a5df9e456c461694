package offline

import (
	"bytes"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode"

	"setpoint/ui/cli"
	"setpoint/workflow/monitor"
)

const foul = "a\x1b[2J\u202e\u009b\x00\xff\u2028"

func foulLetter() *monitor.Letter {
	return &monitor.Letter{
		ID: 7, At: time.Unix(1_700_000_000, 0), Node: foul, Reason: foul, Err: foul, Attempts: 5, Redrives: 1, Event: 3,
		Sensor: foul, Time: time.Unix(1_700_000_000, 0), Payload: foul, State: foul, Revision: 2,
	}
}

func raw(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool { return r != '\n' && !unicode.IsGraphic(r) || r == unicode.ReplacementChar })
}

func TestALetterIsShownWithoutWhatActsOnATerminal(t *testing.T) {
	text := shown(foulLetter())
	if raw(text) {
		t.Errorf("raw: %q", text)
	}
	for _, line := range []string{"letter    7\n", "tries     5\n", "redriven  1\n", "time      2023-11-14T22:13:20.000Z\n"} {
		if !strings.Contains(text, line) {
			t.Errorf("no line %q in\n%s", line, text)
		}
	}
}

func TestTheStateDirectoryIsTheUsersOwn(t *testing.T) {
	t.Setenv("HOME", "/home/ann")
	for value, want := range map[string]string{
		"":              "/home/ann/.local/state/setpoint",
		"/var/ann":      "/var/ann/setpoint",
		"not/from/root": "/home/ann/.local/state/setpoint",
	} {
		dir, err := StateDir(func(string) string { return value })
		if err != nil || dir != filepath.FromSlash(want) {
			t.Errorf("with %q it is %q, %v", value, dir, err)
		}
	}
	t.Setenv("HOME", "")
	if dir, err := StateDir(func(string) string { return "" }); err == nil || !strings.Contains(err.Error(), "--state") {
		t.Errorf("without a home it is %q, %v", dir, err)
	}
}

func TestWhereNothingIsKeptTheStoreIsToBlameAndNothingIsMade(t *testing.T) {
	for _, o := range []*cli.Options{
		{Command: "history"},
		{Command: "verify"},
		{Command: "letters", Request: cli.Request{What: "list"}},
		{Command: "letters", Request: cli.Request{What: "show", IDs: []uint64{1}}},
		{Command: "letters", Request: cli.Request{What: "redrive", All: true}},
		{Command: "letters", Request: cli.Request{What: "drop", IDs: []uint64{1}}},
	} {
		o.State = filepath.Join(t.TempDir(), "none")
		var out bytes.Buffer
		err := Run(t.Context(), o, &out, "ann")
		if _, ok := errors.AsType[*monitor.StoreError](err); !ok || out.Len() > 0 {
			t.Errorf("%s %s: %v, %q", o.Command, o.What, err, out.String())
		}
		if made, _ := filepath.Glob(o.State); made != nil {
			t.Errorf("%s %s: %q was made", o.Command, o.What, made)
		}
	}
}
