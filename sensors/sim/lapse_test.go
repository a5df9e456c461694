package sim

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"setpoint/sensors/sensorstest"
)

func TestAFailingSourceFailsThreeTimesAndThenWorks(t *testing.T) {
	inBubble(t, Config{Scenario: "failing", Speed: 1}, func(t *testing.T, source *Source) {
		for run, want := range []int{24, 0, 0} { // three sensors, twice a second, for four seconds
			sink := &sensorstest.Recorder{}
			if err := source.Run(t.Context(), sink); !errors.Is(err, errLost) || sink.Taken() != want {
				t.Errorf("run %d: %v after %d readings, want %d", run+1, err, sink.Taken(), want)
			}
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		sink := &sensorstest.Recorder{}
		if err := source.Run(ctx, sink); !errors.Is(err, context.DeadlineExceeded) || sink.Taken() < 350 {
			t.Errorf("run 4: %v after %d readings", err, sink.Taken())
		}
	})
}

func TestAHangingSourceSaysNoMoreUntilItIsStopped(t *testing.T) {
	for _, speed := range []float64{0, 1} {
		inBubble(t, Config{Scenario: "hanging", Speed: speed}, func(t *testing.T, source *Source) {
			ctx, cancel := context.WithCancel(t.Context())
			sink := &sensorstest.Recorder{}
			done := make(chan error)
			go func() { done <- source.Run(ctx, sink) }()
			time.Sleep(time.Hour)
			synctest.Wait()
			if sink.Taken() != 24 {
				t.Errorf("%d readings in an hour, want 24", sink.Taken())
			}
			cancel()
			if err := <-done; !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		})
	}
}

func TestWhatEndsBeforeItsLapseHasNone(t *testing.T) {
	source, err := New(Config{Scenario: "failing", Length: 3 * time.Second})
	if err != nil {
		t.Fatal(err)
	}
	if err := source.Run(t.Context(), &sensorstest.Recorder{}); err != nil {
		t.Error(err)
	}
}

func TestEveryIsTheWallTimeBetweenReadings(t *testing.T) {
	for _, c := range []struct {
		name string
		c    Config
		want time.Duration
	}{
		{"the scenario's own", Config{Speed: 1}, 250 * time.Millisecond},
		{"as asked for", Config{Speed: 1, Rate: 0.1}, 10 * time.Second},
		{"faster", Config{Scenario: "quiet", Speed: 10}, 100 * time.Millisecond},
		{"at full speed there is none", Config{}, 0},
		{"nor of a script", Config{Scenario: "guide", Speed: 1}, 0},
	} {
		source, err := New(c.c)
		if err != nil {
			t.Fatal(err)
		}
		if got := source.Every(); got != c.want {
			t.Errorf("%s: %v, want %v", c.name, got, c.want)
		}
	}
}
