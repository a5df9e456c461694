package monitor

import (
	"bytes"
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"setpoint/sensors"
	"setpoint/workflow"
)

// steady is a source of one reading of 50 (critical by the built-in thresholds) a
// second, until its context ends.
func steady() sensors.Source {
	return (&script{name: "s"}).then(func(ctx context.Context, sink sensors.Sink) error {
		for i := 0; ; i++ {
			r := sensors.Reading{Sensor: "a", Time: epoch.Add(time.Duration(i) * time.Second), Value: 50}
			if err := sink.Reading(ctx, r); err != nil {
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

func TestAHandlerMisbehavesUntilItIsToldOtherwise(t *testing.T) {
	for fault, reason := range map[HandlerFault]string{
		Failing: workflow.ReasonFailed, Hanging: workflow.ReasonTimeout, Slow: "",
	} {
		t.Run(string(fault), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := newMonitor(t, Config{Stay: true, Duration: 2 * time.Minute}, steady())
				if err := m.Do(DisturbHandler{Handler: "critical", Fault: fault, By: "ana"}); err != nil {
					t.Fatal(err)
				}
				time.AfterFunc(20*time.Second, func() { // then it is sound again, and its letters are sent again
					s := m.snapshot(View{Letters: 50})
					if (len(s.Letters) > 0) != (reason != "") || s.LetterN != len(s.Letters) || s.Disturbed["critical"] != fault {
						t.Errorf("%d letters of %d, disturbed %v", len(s.Letters), s.LetterN, s.Disturbed)
					}
					for _, l := range s.Letters {
						if l.Reason != reason || l.Node != "critical" || l.Payload != "reading 50 , good" || l.Attempts != 3 {
							t.Errorf("letter %+v", l)
						}
					}
					if reason != "" && len(s.Recent) == 0 {
						t.Error("no retry is told")
					}
					if err := m.Do(DisturbHandler{Handler: "critical"}); err != nil {
						t.Error(err)
					}
				})
				time.AfterFunc(time.Minute, func() {
					if reason == "" {
						return
					}
					if err := m.Do(RetryLetters{By: "ana"}); err != nil {
						t.Error(err)
					}
				})
				s := ran(t, m)
				if s.Flow.Kept != 0 || s.Flow.Redriven != s.Flow.Stored || s.Flow.Check() != nil {
					t.Errorf("kept %d, redriven %d of %d, %v", s.Flow.Kept, s.Flow.Redriven, s.Flow.Stored, s.Flow.Check())
				}
				if reason != "" && s.Flow.DeadHandler == 0 {
					t.Error("nothing failed")
				}
			})
		})
	}
}

func TestWhatCannotBeDisturbedOrRetriedIsSaid(t *testing.T) {
	m := newMonitor(t, Config{}, &script{name: "s"})
	for want, c := range map[string]Command{
		`handler "record" cannot be disturbed: want normal, high, low, critical`: DisturbHandler{Handler: "record", Fault: Slow},
		`unknown fault of a handler "x\x1b"`:                                     DisturbHandler{Handler: "low", Fault: "x\x1b"},
		"no such dead letter, or it is on its way":                               RetryLetters{IDs: []uint64{7}},
		"no such dead letter, or it is on its way ":                              DropLetters{IDs: []uint64{7}},
		"the sources are not paused: a step is for a pause":                      Step{},
	} {
		if err := m.Do(c); err == nil || err.Error() != strings.TrimSpace(want) {
			t.Errorf("error %v, want %s", err, want)
		}
	}
}

func TestAStepLetsOneReadingPass(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMonitor(t, Config{Stay: true, Duration: time.Minute}, steady())
		must := func(c Command) {
			if err := m.Do(c); err != nil {
				t.Error(err)
			}
		}
		must(Pause{On: true})
		seen := func(want uint64) {
			t.Helper()
			synctest.Wait()
			if got := m.snapshot(View{}).Sources[0].Accepted; got != want {
				t.Errorf("%d readings passed, want %d", got, want)
			}
		}
		time.AfterFunc(10*time.Second, func() { must(Step{}) })
		time.AfterFunc(20*time.Second, func() { must(Step{}); must(Step{}) })
		go func() {
			time.Sleep(15 * time.Second)
			seen(1)
			time.Sleep(15 * time.Second)
			seen(3)
			must(Pause{On: false})
		}()
		if s := ran(t, m); s.Accepted < 30 {
			t.Errorf("%d readings passed in all", s.Accepted)
		}
	})
}

func TestFallingBehindIsAFinding(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		drop := workflow.DropOldest
		src := (&script{name: "s"}).then(func(ctx context.Context, sink sensors.Sink) error {
			<-time.After(500 * time.Millisecond) // between two looks at the engine
			for i := range 8 {                   // eight seconds, of which the third to fifth bring far too much
				n := 1
				if i >= 2 && i < 5 {
					n = 5000
				}
				for j := range n {
					at := epoch.Add(time.Duration(i)*time.Second + time.Duration(j)*time.Microsecond)
					if err := sink.Reading(ctx, sensors.Reading{Sensor: "a", Time: at, Value: 20}); err != nil {
						return err
					}
				}
				<-time.After(time.Second)
			}
			return nil
		})
		m := newMonitor(t, Config{Overflow: &drop, Queue: 1, Lines: &out}, src)
		s := ran(t, m)
		if s.Dropped == 0 {
			t.Fatal("nothing was dropped: there is nothing to find")
		}
		text := out.String()
		if strings.Count(text, `"state":"begun"`) != 1 || strings.Count(text, `"state":"over"`) != 1 || !strings.Contains(text, "falling behind") {
			t.Errorf("dropped %d, findings:\n%s", s.Dropped, text)
		}
	})
}

func TestASilentSourceIsAFinding(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		src := (&script{name: "s\x1b"}).then(func(ctx context.Context, sink sensors.Sink) error {
			for range 2 {
				if err := sink.Reading(ctx, sensors.Reading{Sensor: "a", Value: 20}); err != nil {
					return err
				}
				<-time.After(time.Minute)
			}
			return nil
		})
		ran(t, newMonitor(t, Config{Live: true, Speed: 1, Lines: &out}, src))
		want := `"text":"source s\u001b is stale","state":"begun"}`
		if text := out.String(); strings.Count(text, want) != 2 || strings.Count(text, `"state":"over"`) < 1 {
			t.Errorf("findings:\n%s", text)
		}
	})
}
