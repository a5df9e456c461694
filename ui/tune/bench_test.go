package tune

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"setpoint/sensors"
	"setpoint/sensors/threshold"
	"setpoint/ui/screen"
	"setpoint/ui/uitest"
	"setpoint/workflow/monitor"
)

// month is a source of 30 days of a reading a second: a daily swing, noise, and an
// excursion of half an hour every three days.
type month struct{}

func (month) Name() string { return "month" }

func (month) Run(ctx context.Context, sink sensors.Sink) error {
	rnd := rand.New(rand.NewPCG(1, 2))
	begin := uitest.Noon.AddDate(0, -1, 0)
	for i := range 30 * 86400 {
		v := 20 + 5*math.Sin(float64(i)*2*math.Pi/86400) + 0.5*rnd.NormFloat64()
		if i%(3*86400) < 1800 {
			v += 15
		}
		if err := sink.Reading(ctx, sensors.Reading{Sensor: "s", Time: begin.Add(time.Duration(i) * time.Second), Value: v}); err != nil {
			return err
		}
	}
	return nil
}

// From a key to the frame that shows the new figures, on 2.59 million readings, and
// from there to the curve. The bar for the figures is 10 ms, 100 ms at worst.
func BenchmarkKeyToFigures(b *testing.B) {
	m, err := monitor.New(monitor.Config{Sources: []sensors.Source{month{}}, Remember: 1 << 22})
	check(b, err)
	_, err = m.Run(b.Context())
	check(b, err)
	for _, c := range []struct {
		name  string
		rule  threshold.Rule
		curve bool
	}{
		{"typical", threshold.Rule{At: 28, Deadband: 2, OnDelay: time.Minute, OffDelay: time.Minute}, false},
		{"amid the values", threshold.Rule{At: 24, Deadband: 1, OnDelay: time.Minute, OffDelay: time.Minute}, false},
		{"worst: amid the noise, nothing else", threshold.Rule{At: 20}, false},
		{"with the curve, typical", threshold.Rule{At: 28, Deadband: 2, OnDelay: time.Minute, OffDelay: time.Minute}, true},
		{"with the curve, worst", threshold.Rule{At: 20}, true},
	} {
		b.Run(c.name, func(b *testing.B) {
			p := New(time.UTC)
			p.Take(uitest.Snapshot(1))
			p.Open("s", threshold.High)
			ask := func() {
				if q, ok := p.Question(); ok {
					p.Answer(m.Tune(b.Context(), q))
				}
				if q, ok := p.More(); ok && c.curve {
					p.AnswerMore(m.Tune(b.Context(), q))
				}
			}
			ask()
			check(b, p.put(c.rule, false))
			var s screen.Sheet
			step := 1
			b.ReportAllocs()
			for b.Loop() {
				check(b, p.Move(step))
				step = -step
				ask()
				s.Reset(160, 42, dark)
				p.Draw(s.Area())
				if len(s.String()) < 160*42 {
					b.Fatal("frame is not full")
				}
			}
			b.ReportMetric(float64(p.asks.quick.After.Alarms), "alarms")
			b.ReportMetric(float64(p.asks.quick.Readings), "readings")
		})
	}
}
