package monitor

import (
	"context"
	"fmt"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"setpoint/sensors"
	"setpoint/sensors/threshold"
	"setpoint/sensors/tune"
)

func TestWhatIfAgreesWithWhatTheRunRaised(t *testing.T) {
	rule := threshold.Rule{At: 34, Deadband: 1, OnDelay: 20 * time.Second, OffDelay: 30 * time.Second}
	c := Config{Settings: Settings{Default: threshold.Settings{
		threshold.High: setting(rule), threshold.Low: set(threshold.Off), threshold.Critical: set(threshold.Off),
	}}}
	m := newMonitor(t, c, stream{2, 40_000})
	s := ran(t, m)
	a, err := m.Tune(t.Context(), TuneQuestion{
		Sensor: "sensor-0", Kind: threshold.High, Rule: threshold.Rule{At: 36}, Columns: 40, Curve: []float64{30, 34, 50},
		Budget: 1,
	})
	must(t, err)
	if got := a.Before.Alarms; got == 0 || uint64(a.NowSum.Sensors) != 2 || 2*got != int(s.Raised) {
		t.Errorf("NOW raised %d on one of %d sensors, the run %d on both", got, a.NowSum.Sensors, s.Raised)
	}
	if a.After.Alarms != 0 || a.Now != rule || a.Origin != "default" || len(a.Chart) != 40 || a.Curve[0] < a.Curve[1] || a.Curve[2] != 0 {
		t.Errorf("%+v", a)
	}
	if a.Suggest == nil {
		t.Error("no suggestion, and no reason either")
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := m.Tune(ctx, TuneQuestion{Sensor: "sensor-0", Kind: threshold.High}); err == nil {
		t.Error("a question that nobody waits for is answered")
	}
}

func TestVerdictsAndLabelsCountInWhatIf(t *testing.T) {
	var m *Monitor
	do := func(c Command) func() { return func() { must(t, m.Do(c)) } }
	src := (&script{name: "s"}).reads("a", 0, 20, 35, 20, 20, 36, 20, 20).
		does(do(GiveVerdict{Seq: 1, Verdict: Real, By: "ann"})).
		does(do(AddLabel{Label{Sensor: "a", From: at(3), To: at(5), Kind: tune.Maintenance, By: "ann"}}))
	m = newMonitor(t, Config{}, src)
	ran(t, m)
	a, err := m.Tune(t.Context(), TuneQuestion{Sensor: "a", Kind: threshold.High, Rule: threshold.Rule{At: 50}})
	must(t, err)
	if f := a.Before; f.Alarms != 2 || f.NotReal != 0 || f.Labelled != 1 || f.Found != 1 || a.After.Found != 0 {
		t.Errorf("NOW: %+v", f)
	}
}

func TestAShadowRaisesBesideTheThresholdInForce(t *testing.T) {
	var m *Monitor
	src := (&script{name: "s"}).reads("a", 0, 20).
		does(func() {
			must(t, m.Do(StartShadow{Sensor: "a", Kind: threshold.High, Rule: threshold.Rule{At: 33}, For: time.Minute, By: "ann"}))
		}).
		reads("a", 1, 31, 34, 20, 34, 20).reads("a", 62, 40)
	m = newMonitor(t, Config{}, src)
	ran(t, m)
	s := m.snapshot(View{})
	if len(s.Shadows) != 1 || s.Shadows[0].New != 2 || s.Shadows[0].Now != 2 || !s.Shadows[0].Over {
		t.Errorf("shadows: %+v", s.Shadows)
	}
}

func TestAdaptiveThresholdsFollowWithinTheCriticalOnes(t *testing.T) {
	src := (&script{name: "s", hasty: true}).then(func(ctx context.Context, sink sensors.Sink) error {
		for i := range 20_000 { // a week of a reading every 30 s
			v := 50 + 2*math.Sin(float64(i)/7) + 3*math.Sin(float64(i)/3000)
			r := sensors.Reading{Sensor: "a", Time: epoch.Add(time.Duration(i) * 30 * time.Second), Value: v}
			if err := sink.Reading(ctx, r); err != nil {
				return err
			}
		}
		return nil
	})
	m := newMonitor(t, Config{Adaptive: true, Settings: Settings{Default: threshold.Settings{threshold.Critical: set(54)}}}, src)
	s := ran(t, m)
	got := s.Sensors["a"].Set
	if at := got[threshold.High].At; !(at > 50) || at > 54 || got[threshold.High].OnDelay == 0 {
		t.Errorf("high is %+v, want between 50 and the critical 54", got[threshold.High])
	}
	if at := got[threshold.Low].At; !(at < 50) {
		t.Errorf("low is %g", at)
	}
	shot := m.snapshot(View{Changes: 1000})
	if shot.ChangeN < 2 || shot.ChangeN > 200 || shot.Changes[0].What != "adaptive" {
		t.Errorf("the journal has %d lines", shot.ChangeN)
	}
}

func BenchmarkTune(b *testing.B) {
	const n = 2_592_000 // 30 days of a reading a second
	m := newMonitor(b, Config{}, stream{1, n})
	ran(b, m)
	curve := make([]float64, 400)
	for i := range curve {
		curve[i] = 20 + float64(i)/20
	}
	for _, c := range []struct {
		name string
		q    TuneQuestion
	}{
		{"figures and chart", TuneQuestion{Columns: 150}},
		{"with the curve", TuneQuestion{Columns: 150, Curve: curve}},
		{"with a suggestion", TuneQuestion{Columns: 150, Budget: 1}},
	} {
		b.Run(fmt.Sprint(c.name), func(b *testing.B) {
			b.ReportAllocs()
			i := 0
			for b.Loop() {
				c.q.Sensor, c.q.Kind = "sensor-0", threshold.High
				c.q.Rule = threshold.Rule{At: 30 + float64(i%50)/10, Deadband: 1, OnDelay: time.Minute, OffDelay: time.Minute}
				if _, err := m.Tune(b.Context(), c.q); err != nil {
					b.Fatal(err)
				}
				i++
			}
		})
	}
}

// One evaluator: what the engine raised live, with its ticks, is what a what-if of the
// same threshold finds on the history of the run.
func TestLiveIsReplay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		delay := rapid.SampledFrom([]time.Duration{0, time.Second, 3 * time.Second, 10 * time.Second, time.Minute})
		rule := threshold.Rule{
			At: rapid.Float64Range(24, 36).Draw(t, "at"), Deadband: rapid.Float64Range(0, 3).Draw(t, "deadband"),
			OnDelay: delay.Draw(t, "on"), OffDelay: delay.Draw(t, "off"),
		}
		kind := rapid.SampledFrom([]threshold.Kind{threshold.High, threshold.Low}).Draw(t, "kind")
		only := threshold.Settings{set(threshold.Off), set(threshold.Off), set(threshold.Off), set(threshold.Off)}
		only[kind] = setting(rule)
		src := &script{name: "s", hasty: true}
		when := epoch
		value := rapid.OneOf(rapid.Float64Range(20, 40), rapid.SampledFrom([]float64{math.NaN(), rule.At}))
		for range rapid.IntRange(1, 80).Draw(t, "readings") {
			when = when.Add(rapid.SampledFrom([]time.Duration{
				time.Second, time.Second, 2 * time.Second, 5 * time.Second, 40 * time.Second, 10 * time.Minute,
			}).Draw(t, "gap"))
			r := sensors.Reading{Sensor: "a", Time: when, Value: value.Draw(t, "value")}
			src.then(func(ctx context.Context, sink sensors.Sink) error { return sink.Reading(ctx, r) })
		}
		stale := time.Minute // found from the readings it would change as they come
		m, err := New(Config{Sources: []sensors.Source{src}, Settings: Settings{
			Default: only, Sensors: map[string]SensorSettings{"a": {Stale: &stale}},
		}})
		if err != nil {
			t.Fatal(err)
		}
		s, err := m.Run(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		one, err := m.study("a")
		if err != nil {
			t.Fatal(err)
		}
		replayed := one.Ask(kind, rule, 0)
		var live []tune.Episode
		for _, a := range m.recorder.alerts {
			if a.Threshold != kind {
				continue
			}
			e := tune.Episode{Raised: a.Time.UnixNano(), Cleared: tune.StillOn}
			if !a.Ended.IsZero() {
				e.Cleared = a.Ended.UnixNano()
			}
			live = append(live, e)
		}
		if fmt.Sprint(live) != fmt.Sprint(replayed.Episodes) {
			t.Fatalf("live %v, replayed %v (%d judged, %d bad)", live, replayed.Episodes, s.Sensors["a"].Count, s.Sensors["a"].Bad)
		}
	})
}

func TestAShadowCountsTheAlarmsThatADelayRaised(t *testing.T) {
	var m *Monitor
	c := Config{}
	c.Settings.Default[threshold.High].OnDelay = new(1500 * time.Millisecond)
	rule := threshold.Rule{At: 30, Deadband: 0.5, OnDelay: 1500 * time.Millisecond}
	m = newMonitor(t, c, (&script{name: "s"}).reads("a", 0, 20).does(func() {
		must(t, m.Do(StartShadow{Sensor: "a", Kind: threshold.High, Rule: rule, For: time.Hour}))
	}).reads("a", 1, 35, 35, 35, 20))
	ran(t, m)
	if s := m.snapshot(View{}).Shadows; len(s) != 1 || s[0].New != 1 || s[0].Now != 1 {
		t.Errorf("%+v", s)
	}
}
