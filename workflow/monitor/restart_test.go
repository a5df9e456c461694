package monitor

import (
	"fmt"
	"strings"
	"testing"

	"setpoint/sensors/threshold"
)

func TestAnEditedConfigurationCountsAfterARestart(t *testing.T) {
	dir := t.TempDir()
	var c Config
	c.Settings.Default[threshold.High] = set(30)
	again(t, dir, c, (&script{name: "s"}).reads("a", 0, 25))
	c.Settings.Default[threshold.High] = set(22)
	_, s, lines := again(t, dir, c, (&script{name: "s"}).reads("a", 1, 25))
	if at := s.Sensors["a"].Set[threshold.High].At; at != 22 || strings.Count(lines, `"high","state":"raised"`) != 1 {
		t.Errorf("high is at %g:\n%s", at, lines)
	}
}

func TestAlarmsThatTheLogHasForgottenAreNotToldAgain(t *testing.T) {
	dir := t.TempDir()
	src := &script{name: "s", hasty: true}
	for i := range 2*alertsKept + 100 {
		src.reads(fmt.Sprint("s-", i), 0, 35, 20)
	}
	again(t, dir, Config{}, src)
	m, s, lines := again(t, dir, Config{}, (&script{name: "s"}).reads("s-0", 5, 20))
	if n := strings.Count(lines, `"type":"alarm"`); n != 0 || s.Raised != 0 {
		t.Errorf("%d told, %d raised", n, s.Raised)
	}
	if n := len(m.recorder.alerts); n > alertsKept {
		t.Errorf("%d alerts are at hand", n)
	}
}

func TestAnAlarmThatTheStoreHasForgottenIsNotToldAgain(t *testing.T) {
	dir := t.TempDir()
	m := newMonitor(t, Config{State: dir}, (&script{name: "s"}).reads("a", 0, 35).reads("b", 90_000, 20))
	m.recorder.keep = keeper{} // as if the note was too old
	ran(t, m)
	_, _, lines := again(t, dir, Config{}, (&script{name: "s"}).reads("a", 90_001, 20))
	if strings.Contains(lines, `"state":"raised"`) || strings.Count(lines, `"state":"cleared"`) != 1 {
		t.Errorf("told:\n%s", lines)
	}
}

func TestAHandEditCountsWhateverWasWrittenBefore(t *testing.T) {
	c := Config{State: t.TempDir(), Write: func([]Written) (string, error) { return "setpoint.yaml", nil }}
	c.Settings.Default[threshold.High] = set(30)
	var m *Monitor
	m = newMonitor(t, c, (&script{name: "s"}).reads("a", 0, 20).does(func() {
		must(t, m.Do(SetThreshold{Sensor: "a", Kind: threshold.High, Value: 35, By: "ann"}))
		must(t, m.Do(WriteSettings{By: "ann"}))
	}))
	ran(t, m)
	_, s, _ := again(t, c.State, c, (&script{name: "s"}).reads("a", 1, 20)) // the file says 30 again
	if at := s.Sensors["a"].Set[threshold.High].At; at != 30 {
		t.Errorf("high is at %g", at)
	}
}

func TestAMoveOutlivesWhatTheJournalForgets(t *testing.T) {
	dir := t.TempDir()
	var m *Monitor
	m = newMonitor(t, Config{State: dir}, (&script{name: "s"}).reads("a", 0, 20).does(func() {
		must(t, m.Do(SetThreshold{Sensor: "a", Kind: threshold.High, Value: 35, By: "ann"}))
		must(t, m.Do(SetRule{Scope: Scope{Sensor: "a"}, Kind: threshold.Low, Setting: set(5), By: "ann", Until: at(10)}))
		for range changesKept + 100 {
			must(t, m.Do(Acknowledge{Sensors: []string{"a"}, By: "bob"}))
		}
	}))
	ran(t, m)
	look := func(high, low float64) func() {
		return func() {
			if s := m.judge.Load().set("a", ""); s[threshold.High].At != high || s[threshold.Low].At != low {
				t.Errorf("high is at %g, low at %g: want %g, %g", s[threshold.High].At, s[threshold.Low].At, high, low)
			}
		}
	}
	src := (&script{name: "s"}).reads("a", 1, 20).does(look(35, 5)).reads("a", 11, 20)
	src.does(func() { m.expire(t.Context()) }).reads("a", 12, 20).does(look(35, 10))
	m = newMonitor(t, Config{State: dir}, src)
	ran(t, m)
	m = newMonitor(t, Config{State: dir}, (&script{name: "s"}).reads("a", 13, 20).does(look(35, 10)))
	ran(t, m)
	if n := len(m.recorder.changes); n > changesKept {
		t.Errorf("%d changes are at hand", n)
	}
}

