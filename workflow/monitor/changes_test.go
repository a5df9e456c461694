package monitor

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"setpoint/sensors/threshold"
)

// ovens is a group of which o-1 and o-2 are members, with a high threshold of 85.
func ovens() Settings {
	return Settings{Groups: []Group{{
		Name: "ovens", Patterns: []string{"o-*"}, SensorSettings: SensorSettings{Thresholds: threshold.Settings{
			threshold.High: set(85), threshold.Critical: set(95),
		}},
	}}}
}

func TestAThresholdIsMovedForAGroupAndUndoneExactly(t *testing.T) {
	var m *Monitor
	var high []float64
	look := func() {
		for _, name := range []string{"o-1", "o-2", "hall"} {
			s, err := m.study(name)
			must(t, err)
			high = append(high, s.Set[threshold.High].At)
		}
	}
	delay := 30 * time.Second
	rule := SetRule{
		Scope: Scope{Group: "ovens"}, Kind: threshold.High, By: "ann", Why: "too many", Evidence: "4.1 -> 0.4 /day",
		Setting: threshold.Setting{At: new(88.5), OnDelay: &delay},
	}
	src := (&script{name: "s"}).reads("o-1", 0, 20).reads("o-2", 0, 20).reads("hall", 0, 20).
		does(look).does(func() { must(t, m.Do(rule)) }).does(look).
		does(func() { must(t, m.Do(Undo{ID: 1, By: "bob"})) }).does(look).
		does(func() { must(t, m.Do(Undo{ID: 2, By: "bob"})) }).does(look)
	m = newMonitor(t, Config{Settings: ovens()}, src)
	ran(t, m)
	for i, want := range []float64{85, 85, 30, 88.5, 88.5, 30, 85, 85, 30, 88.5, 88.5, 30} {
		if high[i] != want {
			t.Errorf("figure %d: high is %g, want %g", i, high[i], want)
		}
	}
	shot := m.snapshot(View{Changes: 10})
	if len(shot.Changes) != 3 || shot.Changes[2].Why != "too many" || !shot.Changes[2].Undone || shot.Changes[1].Undoes != 1 ||
		*shot.Changes[0].New.OnDelay != delay || shot.Changes[1].New.OnDelay != nil {
		t.Errorf("the journal has %+v", shot.Changes)
	}
	if err := m.Do(Undo{ID: 1}); err == nil || !strings.Contains(err.Error(), "undone already") {
		t.Errorf("undone twice: %v", err)
	}
	list := m.Unwritten()
	if len(list) != 1 || list[0].Scope.Group != "ovens" || *list[0].New.At != 88.5 || *list[0].Old.At != 85 {
		t.Errorf("unwritten: %+v", list)
	}
}

func TestARuleThatMakesNoSenseIsRefused(t *testing.T) {
	m := newMonitor(t, Config{Settings: ovens()}, (&script{name: "s"}).reads("o-1", 0, 20))
	ran(t, m)
	for want, c := range map[string]Command{
		`no group is named "cold"`:                 SetRule{Scope: Scope{Group: "cold"}, Kind: threshold.High, Setting: set(1)},
		`no sensor is named "x"`:                   SetRule{Scope: Scope{Sensor: "x"}, Kind: threshold.High, Setting: set(1)},
		`"o-1": high 99 must be below critical 95`: SetRule{Scope: Scope{Group: "ovens"}, Kind: threshold.High, Setting: set(99)},
		"unknown stale":                            SetRule{Scope: Scope{Sensor: "o-1"}, Kind: threshold.Stale, Setting: set(99)},
		"the journal has no change 7":              Undo{ID: 7},
		"shelve for 240h0m0s: want at most 24h0m0s; what is longer is out of service": Shelve{Sensor: "o-1", For: 240 * time.Hour},
		"out of service wants a reason":                                               TakeOut{Sensor: "o-1"},
		"no alarm has the number 3":                                                   GiveVerdict{Seq: 3, Verdict: Real},
		"the label ends before it begins":                                             AddLabel{Label{Sensor: "o-1", From: at(2), To: at(1)}},
		`no shadow of "o-1" high runs`:                                                StopShadow{Sensor: "o-1", Kind: threshold.High},
		"there is no configuration file to write":                                     WriteSettings{},
		`the baseline of "o-1" has not moved`:                                         AcceptBaseline{Sensor: "o-1"},
	} {
		if err := m.Do(c); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%T: %v, want %s", c, err, want)
		}
	}
}

