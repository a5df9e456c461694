package sim

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"setpoint/sensors"
	"setpoint/sensors/sensorstest"
)

// inBubble checks the simulation of c in a bubble of fake time.
func inBubble(t *testing.T, c Config, check func(t *testing.T, s *Source)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		source, err := New(c)
		if err != nil {
			t.Fatal(err)
		}
		check(t, source)
	})
}

func TestTimeRunsWithTheWallClock(t *testing.T) {
	const seconds = 4 // of wall time
	for _, speed := range []float64{0.5, 1, 60, 1000} {
		c := Config{Seed: 1, Speed: speed, Length: time.Duration(speed * seconds * float64(time.Second))}
		inBubble(t, c, func(t *testing.T, source *Source) {
			start := time.Now()
			sink := &sensorstest.Recorder{}
			sink.Each = func(r sensors.Reading) {
				want := start.Add(time.Duration(float64(r.Time.Sub(start)) / speed))
				if late := time.Since(want); late < 0 || late > 2*nap {
					t.Errorf("at speed %g the reading of %v comes %v late", speed, r.Time, late)
				}
			}
			if err := source.Run(t.Context(), sink); err != nil {
				t.Fatal(err)
			}
			if want := int(speed * seconds * 9 * 4); sink.Taken() != want {
				t.Errorf("%d readings in %d s at speed %g, want %d", sink.Taken(), seconds, speed, want)
			}
			if sink.Settled() > 0 {
				t.Errorf("settled %d times at a finite speed, want never", sink.Settled())
			}
		})
	}
}

func TestStartIsKept(t *testing.T) {
	start := time.Date(2020, 1, 2, 3, 4, 5, 6, time.UTC)
	inBubble(t, Config{Speed: 1, Start: start, Length: time.Second}, func(t *testing.T, source *Source) {
		sink := &sensorstest.Recorder{}
		if err := source.Run(t.Context(), sink); err != nil {
			t.Fatal(err)
		}
		if got := sink.Readings()[0].Time; got != start {
			t.Errorf("the first reading is of %v, want %v", got, start)
		}
	})
}

func TestFallingBehindLeavesAGapAndNoBurst(t *testing.T) {
	tests := []struct {
		name    string
		blocked time.Duration
		gap     time.Duration // in the times of the readings of one sensor
	}{
		{"half a second is caught up", 500 * time.Millisecond, 250 * time.Millisecond},
		{"ten seconds are not", 10 * time.Second, 10 * time.Second},
		{"a night is not", 9 * time.Hour, 9 * time.Hour},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			inBubble(t, Config{Sensors: 1, Speed: 1, Length: 20 * time.Second}, func(t *testing.T, source *Source) {
				sink := &sensorstest.Recorder{}
				sink.Each = func(r sensors.Reading) {
					if late := time.Since(r.Time); late > tolerance {
						t.Errorf("the reading of %v comes %v late", r.Time, late)
					}
					if sink.Taken() == 10 {
						<-time.After(test.blocked)
					}
				}
				if err := source.Run(t.Context(), sink); err != nil {
					t.Fatal(err)
				}
				taken := sink.Readings()
				if len(taken) != 80 {
					t.Errorf("%d readings, want all 80", len(taken))
				}
				if gap := taken[10].Time.Sub(taken[9].Time); gap < test.gap || gap > test.gap+time.Millisecond {
					t.Errorf("a gap of %v, want %v", gap, test.gap)
				}
			})
		})
	}
}

func TestAnOrderAfterAGapIsInForceAtOnce(t *testing.T) {
	inBubble(t, Config{Scenario: "quiet", Sensors: 1, Speed: 1, Length: time.Minute}, func(t *testing.T, source *Source) {
		sink := &sensorstest.Recorder{}
		sink.Each = func(r sensors.Reading) {
			switch sink.Taken() {
			case 5:
				<-time.After(time.Hour)
			case 6:
				source.Actuate(r.Sensor, r.Time, sensors.Heat)
			}
		}
		if err := source.Run(t.Context(), sink); err != nil {
			t.Fatal(err)
		}
		taken := sink.Readings()
		if before, after := taken[5].Value, taken[20].Value; after < before+2 {
			t.Errorf("14 s of heating lead from %g to %g, want 2 °C more", before, after)
		}
	})
}

func TestAnImpossibleRateLeavesGaps(t *testing.T) {
	inBubble(t, Config{Sensors: 1, Rate: maxRate, Speed: maxSpeed}, func(t *testing.T, source *Source) {
		sink := &sensorstest.Recorder{Refusal: errEnough, After: 3000}
		sink.Each = func(sensors.Reading) {
			if sink.Taken()%1000 == 0 {
				<-time.After(24 * time.Hour)
			}
		}
		if err := source.Run(t.Context(), sink); !errors.Is(err, errEnough) {
			t.Fatal(err)
		}
		taken := sink.Readings()
		for i := 1; i < len(taken); i++ {
			if !taken[i].Time.After(taken[i-1].Time) {
				t.Fatalf("reading %d of %v comes after that of %v", i, taken[i].Time, taken[i-1].Time)
			}
		}
	})
}

func TestCancellingEndsAWaitAtOnce(t *testing.T) {
	inBubble(t, Config{Sensors: 1, Rate: minRate, Speed: minSpeed}, func(t *testing.T, source *Source) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		start := time.Now()
		if err := source.Run(ctx, &sensorstest.Recorder{}); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("run ended with %v", err)
		}
		if took := time.Since(start); took != time.Hour {
			t.Errorf("run took %v, want an hour", took)
		}
	})
}
