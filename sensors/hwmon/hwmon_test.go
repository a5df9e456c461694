package hwmon

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/fstest"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"

	"setpoint/sensors"
	"setpoint/sensors/sensorstest"
	"setpoint/sensors/threshold"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// machine returns a file system with the given files.
func machine(files map[string]string) fstest.MapFS {
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return fsys
}

var laptop = map[string]string{
	"hwmon/hwmon0/name":             "coretemp\n",
	"hwmon/hwmon0/temp1_input":      "48000\n",
	"hwmon/hwmon0/temp1_label":      "Package id 0\n",
	"hwmon/hwmon0/temp1_max":        "100000\n",
	"hwmon/hwmon0/temp1_crit":       "105000\n",
	"hwmon/hwmon0/fan1_input":       "2400\n",
	"hwmon/hwmon2/name":             "nvme\n",
	"hwmon/hwmon2/temp1_input":      "35850\n",
	"hwmon/hwmon2/temp1_label":      "Composite\n",
	"hwmon/hwmon2/temp1_max":        "65261850\n",
	"hwmon/hwmon2/temp1_crit":       "84850\n",
	"hwmon/hwmon10/name":            "nvme\n",
	"hwmon/hwmon10/temp1_input":     "-127000\n",
	"hwmon/hwmon10/temp1_label":     "Composite\n",
	"hwmon/hwmon11/temp2_input":     "0\n",
	"thermal/thermal_zone0/temp":    "27800\n",
	"thermal/thermal_zone0/type":    "acpitz\n",
	"thermal/thermal_zone1/temp":    "251000\n",
	"thermal/cooling_device0/state": "0\n",
}

func TestSourceKeepsThePromisesOfSources(t *testing.T) {
	sensorstest.Test(t, func() sensors.Source { return New(machine(laptop), 0) })
	sensorstest.Test(t, func() sensors.Source {
		fsys := machine(laptop)
		fsys["hwmon/hwmon0/temp1_input"].Data = []byte("\x1b[2J")
		return New(fsys, 5*time.Second)
	})
}

func TestNamesValuesAndQualities(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		now := time.Now().Round(0)
		sink := &sensorstest.Recorder{Refusal: errEnough, After: 6}
		if err := New(machine(laptop), time.Second).Run(t.Context(), sink); !errors.Is(err, errEnough) {
			t.Fatal(err)
		}
		want := []sensors.Reading{
			{Sensor: "coretemp Package id 0", Time: now, Value: 48, Unit: "°C"},
			{Sensor: "nvme Composite", Time: now, Value: 35.85, Unit: "°C"},
			{Sensor: "nvme Composite 2", Time: now, Value: -127, Unit: "°C", Quality: sensors.Bad},
			{Sensor: "hwmon11 temp2", Time: now, Value: 0, Unit: "°C"},
			{Sensor: "acpitz", Time: now, Value: 27.8, Unit: "°C"},
			{Sensor: "thermal_zone1", Time: now, Value: 251, Unit: "°C", Quality: sensors.Bad},
		}
		if got := sink.Readings(); !slices.Equal(got, want) {
			t.Errorf("readings\n%v, want\n%v", got, want)
		}
	})
}

func TestNamesAreUniqueWhateverTheyAre(t *testing.T) {
	long := strings.Repeat("\xffx", 5000)
	files := map[string]string{}
	for i, label := range []string{"a", "a", "a 2", "a", "", " \n", "\xff\xfe", long, long, "\x1b[31m"} {
		files["hwmon/hwmon0/temp"+string(rune('0'+i))+"_input"] = "1000"
		files["hwmon/hwmon0/temp"+string(rune('0'+i))+"_label"] = label
	}
	files["hwmon/hwmon0/name"] = long
	sensorstest.Test(t, func() sensors.Source { return New(machine(files), 0) })
	if n := len(New(machine(files), 0).Sensors()); n != 10 {
		t.Errorf("%d sensors, want 10", n)
	}
}

func TestThresholdsAreThoseOfTheDriver(t *testing.T) {
	off := threshold.Off
	tests := []struct {
		name           string
		max, crit      string
		high, critical float64
	}{
		{"both", "80000", "100000", 80, 100},
		{"both the same", "100000", "100000", 100, 100},
		{"none", "", "", off, off},
		{"only crit", "", "90000", off, 90},
		{"one that the driver does not know", "65261850", "84850", off, 84.85},
		{"zero means not known", "0", "0", off, off},
		{"max above crit is left out", "120000", "100000", off, 100},
		{"no number", "hot", "\x00", off, off},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			set := New(machine(map[string]string{
				"hwmon/hwmon0/temp1_input": "1",
				"hwmon/hwmon0/temp1_max":   test.max,
				"hwmon/hwmon0/temp1_crit":  test.crit,
			}), 0).Sensors()[0].Thresholds
			want := threshold.None.With(threshold.High, test.high).With(threshold.Critical, test.critical)
			for k := range threshold.Kinds {
				if set[k].At != want[k].At && (set.On(k) || want.On(k)) {
					t.Errorf("%v %g, want %g", k, set[k].At, want[k].At)
				}
			}
		})
	}
}

