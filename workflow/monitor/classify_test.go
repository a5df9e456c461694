package monitor

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"setpoint/sensors"
	"setpoint/sensors/threshold"
)

// declaring is a script that describes its sensors.
type declaring struct {
	*script
	list []sensors.Sensor
}

func (d declaring) Sensors() []sensors.Sensor { return d.list }

// set says that a threshold is at v.
func set(v float64) threshold.Setting { return threshold.Setting{At: &v} }

func TestWhichThresholdsCount(t *testing.T) {
	high := func(c *classifier, unit string) float64 { return c.set("a", unit)[threshold.High].At }
	at := func(v float64) threshold.Settings { return threshold.Settings{threshold.High: set(v)} }
	c := &classifier{declared: map[string]threshold.Set{}}
	check := func(want float64, origin string) {
		t.Helper()
		if got, o := high(c, "°C"), c.settings.origin(c.declared, "a", threshold.High); got != want || o != origin {
			t.Errorf("high is %g by %s, want %g by %s", got, o, want, origin)
		}
	}
	check(30, "built-in")
	c.declared["a"] = threshold.None.With(threshold.High, 31)
	check(31, "source")
	c.settings.Default = at(32)
	check(32, "default")
	c.settings.Groups = []Group{
		{Name: "ovens", Patterns: []string{"a*"}, SensorSettings: SensorSettings{Thresholds: at(33)}},
		{Name: "others", Patterns: []string{"b", "c"}, SensorSettings: SensorSettings{Thresholds: at(40)}},
	}
	check(33, "group ovens")
	c.settings.Sensors = map[string]SensorSettings{"a": {Thresholds: at(34)}}
	check(34, "sensor")
	c.settings = c.settings.with(Scope{Sensor: "a"}, threshold.High, threshold.Setting{})
	check(33, "group ovens")
	c.settings = c.settings.with(Scope{Group: "ovens"}, threshold.High, threshold.Setting{At: new(35.0)})
	check(35, "group ovens")
	if got := c.set("x", ""); got[threshold.High].At != 32 || got[threshold.Critical].At != 40 {
		t.Errorf("another sensor has %v", got)
	}
	if got := c.set("a", "")[threshold.Critical].At; !math.IsNaN(got) {
		t.Errorf("what the source left off is at %g", got)
	}
}

func TestDeadbandsAreSetLikeThresholds(t *testing.T) {
	deadband := func(d float64) (s threshold.Settings) {
		for k := range s {
			s[k].Deadband = &d
		}
		return s
	}
	c := &classifier{settings: Settings{Default: deadband(2), Sensors: map[string]SensorSettings{"a": {Thresholds: deadband(3)}}}}
	if a, b := c.set("a", "")[threshold.High].Deadband, c.set("b", "")[threshold.High].Deadband; a != 3 || b != 2 {
		t.Errorf("deadbands %g and %g, want 3 and 2", a, b)
	}
}

func TestBuiltInThresholdsAreForTemperatures(t *testing.T) {
	for sentence, c := range map[string]struct {
		unit string
		v    float64
		want float64 // high
		now  float64
	}{
		"no unit":    {"", 20, 30, 20},
		"°C":         {"°C", 20, 30, 20},
		"°F is °C":   {"°F", 212, 30, 100},
		"K is °C":    {"K", 293.15, 30, 20},
		"pressure":   {"hPa", 1013, threshold.Off, 1013},
		"a fraction": {"%", 45, threshold.Off, 45},
	} {
		t.Run(sentence, func(t *testing.T) {
			s := ran(t, newMonitor(t, Config{}, (&script{name: "s"}).each("a", 0, c.unit, c.v)))
			st := s.Sensors["a"]
			if got := st.Set[threshold.High].At; got != c.want && !(math.IsNaN(got) && math.IsNaN(c.want)) {
				t.Errorf("high is %g, want %g", got, c.want)
			}
			if math.Abs(st.Value-c.now) > 1e-9 {
				t.Errorf("it reads %g, want %g", st.Value, c.now)
			}
		})
	}
}

