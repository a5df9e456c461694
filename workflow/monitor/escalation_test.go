package monitor

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"setpoint/sensors/threshold"
)

// escalated returns the lines of the alert log that tell of escalations, oldest
// first.
func escalated(m *Monitor) (list []Alert) {
	for _, a := range m.recorder.alerts {
		if a.Kind == AlertEscalated {
			list = append(list, *a)
		}
	}
	return list
}

// begun returns how many escalations were begun.
func begun(s *Summary) uint64 {
	for _, n := range s.Flow.Nodes {
		if n.Name == "escalation" {
			return n.Dispatched
		}
	}
	return 0
}

func TestEscalation(t *testing.T) {
	for sentence, c := range map[string]struct {
		script func(s *script, ack func())
		begun  uint64
		times  []time.Time // of the escalated
	}{
		"acknowledged in time: nothing happens": {
			func(s *script, ack func()) { s.reads("a", 0, 20, 45).does(ack).reads("a", 100, 45, 46) }, 1, nil,
		},
		"not acknowledged: told at the deadline": {
			func(s *script, _ func()) { s.reads("a", 0, 20, 45).reads("a", 60, 45, 46, 47) }, 1, []time.Time{at(61)},
		},
		"acknowledged too late: told": {
			func(s *script, ack func()) { s.reads("a", 0, 20, 45).reads("a", 70, 45).does(ack).reads("a", 80, 45) }, 1,
			[]time.Time{at(61)},
		},
		"back to normal, but nobody saw it: told": {
			func(s *script, _ func()) { s.reads("a", 0, 45, 20).reads("a", 61, 20) }, 1, []time.Time{at(60)},
		},
		"the end comes before the deadline: not told": {
			func(s *script, _ func()) { s.reads("a", 0, 20, 45, 46) }, 1, nil,
		},
		"raised again while one waits: one at a time": {
			func(s *script, _ func()) { s.reads("a", 0, 45, 20, 45, 20, 45) }, 1, nil,
		},
		"raised again while one waits, and none answered: told once": {
			func(s *script, _ func()) { s.reads("a", 0, 45, 20).reads("a", 30, 45).reads("a", 100, 45) }, 1, []time.Time{at(60)},
		},
		"raised again after an acknowledgement: a new one": {
			func(s *script, ack func()) {
				s.reads("a", 0, 45).does(ack).reads("a", 10, 20, 45).reads("a", 70, 45, 45)
			}, 2, []time.Time{at(71)},
		},
		"raised again after the deadline: a new one": {
			func(s *script, _ func()) {
				s.reads("a", 0, 45).reads("a", 60, 20).reads("a", 100, 45).reads("a", 200, 45)
			}, 2,
			[]time.Time{at(60), at(160)},
		},
		"high only: none": {
			func(s *script, _ func()) { s.reads("a", 0, 35).reads("a", 100, 35) }, 0, nil,
		},
		"other sensors' time does not count": {
			func(s *script, _ func()) { s.reads("a", 0, 45).reads("b", 100, 20) }, 1, nil,
		},
	} {
		for _, hasty := range []bool{false, true} {
			t.Run(fmt.Sprintf("%s, hasty %t", sentence, hasty), func(t *testing.T) {
				var m *Monitor
				src := &script{name: "s", hasty: hasty}
				c.script(src, func() {
					must(t, m.engine.Settle(t.Context())) // so that it comes at a fixed place
					must(t, m.Do(Acknowledge{Sensors: []string{"a"}, By: "me"}))
				})
				m = newMonitor(t, Config{}, src)
				s := ran(t, m)
				got := escalated(m)
				if len(got) != len(c.times) || begun(s) != c.begun {
					t.Fatalf("%d begun, told %+v: want %d, %v", begun(s), got, c.begun, c.times)
				}
				for i, a := range got {
					if !a.Time.Equal(c.times[i]) || a.Sensor != "a" {
						t.Errorf("told of %s at %v, want %v", a.Sensor, a.Time, c.times[i])
					}
				}
				if s.Sensors["a"].Waiting {
					t.Error("it waits still")
				}
			})
		}
	}
}

func TestEveryCriticalSensorCanBeAnsweredInTime(t *testing.T) {
	const n = 300 // far more than there are lanes
	var m *Monitor
	var names []string
	src := &script{name: "s"}
	for i := range n {
		names = append(names, fmt.Sprint("s-", i))
		src.reads(names[i], 0, 45)
	}
	open := 0
	src.does(func() {
		open = m.snapshot(View{}).Open
		must(t, m.Do(Acknowledge{Sensors: names, By: "me"}))
	})
	for _, name := range names {
		src.reads(name, 100, 45)
	}
	m = newMonitor(t, Config{}, src)
	s := ran(t, m)
	if got := escalated(m); len(got) != 0 || begun(s) != n || open != n {
		t.Errorf("%d begun, %d open, %d told", begun(s), open, len(got))
	}
}

func TestWhereTimeIsWallTimeSilenceEscalates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		src := (&script{name: "s"}).reads("a", 0, 45).waits()
		m := newMonitor(t, Config{Live: true, Duration: 2 * time.Minute, Escalate: 90 * time.Second}, src)
		var shots []*Snapshot
		stop := watch(t, m, func(s *Snapshot) { shots = append(shots, s) })
		began := time.Now()
		if s := ran(t, m); s.Reason != "duration" || time.Since(began) != 2*time.Minute {
			t.Errorf("ended by %q after %v", s.Reason, time.Since(began))
		}
		stop()
		if got := escalated(m); len(got) != 1 || !got[0].Time.Equal(at(90)) {
			t.Errorf("told %+v", got)
		}
		for _, s := range shots {
			since := s.Wall.Sub(began)
			if since > time.Second && since < 89*time.Second && s.Open != 1 || since > 91*time.Second && s.Open != 0 {
				t.Errorf("%d open after %v", s.Open, since)
			}
		}
	})
}

func TestACriticalAlarmThatIsRaisedOrShownBetweenReadingsEscalates(t *testing.T) {
	for name, c := range map[string]struct {
		delay time.Duration
		do    []Command // after the first reading
	}{
		"by an on-delay":     {delay: 1500 * time.Millisecond},
		"unshelved":          {do: []Command{Shelve{Sensor: "a", For: time.Hour}, Unshelve{Sensor: "a"}}},
		"shelved for a time": {do: []Command{Shelve{Sensor: "a", For: 1500 * time.Millisecond}}},
		"back in service":    {do: []Command{TakeOut{Sensor: "a", Reason: "paint"}, PutBack{Sensor: "a"}}},
	} {
		t.Run(name, func(t *testing.T) {
			var m *Monitor
			src := (&script{name: "s"}).reads("a", 0, 45)
			for _, cmd := range c.do {
				src.does(func() { must(t, m.Do(cmd)) })
			}
			for i := range 20 {
				src.reads("a", i+1, 45)
			}
			conf := Config{Escalate: 5 * time.Second}
			conf.Settings.Default[threshold.Critical].OnDelay = &c.delay
			m = newMonitor(t, conf, src)
			ran(t, m)
			if list := escalated(m); len(list) != 1 {
				t.Errorf("told %+v", list)
			}
		})
	}
}
