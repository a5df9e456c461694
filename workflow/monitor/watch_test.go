package monitor

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"setpoint/sensors"
	"setpoint/workflow/guard"
)

// watch hands snapshots to put until the function it returns is called.
func watch(t *testing.T, m *Monitor, put func(*Snapshot)) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	over := make(chan struct{})
	guard.Go("watch", func(err error) { t.Error(err) }, func() {
		defer close(over)
		m.Watch(ctx, put)
	})
	return func() { cancel(); <-over }
}

func TestASnapshotSharesNothingThatIsWrittenLater(t *testing.T) {
	var kept []*Snapshot
	m := newMonitor(t, Config{FPS: 1000}, stream{20, 30_000})
	m.Look(View{Rows: 20, Columns: 8, ChartColumns: 20, Alerts: 20})
	stop := watch(t, m, func(s *Snapshot) {
		if kept = append(kept, s); len(kept) > 50 {
			kept = kept[1:]
		}
		for _, s := range kept { // the race detector looks on
			sum := 0
			for i, n := range s.Names {
				sum += len(n) + int(s.Statuses[i])
			}
			for _, r := range s.Rows {
				sum += len(r.Name) + len(r.Spark) + int(r.Count)
			}
			for _, a := range s.Alerts {
				sum += int(a.Seq) + a.Ended.Second()
			}
			if s.Law != nil || sum < 0 {
				t.Error(s.Law)
			}
		}
	})
	for i := range 50 {
		m.Look(View{Rows: 20, Alerts: 20, Filter: []string{"", "1"}[i%2], Hold: i%3 == 0})
	}
	ran(t, m)
	m.Look(View{Rows: 1})
	stop()
	last := kept[len(kept)-1]
	if last.Seq < uint64(len(kept)) || len(kept) < 2 {
		t.Errorf("%d snapshots, the last is number %d", len(kept), last.Seq)
	}
}

func TestSnapshotsComeAsOftenAsTheyAreWanted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var times []time.Duration
		began := time.Now()
		src := (&script{name: "s"}).then(func(ctx context.Context, sink sensors.Sink) error {
			for i := range 5000 { // five seconds, then silence
				if err := sink.Reading(ctx, sensors.Reading{Sensor: "a", Time: epoch.Add(time.Duration(i) * time.Millisecond), Value: 20}); err != nil {
					return err
				}
				<-time.After(time.Millisecond) // of the bubble: no time at all
			}
			return nil
		})
		m := newMonitor(t, Config{Stay: true, Duration: 15 * time.Second, FPS: 10}, src)
		var last *Snapshot
		stop := watch(t, m, func(s *Snapshot) { times, last = append(times, time.Since(began)), s })
		ran(t, m)
		stop()
		busy, quiet := 0, 0
		for _, at := range times {
			if at < 5*time.Second {
				busy++
			} else {
				quiet++
			}
		}
		if busy < 45 || busy > 55 || quiet < 2 || quiet > 6 { // until the rates have fallen
			t.Errorf("%d snapshots while readings came, %d after: want 50, and nothing while nothing can change", busy, quiet)
		}
		if last.Done != "duration" || last.Rate != 0 {
			t.Errorf("the last one says %q, %g/s", last.Done, last.Rate)
		}
	})
}
