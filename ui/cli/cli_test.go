package cli

import (
	"log/slog"
	"math"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"setpoint/sensors/threshold"
	"setpoint/workflow"
)

// parse reads a command line, and variables given as NAME=VALUE.
func parse(args []string, env ...string) (*Options, error) {
	return Parse(args, func(name string) string {
		for _, e := range env {
			if n, v, _ := strings.Cut(e, "="); n == name {
				return v
			}
		}
		return ""
	})
}

func parsed(t *testing.T, args []string, env ...string) *Options {
	t.Helper()
	o, err := parse(args, env...)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func TestWithoutArgumentsThePlantIsWatched(t *testing.T) {
	o := parsed(t, nil)
	if !slices.Equal(o.Sources, []string{"sim:"}) || o.Speed != 1 || o.Seed != 1 || o.Queue != 1024 || o.Overflow != nil ||
		o.LogLevel != slog.LevelInfo || o.Theme != "auto" || o.Headless || o.Duration != 0 {
		t.Errorf("%+v", o)
	}
}

func TestEveryFlagIsTakenOver(t *testing.T) {
	o := parsed(t, []string{
		"a.csv", "--speed", "max", "--seed=7", "--duration", "90s", "--max-events", "10", "--until-critical",
		"--idle-timeout", "1m", "--queue", "5", "--overflow", "drop-oldest", "--emit", "rejects", "--headless",
		"--fps", "30", "--theme", "dark", "--ascii", "--no-mouse", "--log", "x.log", "--log-level", "debug", "-",
	})
	if !slices.Equal(o.Sources, []string{"a.csv", "-"}) || !math.IsInf(o.Speed, 1) || o.Seed != 7 || o.Duration != 90*time.Second ||
		o.MaxEvents != 10 || !o.UntilCritical || o.IdleTimeout != time.Minute || o.Queue != 5 || *o.Overflow != workflow.DropOldest ||
		!o.Rejects || !o.Headless || o.FPS != 30 || o.Theme != "dark" || !o.ASCII || !o.NoMouse || o.LogFile != "x.log" || o.LogLevel != slog.LevelDebug {
		t.Errorf("%+v", o)
	}
	if o := parsed(t, []string{"--speed", "x60", "--emit", ""}); o.Speed != 60 || o.Rejects {
		t.Errorf("speed %g", o.Speed)
	}
}

func TestThresholdsForAllAndForOne(t *testing.T) {
	o := parsed(t, []string{
		"--high", "85", "--high", "oven-1=90.5", "--critical", "off", "--critical", "a=b=95", "--low", "oven-1=-5",
		"--critical-low", "-40", "--deadband", "1.5", "--deadband", "oven-1=0",
	})
	all := o.Settings.Default
	if *all[threshold.High].At != 85 || !math.IsNaN(*all[threshold.Critical].At) || all[threshold.Low].At != nil ||
		*all[threshold.CriticalLow].At != -40 || *all[threshold.Low].Deadband != 1.5 {
		t.Errorf("for all: %v", all)
	}
	oven, odd := o.Settings.Sensors["oven-1"].Thresholds, o.Settings.Sensors["a=b"].Thresholds
	if *oven[threshold.High].At != 90.5 || *oven[threshold.Low].At != -5 || *oven[threshold.High].Deadband != 0 || oven[threshold.Critical].At != nil {
		t.Errorf("for oven-1: %+v", oven)
	}
	if *odd[threshold.Critical].At != 95 || len(o.Settings.Sensors) != 2 {
		t.Errorf("for a=b: %+v", odd)
	}
}

func TestAFlagCountsBeforeItsVariable(t *testing.T) {
	env := []string{"SETPOINT_MAX_EVENTS=5", "SETPOINT_HIGH=oven=60", "SETPOINT_HEADLESS=true", "SETPOINT_THEME="}
	if o := parsed(t, nil, env...); o.MaxEvents != 5 || *o.Settings.Sensors["oven"].Thresholds[threshold.High].At != 60 || !o.Headless || o.Theme != "auto" {
		t.Errorf("variables: %+v", o)
	}
	o := parsed(t, []string{"--max-events", "6", "--high", "70", "--headless=false"}, env...)
	if o.MaxEvents != 6 || *o.Settings.Default[threshold.High].At != 70 || len(o.Settings.Sensors) != 0 || o.Headless {
		t.Errorf("flags: %+v", o)
	}
	if o := parsed(t, nil, "SETPOINT_HELP=true", "SETPOINT_VERSION=true"); o.Help || o.Version {
		t.Error("a variable asks for help")
	}
}

func TestEachFaultNamesTheValueAndWhatIsWanted(t *testing.T) {
	for arg, want := range map[string]string{
		"--speed=0":            `--speed "0": want a number from 0.001 to 1000000, or max`,
		"--speed=NaN":          `--speed "NaN": want a number`,
		"--seed=-1":            `--seed "-1": want a whole number of 0 or more`,
		"--duration=1":         `--duration "1": want a time such as 90s or 1h30m`,
		"--duration=-1s":       `--duration -1s: want 0 or more`,
		"--idle-timeout=-1s":   `--idle-timeout -1s: want 0 or more`,
		"--queue=0":            `--queue 0: want 1 to 1048576`,
		"--queue=x":            `--queue "x": want a whole number`,
		"--fps=61":             `--fps 61: want 1 to 60`,
		"--overflow=explode":   `--overflow "explode": want block, drop-oldest, drop-newest, coalesce or reject`,
		"--emit=ack":           `--emit "ack": want acks or rejects`,
		"--log-level=loud":     `--log-level "loud": want debug, info, warn or error`,
		"--theme=pink":         `--theme "pink": want auto`,
		"--headless=maybe":     `--headless "maybe": want true or false`,
		"--high=hot":           `--high "hot": want a number or off`,
		"--high=oven=":         `--high "oven=": want a number or off`,
		"--low==5":             `--low "=5": want a sensor's name before the =`,
		"--critical=Inf":       `--critical "Inf": want a number or off`,
		"--critical-low=NaN":   `--critical-low "NaN": want a number or off`,
		"--deadband=off":       `--deadband "off": want a number`,
		"--deadband=-1":        `--deadband "-1": want 0 or more`,
		"--max-events":         `max-events`,
		"--high=a\x1b[2Jb=x":   `--high "a\x1b[2Jb=x": want a number or off`,
		"--bogus\x1b[2J\u202e": `bogus`,
		"--emit=\u009b":        `--emit "\u009b": want acks or rejects`,
	} {
		t.Run(strings.ToValidUTF8(arg, "?"), func(t *testing.T) {
			_, err := parse([]string{arg})
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Fatalf("error %v, want %s", err, want)
			}
			if strings.ContainsFunc(err.Error(), func(r rune) bool { return !unicode.IsGraphic(r) }) {
				t.Errorf("something raw in %q", err)
			}
		})
	}
}

