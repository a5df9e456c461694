package tune

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"setpoint/sensors/threshold"
)

func TestCurveIsWhatAskingForEachValueGives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		past := drawPast(t)
		q := drawQuestion(t)
		at := rapid.SliceOfN(rapid.Map(rapid.IntRange(-4, 80), func(n int) float64 { return float64(n) / 2 }), 1, 40).Draw(t, "at")
		if rapid.Bool().Draw(t, "even") {
			for i := range at {
				at[i] = 5 + 0.7*float64(i)
			}
		}
		if rapid.Bool().Draw(t, "off as well") {
			at[0] = threshold.Off
		}
		for i, got := range Curve(past, q, at) {
			q.Set[q.Kind].At = at[i]
			f := Ask(past, q)
			want := float64(f.Alarms) / f.Coverage.Days
			if f.NoData() || f.Coverage.Days == 0 {
				want = math.NaN()
			}
			if got != want && !(math.IsNaN(got) && math.IsNaN(want)) {
				t.Fatalf("rule %+v hold %v: %g alarms a day, want %g", q.Set[q.Kind], q.Hold, got, want)
			}
		}
	})
}

func BenchmarkCurve(b *testing.B) {
	past, at := recorded(month), make([]float64, 400)
	for i := range at {
		at[i] = 10 + 0.08*float64(i)
	}
	skewed := make([]float64, 400)
	for i := range skewed {
		skewed[i] = 10 + 32*math.Pow(float64(i)/400, 3)
	}
	for _, c := range []struct {
		name string
		q    Question
		at   []float64
	}{
		{"no delay, no deadband", ask(0, 0, 0, 0), at},
		{"unevenly spaced", ask(0, 0, 0, 0), skewed},
		{"deadband", ask(0, 2, 0, 0), at},
		{"deadband and delays", ask(0, 2, time.Minute, time.Minute), at},
		{"delays alone", ask(0, 0, time.Minute, time.Minute), at},
		{"long delays", ask(0, 0, 4*time.Hour, 4*time.Hour), at},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Curve(past, c.q, c.at)
			}
		})
	}
}
