package sim

import (
	"fmt"
	"math"
	"testing"
	"time"
)

func TestGuidePushesItsFiftyThreeReadings(t *testing.T) {
	o := watch(t, Config{Scenario: "guide", Seed: 1}, true)
	if len(o.taken) != 53 {
		t.Fatalf("%d readings, want 53", len(o.taken))
	}
	count := map[string]int{}
	for i, r := range o.taken {
		s := guide[int(r.Sensor[2]-'1')]
		n := count[r.Sensor]
		count[r.Sensor]++
		if want := maxStart.Add(time.Duration(n) * s.period); !r.Time.Equal(want) {
			t.Errorf("reading %d of %q is of %v, want %v", n, r.Sensor, r.Time, want)
		}
		if i > 0 && r.Time.Equal(o.taken[i-1].Time) && r.Sensor <= o.taken[i-1].Sensor {
			t.Errorf("%q comes after %q of the same time", r.Sensor, o.taken[i-1].Sensor)
		}
	}
	if got, want := fmt.Sprint(count), "map[001:20 002:15 003:18]"; got != want {
		t.Errorf("readings by sensor %s, want %s", got, want)
	}
}

func TestGuideDrawsEvenlyAndEveryFifthReadingWidely(t *testing.T) {
	var farthest [2][3]float64 // by wide, by sensor
	for seed := range uint64(200) {
		count := map[string]int{}
		for _, r := range watch(t, Config{Scenario: "guide", Seed: seed}, true).taken {
			i, wide := int(r.Sensor[2]-'1'), 0
			if count[r.Sensor]%5 == 0 {
				wide = 1
			}
			count[r.Sensor]++
			farthest[wide][i] = max(farthest[wide][i], math.Abs(r.Value-guide[i].centre))
		}
	}
	for i, s := range guide {
		for wide, most := range []float64{s.spread, 3 * s.spread} {
			if got := farthest[wide][i]; got > most || got < 0.95*most {
				t.Errorf("%q goes as far as %.2f from its centre, want nearly %g", s.name, got, most)
			}
		}
	}
}

func TestGuideSuggestsNoThresholdsAndHasNoActuators(t *testing.T) {
	source, err := New(Config{Scenario: "guide"})
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range source.Sensors() {
		if !s.Thresholds.IsZero() {
			t.Errorf("%q suggests %v, want nothing", s.Name, s.Thresholds)
		}
		if source.Actuate(s.Name, maxStart, 1) {
			t.Errorf("%q has an actuator", s.Name)
		}
	}
}
