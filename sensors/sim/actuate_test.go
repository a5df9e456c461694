package sim

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"
	"time"

	"pgregory.net/rapid"

	"setpoint/sensors"
)

// A crew is a sink whose operators work beside Run, each for some of the sensors:
// Settle waits for them.
type crew struct {
	operators [4]*operator
	work      sync.WaitGroup
	mu        [4]sync.Mutex
	queues    [4][]sensors.Reading
	all       []sensors.Reading
}

func (c *crew) Reject(sensors.Reject) {}

func (c *crew) Reading(ctx context.Context, r sensors.Reading) error {
	c.all = append(c.all, r)
	i := len(r.Sensor) % len(c.operators)
	c.mu[i].Lock()
	c.queues[i] = append(c.queues[i], r)
	c.mu[i].Unlock()
	c.work.Go(func() {
		c.mu[i].Lock()
		defer c.mu[i].Unlock()
		for _, r := range c.queues[i] {
			_ = c.operators[i].Reading(ctx, r) // an operator refuses none
		}
		c.queues[i] = nil
	})
	return nil
}

func (c *crew) Settle(context.Context) error {
	c.work.Wait()
	return nil
}

func TestOneSeedGivesOneRunWhoeverActuates(t *testing.T) {
	for _, scenario := range []string{"", "flood", "fridge", "quiet", "guide"} {
		t.Run("sim:"+scenario, func(t *testing.T) {
			c := Config{Scenario: scenario, Seed: 7, Length: 4 * time.Minute}
			want := watch(t, c, false).taken
			if again := watch(t, c, false).taken; !slices.Equal(want, again) {
				t.Fatal("two runs with one seed differ")
			}
			source, err := New(c)
			if err != nil {
				t.Fatal(err)
			}
			crew := &crew{}
			for i := range crew.operators {
				crew.operators[i] = newOperator(source)
			}
			if err := source.Run(t.Context(), crew); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(want, crew.all) {
				t.Error("operators that work beside the run make another run of it")
			}
			c.Seed++
			if other := watch(t, c, false).taken; slices.Equal(want, other) {
				t.Error("two seeds give the same run")
			}
		})
	}
}

func TestASourceCanBeRunAgain(t *testing.T) {
	// The run ends in the step in which the first alarm is answered.
	first := watch(t, Config{Seed: 3, Length: time.Minute}, false).alarms[0].on
	source, err := New(Config{Seed: 3, Length: first + 1})
	if err != nil {
		t.Fatal(err)
	}
	var runs [2]*operator
	for i := range runs {
		runs[i] = newOperator(source)
		if err := source.Run(t.Context(), runs[i]); err != nil {
			t.Fatal(err)
		}
		if len(source.mail.waiting) > 0 {
			t.Error("an order of one run waits for the next")
		}
	}
	if !slices.Equal(runs[0].taken, runs[1].taken) {
		t.Error("the second run differs from the first")
	}
}

// TestCoolingLowersAndHeatingRaises compares zones that share their noise and
// their mishaps, and differ only in what the actuator does from some instant on.
func TestCoolingLowersAndHeatingRaises(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		kinds := slices.Concat(plant, flood, quiet)
		k := &kinds[rapid.IntRange(0, len(kinds)-1).Draw(t, "kind")]
		seed := rapid.Uint64().Draw(t, "seed")
		period := time.Duration(rapid.IntRange(50, 5000).Draw(t, "period, ms")) * time.Millisecond
		from := time.Duration(rapid.IntRange(0, 60_000).Draw(t, "from, ms")) * time.Millisecond
		zones := map[sensors.Drive]*zone{}
		for _, d := range []sensors.Drive{sensors.Cool, sensors.Idle, sensors.Heat} {
			zones[d] = new(newZone(k, 4*time.Minute, 0.3, rand.New(rand.NewPCG(seed, 0))))
			zones[d].read(from)
			zones[d].order(from, d)
		}
		for at := from + period; at < from+time.Minute; at += period {
			cool, idle, heat := zones[sensors.Cool].read(at), zones[sensors.Idle].read(at), zones[sensors.Heat].read(at)
			if cool > idle || idle > heat {
				t.Fatalf("at %v cooling reads %g, nothing %g, heating %g", at, cool, idle, heat)
			}
			if at > from+30*time.Second && heat-cool < k.power {
				t.Fatalf("at %v cooling reads %g, heating %g, want %g apart", at, cool, heat, k.power)
			}
		}
	})
}

func TestTheLatestOrderByEventTimeCounts(t *testing.T) {
	tests := []struct {
		name string
		give []order
		want sensors.Drive
	}{
		{"one order", []order{{at: maxStart, drive: sensors.Cool}}, sensors.Cool},
		{"a late one is older", []order{{at: maxStart.Add(1), drive: sensors.Cool}, {at: maxStart, drive: sensors.Heat}}, sensors.Cool},
		{"a newer one counts", []order{{at: maxStart, drive: sensors.Cool}, {at: maxStart.Add(1), drive: sensors.Idle}}, sensors.Idle},
		{"of equal ones the last", []order{{at: maxStart, drive: sensors.Cool}, {at: maxStart, drive: sensors.Heat}}, sensors.Heat},
		{"one ahead of the simulation counts now", []order{{at: maxStart.Add(time.Hour), drive: sensors.Cool}}, sensors.Cool},
		{"one without a time counts", []order{{drive: sensors.Heat}}, sensors.Heat},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			source, err := New(Config{Seed: 1, Length: time.Minute})
			if err != nil {
				t.Fatal(err)
			}
			for _, o := range test.give {
				if !source.Actuate("hall", o.at, o.drive) {
					t.Fatal("hall has no actuator")
				}
			}
			o := newOperator(source)
			o.idle = true
			if err := source.Run(t.Context(), o); err != nil {
				t.Fatal(err)
			}
			last := 0.0
			for _, r := range o.taken {
				if r.Sensor == "hall" {
					last = r.Value
				}
			}
			got := sensors.Idle
			if last < 15 {
				got = sensors.Cool
			} else if last > 28 {
				got = sensors.Heat
			}
			if got != test.want {
				t.Errorf("after a minute hall reads %g: %v, want %v", last, got, test.want)
			}
		})
	}
}

func TestAnUnknownSensorHasNoActuator(t *testing.T) {
	source, err := New(Config{})
	if err != nil {
		t.Fatal(err)
	}
	if source.Actuate("oven-9", maxStart, sensors.Cool) {
		t.Error("a sensor that there is not has an actuator")
	}
}
