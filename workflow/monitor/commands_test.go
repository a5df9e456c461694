package monitor

import (
	"bytes"
	"context"
	"log/slog"
	"math"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"setpoint/sensors"
	"setpoint/sensors/threshold"
	"setpoint/workflow/guard"
)

func TestAMovedThresholdJudgesTheVeryNextReading(t *testing.T) {
	var m *Monitor
	var log bytes.Buffer
	move := func(v float64) func() {
		return func() {
			must(t, m.Do(SetThreshold{Sensor: "a", Kind: threshold.High, Value: v, By: "ann\x1b"}))
		}
	}
	var active []bool
	look := func() { s, _, _ := m.find("a"); active = append(active, s.Alarm.On().Has(threshold.High)) }
	src := (&script{name: "s"}).reads("a", 0, 25).does(look).
		does(move(24)).reads("a", 1, 25).does(look).
		does(move(30)).reads("a", 2, 25).does(look).
		does(move(threshold.Off)).reads("a", 3, 39).does(look)
	m = newMonitor(t, Config{Log: slog.New(slog.NewTextHandler(&log, nil))}, src)
	s := ran(t, m)
	for i, want := range []bool{false, true, false, false} {
		if active[i] != want {
			t.Errorf("reading %d: high is %t, want %t", i, active[i], want)
		}
	}
	if s.Flow.Revision != 4 {
		t.Errorf("revision %d, want 4", s.Flow.Revision)
	}
	shot := m.snapshot(View{Alerts: 100, Rows: 1})
	var moved []Alert
	for _, a := range shot.Alerts {
		if a.Kind == AlertMoved {
			moved = append(moved, a)
		}
	}
	if len(moved) != 3 {
		t.Fatalf("the log tells of %d moves", len(moved))
	}
	first := moved[2]
	if first.Sensor != "a" || first.By != "ann\x1b" || first.Threshold != threshold.High || first.Old != 30 || first.New != 24 || first.Revision != 2 {
		t.Errorf("the first line is %+v", first)
	}
	if last := moved[0]; last.Old != 30 || !math.IsNaN(last.New) || last.Revision != 4 {
		t.Errorf("the last line is %+v", last)
	}
	if !strings.Contains(log.String(), "moved high of") || !strings.Contains(log.String(), "from 30 to 24") || strings.Contains(log.String(), "\x1b") {
		t.Errorf("the log says %s", log.String())
	}
	if at := shot.Rows[0].Set; !math.IsNaN(at[threshold.High].At) || at[threshold.Critical].At != 40 {
		t.Errorf("the row shows %v", at)
	}
}

func TestAMovedThresholdShowsBeforeTheNextReading(t *testing.T) {
	var m *Monitor
	var shot *Snapshot
	src := (&script{name: "s"}).reads("a", 0, 25).
		does(func() { must(t, m.Do(SetThreshold{Sensor: "a", Kind: threshold.Low, Value: 12})) }).
		does(func() { shot = m.snapshot(View{Rows: 1}) })
	m = newMonitor(t, Config{}, src)
	ran(t, m)
	if got := shot.Rows[0].Set[threshold.Low].At; got != 12 || shot.Revision != 2 {
		t.Errorf("low is at %g in revision %d", got, shot.Revision)
	}
}

