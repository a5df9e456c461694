package sim

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"setpoint/sensors"
	"setpoint/sensors/sensorstest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestSourceKeepsThePromisesOfSources(t *testing.T) {
	configs := map[string]Config{
		"the plant in real time":         {Seed: 1, Speed: 1},
		"the plant sixty times as fast":  {Seed: 1, Speed: 60},
		"the plant at max speed":         {Seed: 1},
		"the plant for a second":         {Seed: 1, Length: time.Second},
		"a hundred sensors in real time": {Seed: 1, Speed: 1, Sensors: 100, Rate: 2},
		"one slow sensor":                {Seed: 1, Speed: 1, Sensors: 1, Rate: 0.01},
		"the guide in real time":         {Scenario: "guide", Seed: 1, Speed: 1},
		"the guide at max speed":         {Scenario: "guide", Seed: 1, Speed: math.Inf(1)},
		"the flood in real time":         {Scenario: "flood", Seed: 1, Speed: 1},
		"the quiet plant in real time":   {Scenario: "quiet", Seed: 1, Speed: 1},
		"the fridge at max speed":        {Scenario: "fridge", Seed: 1},
	}
	for name, c := range configs {
		t.Run(name, func(t *testing.T) {
			sensorstest.Test(t, func() sensors.Source {
				source, err := New(c)
				if err != nil {
					t.Fatal(err)
				}
				return source
			})
		})
	}
}

func TestNewNamesEveryFault(t *testing.T) {
	tests := []struct {
		name   string
		config Config
		want   []string // in the error; none: it is valid
	}{
		{"the zero Config is the plant", Config{}, nil},
		{"every bound is inside", Config{Sensors: 10000, Rate: 100000, Speed: 1e6}, nil},
		{"a speed below 0 is max", Config{Speed: -1}, nil},
		{"an infinite speed is max", Config{Speed: math.Inf(1)}, nil},
		{
			"all faults are named",
			Config{Scenario: "plan", Sensors: -1, Rate: -1, Speed: math.NaN(), Length: -1},
			[]string{`"plan"`, "sensors -1", "rate -1", "speed NaN", "length -1ns"},
		},
		{"a rate that is no number is a fault", Config{Rate: math.NaN()}, []string{"rate NaN"}},
		{"too many sensors are a fault", Config{Sensors: 10001}, []string{"sensors 10001"}},
		{"a speed that no time can hold is a fault", Config{Speed: 1e-9}, []string{"speed 1e-09"}},
		{"the guide has its own sensors and rate", Config{Scenario: "guide", Rate: 1}, []string{"always the same"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			_, err := New(test.config)
			if (err != nil) != (test.want != nil) {
				t.Fatalf("New: %v, want an error: %v", err, test.want != nil)
			}
			for _, part := range test.want {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("error %q does not name %q", err, part)
				}
			}
		})
	}
}

func TestLengthIsSimulatedTimeAndItsEndIsOutside(t *testing.T) {
	o := watch(t, Config{Sensors: 1, Rate: 4, Length: 10 * time.Second}, true)
	if len(o.taken) != 40 {
		t.Errorf("%d readings in 10 s at 4 a second, want 40", len(o.taken))
	}
	if !o.taken[0].Time.Equal(maxStart) {
		t.Errorf("the first reading is of %v, want the fixed start %v", o.taken[0].Time, maxStart)
	}
	if o.settled != 40 {
		t.Errorf("settled %d times, want once for each of 40 steps", o.settled)
	}
}

func TestEndlessRunEndsBeforeTimeOverflows(t *testing.T) {
	source, err := New(Config{Scenario: "quiet", Sensors: 1, Rate: minRate, Start: maxStart})
	if err != nil {
		t.Fatal(err)
	}
	source.config.Rate = minRate / 100 // so that the end comes soon
	var last newest
	if err := source.Run(t.Context(), &last); err != nil {
		t.Fatal(err)
	}
	if last.time.Before(maxStart.Add(forever - 100_000*time.Second)) {
		t.Errorf("the last reading is of %v, want one near the end of %v", last.time, forever)
	}
}

// newest is a sink that remembers the time of the newest reading only.
type newest struct{ time time.Time }

func (n *newest) Reject(sensors.Reject)        {}
func (n *newest) Settle(context.Context) error { return nil }
func (n *newest) Reading(_ context.Context, r sensors.Reading) error {
	n.time = r.Time
	return nil
}

func TestMoreSensorsHaveUniqueNames(t *testing.T) {
	source, err := New(Config{Sensors: maxSensors})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, s := range source.Sensors() {
		seen[s.Name] = true
	}
	if len(seen) != maxSensors {
		t.Errorf("%d names for %d sensors", len(seen), maxSensors)
	}
	for _, name := range []string{"oven-1", "oven-3", "hall", "hall-2", "rack-a", "rack-z", "rack-aa"} {
		if !seen[name] {
			t.Errorf("no sensor is called %q", name)
		}
	}
}

func TestReadingsAreTakenInTurns(t *testing.T) {
	o := watch(t, Config{Length: 250 * time.Millisecond}, true)
	for i := 1; i < len(o.taken); i++ {
		if apart := o.taken[i].Time.Sub(o.taken[i-1].Time); apart < 20*time.Millisecond {
			t.Errorf("%q reads %v after %q, want a ninth of 250 ms", o.taken[i].Sensor, apart, o.taken[i-1].Sensor)
		}
	}
}

var errEnough = errors.New("enough")

// counter is a sink that goes on as long as the benchmark does.
type counter struct{ b *testing.B }

func (c counter) Reject(sensors.Reject)        {}
func (c counter) Settle(context.Context) error { return nil }
func (c counter) Reading(context.Context, sensors.Reading) error {
	if c.b.Loop() {
		return nil
	}
	return errEnough
}

func BenchmarkReading(b *testing.B) {
	for name, c := range map[string]Config{
		"plant":        {Seed: 1},
		"10000sensors": {Seed: 1, Sensors: 10000},
	} {
		b.Run(name, func(b *testing.B) {
			source, err := New(c)
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			if err := source.Run(b.Context(), counter{b}); !errors.Is(err, errEnough) {
				b.Fatal(err)
			}
		})
	}
}
