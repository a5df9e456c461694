package sim

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"setpoint/sensors/threshold"
)

// within reports whether an alarm of kind k was raised between from and to.
func (o *operator) within(k threshold.Kind, from, to time.Duration) bool {
	for _, a := range o.alarms {
		if a.kind == k && a.on >= from && a.on <= to {
			return true
		}
	}
	return false
}

func TestPlantShowsANewcomerTheWholeLoopWithinHalfAMinute(t *testing.T) {
	for seed := range uint64(10) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			o := watch(t, Config{Seed: seed, Length: 25 * time.Second}, false)
			if len(o.alarms) != 1 {
				t.Fatalf("alarms %v, want one", o.alarms)
			}
			a := o.alarms[0]
			if a.kind != threshold.High || a.on < 5*time.Second || a.on > 12*time.Second || a.off == 0 {
				t.Errorf("alarm %+v, want a high one that is raised after 5 to 12 s and cleared", a)
			}
		})
	}
}

func TestPlantShowsItInRealTimeToo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := watch(t, Config{Seed: 1, Speed: 1, Length: 25 * time.Second}, false)
		if len(o.alarms) != 1 || o.alarms[0].on < 6*time.Second || o.alarms[0].on > 12*time.Second || o.alarms[0].off == 0 {
			t.Errorf("alarms %v, want one that is raised after 6 to 12 s and cleared", o.alarms)
		}
	})
}

func TestPlantMovesInTheFirstSeconds(t *testing.T) {
	o := watch(t, Config{Seed: 1, Length: 8 * time.Second}, false)
	low, high := o.taken[0].Value, o.taken[0].Value
	for _, r := range o.taken {
		if r.Sensor == "oven-1" {
			low, high = min(low, r.Value), max(high, r.Value)
		}
	}
	if high-low < 4 {
		t.Errorf("oven-1 moves from %g to %g in 8 s, want 4 °C or more", low, high)
	}
}

func TestPlantIsCalm(t *testing.T) {
	for seed := range uint64(10) {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			o := watch(t, Config{Seed: seed, Length: 30 * time.Minute}, false)
			if n := len(o.alarms); n < 3*4 || n > 3*10 {
				t.Errorf("%d alarms in 30 minutes, want 12 to 30", n)
			}
			if !o.within(threshold.Low, time.Minute, 3*time.Minute) {
				t.Error("no low alarm in the second or third minute")
			}
			if !o.within(threshold.Critical, 2*time.Minute, 5*time.Minute) {
				t.Error("no critical alarm in the first five minutes")
			}
			for _, a := range o.alarms {
				if a.off != 0 && (a.off-a.on < time.Second || a.off-a.on > 30*time.Second) {
					t.Errorf("alarm %+v lasts %v, want 1 to 30 s", a, a.off-a.on)
				}
			}
		})
	}
}

func TestFloodTakesEverySensorOverItsThresholdAgainAndAgain(t *testing.T) {
	o := watch(t, Config{Scenario: "flood", Seed: 1, Length: 10 * time.Minute}, false)
	count := map[string]int{}
	for _, a := range o.alarms {
		count[a.sensor]++
	}
	for _, s := range o.source.Sensors() {
		if count[s.Name] < 2 {
			t.Errorf("%q raised %d alarms in 10 minutes, want 2 or more", s.Name, count[s.Name])
		}
	}
	if len(count) != 40 {
		t.Errorf("%d sensors raised alarms, want 40", len(count))
	}
}

func TestQuietNeverLeavesItsBand(t *testing.T) {
	for _, idle := range []bool{true, false} {
		if o := watch(t, Config{Scenario: "quiet", Seed: 1, Length: 2 * time.Hour}, idle); len(o.alarms) > 0 {
			t.Errorf("alarms %v, want none", o.alarms)
		}
	}
}

func TestFridgeCyclesAndItsDoorRaisesAlarms(t *testing.T) {
	o := watch(t, Config{Scenario: "fridge", Seed: 1, Length: 10 * time.Minute}, true)
	if !o.within(threshold.High, 12*time.Second, 30*time.Second) {
		t.Errorf("alarms %v, want a high one while the door stands open", o.alarms)
	}
	if n := len(o.alarms); n < 3 || n > 20 {
		t.Errorf("%d alarms in 10 minutes, want 3 to 20", n)
	}
	cycles, warm := 0, false
	for _, r := range o.taken {
		if r.Sensor != "fridge" {
			continue
		}
		if warm && r.Value < 3.2 {
			cycles++
		}
		warm = r.Value > 4.8 || warm && r.Value >= 3.2
	}
	if cycles < 10 {
		t.Errorf("the compressor cooled the fridge down %d times in 10 minutes, want 10 or more", cycles)
	}
}