func TestWhatTheConfigurationSaysOfServiceCountsAfterARestart(t *testing.T) {
	dir := t.TempDir()
	look := func(second int, why, want string) {
		t.Helper()
		c := Config{Settings: Settings{Sensors: map[string]SensorSettings{"a": {OutOfService: why}}}}
		_, s, _ := again(t, dir, c, (&script{name: "s"}).reads("a", second, 20))
		if got := s.Sensors["a"].Alarm.Out; got != want {
			t.Errorf("out of service: %q, want %q", got, want)
		}
	}
	look(0, "", "")
	look(1, "paint", "paint")
	look(2, "paint", "paint")
	look(3, "", "")
}

func TestAMoveThatContradictsAnEditedConfigurationDoesNotCount(t *testing.T) {
	dir := t.TempDir()
	var c Config
	c.State, c.Settings.Default[threshold.High], c.Settings.Default[threshold.Critical] = dir, set(30), set(60)
	var m *Monitor
	m = newMonitor(t, c, (&script{name: "s"}).reads("a", 0, 20).does(func() {
		must(t, m.Do(SetRule{Kind: threshold.High, Setting: set(50), By: "ann"}))
	}))
	ran(t, m)
	c.Settings.Default[threshold.Critical] = set(45)
	_, s, _ := again(t, dir, c, (&script{name: "s"}).reads("a", 1, 20))
	if set := s.Sensors["a"].Set; set[threshold.High].At != 30 || set[threshold.Critical].At != 45 {
		t.Errorf("%+v", set)
	}
}

func TestATimedMoveOutlivesAWriteOfOthers(t *testing.T) {
	c := Config{State: t.TempDir(), Write: func(list []Written) (string, error) {
		if len(list) != 1 || list[0].Kind != threshold.Low {
			t.Errorf("wrote %+v", list)
		}
		return "setpoint.yaml", nil
	}}
	var m *Monitor
	m = newMonitor(t, c, (&script{name: "s"}).reads("a", 0, 20).does(func() {
		must(t, m.Do(SetRule{Scope: Scope{Sensor: "a"}, Kind: threshold.High, Setting: set(35), By: "ann", Until: at(10)}))
		must(t, m.Do(SetThreshold{Sensor: "a", Kind: threshold.Low, Value: 5, By: "ann"}))
	}).does(func() {
		must(t, m.Do(WriteSettings{By: "ann"}))
		if list := m.Unwritten(); len(list) > 0 {
			t.Errorf("unwritten: %+v", list)
		}
	}))
	ran(t, m)
	c.Settings.Sensors = map[string]SensorSettings{"a": {Thresholds: threshold.Settings{threshold.Low: set(5)}}}
	look := func(high float64) func() {
		return func() {
			if s := m.judge.Load().set("a", ""); s[threshold.High].At != high || s[threshold.Low].At != 5 {
				t.Errorf("%+v, want high at %g", s, high)
			}
		}
	}
	src := (&script{name: "s"}).reads("a", 1, 20).does(look(35)).reads("a", 11, 20).does(func() { m.expire(t.Context()) })
	m = newMonitor(t, c, src.reads("a", 12, 20).does(look(30)))
	ran(t, m)
	m = newMonitor(t, c, (&script{name: "s"}).reads("a", 13, 20).does(look(30)))
	ran(t, m)
}
