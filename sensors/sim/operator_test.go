package sim

import (
	"context"
	"testing"
	"time"

	"setpoint/sensors"
	"setpoint/sensors/alarm"
	"setpoint/sensors/threshold"
)

// An operator is a sink that answers alarms as the program does: it cools from
// the high threshold until the deadband is left, and heats from the low one.
type operator struct {
	source  *Source
	idle    bool // it only watches
	start   time.Time
	sets    map[string]threshold.Set
	states  map[string]alarm.State
	alarms  []raised
	taken   []sensors.Reading
	settled int
}

// raised is an alarm and when, since the start, it was raised and cleared.
type raised struct {
	sensor string
	kind   threshold.Kind
	on     time.Duration
	off    time.Duration // 0: not yet
}

func newOperator(s *Source) *operator {
	o := &operator{source: s, sets: map[string]threshold.Set{}, states: map[string]alarm.State{}}
	for _, sensor := range s.Sensors() {
		o.sets[sensor.Name] = sensor.Thresholds
		if sensor.Thresholds.IsZero() {
			o.sets[sensor.Name] = threshold.Default
		}
	}
	return o
}

func (o *operator) Reject(sensors.Reject) {}

func (o *operator) Settle(context.Context) error {
	o.settled++
	return nil
}

func (o *operator) Reading(_ context.Context, r sensors.Reading) error {
	if o.start.IsZero() {
		o.start = r.Time
	}
	o.taken = append(o.taken, r)
	state := o.states[r.Sensor]
	before := state.On()
	state, _ = state.Judge(&alarm.Rules{Set: o.sets[r.Sensor], Hold: time.Hour}, r.Time.UnixNano(), r.Value)
	o.states[r.Sensor] = state
	after := state.On()
	o.note(r, before, after)
	if before == after || o.idle {
		return nil
	}
	switch {
	case after.Has(threshold.High):
		o.source.Actuate(r.Sensor, r.Time, sensors.Cool)
	case after.Has(threshold.Low):
		o.source.Actuate(r.Sensor, r.Time, sensors.Heat)
	default:
		o.source.Actuate(r.Sensor, r.Time, sensors.Idle)
	}
	return nil
}

func (o *operator) note(r sensors.Reading, before, after threshold.Latches) {
	at := r.Time.Sub(o.start)
	for k := range threshold.Kinds {
		switch {
		case after.Has(k) && !before.Has(k):
			o.alarms = append(o.alarms, raised{sensor: r.Sensor, kind: k, on: at})
		case before.Has(k) && !after.Has(k):
			o.clear(r.Sensor, k, at)
		}
	}
}

func (o *operator) clear(sensor string, k threshold.Kind, at time.Duration) {
	for i := range o.alarms {
		if a := &o.alarms[i]; a.sensor == sensor && a.kind == k && a.off == 0 {
			a.off = at
		}
	}
}

// watch runs c with an operator for the given simulated time.
func watch(t testing.TB, c Config, idle bool) *operator {
	t.Helper()
	source, err := New(c)
	if err != nil {
		t.Fatal(err)
	}
	o := newOperator(source)
	o.idle = idle
	if err := source.Run(t.Context(), o); err != nil {
		t.Fatal(err)
	}
	return o
}
