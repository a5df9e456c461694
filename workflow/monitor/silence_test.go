package monitor

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"setpoint/sensors"
	"setpoint/sensors/threshold"
)

func TestDataThatStopWhileAnAlarmIsOnClearNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		src := &script{name: "s", hasty: true}
		push := func(v float64) *script {
			return src.then(func(ctx context.Context, sink sensors.Sink) error {
				time.Sleep(time.Second)
				return sink.Reading(ctx, sensors.Reading{Sensor: "a", Time: time.Now(), Value: v})
			})
		}
		for range 20 {
			push(35)
		}
		src.does(func() { time.Sleep(5 * time.Minute) })
		push(29.8) // inside the deadband
		push(29.8)
		m := newMonitor(t, Config{Live: true, Lines: &out}, src)
		s := ran(t, m)
		var told []string
		for line := range strings.Lines(alarmLines(out.String())) {
			for _, k := range []string{"high", "stale"} {
				for _, state := range []string{"raised", "cleared"} {
					if strings.Contains(line, fmt.Sprintf(`"threshold":%q,"state":%q`, k, state)) {
						told = append(told, k+" "+state)
					}
				}
			}
		}
		if got := strings.Join(told, ", "); got != "high raised, stale raised, stale cleared" {
			t.Errorf("told %s", got)
		}
		if a := s.Sensors["a"].Alarm; !a.Of[threshold.High].Cond.On() || a.Of[threshold.Stale].Cond.On() {
			t.Errorf("at the end %+v", a)
		}
		if !strings.Contains(out.String(), `"state":"stale","quality":"bad","reason":"no reading for 10`) {
			t.Errorf("no line of quality:\n%s", out.String())
		}
	})
}

func TestAFloodIsAFindingAndLosesNoAlarm(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		src := &script{name: "s", hasty: true}
		for i := range 40 { // an alarm every 15 s
			src.then(func(ctx context.Context, sink sensors.Sink) error {
				time.Sleep(15 * time.Second)
				return sink.Reading(ctx, sensors.Reading{Sensor: fmt.Sprint("s-", i), Time: time.Now(), Value: 35})
			})
		}
		m := newMonitor(t, Config{Live: true, Lines: &out}, src)
		s := ran(t, m)
		if got := strings.Count(out.String(), `"threshold":"high","state":"raised"`); got != 40 {
			t.Errorf("%d of 40 alarms were told", got)
		}
		i := strings.Index(out.String(), "alarm flood")
		if i < 0 {
			t.Fatal("no flood is told")
		}
		if before := strings.Count(out.String()[:i], `"state":"raised"`); before > 15 {
			t.Errorf("the flood was told after %d alarms: want within a minute of the 11th", before)
		}
		if s.Raised < 40 || !m.snapshot(View{}).Flood {
			t.Errorf("%d raised, flood %t", s.Raised, m.snapshot(View{}).Flood)
		}
	})
}

func TestATimedThresholdIsTakenBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var m *Monitor
		src := &script{name: "s"}
		push := func() {
			src.then(func(ctx context.Context, sink sensors.Sink) error {
				time.Sleep(time.Second)
				return sink.Reading(ctx, sensors.Reading{Sensor: "a", Time: time.Now(), Value: 20})
			})
		}
		push()
		src.does(func() {
			must(t, m.Do(SetRule{
				Scope: Scope{Sensor: "a"}, Kind: threshold.High, Setting: set(35), By: "ann", Until: time.Now().Add(30 * time.Second),
			}))
		})
		src.does(func() {
			if list := m.Unwritten(); len(list) > 0 {
				t.Errorf("what is to be taken back is to be written: %+v", list)
			}
		})
		var high []float64
		look := func() {
			s, err := m.study("a")
			must(t, err)
			high = append(high, s.Set[threshold.High].At)
		}
		src.does(look)
		for range 40 {
			push()
		}
		src.does(look)
		m = newMonitor(t, Config{Live: true}, src)
		ran(t, m)
		if len(high) != 2 || high[0] != 35 || high[1] != 30 {
			t.Errorf("high was %v, want 35 and then 30 again", high)
		}
		if c := m.snapshot(View{Changes: 9}).Changes; len(c) != 2 || c[0].By != "timer" || c[0].Undoes != 1 {
			t.Errorf("the journal has %+v", c)
		}
	})
}

func TestAClockThatIsAheadHidesNoSilence(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		src := &script{name: "s", hasty: true}
		for i := range 60 {
			src.then(func(ctx context.Context, sink sensors.Sink) error {
				time.Sleep(time.Second)
				if i < 20 {
					must(t, sink.Reading(ctx, sensors.Reading{Sensor: "a", Time: time.Now(), Value: 20}))
				}
				return sink.Reading(ctx, sensors.Reading{Sensor: "ahead", Time: time.Now().Add(2 * time.Hour), Value: 20})
			})
		}
		m := newMonitor(t, Config{Live: true, Lines: &out}, src)
		ran(t, m)
		if n := strings.Count(out.String(), `"sensor":"a","threshold":"stale","state":"raised"`); n != 1 {
			t.Errorf("stale is raised %d times:\n%s", n, out.String())
		}
		if now := m.snapshot(View{}).Time; now.After(time.Now()) {
			t.Errorf("the readings' clock says %v at %v", now, time.Now())
		}
	})
}
