package monitor

import (
	"math"
	"testing"
	"time"

	"setpoint/sensors"
	"setpoint/sensors/history"
)

// disturbed runs 200 readings of 20, a second apart from second 1000 on, with the
// fault injected before the eleventh, and returns what came of it.
func disturbed(t *testing.T, f Fault) (*Summary, []pair) {
	t.Helper()
	var m *Monitor
	src := &script{name: "s"}
	feed := func(from, n int) {
		for i := range n {
			src.reads("a", from+i, 20)
			src.reads("b", from+i, 20)
		}
	}
	feed(1000, 10)
	src.does(func() { must(t, m.Do(InjectFault{Sensor: "a", Fault: f, By: "me"})) })
	feed(1010, 190)
	m = newMonitor(t, Config{Seed: 3}, src)
	s := ran(t, m)
	if b := s.Sensors["b"]; b.Count != 200 || b.Min != 20 || b.Max != 20 {
		t.Errorf("another sensor was disturbed: %+v", b)
	}
	if a := m.recorder.alerts[0]; a.Kind != AlertInjected || a.Text != string(f) || a.By != "me" || a.Sensor != "a" {
		t.Errorf("the log begins with %+v", a)
	}
	if m.faults.n.Load() != 0 {
		t.Error("the fault is not over")
	}
	return s, pairs(m.recorder.tracks["a"].past)
}

// pair is a remembered reading: its second, and its value.
type pair struct {
	at time.Duration
	v  float64
}

func pairs(s *history.Series) []pair {
	list := make([]pair, s.Len())
	for i := range list {
		t, v, _ := s.At(i)
		list[i] = pair{t.Sub(epoch), v}
	}
	return list
}

// span returns how many remembered readings differ from 20, and the seconds of the
// first and the last.
func span(list []pair) (n int, from, to time.Duration) {
	for _, p := range list {
		if p.v == 20 {
			continue
		}
		if n++; n == 1 {
			from = p.at
		}
		to = p.at
	}
	return n, from, to
}

func TestEachFaultDoesWhatItsHelpSays(t *testing.T) {
	const begin = 1010 * time.Second
	values := func(n int, lasts time.Duration, ok func(p pair) bool) func(*testing.T, *Summary, []pair) {
		return func(t *testing.T, s *Summary, list []pair) {
			got, from, to := span(list)
			if len(list) != 200 || got != n || from < begin || to > begin+lasts {
				t.Errorf("%d of %d readings are off, from %v to %v", got, len(list), from, to)
			}
			for _, p := range list {
				if p.v != 20 && !ok(p) {
					t.Errorf("%g at %v", p.v, p.at)
				}
			}
		}
	}
	past := func(p pair) bool { return p.v >= 40 }
	for f, check := range map[Fault]func(*testing.T, *Summary, []pair){
		Spike: func(t *testing.T, s *Summary, list []pair) {
			values(1, 0, past)(t, s, list)
			if s.Raised != 2 || s.Active != 0 {
				t.Errorf("%d raised, %d active: want high and critical, over again", s.Raised, s.Active)
			}
		},
		StepFault: values(60, time.Minute, func(p pair) bool { return p.v > 25 }),
		Ramp:      values(59, time.Minute, func(p pair) bool { return p.v > 20 }),
		Noise:     values(60, time.Minute, func(p pair) bool { return math.Abs(p.v-20) < 60 }),
		NaN: func(t *testing.T, s *Summary, list []pair) {
			values(3, 2*time.Second, func(p pair) bool { return math.IsNaN(p.v) })(t, s, list)
			if a := s.Sensors["a"]; a.Bad != 3 || a.Count != 197 || s.Raised != 0 {
				t.Errorf("%d bad, %d judged, %d raised", a.Bad, a.Count, s.Raised)
			}
		},
		Stuck: func(t *testing.T, s *Summary, list []pair) { // the rest is in the next test
			if n, _, _ := span(list); n != 0 || s.Accepted != 400 {
				t.Errorf("%d readings are off, %d accepted", n, s.Accepted)
			}
		},
		Dropout: func(t *testing.T, s *Summary, list []pair) {
			if len(list) != 180 || list[10].at != begin+20*time.Second {
				t.Errorf("%d readings, after the gap %v", len(list), list[10].at)
			}
		},
		Skew: func(t *testing.T, s *Summary, list []pair) {
			// What comes before the clock that ran ahead, less the lateness, is late,
			// and what comes again for its last instant is a duplicate.
			if s.Flow.Late != 27 || len(list) != 200-28 || list[10].at != begin+30*time.Second {
				t.Errorf("%d late, %d kept, the first ahead at %v", s.Flow.Late, len(list), list[10].at)
			}
		},
		Duplicate: func(t *testing.T, s *Summary, list []pair) {
			if a := s.Sensors["a"]; s.Accepted != 401 || a.Duplicates != 1 || a.Count != 200 || len(list) != 200 {
				t.Errorf("accepted %d, %d duplicate, %d judged", s.Accepted, a.Duplicates, a.Count)
			}
		},
		Late: func(t *testing.T, s *Summary, list []pair) {
			if s.Accepted != 401 || s.Flow.Late != 1 || len(list) != 200 {
				t.Errorf("accepted %d, %d late, %d kept", s.Accepted, s.Flow.Late, len(list))
			}
		},
		Burst: func(t *testing.T, s *Summary, list []pair) {
			if a := s.Sensors["a"]; s.Accepted != 500 || a.Count != 300 || list[10].at != begin-100*time.Millisecond {
				t.Errorf("accepted %d, %d judged, the burst begins at %v", s.Accepted, a.Count, list[10].at)
			}
		},
	} {
		t.Run(string(f)+": "+f.Help(), func(t *testing.T) {
			s, list := disturbed(t, f)
			check(t, s, list)
			_, again := disturbed(t, f)
			for i := range list {
				if same := list[i].v == again[i].v || math.IsNaN(list[i].v) && math.IsNaN(again[i].v); !same {
					t.Fatalf("reading %d is %g, then %g", i, list[i].v, again[i].v)
				}
			}
		})
	}
}

func TestEveryFaultHasAHelp(t *testing.T) {
	for _, f := range Faults {
		if f.Help() == "" {
			t.Errorf("%s has none", f)
		}
	}
	if Fault("fire").Help() != "" {
		t.Error("what is no fault has one")
	}
}

func TestAStuckSensorKeepsItsValueForAMinute(t *testing.T) {
	d := newFaults(1)
	d.arm("a", Stuck, 10)
	for i := range 70 {
		got := d.disturb(sensors.Reading{Sensor: "a", Time: at(i), Value: float64(i + 5)})
		want := 5.0
		if i >= 60 {
			want = float64(i + 5)
		}
		if len(got) != 1 || got[0].Value != want {
			t.Fatalf("second %d reads %+v, want %g", i, got, want)
		}
	}
}

func TestANewFaultTakesThePlaceOfTheOldOne(t *testing.T) {
	d := newFaults(1)
	d.arm("a", Dropout, 10)
	d.arm("a", Spike, 10)
	if f := d.on("a"); f != Spike {
		t.Errorf("%s acts", f)
	}
	if got := d.disturb(sensors.Reading{Sensor: "a", Time: at(0), Value: 5}); len(got) != 1 || got[0].Value != 15 {
		t.Errorf("reads %+v", got)
	}
	if f := d.on("a"); f != "" {
		t.Errorf("%s acts after its end", f)
	}
}
