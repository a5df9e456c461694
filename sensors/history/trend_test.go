package history

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// every returns a series of these values, one each step, ending at end.
func every(step time.Duration, end time.Time, values ...float64) *Series {
	s := New(0)
	for i, v := range values {
		s.Append(end.Add(-step*time.Duration(len(values)-1-i)), v, 0)
	}
	return s
}

func TestSlope(t *testing.T) {
	end, nan := time.Unix(1e9, 0), math.NaN()
	for name, c := range map[string]struct {
		values []float64
		want   float64
	}{
		"nothing has none":                              {nil, nan},
		"two readings have none":                        {[]float64{1, 2}, nan},
		"a line has its own":                            {[]float64{0, 10, 20, 30, 40, 50, 60}, 60},
		"a level has none but zero":                     {[]float64{5, 5, 5, 5, 5, 5, 5}, 0},
		"only the last minute counts":                   {[]float64{99, -99, 7, 6, 5, 4, 3, 2, 1}, -6},
		"bad readings are left out":                     {[]float64{0, nan, 20, nan, nan, 50, 60}, 60},
		"less than half the span is too little":         {[]float64{1, 2, 3}, nan},
		"half the span is enough":                       {[]float64{1, 2, 3, 4}, 6},
		"bad readings do not make the span":             {[]float64{nan, nan, nan, nan, 1, 2, 3}, nan},
		"values too far apart for a number have none":   {[]float64{-1e308, 1e308, -1e308, 1e308}, nan},
		"the best line through readings that miss it":   {[]float64{0, 2, 1, 3}, 4.8},
		"a large level does not blur the small changes": {[]float64{1e9, 1e9 + 1, 1e9 + 2, 1e9 + 3}, 6},
	} {
		t.Run(name, func(t *testing.T) {
			got := every(10*time.Second, end, c.values...).Slope(end, time.Minute)
			if !same(got, c.want) && !(math.Abs(got-c.want) < 1e-9) {
				t.Errorf("slope %g, want %g", got, c.want)
			}
		})
	}
	s := every(10*time.Second, end, 0, 10, 20, 30, 40, 50, 60, -500)
	if got := s.Slope(end.Add(-10*time.Second), time.Minute); math.Abs(got-60) > 1e-9 {
		t.Errorf("slope before the newest reading %g, want 60", got)
	}
	if got := s.Slope(end, 0); !math.IsNaN(got) {
		t.Errorf("slope over no time %g, want NaN", got)
	}
}

func TestSlopeOfALineIsThatLine(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.Float64Range(-100, 100).Draw(t, "slope")
		level := rapid.Float64Range(-100, 100).Draw(t, "level")
		at := rapid.SliceOfN(rapid.Int64Range(-int64(time.Minute), 0), 1, 100).Draw(t, "times")
		s := New(0)
		end := time.Unix(1e9, 0)
		for _, ns := range append(at, 0, -int64(time.Minute), -int64(time.Second)) {
			s.Append(end.Add(time.Duration(ns)), level+want*float64(ns)/float64(time.Minute), 0)
		}
		if got := s.Slope(end, time.Minute); math.Abs(got-want) > 1e-6 {
			t.Fatalf("slope %g, want %g", got, want)
		}
	})
}

func TestIntervalIsTheMedianOfTheRecent(t *testing.T) {
	s := New(0)
	at := time.Unix(0, 0)
	for i := range 1000 {
		step := time.Minute
		if i > 700 {
			step = 2 * time.Second
		}
		if i%50 == 0 {
			step = time.Hour
		}
		at = at.Add(step)
		s.Append(at, math.NaN(), 0)
	}
	if got := s.Interval(); got != 2*time.Second {
		t.Errorf("interval %v, want 2s", got)
	}
	if got := every(time.Second, at, 1, 2).Interval(); got != time.Second {
		t.Errorf("interval of two readings %v, want 1s", got)
	}
}

func TestNoiseIsTheDeviationOfNormalNoise(t *testing.T) {
	rnd := rand.New(rand.NewPCG(1, 2))
	values := make([]float64, 257)
	for i := range values {
		values[i] = 20 + 0.001*float64(i) + 0.5*rnd.NormFloat64()
	}
	s := every(time.Second, time.Unix(1e9, 0), values...)
	if got := s.Noise(); math.Abs(got-0.5) > 0.06 {
		t.Errorf("noise %g, want about 0.5", got)
	}
	if got := every(time.Second, time.Unix(1e9, 0), 1, math.NaN(), 2, math.NaN()).Noise(); !math.IsNaN(got) {
		t.Errorf("noise without a good pair %g, want NaN", got)
	}
}