func TestAUnitIsKeptWhenAReadingBringsNone(t *testing.T) {
	src := (&script{name: "s"}).each("a", 0, "hPa", 1013).reads("a", 1, 1014)
	if st := ran(t, newMonitor(t, Config{}, src)).Sensors["a"]; st.Unit != "hPa" || st.Alarm.On() != 0 {
		t.Errorf("unit %q, alarms %b", st.Unit, st.Alarm.On())
	}
}

func TestThresholdsThatCrossAreRefusedAtTheStart(t *testing.T) {
	all := Settings{Default: threshold.Settings{threshold.High: set(50), threshold.Critical: set(40)}}
	one := Settings{Sensors: map[string]SensorSettings{
		"b":     {Thresholds: threshold.Settings{threshold.Low: set(8), threshold.High: set(8)}},
		"a\x1b": {Thresholds: threshold.Settings{threshold.Low: set(35), threshold.High: set(30)}},
	}}
	for sentence, c := range map[string]struct {
		settings Settings
		want     string
	}{
		"for all":       {all, `thresholds: high 50 must be below critical 40`},
		"for sensors":   {one, "thresholds of \"a\\x1b\": low 35 must be below high 30\nthresholds of \"b\": low 8 must be below high 8"},
		"by the source": {Settings{}, `thresholds of "d": high 5 must be below critical 4`},
	} {
		t.Run(sentence, func(t *testing.T) {
			bad := threshold.None.With(threshold.High, 5).With(threshold.Critical, 4)
			src := declaring{&script{name: "s"}, nil}
			if sentence == "by the source" {
				src.list = []sensors.Sensor{{Name: "d", Thresholds: bad}}
			}
			_, err := New(Config{Settings: c.settings, Sources: []sensors.Source{src}})
			if err == nil || err.Error() != c.want {
				t.Errorf("error %v, want %s", err, c.want)
			}
		})
	}
}

func TestAWeakerThresholdYieldsToTheOneThatIsSet(t *testing.T) {
	settings := Settings{
		Default: threshold.Settings{threshold.High: set(95)},
		Sensors: map[string]SensorSettings{"cold": {Thresholds: threshold.Settings{threshold.High: set(5)}}},
	}
	m := newMonitor(t, Config{Settings: settings}, &script{name: "s"})
	for sensor, want := range map[string]string{"hot": "[NaN 10 95 NaN]", "cold": "[NaN NaN 5 NaN]"} {
		set := m.judge.Load().set(sensor, "")
		got := []float64{set[0].At, set[1].At, set[2].At, set[3].At}
		if fmt.Sprint(got) != want {
			t.Errorf("%s: %v, want %s", sensor, got, want)
		}
	}
}

// plain counts alarms by the rules alone: a threshold is passed at it, and returns
// from it beyond the deadband.
func plain(set threshold.Set, values []float64) (raised, active int) {
	var on [threshold.Kinds]bool
	for _, v := range values {
		if math.IsNaN(v) || math.IsInf(v, 0) {
			continue
		}
		for k := range threshold.Kinds {
			at, sign := set[k].At, 1.0
			if !k.Upper() {
				sign = -1
			}
			switch {
			case math.IsNaN(at):
			case !on[k] && sign*v >= sign*at:
				on[k] = true
				raised++
			case on[k] && (k.Upper() && v < at-set[k].Deadband || !k.Upper() && v > at+set[k].Deadband):
				on[k] = false
			}
		}
	}
	for _, is := range on {
		if is {
			active++
		}
	}
	return raised, active
}

