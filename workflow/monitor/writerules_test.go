package monitor

import (
	"os"
	"strings"
	"testing"
)

func TestRulesAreWrittenToANewFileOfTheirOwner(t *testing.T) {
	t.Chdir(t.TempDir())
	m := newMonitor(t, Config{}, stream{1, 500})
	ran(t, m)
	for format, want := range map[string]string{"prometheus": "alert: SetpointHigh", "grafana": "apiVersion: 1", "homeassistant": "threshold"} {
		c := &WriteRules{Sensor: "sensor-0", Format: format}
		must(t, m.Do(c))
		text, err := os.ReadFile(c.Path)
		must(t, err)
		info, err := os.Stat(c.Path)
		must(t, err)
		if !strings.Contains(string(text), want) || !strings.Contains(string(text), "sensor-0") || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v without %q in\n%s", format, info.Mode(), want, text)
		}
	}
	for _, c := range []*WriteRules{{Sensor: "sensor-0", Format: "csv\x1b"}, {Sensor: "nobody", Format: "grafana"}} {
		if err := m.Do(c); err == nil || strings.Contains(err.Error(), "\x1b") || c.Path != "" {
			t.Errorf("%+v: error %v, file %q", c, err, c.Path)
		}
	}
	if files, _ := os.ReadDir("."); len(files) != 3 {
		t.Errorf("%d files are left", len(files))
	}
}