func TestAPersonHidesAlarmsForAWhile(t *testing.T) {
	var m *Monitor
	var shown []string
	do := func(c Command) func() { return func() { must(t, m.Do(c)) } }
	look := func() {
		s := m.snapshot(View{Rows: 1, Alarms: 5})
		one := s.Rows[0].Status.String()
		if s.Unacked > 0 {
			one += " unacked"
		}
		shown = append(shown, one)
	}
	src := (&script{name: "s"}).reads("a", 0, 20).
		does(do(Shelve{Sensor: "a", Kinds: 1 << threshold.High, For: time.Minute, By: "ann"})).
		reads("a", 1, 35).does(look).  // shelved
		reads("a", 70, 35).does(look). // the minute is over, and it is on
		does(do(Acknowledge{Sensors: []string{"a"}, By: "ann"})).does(look).
		does(do(TakeOut{Sensor: "a", Reason: "painters", By: "bob"})).reads("a", 71, 45).does(look).
		does(do(PutBack{Sensor: "a", By: "bob"})).does(look)
	m = newMonitor(t, Config{}, src)
	s := ran(t, m)
	want := []string{"shelved", "high unacked", "high", "out of service", "critical unacked"}
	for i := range want {
		if i >= len(shown) || shown[i] != want[i] {
			t.Fatalf("shown %q, want %q", shown, want)
		}
	}
	if s.Raised != 2 {
		t.Errorf("%d raised, want 2: hidden ones are judged all the same", s.Raised)
	}
	if shot := m.snapshot(View{Changes: 9}); shot.ChangeN != 4 || shot.Changes[0].What != "back in service" || shot.Changes[1].Why != "painters" {
		t.Errorf("the journal has %+v", shot.Changes)
	}
}

func TestMovedThresholdsAreWrittenOnce(t *testing.T) {
	var wrote []Written
	fail := errors.New("changed on disk")
	c := Config{Write: func(w []Written) (string, error) {
		if fail != nil {
			return "", fail
		}
		wrote = append(wrote, w...)
		return "setpoint.yaml", nil
	}}
	var m *Monitor
	m = newMonitor(t, c, (&script{name: "s"}).reads("a", 0, 20).does(func() {
		must(t, m.Do(SetRule{Scope: Scope{Sensor: "a"}, Kind: threshold.High, Setting: set(33), By: "ann"}))
	}))
	ran(t, m)
	if err := m.Do(WriteSettings{By: "ann"}); !errors.Is(err, fail) || len(m.Unwritten()) != 1 {
		t.Errorf("a fault of the file: %v, %d unwritten", err, len(m.Unwritten()))
	}
	fail = nil
	must(t, m.Do(WriteSettings{By: "ann"}))
	if len(wrote) != 1 || *wrote[0].New.At != 33 || wrote[0].Old.At != nil || len(m.Unwritten()) != 0 {
		t.Errorf("wrote %+v", wrote)
	}
	if err := m.Do(WriteSettings{By: "ann"}); err == nil {
		t.Error("there was nothing to write")
	}
}

func TestWhatATimerTakesBack(t *testing.T) {
	for name, c := range map[string]struct {
		moves []SetRule // of high, which is at 30
		want  []float64 // at 12, 22 and 32 s
	}{
		"a timed move":                            {[]SetRule{{Setting: set(33), Until: at(10)}}, []float64{30, 30, 30}},
		"not a later move":                        {[]SetRule{{Setting: set(33), Until: at(10)}, {Setting: set(36)}}, []float64{36, 36, 36}},
		"a timed move within another":             {[]SetRule{{Setting: set(33), Until: at(30)}, {Setting: set(36), Until: at(20)}}, []float64{36, 33, 30}},
		"a timed move that outlasts an older one": {[]SetRule{{Setting: set(33), Until: at(10)}, {Setting: set(36), Until: at(20)}}, []float64{36, 30, 30}},
	} {
		t.Run(name, func(t *testing.T) {
			var m *Monitor
			src := (&script{name: "s"}).reads("a", 0, 20)
			for _, r := range c.moves {
				r.Scope, r.Kind, r.By = Scope{Sensor: "a"}, threshold.High, "ann"
				src.does(func() { must(t, m.Do(r)) })
			}
			for i, want := range c.want {
				src.reads("a", 10*i+12, 20).does(func() { m.expire(t.Context()) }).does(func() {
					if got := m.judge.Load().set("a", "")[threshold.High].At; got != want {
						t.Errorf("high is at %g after %d s, want %g", got, 10*i+12, want)
					}
				})
			}
			m = newMonitor(t, Config{}, src)
			ran(t, m)
		})
	}
}

func TestARuleForSensorsThatAreYetToComeMustMakeSense(t *testing.T) {
	var m *Monitor
	m = newMonitor(t, Config{Settings: ovens()}, (&script{name: "s"}).reads("a", 0, 20).does(func() {
		for _, v := range []float64{99, math.Inf(1)} { // above the group's critical of 95
			if m.Do(SetRule{Scope: Scope{Group: "ovens"}, Kind: threshold.High, Setting: set(v), By: "ann"}) == nil {
				t.Errorf("high %g is taken", v)
			}
		}
	}))
	ran(t, m)
}