func TestAlarmsAreThoseOfAPlainCount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.OneOf(
			rapid.Float64Range(0, 50),
			rapid.SampledFrom([]float64{10, 30, 40, 9.5, 29.5, 39.5, math.NaN(), math.Inf(1), math.Inf(-1)}),
		), 1, 60).Draw(t, "values")
		deadband := rapid.Float64Range(0, 3).Draw(t, "deadband")
		src := (&script{name: "s", hasty: true}).reads("a", 0, values...)
		m, err := New(Config{Settings: Settings{Default: threshold.Settings{{Deadband: &deadband}, {Deadband: &deadband}, {Deadband: &deadband}, {Deadband: &deadband}}}, Sources: []sensors.Source{src}})
		if err != nil {
			t.Fatal(err)
		}
		s, err := m.Run(t.Context())
		if err != nil || s.Flow.Check() != nil {
			t.Fatal(err, s.Flow.Check())
		}
		set := threshold.Default.WithDeadband(deadband)
		raised, active := plain(set, values)
		if int(s.Raised) != raised || s.Active != active {
			t.Fatalf("%d raised, %d active: want %d, %d", s.Raised, s.Active, raised, active)
		}
		if st := s.Sensors["a"]; int(st.Count+st.Bad) != len(values) {
			t.Fatalf("%d judged and %d bad of %d", st.Count, st.Bad, len(values))
		}
	})
}

func TestKindsInAreTheWorstFirst(t *testing.T) {
	want := []threshold.Kind{threshold.Critical, threshold.CriticalLow, threshold.High, threshold.Low, threshold.Stale}
	if got := kindsIn(31); !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
	if kindsIn(0) != nil {
		t.Error("no latches hold a kind")
	}
}

func TestAReadingThatIsLateAndNotGoodChangesNothing(t *testing.T) {
	for name, late := range map[string]sensors.Reading{
		"declared suspect": {Value: 20, Quality: sensors.Suspect},
		"no number":        {Value: math.NaN(), Quality: sensors.Bad},
		"a fault's value":  {Value: -127, Unit: sensors.DegC},
	} {
		late.Sensor, late.Time = "a", at(0).Add(500*time.Millisecond)
		src := (&script{name: "s"}).each("a", 0, sensors.DegC, 20, 45).then(func(ctx context.Context, sink sensors.Sink) error {
			return sink.Reading(ctx, late)
		})
		st := ran(t, newMonitor(t, Config{}, src)).Sensors["a"]
		if !st.Alarm.Of[threshold.Critical].Cond.On() || !st.Time.Equal(at(1)) || st.Value != 45 || st.Quality != sensors.Good || st.Disordered != 1 {
			t.Errorf("%s: %+v", name, st)
		}
	}
}

func TestAStateOfHugeValuesCanBeKept(t *testing.T) {
	s := ran(t, newMonitor(t, Config{}, (&script{name: "s"}).each("a", 0, "widgets", 1.7e308, 1.7e308, -1.7e308)))
	if _, err := json.Marshal(s.Sensors["a"]); err != nil {
		t.Error(err)
	}
}

func TestALineOfABandStaysThroughAMoveOfAnotherThreshold(t *testing.T) {
	var m *Monitor
	src := &script{name: "s", hasty: true}
	for i := range 5000 {
		src.each("a", 60*i, "V", 20+math.Sin(float64(i)))
	}
	src.then(func(ctx context.Context, sink sensors.Sink) error { return sink.Settle(ctx) })
	var before float64
	src.does(func() {
		before = m.snapshot(View{ChartColumns: 1}).Chart.Row.Set[threshold.High].At
		must(t, m.Do(SetRule{Scope: Scope{Sensor: "a"}, Kind: threshold.Critical, Setting: set(90), By: "ann"}))
	})
	src.then(func(ctx context.Context, sink sensors.Sink) error { return sink.Settle(ctx) })
	m = newMonitor(t, Config{Adaptive: true}, src)
	s := ran(t, m)
	if got := s.Sensors["a"].Set[threshold.High].At; !(math.Abs(got-before) < 0.01) {
		t.Errorf("high is at %g, before at %g", got, before)
	}
}
