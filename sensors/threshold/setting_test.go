package threshold

import (
	"encoding/json"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestWhatIsSaidLiesOverWhatWasSaidBefore(t *testing.T) {
	said := Settings{
		High:     {At: new(35.0), OnDelay: new(time.Minute)},
		Critical: {At: new(Off), OffDelay: new(time.Hour)},
		Low:      {Deadband: new(2.0)},
	}
	want := Default.With(High, 35).With(Critical, Off)
	want[High].OnDelay, want[Critical].OffDelay, want[Low].Deadband = time.Minute, time.Hour, 2
	got := said.Over(Default)
	if got.On(Critical) || got.On(CriticalLow) || got[High] != want[High] || got[Low] != want[Low] ||
		got[Critical].OffDelay != time.Hour || got[Critical].Deadband != 0.5 {
		t.Errorf("%+v over the default is %+v", said, got)
	}
	if said.IsZero() || !(&Settings{}).IsZero() {
		t.Error("settings do not know whether they say anything")
	}
}

func TestAThresholdThatContradictsWhatIsSaidIsSwitchedOff(t *testing.T) {
	for sentence, c := range map[string]struct {
		said Settings
		off  Kind
	}{
		"high above critical":           {Settings{High: {At: new(95.0)}}, Critical},
		"low above high":                {Settings{Low: {At: new(35.0)}}, High},
		"critical low above low":        {Settings{CriticalLow: {At: new(11.0)}}, Low},
		"low on high, which is too far": {Settings{Low: {At: new(30.0)}}, High},
	} {
		t.Run(sentence, func(t *testing.T) {
			got := c.said.Over(Default)
			if got.On(c.off) {
				t.Errorf("%v stays at %g", c.off, got[c.off].At)
			}
			if err := got.Validate(); err != nil {
				t.Error(err)
			}
		})
	}
}

// drawSetting draws what is said of a threshold.
func drawSetting(t *rapid.T) (s Setting) {
	if rapid.Bool().Draw(t, "at said") {
		s.At = new(rapid.OneOf(rapid.Float64(), rapid.Just(Off)).Draw(t, "at"))
	}
	if rapid.Bool().Draw(t, "deadband said") {
		s.Deadband = new(rapid.Float64().Draw(t, "deadband"))
	}
	if rapid.Bool().Draw(t, "on-delay said") {
		s.OnDelay = new(time.Duration(rapid.Int64().Draw(t, "on-delay")))
	}
	if rapid.Bool().Draw(t, "off-delay said") {
		s.OffDelay = new(time.Duration(rapid.Int64().Draw(t, "off-delay")))
	}
	return s
}

func TestASettingSurvivesJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawSetting(t)
		b, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		var got Setting
		if err := json.Unmarshal(b, &got); err != nil || !got.Same(want) {
			t.Fatalf("%s came back as %+v, error %v", b, got, err)
		}
	})
}

func TestSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := drawSetting(t)
		b := a
		if !a.Same(b) {
			t.Fatal("a setting is not the same as itself")
		}
		b.At = new(1e9)
		if a.Same(b) && *a.At != 1e9 {
			t.Fatalf("%+v is the same as %+v", a, b)
		}
		b.At = nil
		if a.Same(b) != (a.At == nil) {
			t.Fatalf("%+v and %+v", a, b)
		}
	})
}
