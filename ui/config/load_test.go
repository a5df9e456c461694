package config

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"setpoint/sensors/alarm"
	"setpoint/sensors/threshold"
)

// written loads a file that has text.
func written(t *testing.T, text string) (*File, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "setpoint.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return Load(path, testFlags)
}

const example = `# the bakery
sources: ["sim:", readings.csv]
high: 30
critical: off
deadband: 0.5
on-delay: {high: 60s, low: 2m}
groups:
  ovens:
    sensors: ["oven-*", kiln]
    high: 85
    priority: medium
sensors:
  oven-2:
    high: 91
    deadband:
      high: 1
      critical: 2
    kind: temperature
    cause: |
      heater relay stuck
    consequence: bread is lost
    action: switch the oven off
    priority: high
    respond: 10m
    out-of-service: "door taken off"
    flat: off
    stale: 5m
  hall:
keys: {acknowledge: a, undo: [u, ctrl+z]}
fps: 20
emit:
- acks
- rejects
`

func TestEveryKeyIsTakenOver(t *testing.T) {
	f, err := written(t, example)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(f.Sources, []string{"sim:", "readings.csv"}) || len(f.Scopes) != 4 || len(f.Keys) != 2 || len(f.Flags) != 2 {
		t.Fatalf("%+v", f)
	}
	all, ovens, oven, hall := &f.Scopes[0], &f.Scopes[1], &f.Scopes[2], &f.Scopes[3]
	if all.Layer != All || *all.Of[threshold.High].At != 30 || !math.IsNaN(*all.Of[threshold.Critical].At) || all.Of[threshold.Low].At != nil ||
		*all.Of[threshold.Low].Deadband != 0.5 || *all.Of[threshold.Low].OnDelay != 2*time.Minute || all.Of[threshold.Critical].OnDelay != nil {
		t.Errorf("for all: %+v", all)
	}
	if ovens.Layer != Group || ovens.Name != "ovens" || !slices.Equal(ovens.Patterns, []string{"oven-*", "kiln"}) || ovens.Advice.Priority != alarm.MediumPriority {
		t.Errorf("ovens: %+v", ovens)
	}
	advice := alarm.Advice{
		Cause: "heater relay stuck", Consequence: "bread is lost", Action: "switch the oven off",
		Respond: 10 * time.Minute, Priority: alarm.HighPriority,
	}
	if oven.Layer != Sensor || oven.Advice != advice || oven.OutOfService != "door taken off" || oven.Kind != "temperature" || *oven.Flat != 0 || *oven.Stale != 5*time.Minute {
		t.Errorf("oven-2: %+v", oven)
	}
	if *oven.Of[threshold.High].Deadband != 1 || oven.Of[threshold.Low].Deadband != nil {
		t.Errorf("oven-2: %+v", oven.Of)
	}
	if hall.Name != "hall" || hall.Of != (threshold.Settings{}) {
		t.Errorf("hall: %+v", hall)
	}
	if e := f.Keys[1]; e.Name != "undo" || !slices.Equal(e.Words, []string{"u", "ctrl+z"}) || e.Line != 29 {
		t.Errorf("keys: %+v", f.Keys)
	}
	if e := f.Flags[1]; e.Name != "emit" || !slices.Equal(e.Words, []string{"acks", "rejects"}) {
		t.Errorf("flags: %+v", f.Flags)
	}
}

func TestEachFigureSaysWhereItIsSet(t *testing.T) {
	f, err := written(t, example)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"setpoint.yaml:3", "setpoint.yaml:10", "setpoint.yaml:14", ""} {
		if got := f.Scopes[i].From(threshold.High, At); got != want {
			t.Errorf("high of %q is from %q, want %q", f.Scopes[i].Name, got, want)
		}
	}
	flag := Scope{Source: "flag"}
	if err := flag.Set(threshold.High, At, "5", 0); err != nil || flag.From(threshold.High, At) != "flag" || flag.From(threshold.Low, At) != "" {
		t.Errorf("a flag: %q, %v", flag.From(threshold.High, At), err)
	}
	if got := f.Scopes[2].From(threshold.Critical, Deadband); got != "setpoint.yaml:17" {
		t.Errorf("a deadband is from %q", got)
	}
}

