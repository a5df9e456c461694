package tune

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"setpoint/sensors/history"
	"setpoint/sensors/threshold"
)

// month is how many readings 30 days have, of one a second.
const month = 30 * 86400

// recorded returns n readings, one a second: a daily swing of 10, noise of 0.5, and
// an excursion of 15 for half an hour every three days.
func recorded(n int) *history.Series {
	rnd := rand.New(rand.NewPCG(1, 2))
	past := history.New(4 << 20)
	for i := range n {
		v := 20 + 5*math.Sin(float64(i)*2*math.Pi/86400) + 0.5*rnd.NormFloat64()
		if i%(3*86400) < 1800 {
			v += 15
		}
		past.Append(time.Unix(int64(i), 0), v, 0)
	}
	return past
}

func ask(at, deadband float64, on, off time.Duration) Question {
	q := Question{Kind: threshold.High, Set: threshold.None, Hold: time.Minute}
	q.Set[threshold.High] = threshold.Rule{At: at, Deadband: deadband, OnDelay: on, OffDelay: off}
	return q
}

func BenchmarkAsk(b *testing.B) {
	past := recorded(month)
	for _, c := range []struct {
		name string
		q    Question
	}{
		{"typical", ask(28, 2, time.Minute, time.Minute)},
		{"loose", ask(40, 2, time.Minute, time.Minute)},
		{"tight", ask(24, 2, time.Minute, time.Minute)},
		{"no delay, no deadband", ask(24, 0, 0, 0)},
		{"worst: amid the noise", ask(20, 0, 0, 0)},
		{"worst, short delays", ask(20, 0, 2*time.Second, 2*time.Second)},
		{"long delay", ask(20, 2, 4*time.Hour, 4*time.Hour)},
		{"long delay, low", ask(14, 2, 4*time.Hour, 4*time.Hour)},
	} {
		b.Run(c.name, func(b *testing.B) {
			b.ReportAllocs()
			var f Figures
			for b.Loop() {
				f = Ask(past, c.q)
			}
			b.ReportMetric(float64(f.Alarms), "alarms")
		})
	}
	flat, rnd := history.New(4<<20), rand.New(rand.NewPCG(1, 2))
	for i := range month {
		flat.Append(time.Unix(int64(i), 0), 20+0.5*rnd.NormFloat64(), 0)
	}
	b.Run("worst: level of the noise", func(b *testing.B) {
		b.ReportAllocs()
		var f Figures
		for b.Loop() {
			f = Ask(flat, ask(20, 0, 0, 0))
		}
		b.ReportMetric(float64(f.Alarms), "alarms")
	})
}