func TestCommandsThatCannotBeCarriedOut(t *testing.T) {
	for sentence, c := range map[string]struct {
		command Command
		want    string
	}{
		"high above critical":  {SetThreshold{Sensor: "a", Kind: threshold.High, Value: 41}, "high 41 must be below critical 40"},
		"low above high":       {SetThreshold{Sensor: "a", Kind: threshold.Low, Value: 30}, "low 30 must be below high 30"},
		"an infinite one":      {SetThreshold{Sensor: "a", Kind: threshold.Low, Value: math.Inf(-1)}, "want a number or off"},
		"no threshold":         {SetThreshold{Sensor: "a", Kind: 9, Value: 1}, "unknown threshold 9"},
		"no sensor to move":    {SetThreshold{Sensor: "b\x1b[2J", Kind: threshold.Low}, `no sensor is named "b\x1b[2J"`},
		"no sensor to answer":  {Acknowledge{Sensors: []string{"b"}}, `no sensor is named "b"`},
		"no sensor to disturb": {InjectFault{Sensor: "b", Fault: Spike}, `no sensor is named "b"`},
		"no fault":             {InjectFault{Sensor: "a", Fault: "fire\x9b"}, `unknown fault "fire\x9b"`},
		"nothing":              {nil, "unknown command"},
	} {
		t.Run(sentence, func(t *testing.T) {
			var m *Monitor
			var err error
			src := (&script{name: "s"}).reads("a", 0, 25).does(func() { err = m.Do(c.command) }).reads("a", 1, 29)
			m = newMonitor(t, Config{}, src)
			s := ran(t, m)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want %q", err, c.want)
			}
			if s.Flow.Revision != 1 || s.Sensors["a"].Set[threshold.High].At != 30 || s.Sensors["a"].Set[threshold.Low].At != 10 {
				t.Errorf("it did something: revision %d", s.Flow.Revision)
			}
		})
	}
}

func TestAfterTheEndNothingCanBeDisturbed(t *testing.T) {
	m := newMonitor(t, Config{}, (&script{name: "s"}).reads("a", 0, 25))
	ran(t, m)
	if err := m.Do(InjectFault{Sensor: "a", Fault: Spike}); err == nil || !strings.Contains(err.Error(), "no more readings come") {
		t.Errorf("error %v", err)
	}
	if err := m.Do(SetThreshold{Sensor: "a", Kind: threshold.High, Value: 28}); err == nil {
		t.Error("a threshold was moved after the end")
	}
}

func TestAcknowledging(t *testing.T) {
	var m *Monitor
	var before, after *Snapshot
	src := (&script{name: "s"}).reads("a", 0, 45).reads("b", 0, 35).reads("b", 1, 20).
		does(func() { before = m.snapshot(View{Alerts: 9, Rows: 2}) }).
		does(func() { must(t, m.Do(Acknowledge{Sensors: []string{"a", "b"}, By: "ann"})) }).
		does(func() { after = m.snapshot(View{Alerts: 9, Rows: 2}) })
	m = newMonitor(t, Config{}, src)
	s := ran(t, m)
	if before.Unacked != 3 || before.Active != 2 || before.Returned != 1 || before.Rows[1].Status != StatusReturned || !before.Rows[0].Unacked {
		t.Errorf("before: %d unacked, %d active, %d returned", before.Unacked, before.Active, before.Returned)
	}
	if after.Unacked != 0 || after.Active != 2 || after.Returned != 0 || after.Rows[1].Status != StatusNormal || after.Rows[0].Unacked {
		t.Errorf("after: %d unacked, %d active, %d returned", after.Unacked, after.Active, after.Returned)
	}
	for _, a := range after.Alerts {
		if a.By != "ann" || !a.Acked.Equal(at(1)) {
			t.Errorf("alert %+v", a)
		}
	}
	if s.Unacked != 0 || s.Active != 2 || s.Raised != 3 {
		t.Errorf("summary: %d unacked, %d active, %d raised", s.Unacked, s.Active, s.Raised)
	}
}

func TestAPauseHoldsAndLosesNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var m *Monitor
		src := (&script{name: "s"}).reads("a", 0, 20, 21).
			does(func() { must(t, m.Do(Pause{On: true})) }).reads("a", 2, 22, 23, 24)
		m = newMonitor(t, Config{IdleTimeout: time.Minute}, src)
		time.AfterFunc(time.Hour, func() {
			if n := m.intakes[0].accepted.Load(); n != 2 {
				t.Errorf("%d readings got through a pause", n)
			}
			if s := m.snapshot(View{}); !s.Paused || s.Sources[0].State != "paused" {
				t.Errorf("paused %t, source %s", s.Paused, s.Sources[0].State)
			}
			must(t, m.Do(Pause{On: true})) // twice is once
			must(t, m.Do(Pause{}))
		})
		began := time.Now()
		s := ran(t, m)
		if s.Accepted != 5 || s.Sensors["a"].Count != 5 || time.Since(began) != time.Hour {
			t.Errorf("%d readings after %v", s.Accepted, time.Since(began))
		}
	})
}

func TestAPausedRunCanEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMonitor(t, Config{Duration: time.Minute}, (&script{name: "s"}).reads("a", 0, 20))
		must(t, m.Do(Pause{On: true}))
		if s := ran(t, m); s.Reason != "duration" || s.Accepted != 0 {
			t.Errorf("ended by %q after %d readings", s.Reason, s.Accepted)
		}
	})
}

// ticking pushes a reading a second, for ever.
func ticking(name string) *script {
	return (&script{name: name}).then(func(ctx context.Context, sink sensors.Sink) error {
		for i := 0; ; i++ {
			if err := sink.Reading(ctx, sensors.Reading{Sensor: name, Time: at(i), Value: 20}); err != nil {
				return err
			}
			select {
			case <-time.After(time.Second):
			case <-ctx.Done():
				return ctx.Err()
			}
		}
	})
}

func TestARunEndsWhenAsked(t *testing.T) {
	for sentence, c := range map[string]struct {
		config   Config
		source   *script
		reason   string
		accepted uint64
		after    time.Duration
	}{
		"after a duration":         {Config{Duration: 90*time.Second + 1}, ticking("a"), "duration", 91, 90*time.Second + 1},
		"after so many readings":   {Config{MaxEvents: 10}, ticking("a"), "max-events", 10, 9 * time.Second},
		"when nothing comes":       {Config{IdleTimeout: time.Minute}, (&script{name: "s"}).reads("a", 0, 20).waits(), "ended", 1, time.Minute},
		"not while something does": {Config{IdleTimeout: time.Minute, MaxEvents: 1000}, ticking("a"), "max-events", 1000, 999 * time.Second},
		"with its sources":         {Config{Duration: time.Hour}, (&script{name: "s"}).reads("a", 0, 20), "ended", 1, 0},
		"later, if it stays":       {Config{Duration: time.Hour, Stay: true}, (&script{name: "s"}).reads("a", 0, 20), "duration", 1, time.Hour},
	} {
		t.Run(sentence, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				s := ran(t, newMonitor(t, c.config, c.source))
				late := time.Since(began) - c.after
				if s.Reason != c.reason || s.Accepted != c.accepted || late < 0 || late > max(c.config.IdleTimeout/4, 0) {
					t.Errorf("ended by %q after %d readings and %v", s.Reason, s.Accepted, time.Since(began))
				}
			})
		})
	}
}

func TestMaxEventsIsExactAcrossSources(t *testing.T) {
	for range 20 {
		var list []sensors.Source
		for i := range 4 {
			s := &script{name: string(rune('a' + i)), hasty: true}
			for j := range 100 {
				s.reads(s.name, j, 20)
			}
			list = append(list, s)
		}
		s := ran(t, newMonitor(t, Config{MaxEvents: 123}, list...))
		if s.Reason != "max-events" || s.Accepted != 123 || s.Flow.Received < 123 {
			t.Fatalf("ended by %q after %d readings", s.Reason, s.Accepted)
		}
		var judged uint64
		for _, st := range s.Sensors {
			judged += st.Count
		}
		if judged != 123 {
			t.Fatalf("%d readings judged, want 123", judged)
		}
	}
}

func TestACommandThatWaitsHoldsNobodyElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		src := declaring{&script{name: "s"}, []sensors.Sensor{{Name: "a"}}}
		m := newMonitor(t, Config{Queue: 1}, src) // never run, so its queue stays full
		began := time.Now()
		var err error
		over := make(chan struct{})
		guard.Go("command", func(err error) { t.Error(err) }, func() {
			defer close(over)
			err = m.Do(SetThreshold{Sensor: "a", Kind: threshold.High, Value: 28})
		})
		synctest.Wait()
		m.Look(View{Rows: 1})
		m.end(nil)
		if s := m.snapshot(View{Rows: 1}); len(s.Rows) != 1 || m.done() != "" || time.Since(began) != 0 {
			t.Errorf("a snapshot waited for %v", time.Since(began))
		}
		<-over
		if err == nil || !strings.Contains(err.Error(), "too busy") || time.Since(began) != time.Second {
			t.Errorf("error %v after %v", err, time.Since(began))
		}
	})
}
