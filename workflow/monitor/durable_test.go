package monitor

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"setpoint/sensors/threshold"
)

// again runs src in the state directory, and returns the lines it wrote.
func again(t *testing.T, dir string, c Config, src *script) (*Monitor, *Summary, string) {
	t.Helper()
	var out bytes.Buffer
	c.State, c.Lines = dir, &out
	m := newMonitor(t, c, src)
	return m, ran(t, m), out.String()
}

func TestARestartGoesOnWhereTheLastRunEnded(t *testing.T) {
	dir := t.TempDir()
	delays := threshold.Settings{threshold.High: {OnDelay: new(10 * time.Second)}}
	c := Config{Settings: Settings{Default: delays}}
	var m *Monitor
	do := func(cmd Command) func() { return func() { must(t, m.Do(cmd)) } }
	first := (&script{name: "s"}).reads("a", 0, 35).reads("b", 0, 45).reads("c", 0, 20).
		does(do(SetThreshold{Sensor: "c", Kind: threshold.High, Value: 25, By: "ann"})).
		does(do(Acknowledge{Sensors: []string{"b"}, By: "bob"})).
		does(do(Shelve{Sensor: "c", For: time.Hour, By: "ann"}))
	var out bytes.Buffer
	c.State, c.Lines = dir, &out
	m = newMonitor(t, c, first)
	ran(t, m)
	if n := strings.Count(out.String(), `"state":"raised"`); n != 1 { // critical of b; high is pending
		t.Fatalf("%d raised:\n%s", n, out.String())
	}

	second := (&script{name: "s"}).reads("a", 4, 36).reads("a", 11, 37).reads("b", 11, 46).reads("c", 12, 26).reads("c", 22, 26)
	m2, s, lines := again(t, dir, c, second)
	if n := strings.Count(lines, `"state":"raised"`); n != 3 { // high of a and of b after their delay, high of c
		t.Errorf("%d raised:\n%s", n, lines)
	}
	if !strings.Contains(lines, `"time":"2026-03-01T12:00:10.000000000Z","sensor":"a","threshold":"high","state":"raised"`) {
		t.Errorf("the delay that ran at the end of the first run did not go on:\n%s", lines)
	}
	if strings.Contains(lines, `"critical","state":"raised"`) {
		t.Errorf("critical is raised twice:\n%s", lines)
	}
	if st := s.Sensors["b"]; st.Alarm.Of[threshold.Critical].Unacked {
		t.Error("the acknowledgement is forgotten")
	}
	if st := s.Sensors["c"]; st.Set[threshold.High].At != 25 || st.Alarm.Hidden() == 0 || st.Count != 3 {
		t.Errorf("c has %+v", st)
	}
	shot := m2.snapshot(View{Alerts: 100, Changes: 100, Alarms: 10})
	if shot.ChangeN != 3 || len(shot.Changes) != 3 || shot.Changes[2].By != "ann" || *shot.Changes[2].New.At != 25 {
		t.Errorf("the journal has %+v", shot.Changes)
	}
}
