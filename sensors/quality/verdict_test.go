package quality

import (
	"testing"
	"time"

	"setpoint/sensors"
)

func TestEveryStateHasANameOfItsOwn(t *testing.T) {
	seen := map[string]State{}
	for s := range states {
		if other, ok := seen[s.String()]; ok || s.String() == "" {
			t.Errorf("%d is called %q, as is %d", s, s.String(), other)
		}
		seen[s.String()] = s
	}
	if got := states.String(); got != "state 15" {
		t.Errorf("a state that there is not is called %q", got)
	}
}

func TestReasons(t *testing.T) {
	for want, d := range map[string]Verdict{
		"":                                       {},
		"no reading for 4m5s":                    {State: Stale, Over: 4*time.Minute + 5*time.Second + 99},
		"no reading for 1m1s, still awaited":     {State: Waiting, Over: 61 * time.Second},
		"has stood at 20.1 for 45m0s":            {State: Flat, By: 20.1, Over: 45 * time.Minute},
		"beyond -273.15, where the span ends":    {State: OutOfRange, By: -273.15},
		"85 stands for a fault of the sensor":    {State: Sentinel, By: 85},
		"not a finite number":                    {State: NotANumber},
		"changed by -11.5 within 1.2s":           {State: Rate, By: -11.5, Over: 1234 * time.Millisecond},
		"measured 3s after it arrived":           {State: ClockAhead, Over: 3 * time.Second},
		"measured 1h0m0s before it arrived":      {State: ClockBehind, Over: time.Hour},
		"the same reading again":                 {State: Duplicate, Drop: true},
		"another value for the same instant":     {State: Duplicate},
		"measured 12ms before the one that came": {State: Late, Over: 12 * time.Millisecond},
		"entered by a person":                    {State: Manual},
		"declared suspect by its source":         {State: Declared, Grade: sensors.Suspect},
	} {
		if got := d.Reason(); got != want {
			t.Errorf("the reason is %q, want %q", got, want)
		}
	}
}