func TestEachFaultHasItsLineAndWhatIsWanted(t *testing.T) {
	for text, want := range map[string]string{
		"hihg: 3":                                    `:1: unknown key "hihg": want high`,
		"zzzzzz: 3":                                  `:1: unknown key "zzzzzz": want fps, emit, queue, sources,`,
		"high: hot":                                  `:1: high "hot": want a number or off`,
		"high:":                                      `:1: high: want a number or off`,
		"high: [1, oven=2]":                          `:1: high: want a number or off; for single sensors see sensors`,
		"high: .inf":                                 `:1: high ".inf": want a number or off`,
		"high: 30,5":                                 `:1: high "30,5": want a number or off`,
		"deadband: -1":                               `:1: deadband "-1": want 0 or more`,
		"deadband: off":                              `:1: deadband "off": want a number`,
		"deadband: {hihg: 1}":                        `:1: deadband: unknown key "hihg": want high`,
		"deadband: {high: 1, high: 2}":               `:1: deadband: key "high" again: want it once (line 1)`,
		"on-delay: 60":                               `:1: on-delay "60": want a time such as 90s or 1h30m`,
		"off-delay: 1000h":                           `:1: off-delay "1000h": want at most 720h`,
		"fps: 1\nhigh: 3\nfps: 2":                    `:3: key "fps" again: want it once (line 1)`,
		"fps: {a: 1}":                                `:1: fps: want a word or a list of words`,
		"sources: [[a]]":                             `:1: sources: want a word or a list of words`,
		"high: 30\ncritical: 20":                     `:2: critical 20: want it not below high 30 (line 1)`,
		"high: 30\nlow: 30":                          `:1: high 30: want it above low 30 (line 2)`,
		"groups: {a: {high: 3}}":                     `:1: group "a": want sensors: a list of names`,
		"groups: {a: {sensors: [\"[\"]}}":            `:1: group "a" sensors "[": want a name, in which * stands for any text without a /`,
		"groups: {a: {sensors: x, sensor: y}}":       `:1: group "a": unknown key "sensor": want sensors`,
		"sensors: {a: {high: x}}":                    `:1: sensor "a" high "x": want a number or off`,
		"sensors: {a: {high: 1}, a: {low: 1}}":       `:1: sensors: key "a" again`,
		"sensors: {\"\": {high: 1}}":                 `:1: sensor "": sensor name is empty`,
		"sensors: [a]":                               `:1: sensors: want KEY: VALUE`,
		"sensors:\n  a:\n    priority: urgent":       `:3: sensor "a" priority "urgent": want low, medium or high`,
		"sensors: {a: {kind: temprature}}":           `:1: sensor "a" kind "temprature": want temperature`,
		"sensors: {a: {flat: 0}}":                    `:1: sensor "a" flat "0": want a time such as 90s or 1h30m, or off`,
		"sensors: {a: {respond: soon}}":              `:1: sensor "a" respond "soon": want a time`,
		"sensors: {a: {cause: [x]}}":                 `:1: sensor "a" cause: want a word`,
		"sensors: {a: {respnod: 1m}}":                `:1: sensor "a": unknown key "respnod": want respond`,
		"high: 1\n- x":                               `:2: `,
		"high: 1\nlow: \"x":                          `:2: `,
		"high: 1\n\tlow: 2":                          `:2: `,
		"high: 1\n\nlow: \xff":                       `:3: byte 0xff: want UTF-8`,
		"high: 1\r\nlow: \x1b[2J":                    `:2: character U+001B: want it escaped, in double quotes`,
		"high: 1\rlow: 2":                            `:1: character U+000D`,
		"a: &x 1":                                    `:1: want no anchors`,
		"a: {<<: {b: 1}}":                            `:1: want no anchors`,
		"a: !!int 1":                                 `:1: want no anchors`,
		"groups: {a: {sensors: *}}":                  `a pattern that begins with * stands in quotes`,
		"? a\n: 1":                                   `:1: want no directive and no explicit key`,
		"a: 1\n---\nb: 2":                            `:2: want one document`,
		"[high, 3]":                                  `:1: want KEY: VALUE`,
		"3":                                          `:1: want KEY: VALUE`,
		"a: " + strings.Repeat("[", 10_000):          `:1: want at most 16 levels`,
		strings.Repeat("- ", 100_000) + "x":          `:1: want at most 16 levels`,
		strings.Repeat("a: 1\n", 100_000):            `:12001: want at most 12000 keys side by side`,
		"a: [" + strings.Repeat("a,", 200_000) + "]": `:1: want at most 100000 words`,
	} {
		t.Run(strings.ToValidUTF8(text[:min(len(text), 40)], "?"), func(t *testing.T) {
			_, err := written(t, text)
			if err == nil || !strings.Contains(err.Error(), "setpoint.yaml"+want) && !strings.Contains(err.Error(), want) {
				t.Fatalf("error %v, want %s", err, want)
			}
			if strings.ContainsFunc(err.Error(), func(r rune) bool { return r != '\n' && !unicode.IsGraphic(r) }) {
				t.Errorf("something raw in %q", err)
			}
		})
	}
}