func TestAnUnreadableSensorIsRejectedOncePerChange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fsys := machine(map[string]string{"hwmon/hwmon0/temp1_input": "1000", "hwmon/hwmon0/temp2_input": "2000"})
		file := fsys["hwmon/hwmon0/temp1_input"]
		source := New(fsys, time.Second)
		sink := &sensorstest.Recorder{Refusal: errEnough, After: 41}
		sink.Each = func(r sensors.Reading) {
			if r.Sensor != "hwmon0 temp2" {
				return
			}
			switch sink.Taken() { // two readings a round, one while temp1 is unreadable
			case 10:
				delete(fsys, "hwmon/hwmon0/temp1_input")
			case 20:
				fsys["hwmon/hwmon0/temp1_input"] = file
			case 30:
				fsys["hwmon/hwmon0/temp1_input"] = &fstest.MapFile{Mode: fs.ModeNamedPipe}
			}
		}
		if err := source.Run(t.Context(), sink); !errors.Is(err, errEnough) {
			t.Fatal(err)
		}
		rejects := sink.Rejects()
		if len(rejects) != 2 {
			t.Fatalf("rejects %v, want two", rejects)
		}
		for i, want := range []string{"file does not exist", "want a plain file"} {
			if reason := rejects[i].Reason; !strings.Contains(reason, want) || !strings.Contains(reason, `"hwmon0 temp1"`) {
				t.Errorf("reason %q, want one with %q and the sensor", reason, want)
			}
		}
	})
}

func TestSensorsAreReadEveryInterval(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second+time.Millisecond)
		defer cancel()
		sink := &sensorstest.Recorder{}
		source := New(machine(map[string]string{"thermal/thermal_zone0/temp": "1"}), 2*time.Second)
		if err := source.Run(ctx, sink); !errors.Is(err, context.DeadlineExceeded) {
			t.Fatal(err)
		}
		if sink.Taken() != 6 {
			t.Errorf("%d readings in 10 s, want one at once and one every 2 s", sink.Taken())
		}
	})
}

func TestAMachineWithoutSensorsSaysSo(t *testing.T) {
	dir := t.TempDir()
	_, err := Open(dir)
	if err == nil || !strings.Contains(err.Error(), "no temperature sensors under ") {
		t.Errorf("Open: %v, want that there are no temperature sensors", err)
	}
	if err := New(os.DirFS(dir), 0).Run(t.Context(), &sensorstest.Recorder{}); err == nil {
		t.Error("Run ended without an error")
	}
}

// TestLinksAreFollowed holds because every entry of /sys/class/hwmon is a link to
// the device.
func TestLinksAreFollowed(t *testing.T) {
	root := t.TempDir()
	device, class := filepath.Join(root, "devices", "chip"), filepath.Join(root, "class")
	for _, dir := range []string{device, filepath.Join(class, "hwmon")} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(device, "temp1_input"), []byte("21500\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(device, filepath.Join(class, "hwmon", "hwmon0")); err != nil {
		t.Skip("symbolic links cannot be made here, so sensors behind them are not tested")
	}
	source, err := Open(class)
	if err != nil {
		t.Fatal(err)
	}
	if want := "hwmon:" + class; source.Name() != want {
		t.Errorf("name %q, want %q", source.Name(), want)
	}
	sink := &sensorstest.Recorder{Refusal: errEnough, After: 1}
	if err := source.Run(t.Context(), sink); !errors.Is(err, errEnough) {
		t.Fatal(err)
	}
	if got := sink.Readings(); len(got) != 1 || got[0].Value != 21.5 {
		t.Errorf("readings %v, want 21.5 °C", got)
	}
}

var errEnough = errors.New("enough")

// FuzzParse holds that what is read is what was written, and that errors carry no
// control characters.
func FuzzParse(f *testing.F) {
	for _, text := range []string{"45000", "-127000", "", "+1", "0x10", "1e3", "9223372036854775808", "\x1b[2J"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		v, err := parse(text)
		if err != nil {
			if strings.ContainsAny(err.Error(), "\x1b\x07\r\n") {
				t.Errorf("error %q carries a control character", err)
			}
			return
		}
		if !sensors.Finite(v) {
			t.Errorf("parse(%q) = %g", text, v)
		}
		if strings.Trim(text, "+-0123456789") != "" {
			t.Errorf("parse(%q) = %g, want an error", text, v)
		}
	})
}

// plugged is a file system that changes as a whole.
type plugged struct{ atomic.Pointer[fstest.MapFS] }

func (p *plugged) Open(name string) (fs.File, error) { return p.Load().Open(name) }

func (p *plugged) has(files map[string]string) { p.Store(new(machine(files))) }

func TestASourceFailsWhenAllItsSensorsAreGoneAndFindsThemAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		fsys := new(plugged)
		fsys.has(map[string]string{"hwmon/hwmon3/name": "probe", "hwmon/hwmon3/temp1_input": "20000", "hwmon/hwmon4/temp1_input": "21000"})
		source := New(fsys, time.Second)
		sink := &sensorstest.Recorder{}
		done := make(chan error, 1)
		go func() { done <- source.Run(t.Context(), sink) }()
		time.Sleep(1500 * time.Millisecond)
		fsys.has(map[string]string{"hwmon/hwmon3/temp1_input": "busy"})
		time.Sleep(time.Second) // one is gone, one cannot be read: that may pass
		synctest.Wait()
		if len(done) > 0 || sink.Taken() != 4 {
			t.Errorf("%d readings, %d ends", sink.Taken(), len(done))
		}
		fsys.has(nil)
		if err := <-done; err == nil || !strings.Contains(err.Error(), "no temperature sensors") {
			t.Errorf("error %v", err)
		}
		if err := source.Run(t.Context(), sink); err == nil {
			t.Error("it runs without a sensor")
		}
		fsys.has(map[string]string{"hwmon/hwmon9/name": "probe", "hwmon/hwmon9/temp1_input": "22000"})
		sink = &sensorstest.Recorder{Refusal: errEnough, After: 1}
		if err := source.Run(t.Context(), sink); !errors.Is(err, errEnough) || sink.Readings()[0].Sensor != "probe temp1" {
			t.Errorf("plugged in again: %v, %+v", err, sink.Readings())
		}
		if source.Every() != time.Second {
			t.Errorf("every %v", source.Every())
		}
	})
}
