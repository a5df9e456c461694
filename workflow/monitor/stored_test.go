package monitor

import (
	"context"
	"testing"
	"time"

	"setpoint/sensors"
)

// A seen is a sink that hands on what it is given.
type seen chan sensors.Reading

func (s seen) Reading(ctx context.Context, r sensors.Reading) error {
	select {
	case s <- r:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (seen) Reject(sensors.Reject)        {}
func (seen) Settle(context.Context) error { return nil }

func TestWhoFollowsAStoreMissesNoSensorWhoseClockIsBehind(t *testing.T) {
	dir := t.TempDir()
	step := make(chan struct{})
	wait := func() { <-step }
	src := (&script{name: "s"}).reads("ahead", 100, 1).reads("b", 97, 1).does(wait).
		reads("ahead", 101, 2).reads("b", 98, 2).does(wait)
	m := newMonitor(t, Config{State: dir}, src)
	ended := make(chan *Summary)
	go func() { ended <- ran(t, m) }()
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	got, done := make(seen), make(chan error)
	go func() { done <- (&stored{dir: dir, follow: true}).Run(ctx, got) }()
	next := func(want ...string) {
		for range want {
			select {
			case r := <-got:
				if r.Sensor != want[0] && r.Sensor != want[1] {
					t.Errorf("a reading of %s", r.Sensor)
				}
			case err := <-done:
				t.Fatal(err)
			}
		}
	}
	next("ahead", "b")
	step <- struct{}{}
	next("ahead", "b")
	step <- struct{}{}
	cancel()
	<-done
	<-ended
}

func TestTwoSourcesOfOneNameAreToldApart(t *testing.T) {
	m := newMonitor(t, Config{}, (&script{name: "s"}).reads("a", 0, 20), (&script{name: "s"}).reads("b", 0, 20, 21))
	ran(t, m)
	if s := m.snapshot(View{}).Sources; s[0].Name != "s" || s[1].Name != "s (2)" || s[0].Accepted != 1 || s[1].Accepted != 2 {
		t.Errorf("%+v", s)
	}
}
