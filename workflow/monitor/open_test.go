package monitor

import (
	"errors"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"setpoint/sensors"
)

func TestOpenSaysWhatIsWrongWithAWord(t *testing.T) {
	for spec, want := range map[string]string{
		"simm":            `"simm" is no source, command or file: want sim:`,
		"hwmn":            `want hwmon:`,
		"sim:gide":        `guide`,
		"versoin":         `want version`,
		"thermometer":     `want sim:, hwmon:, a FILE or -`,
		"":                `"" is no source, command or file`,
		"x\x1b[2J":        `"x\x1b[2J" is no source`,
		"sim:?sensors=-1": `sensors="-1"`,
	} {
		_, err := Open([]string{spec}, OpenOptions{Speed: 1})
		if _, usage := errors.AsType[*UsageError](err); !usage || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v, want a wrong usage that says %s", spec, err, want)
		}
	}
}

func TestAFileThatIsNotThereIsNoWrongUsage(t *testing.T) {
	for _, spec := range []string{filepath.Join(t.TempDir(), "none.csv"), t.TempDir()} {
		_, err := Open([]string{spec}, OpenOptions{})
		if _, usage := errors.AsType[*UsageError](err); err == nil || usage {
			t.Errorf("error %v", err)
		}
	}
	if _, err := Open([]string{"none.csv"}, OpenOptions{}); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("error %v", err)
	}
}

func TestOpenNamesEveryFault(t *testing.T) {
	_, err := Open([]string{"sim:", "simm", "none.csv", "sim:", "sim:gide"}, OpenOptions{Speed: 1})
	if err == nil || strings.Count(err.Error(), "\n") != 3 || !strings.Contains(err.Error(), `"sim:" is there twice`) {
		t.Errorf("error %v", err)
	}
	if _, usage := errors.AsType[*UsageError](err); !usage {
		t.Error("one wrong word makes it a wrong usage")
	}
}

func TestARecordingIsWatchedToItsEnd(t *testing.T) {
	path := filepath.Join(t.TempDir(), "ovens.csv")
	rows := "time,sensor,value,unit\n2026-03-01T12:00:00Z,oven-1,95,°F\n2026-03-01T12:00:01Z,oven-1,hot,°F\n2026-03-01T12:00:02Z,oven-2,20,\n"
	if err := os.WriteFile(path, []byte(rows), 0o600); err != nil {
		t.Fatal(err)
	}
	in := io.NopCloser(strings.NewReader(`{"sensor":"a","value":45,"time":"2026-03-01T12:00:00Z"}` + "\nnonsense\n"))
	list, err := Open([]string{path, "-", "sim:guide"}, OpenOptions{Speed: math.Inf(1), Seed: 1, Stdin: in})
	if err != nil {
		t.Fatal(err)
	}
	s := ran(t, newMonitor(t, Config{}, list...))
	if s.Accepted != 56 || s.Rejected != 2 || len(s.Sensors) != 6 {
		t.Errorf("%d accepted, %d rejected, %d sensors", s.Accepted, s.Rejected, len(s.Sensors))
	}
	if st := s.Sensors["oven-1"]; st.Unit != sensors.DegC || math.Abs(st.Value-35) > 1e-9 || st.Alarm.On() == 0 {
		t.Errorf("oven-1 reads %g %s", st.Value, st.Unit)
	}
}

func TestASimulationAtFullSpeedHasALength(t *testing.T) {
	list, err := Open([]string{"sim:?sensors=4&rate=2"}, OpenOptions{Speed: math.Inf(1), Length: 10 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	if s := ran(t, newMonitor(t, Config{}, list...)); s.Accepted != 80 || s.Reason != "ended" {
		t.Errorf("%d readings, ended by %q", s.Accepted, s.Reason)
	}
}

func TestWhatIsLive(t *testing.T) {
	for _, c := range []struct {
		specs []string
		speed float64
		want  bool
	}{
		{[]string{"sim:"}, 1, true},
		{[]string{"sim:"}, 60, false},
		{[]string{"sim:"}, math.Inf(1), false},
		{[]string{"-"}, math.Inf(1), true},
		{[]string{"hwmon:", "-"}, 60, true},
		{[]string{"a.csv"}, 1, false},
		{[]string{"hwmon:", "a.csv"}, 1, false},
	} {
		if got := Live(c.specs, c.speed); got != c.want {
			t.Errorf("%q at %g: live is %t", c.specs, c.speed, got)
		}
	}
}

func TestTheNearestWord(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{{"", "", 0}, {"a", "", 1}, {"sim", "sim", 0}, {"smi", "sim", 2}, {"kitten", "sitting", 3}} {
		if got := sensors.Distance(c.a, c.b); got != c.want || sensors.Distance(c.b, c.a) != got {
			t.Errorf("from %q to %q: %d, want %d", c.a, c.b, got, c.want)
		}
	}
}