func TestAllFaultsAreToldAtOnce(t *testing.T) {
	_, err := parse([]string{"--fps", "x", "--queue", "-1", "--high", "hot", "--speed", "fast"}, "SETPOINT_SEED=-5")
	want := []string{`--fps "x"`, `SETPOINT_SEED="-5": want a whole number of 0 or more`, `--high "hot"`, `--speed "fast"`, `--queue -1`}
	if err == nil || strings.Count(err.Error(), "\n") != len(want)-1 {
		t.Fatalf("error %v", err)
	}
	for i, line := range strings.Split(err.Error(), "\n") {
		if !strings.HasPrefix(line, want[i]) {
			t.Errorf("line %d is %s, want %s", i, line, want[i])
		}
	}
}

func TestALongValueIsCut(t *testing.T) {
	_, err := parse([]string{"--high", strings.Repeat("x", 10_000)})
	if err == nil || len(err.Error()) > 200 {
		t.Errorf("an error of %d bytes", len(err.Error()))
	}
}

func TestHelpAndVersionAreGivenWhateverElseIsWrong(t *testing.T) {
	if o := parsed(t, []string{"--fps", "x", "-h"}); !o.Help {
		t.Error("no help")
	}
	if o := parsed(t, []string{"--version", "--speed", "fast"}); !o.Version {
		t.Error("no version")
	}
	if o := parsed(t, []string{"version"}); !o.Version {
		t.Error("the word version is no question for it")
	}
}

func TestTheHelpNamesEveryFlagAndStatus(t *testing.T) {
	help := Usage()
	for _, word := range []string{"--until-critical", "--critical-low", "[SENSOR=]VALUE", "SETPOINT_MAX_EVENTS", "130, 143", "sim:", "hwmon:"} {
		if !strings.Contains(help, word) {
			t.Errorf("no %s in the help", word)
		}
	}
	for line := range strings.Lines(help) {
		if len(line) > 101 {
			t.Errorf("a line of %d: %s", len(line), line)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("--high\x00oven=85\x00--speed\x00max", "7")
	f.Add("whatif\x00--critical\x00off\x00--sensor\x00a\x00x.csv", "")
	f.Add("letters\x00redrive\x007", "")
	f.Add("sim:guide\x00--emit\x00rejects,rejects", "")
	f.Fuzz(func(t *testing.T, args, env string) {
		o, err := Parse(strings.Split(args, "\x00"), func(name string) string {
			if name == "SETPOINT_CONFIG" {
				return "" // no file is read whose name is made up
			}
			return env
		})
		if err != nil {
			if strings.ContainsFunc(err.Error(), func(r rune) bool { return r != '\n' && !unicode.IsGraphic(r) }) {
				t.Errorf("something raw in %q", err)
			}
			return
		}
		dashboard := o.Command == "" && !o.Help && !o.Version
		if len(o.Sources) == 0 && dashboard {
			t.Error("no source")
		}
		if o.Speed < 0.001 && dashboard {
			t.Errorf("speed %g", o.Speed)
		}
	})
}
