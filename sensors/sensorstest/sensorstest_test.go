package sensorstest

import (
	"context"
	"testing"
	"time"

	"setpoint/sensors"
)

// steady is the least a source can be: a reading every second, n in all, or for
// ever if n is 0.
type steady struct{ n int }

func (s steady) Name() string { return "steady" }

func (s steady) Run(ctx context.Context, sink sensors.Sink) error {
	start := time.Now()
	for i := 0; s.n == 0 || i < s.n; i++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		r := sensors.Reading{Sensor: "a", Time: start.Add(time.Duration(i) * time.Second), Value: float64(i)}
		if err := sink.Reading(ctx, r); err != nil {
			return err
		}
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

func TestAPlainSourcePasses(t *testing.T) {
	for name, n := range map[string]int{"endless": 0, "with many readings": 500, "with few": 4, "with one": 1} {
		t.Run(name, func(t *testing.T) { Test(t, func() sensors.Source { return steady{n} }) })
	}
}
