package config

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"setpoint/sensors/threshold"
)

var high91 = Change{Layer: Sensor, Name: "oven-2", Kind: threshold.High, Value: 91}

func TestAHandEditIsNeverLost(t *testing.T) {
	f, err := written(t, "high: 30\n")
	if err != nil {
		t.Fatal(err)
	}
	for edit, do := range map[string]func() error{
		"written anew": func() error { return os.WriteFile(f.Path(), []byte("high: 31\n"), 0o600) },
		"removed":      func() error { return os.Remove(f.Path()) },
	} {
		if err := do(); err != nil {
			t.Fatal(err)
		}
		before, _ := os.ReadFile(f.Path())
		err := f.Write([]Change{high91})
		after, _ := os.ReadFile(f.Path())
		if !errors.Is(err, ErrChanged) || !strings.Contains(err.Error(), "setpoint.yaml: changed on disk") || string(before) != string(after) {
			t.Errorf("%s: %v, the file is %q", edit, err, after)
		}
	}
	if left, _ := os.ReadDir(filepath.Dir(f.Path())); len(left) != 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestAFileThatComesMeanwhileIsNotOverwritten(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	f, err := Load("", nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile("setpoint.yaml", []byte("high: 1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := f.Write([]Change{high91}); !errors.Is(err, ErrChanged) {
		t.Errorf("%v", err)
	}
}

func TestANewFileHasAHeaderAndIsPrivate(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	f, err := Load("", nil)
	if err != nil {
		t.Fatal(err)
	}
	if err := f.Write([]Change{high91, {Kind: threshold.Kinds, Field: OnDelay, Delay: 150 * time.Second}}); err != nil {
		t.Fatal(err)
	}
	got, _ := os.ReadFile("setpoint.yaml")
	if want := header + "sensors:\n  oven-2:\n    high: 91\non-delay: 2m30s\n"; string(got) != want {
		t.Errorf("%q", got)
	}
	if info, _ := os.Stat("setpoint.yaml"); info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", info.Mode())
	}
	if len(f.Scopes) != 2 || f.Scopes[1].From(threshold.High, At) != "setpoint.yaml:4" {
		t.Errorf("%+v", f.Scopes)
	}
}

func TestASymlinkAndItsModeAreKept(t *testing.T) {
	dir := t.TempDir()
	target, link := filepath.Join(dir, "real", "my.yaml"), filepath.Join(dir, "setpoint.yaml")
	if err := errors.Join(os.Mkdir(filepath.Dir(target), 0o700), os.WriteFile(target, []byte("high: 30 # C\r\n"), 0o600), os.Chmod(target, 0o640), os.Symlink(target, link)); err != nil {
		t.Fatal(err)
	}
	f := load(t, link)
	if err := f.Write([]Change{{Kind: threshold.High, Value: 31.5}, {Kind: threshold.Low, Value: threshold.Off}}); err != nil {
		t.Fatal(err)
	}
	got, _ := os.ReadFile(target)
	info, _ := os.Lstat(link)
	real, _ := os.Stat(target)
	if string(got) != "high: 31.5 # C\r\nlow: off\r\n" || info.Mode()&os.ModeSymlink == 0 || real.Mode().Perm() != 0o640 {
		t.Errorf("%q, link %v, mode %v", got, info.Mode(), real.Mode())
	}
}

func TestWhatCannotBeWrittenIsRefusedAndTheFileStays(t *testing.T) {
	const text = "high: 30\ngroups: {a: {sensors: x}}\nlow: &x 1\n"
	for sentence, c := range map[string]struct {
		change Change
		want   string
	}{
		"a contradiction":        {Change{Kind: threshold.Critical, Value: 20}, "critical 20: want it not below high 30 (line 1)"},
		"a group nobody knows":   {Change{Layer: Group, Name: "b\x1b", Kind: threshold.High}, `group "b\x1b": want one that is in the file`},
		"a negative deadband":    {Change{Kind: threshold.Kinds, Field: Deadband, Value: -1}, "deadband -1: want 0 or more"},
		"a delay without end":    {Change{Kind: threshold.High, Field: OnDelay, Delay: 1e18}, "want at most 720h"},
		"a name without letters": {Change{Layer: Sensor, Kind: threshold.High}, "sensor name is empty"},
		"one value for all ons":  {Change{Kind: threshold.Kinds}, "no such figure"},
		"a name for all sensors": {Change{Name: "x", Kind: threshold.High}, "want none for all sensors"},
	} {
		t.Run(sentence, func(t *testing.T) {
			f, err := written(t, strings.Replace(text, "&x ", "", 1))
			if err != nil {
				t.Fatal(err)
			}
			err = f.Write([]Change{high91, c.change})
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\x1b") {
				t.Errorf("error %v, want %s", err, c.want)
			}
			if got, _ := os.ReadFile(f.Path()); string(got) != strings.Replace(text, "&x ", "", 1) {
				t.Errorf("the file is %q", got)
			}
		})
	}
	f, err := written(t, text)
	if err == nil || f.Write([]Change{high91}) == nil {
		t.Error("a file that cannot be read is written")
	}
}

func TestStylesOfFilesAreKept(t *testing.T) {
	set := func(v float64) Change {
		return Change{Layer: Sensor, Name: "b", Kind: threshold.High, Field: Deadband, Value: v}
	}
	for _, c := range []struct {
		before, after string
		change        Change
	}{
		{"", "sensors:\n  b:\n    deadband: {high: 2}\n", set(2)},
		{"# none\nsensors: # yet\n# x", "# none\nsensors: # yet\n  b:\n    deadband: {high: 2}\n# x", set(2)},
		{"{high: 3}", "{high: 3, sensors: {b: {deadband: {high: 2}}}}", set(2)},
		{"sensors: ~ # x", "sensors: {b: {deadband: {high: 2}}} # x", set(2)},
		{"sensors:\n   'b': # x\n      deadband: '1'   # y\n", "sensors:\n   'b': # x\n      deadband: {critical-low: 1, low: 1, high: 2, critical: 1}   # y\n", set(2)},
		{"sensors:\n  b:\n    deadband:\n      high: 1 # was 3\n      low: 2\n", "sensors:\n  b:\n    deadband:\n      high: 4 # was 3\n      low: 2\n", set(4)},
		{"sensors:\n  b:\n    # why\n    deadband:\n      # more\n      high: 1\n", "    # why\n      # more\n", Change{Layer: Sensor, Name: "b", Kind: threshold.High, Field: Deadband, Remove: true}},
		{"sensors: {a: {high: 1}, b: {deadband: {high: 1}}}\n", "sensors: {a: {high: 1}}\n", Change{Layer: Sensor, Name: "b", Kind: threshold.High, Field: Deadband, Remove: true}},
		{"sensors: {b: {deadband: {high: 1}}, # b\n a: {high: 1}}\n", "sensors: {a: {high: 1}}\n", Change{Layer: Sensor, Name: "b", Kind: threshold.High, Field: Deadband, Remove: true}},
		{"sensors:\n  a:\n    cause: |\n      x\n      # y\n\n# end\n", "sensors:\n  a:\n    cause: |\n      x\n      # y\n  b:\n    deadband: {high: 2}\n\n# end\n", set(2)},
		{"sensors:\n  a:\n    high: 1\n    # of a\n\n  # end\n", "sensors:\n  a:\n    high: 1\n    # of a\n  b:\n    deadband: {high: 2}\n\n  # end\n", set(2)},
		{"sources:\n- a\n- b\n", "sources:\n- a\n- b\nhigh: 31\n", Change{Kind: threshold.High, Value: 31}},
		{"keys: {\n  undo: u,\n}\n", "keys: {\n  undo: u,\n}\nhigh: 31\n", Change{Kind: threshold.High, Value: 31}},
		{"high:\t30\t# tab\n", "high:\t31\t# tab\n", Change{Kind: threshold.High, Value: 31}},
		{"high:\n  30\n", "high:\n  1e+15\n", Change{Kind: threshold.High, Value: 1e15}},
		{"low: 1\nhigh: 30", "low: 1", Change{Kind: threshold.High, Remove: true}},
		{"low: 1", "low: 1\nhigh: 30", Change{Kind: threshold.High, Value: 30}},
	} {
		f, err := written(t, c.before)
		if err != nil {
			t.Fatal(err)
		}
		if err := f.Write([]Change{c.change}); err != nil {
			t.Errorf("%q: %v", c.before, err)
			continue
		}
		if got, _ := os.ReadFile(f.Path()); strings.TrimPrefix(string(got), header) != c.after && strings.TrimSuffix(string(got), "\n") != c.after {
			t.Errorf("%q became\n%q, want\n%q", c.before, got, c.after)
		}
	}
}

func BenchmarkLoad(b *testing.B) {
	path := filepath.Join(b.TempDir(), "setpoint.yaml")
	if err := os.WriteFile(path, []byte(example), 0o600); err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		load(b, path)
	}
}

func BenchmarkWrite(b *testing.B) {
	path := filepath.Join(b.TempDir(), "setpoint.yaml")
	if err := os.WriteFile(path, []byte(example), 0o600); err != nil {
		b.Fatal(err)
	}
	f := load(b, path)
	c := high91
	b.ReportAllocs()
	for b.Loop() {
		c.Value++
		if err := f.Write([]Change{c}); err != nil {
			b.Fatal(err)
		}
	}
}
