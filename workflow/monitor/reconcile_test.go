package monitor

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"setpoint/sensors/threshold"
)

func TestAnAlarmThatCameAndWentUntoldIsToldInTheNextRun(t *testing.T) {
	dir := t.TempDir()
	var out bytes.Buffer
	c := Config{State: dir, Lines: &out, Settings: Settings{Default: threshold.Settings{threshold.High: {OnDelay: new(2 * time.Second)}}}}
	m := newMonitor(t, c, (&script{name: "s"}).reads("a", 0, 35).reads("a", 3, 35).reads("a", 4, 20).reads("b", 4, 35).reads("b", 7, 35))
	m.recorder.keep = keeper{} // as if the program died before the alert log was kept
	ran(t, m)
	m, s, lines := again(t, dir, c, (&script{name: "s"}).reads("a", 8, 20))
	for _, told := range []string{
		`"time":"2026-03-01T12:00:02.000000000Z","sensor":"a","threshold":"high","state":"raised"`,
		`"time":"2026-03-01T12:00:04.000000000Z","sensor":"a","threshold":"high","state":"cleared"`,
		`"time":"2026-03-01T12:00:06.000000000Z","sensor":"b","threshold":"high","state":"raised"`,
	} {
		if strings.Count(lines, told) != 1 {
			t.Errorf("not once: %s\n%s", told, lines)
		}
	}
	if strings.Count(lines, `"type":"alarm"`) != 3 || s.Active != 1 {
		t.Errorf("%d alarms are on:\n%s", s.Active, lines)
	}
	if list := m.snapshot(View{Alerts: 10}).Alerts; len(list) != 2 || list[0].Ended.IsZero() == list[1].Ended.IsZero() {
		t.Errorf("the alert log has %+v", list)
	}
}