func TestAllFaultsOfAFileAreTold(t *testing.T) {
	f, err := written(t, "hihg: 1\nlow: cold\nsensors:\n  a:\n    high: 1\n    critical: 0\n  \"b\\x1b[2J\": {lo: 3}\nfps: 7\n")
	if err == nil || strings.Count(err.Error(), "\n") != 3 {
		t.Fatalf("%v", err)
	}
	for i, want := range []string{`:1: unknown key "hihg"`, `:2: low "cold"`, `:6: sensor "a" critical 0: want it not below high 1 (line 5)`, `:7: sensor "b\x1b[2J": unknown key "lo": want low`} {
		if line := strings.Split(err.Error(), "\n")[i]; !strings.Contains(line, want) {
			t.Errorf("%s, want %s", line, want)
		}
	}
	if len(f.Flags) != 1 || f.Flags[0].Line != 8 {
		t.Errorf("what can be understood is lost: %+v", f.Flags)
	}
}

func TestThousandsOfFaultsAreToldByNumber(t *testing.T) {
	var b strings.Builder
	for i := range 2000 {
		b.WriteString(strings.Repeat("wrong", 10) + strconv.Itoa(i) + ": 1\n")
	}
	_, err := written(t, b.String())
	if err == nil || strings.Count(err.Error(), "\n") != 100 || !strings.HasSuffix(err.Error(), "and 1900 more faults") {
		t.Errorf("%d lines", strings.Count(err.Error(), "\n"))
	}
}

func TestAHugeNameIsCut(t *testing.T) {
	for _, text := range []string{strings.Repeat("k", 900_000) + ": 1", "sensors:\n  \"" + strings.Repeat(`\x1b`, 200_000) + "\": {x: 1}"} {
		if _, err := written(t, text); err == nil || len(err.Error()) > 4000 {
			t.Errorf("an error of %d bytes", len(err.Error()))
		}
	}
	if _, err := written(t, "#"+strings.Repeat("x", maxSize)); err == nil || !strings.Contains(err.Error(), "want at most") {
		t.Errorf("a huge file: %v", err)
	}
	if _, err := Load(strings.Repeat("\x1b", 1<<20), nil); err == nil || len(err.Error()) > 1000 || strings.Contains(err.Error(), "\x1b") {
		t.Errorf("a huge path: %v", err)
	}
}

func TestFindingTheFile(t *testing.T) {
	dir, home := t.TempDir(), t.TempDir()
	t.Chdir(dir)
	t.Setenv("HOME", home)
	t.Setenv("XDG_CONFIG_HOME", home)
	if f, err := Load("", nil); err != nil || f.Path() != "setpoint.yaml" || len(f.Scopes) != 0 {
		t.Errorf("none: %v, %+v", err, f)
	}
	user, err := os.UserConfigDir()
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(os.MkdirAll(filepath.Join(user, "setpoint"), 0o700), os.WriteFile(filepath.Join(user, "setpoint", "setpoint.yaml"), []byte("high: 1\n"), 0o600)); err != nil {
		t.Fatal(err)
	}
	if f, err := Load("", nil); err != nil || f.Path() != filepath.Join(user, "setpoint", "setpoint.yaml") || len(f.Scopes) != 1 {
		t.Errorf("the user's: %v, %+v", err, f)
	}
	if err := os.WriteFile("setpoint.yaml", []byte("hihg: 2\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if f, err := Load("", nil); err == nil || f.Path() != "setpoint.yaml" {
		t.Errorf("the working directory's: %v, %+v", err, f)
	}
	for _, path := range []string{"no.yaml", dir, "a\x00b"} {
		if _, err := Load(path, nil); err == nil {
			t.Errorf("%q is loaded", path)
		}
	}
}

func FuzzLoad(f *testing.F) {
	f.Add([]byte(example))
	f.Add([]byte("sensors: {a: {deadband: {high: 1}}, 'b''s': {low: \"\\u00e4\"}}\r\n"))
	f.Add([]byte("\ufeff--- \nhigh: |\n  3\n# x\n"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		root, err := parse(raw)
		file := &File{name: "f", word: "f", flags: testFlags, raw: raw, root: root}
		if err == nil {
			err = errors.Join(file.decode(root, testFlags)...)
		}
		if err != nil {
			if strings.ContainsFunc(err.Error(), func(r rune) bool { return r != '\n' && !unicode.IsGraphic(r) }) {
				t.Errorf("something raw in %q", err)
			}
			return
		}
		c := Change{Layer: Sensor, Name: "a", Kind: threshold.High, Value: 1e9}
		figures := figuresOf(file)
		changed, err := c.apply(&text{raw, root})
		if err != nil {
			return // written in a way that only a person can change
		}
		expect(figures, c)
		next, err := file.with(changed)
		if err != nil {
			return // it contradicts another
		}
		got := figuresOf(next)
		for k, v := range figures {
			if got[k] != v {
				t.Errorf("%s is %s, want %s", k, got[k], v)
			}
		}
		if len(got) != len(figures) {
			t.Errorf("figures are %v, want %v", got, figures)
		}
	})
}
