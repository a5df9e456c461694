package cli

import (
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"setpoint/sensors/threshold"
	"setpoint/ui/config"
)

// configured writes a configuration file and returns its path.
func configured(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "setpoint.yaml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestAFlagCountsBeforeItsVariableBeforeTheFile(t *testing.T) {
	path := configured(t, "sources: [a.csv, b.csv]\nqueue: 7\nfps: 7\nseed: 7\nemit: [acks, rejects]\nheadless: true\ntheme: dark\n")
	o := parsed(t, []string{"--queue", "5"}, "SETPOINT_CONFIG="+path, "SETPOINT_FPS=6", "SETPOINT_QUEUE=6")
	if o.Queue != 5 || o.FPS != 6 || o.Seed != 7 || !o.Acks || !o.Rejects || !o.Headless || o.Theme != "dark" || !slices.Equal(o.Sources, []string{"a.csv", "b.csv"}) {
		t.Errorf("%+v", o)
	}
	if o := parsed(t, []string{"--config", path, "--emit", "acks", "c.csv"}); !o.Acks || o.Rejects || !slices.Equal(o.Sources, []string{"c.csv"}) {
		t.Errorf("%+v", o)
	}
}

func TestTheFileOfTheWorkingDirectoryIsRead(t *testing.T) {
	t.Chdir(filepath.Dir(configured(t, "fps: 7\n")))
	if o := parsed(t, nil); o.FPS != 7 || o.File.Path() != "setpoint.yaml" {
		t.Errorf("%+v", o)
	}
}

func TestThresholdsOfAllLayersArePutTogether(t *testing.T) {
	path := configured(t, `
high: 30
low: 5
on-delay: 60s
groups: {ovens: {sensors: ["oven-*"], high: 85}}
sensors:
  oven-2: {high: 91, deadband: 2, cause: relay, out-of-service: door}
`)
	o := parsed(t, []string{"--config", path, "--high", "35", "--high", "oven-2=92", "--off-delay", "oven-2=2m", "--low", "oven-3=off"},
		"SETPOINT_CRITICAL=40", "SETPOINT_LOW=4")
	s := o.Settings
	if *s.Default[threshold.High].At != 35 || *s.Default[threshold.Low].At != 5 || *s.Default[threshold.Critical].At != 40 || *s.Default[threshold.High].OnDelay != time.Minute {
		t.Errorf("for all: %+v", s.Default)
	}
	if len(s.Groups) != 1 || *s.Groups[0].Thresholds[threshold.High].At != 85 || !s.Groups[0].Holds("oven-9") {
		t.Errorf("groups: %+v", s.Groups)
	}
	oven := s.Sensors["oven-2"]
	if *oven.Thresholds[threshold.High].At != 92 || *oven.Thresholds[threshold.Critical].Deadband != 2 || *oven.Thresholds[threshold.Low].OffDelay != 2*time.Minute ||
		oven.Advice.Cause != "relay" || oven.OutOfService != "door" {
		t.Errorf("oven-2: %+v", oven)
	}
	if !math.IsNaN(*s.Sensors["oven-3"].Thresholds[threshold.Low].At) {
		t.Errorf("oven-3: %+v", s.Sensors["oven-3"])
	}
	var from []string
	for i := range o.Scopes {
		if f := o.Scopes[i].From(threshold.High, config.At); f != "" {
			from = append(from, f)
		}
	}
	if want := []string{"setpoint.yaml:2", "flag", "setpoint.yaml:5", "setpoint.yaml:7", "flag"}; !slices.Equal(from, want) {
		t.Errorf("high is from %q, want %q", from, want)
	}
}

func TestAFlagSwitchesOffWhatContradictsItInTheFile(t *testing.T) {
	path := configured(t, "high: 30\ncritical: 40\nlow: 5\nsensors: {a: {critical: 50}}\n")
	s := parsed(t, []string{"--config", path, "--high", "95", "--high", "a=60"}).Settings
	if d := s.Default; *d[threshold.High].At != 95 || !math.IsNaN(*d[threshold.Critical].At) || *d[threshold.Low].At != 5 {
		t.Errorf("%+v", d)
	}
	if a := s.Sensors["a"].Thresholds; *a[threshold.High].At != 60 || !math.IsNaN(*a[threshold.Critical].At) || a[threshold.Low].At != nil {
		t.Errorf("%+v", a)
	}
}

func TestFaultsOfTheFileStandBesideTheOthers(t *testing.T) {
	path := configured(t, "hihg: 3\nfps: x\nqueue: 0\nseed: [1, 2]\nconfig: other.yaml\nversion: true\nemit: ack\n")
	_, err := parse([]string{"--config", path, "--speed", "0"})
	if err == nil {
		t.Fatal("no error")
	}
	for i, want := range []string{
		`setpoint.yaml:1: unknown key "hihg": want high`, `setpoint.yaml:5: unknown key "config"`, `setpoint.yaml:6: unknown key "version"`,
		`setpoint.yaml:2: fps "x": want a whole number`, `setpoint.yaml:4: seed: want one word`, `--speed "0"`,
		`setpoint.yaml:7: emit "ack": want acks or rejects`, `setpoint.yaml:3: queue 0: want 1 to`,
	} {
		if lines := strings.Split(err.Error(), "\n"); len(lines) != 8 || !strings.Contains(lines[i], want) {
			t.Errorf("line %d of %q, want %s", i, lines, want)
		}
	}
	if _, err := parse([]string{"--config", "no\x1b.yaml"}); err == nil || !strings.Contains(err.Error(), `"no\x1b.yaml": no such file`) {
		t.Errorf("a file that is not there: %v", err)
	}
}

func TestAVariableIsNamedInItsFault(t *testing.T) {
	_, err := parse(nil, "SETPOINT_QUEUE=0", "SETPOINT_HIGH=hot", "SETPOINT_STATS=1ns", "SETPOINT_ALL=1")
	want := "SETPOINT_HIGH \"hot\": want a number or off\nSETPOINT_QUEUE 0: want 1 to 1048576\nSETPOINT_STATS 1ns: want 0, or 10ms or more"
	if err == nil || err.Error() != want {
		t.Errorf("%v", err)
	}
}
