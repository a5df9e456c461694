package monitor

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"setpoint/sensors"
	"setpoint/workflow"
)

// steadyScript is a script that measures once a second, and can be run again.
type steadyScript struct {
	*script
	fails, runs int // its first runs fail
}

func (*steadyScript) Every() time.Duration { return time.Second }

var errGone = errors.New("gone\x1b")

func (s *steadyScript) Run(ctx context.Context, sink sensors.Sink) error {
	if s.runs++; s.runs <= s.fails {
		return errGone
	}
	return s.script.Run(ctx, sink)
}

func TestASteadySourceIsStartedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		src := &steadyScript{script: (&script{name: "probe"}).reads("a", 0, 20, 21), fails: 3}
		other := steady()
		m := newMonitor(t, Config{Lines: &out, Duration: 10 * time.Second}, src, other)
		time.AfterFunc(2*time.Second, func() { // the third wait: from 1.5 s to 3.5 s
			synctest.Wait()
			s := m.snapshot(View{})
			if f := s.Flow.Sources[0]; s.Sources[0].State != "restarting" || f.Failures != 3 || f.MostRestarts != 8 || s.Done != "" {
				t.Errorf("%+v, %+v", s.Sources[0], f)
			}
			if t3 := s.Faults["probe"]; t3.What != workflow.SourceRestarting || t3.Wait != 2*time.Second {
				t.Errorf("fault %+v", t3)
			}
			if s.AlertN != s.Today {
				t.Errorf("%d alerts, of which %d alarms: a restart is no failure yet", s.AlertN, s.Today)
			}
		})
		s := ran(t, m)
		if s.Sensors["a"].Count < 10 || src.runs != 4 {
			t.Errorf("%d runs, %+v", src.runs, s.Sensors["a"])
		}
		text := out.String()
		for _, want := range []string{`"text":"source probe is restarting 2/8 in 500ms: gone\u001b","state":"begun"`, `"state":"over"`} {
			if strings.Count(text, want) != 1 {
				t.Errorf("no %s in\n%s", want, text)
			}
		}
	})
}

func TestASteadySourceThatDoesNotComeBackHasFailed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		src := &steadyScript{script: &script{name: "probe"}, fails: 99}
		m := newMonitor(t, Config{}, src)
		began := time.Now()
		s, err := run(t, t.Context(), m)
		if failed, ok := errors.AsType[*workflow.SourceError](err); !ok || !errors.Is(err, errGone) || failed.Source != "probe" || s.Reason != "ended" {
			t.Errorf("%+v, %v", s, err)
		}
		if took := time.Since(began); src.runs != 9 || took < 2*time.Minute || took > 3*time.Minute {
			t.Errorf("%d runs in %v", src.runs, took)
		}
		shot := m.snapshot(View{Alerts: 10})
		if shot.Sources[0].State != "failed" || len(shot.Alerts) != 1 || shot.Alerts[0].Kind != AlertSource {
			t.Errorf("%+v, alerts %+v", shot.Sources[0], shot.Alerts)
		}
	})
}

func TestARunThatEndsWhileASourceWaitsHasNotFailed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		m := newMonitor(t, Config{Duration: 2 * time.Second}, &steadyScript{script: &script{name: "probe"}, fails: 99})
		if s := ran(t, m); s.Reason != "duration" {
			t.Errorf("reason %q", s.Reason)
		}
		if state := m.snapshot(View{}).Sources[0].State; state != "stopped" {
			t.Errorf("state %q", state)
		}
	})
}

func TestASteadySourceIsStaleAfterTenReadingsThatDidNotCome(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var out bytes.Buffer
		m := newMonitor(t, Config{Lines: &out, Duration: 12 * time.Second}, &steadyScript{script: (&script{name: "probe"}).reads("a", 0, 20).waits()})
		ran(t, m)
		if want := `"text":"source probe is stale","state":"begun"`; strings.Count(out.String(), want) != 1 {
			t.Errorf("no %s in\n%s", want, out.String())
		}
	})
}
