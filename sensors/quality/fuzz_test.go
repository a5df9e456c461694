package quality

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"setpoint/sensors"
)

// sound fails if an estimate of t is none.
func sound(t *testing.T, track Tracker, rules *Rules) {
	t.Helper()
	for _, v := range []float64{track.Noise(), track.Step(), track.Value} {
		if !sensors.Finite(v) {
			t.Fatalf("noise %g, step %g, value %g", track.Noise(), track.Step(), track.Value)
		}
	}
	if track.Interval() < 0 || track.Hold(rules) < 10*time.Second {
		t.Fatalf("interval %v, holds for %v", track.Interval(), track.Hold(rules))
	}
	if _, err := json.Marshal(track); err != nil {
		t.Fatal(err)
	}
}

func FuzzJudge(f *testing.F) {
	f.Add(start, int64(0), 20.0, int64(1e9), 21.0, byte(0))
	f.Add(int64(math.MinInt64), int64(math.MaxInt64), math.MaxFloat64, int64(math.MaxInt64), -math.MaxFloat64, byte(9))
	f.Add(int64(math.MaxInt64), int64(math.MinInt64), math.NaN(), int64(-1), 5e-324, byte(3))
	f.Fuzz(func(t *testing.T, at, arrived int64, v float64, step int64, w float64, how byte) {
		rules := &Rules{Kind: KindOf("°C", ""), Rate: float64(how >> 6)}
		var track Tracker
		for i := range 40 {
			d := track.Judge(rules, at, arrived, v, sensors.Quality(how%4), how&16 != 0)
			if d.Grade > sensors.Bad || d.State >= states {
				t.Fatalf("judged %+v", d)
			}
			sound(t, track, rules)
			_ = d.Reason()
			if _, err := json.Marshal(d); err != nil {
				t.Fatal(err)
			}
			silence := track.Silence(rules, at, arrived)
			_ = silence.Reason()
			at, arrived = at+step, arrived+step/2
			if v, w = w, v*1.5; i%8 == 7 {
				step, v = -step/3, w
			}
		}
	})
}

func FuzzADamagedTracker(f *testing.F) {
	s := Tracker{}
	for i := range 200 {
		s.Judge(&Rules{}, start+int64(i)*1e9, 0, float64(i%7), sensors.Good, false)
	}
	text, err := json.Marshal(s)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text, 20.0)
	f.Add([]byte(`{"any":true,"usable":true,"pace":{"n":255,"count":255},"steps":{"n":255,"means":255,"jump":-128,"mean":-3e38,"least":-1}}`), 1e308)
	f.Add([]byte(`{"any":true,"usable":true,"still":{"n":255,"moves":255,"longest":4294967295,"lo":1,"hi":-1}}`), -1e308)
	f.Fuzz(func(t *testing.T, text []byte, v float64) {
		var track Tracker
		if json.Unmarshal(text, &track) != nil {
			return
		}
		rules := &Rules{}
		for i := range 30 {
			track.Judge(rules, track.Last+int64(time.Second), 0, v+float64(i%5), sensors.Good, false)
			sound(t, track, rules)
		}
	})
}
