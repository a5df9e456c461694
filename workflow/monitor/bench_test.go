package monitor

import (
	"context"
	"fmt"
	"math"
	"testing"
	"time"

	"setpoint/sensors"
)

// A stream is a source that pushes readings of so many sensors as fast as they are
// taken: waves that raise an alarm now and then.
type stream struct{ sensors, readings int }

func (s stream) Name() string { return "stream" }

func (s stream) Run(ctx context.Context, sink sensors.Sink) error {
	names := make([]string, s.sensors)
	for i := range names {
		names[i] = fmt.Sprint("sensor-", i)
	}
	for i := range s.readings {
		v := 20 + 15*math.Sin(float64(i)/5000)
		r := sensors.Reading{Sensor: names[i%len(names)], Time: epoch.Add(time.Duration(i/len(names)) * time.Second), Value: v}
		if err := sink.Reading(ctx, r); err != nil {
			return err
		}
	}
	return nil
}

func BenchmarkReading(b *testing.B) {
	b.ReportAllocs()
	ran(b, newMonitor(b, Config{}, stream{10, b.N}))
}

func BenchmarkSnapshot(b *testing.B) {
	for _, n := range []int{100, 10_000} {
		b.Run(fmt.Sprint("sensors=", n), func(b *testing.B) {
			m := newMonitor(b, Config{}, stream{n, 200 * n})
			ran(b, m)
			v := View{Rows: 24, Columns: 24, ChartColumns: 80, Alerts: 5}
			m.snapshot(v)
			b.ReportAllocs()
			for b.Loop() {
				m.snapshot(v)
			}
		})
		b.Run(fmt.Sprint("sensors=", n, "/restless"), func(b *testing.B) {
			m := newMonitor(b, Config{}, stream{n, 200 * n})
			ran(b, m)
			v := View{Rows: 24, Columns: 24, ChartColumns: 80, Alerts: 5, Filter: "1"}
			b.ReportAllocs()
			for b.Loop() {
				m.recorder.list.stale()
				m.snapshot(v)
			}
		})
	}
}
