package config

import (
	"math"
	"slices"
	"testing"
	"time"

	"setpoint/sensors/threshold"
)

func TestDiffIsWhatHasChanged(t *testing.T) {
	old := threshold.Setting{At: new(30.0), Deadband: new(0.5), OnDelay: new(time.Minute)}
	now := threshold.Setting{At: new(threshold.Off), Deadband: new(0.5), OffDelay: new(time.Hour)}
	got := Diff(Sensor, "a", threshold.High, old, now)
	if len(got) != 3 || !math.IsNaN(got[0].Value) || got[0].Remove {
		t.Fatalf("%+v", got)
	}
	want := []Change{
		{Layer: Sensor, Name: "a", Kind: threshold.High, Field: OnDelay, Remove: true},
		{Layer: Sensor, Name: "a", Kind: threshold.High, Field: OffDelay, Delay: time.Hour},
	}
	if !slices.Equal(got[1:], want) {
		t.Errorf("%+v, want %+v", got[1:], want)
	}
	if d := Diff(All, "", threshold.Low, now, now); d != nil {
		t.Errorf("of the same: %+v", d)
	}
}
