// Package sensorstest holds the tests that every source of readings must pass,
// and the sink they use. It is a test kit: no program imports it.
//
// # What a source is held to
//
//   - Its name, the names of its sensors and its suggested thresholds are valid,
//     and a value that is no number is never called good or suspect.
//   - The readings of one sensor come in the order of their times.
//   - A blocked sink stops it: nothing piles up, and once the sink goes on no
//     reading is missing and none comes twice.
//   - Run returns within a second after its context is done, with the context's
//     error, whether it waits for time, for the sink or for nothing.
//   - A refused reading ends Run with the sink's error.
package sensorstest

import (
	"errors"
	"math"
	"strings"
	"testing"
	"testing/synctest"
	"time"
	"unicode"

	"setpoint/sensors"
	"setpoint/sensors/threshold"
)

// enough is how many readings of an endless source are looked at.
const enough = 200

// errEnough ends a run that has shown enough.
var errEnough = errors.New("enough readings")

// Test holds sources to the promises of the package comment. It calls open for
// each check anew, in a bubble of fake time. Every source that open returns must
// push the same readings, at least one, in the order of their times; it may end
// or go on for ever, and wait for time to pass or not. Promises about many
// readings are checked as far as the source has them.
func Test(t *testing.T, open func() sensors.Source) {
	checks := []struct {
		name string
		run  func(t *testing.T, open func() sensors.Source)
	}{
		{"what it says of itself is valid", testDescription},
		{"readings and rejects are well formed and in order", testReadings},
		{"a refused reading ends the run with the sink's error", testRefusal},
		{"a blocked sink stops it and nothing is lost", testBackpressure},
		{"a context that is done before the run ends it", testCancelledBefore},
		{"a context that is done between two readings ends it", testCancelledBetween},
		{"a context that is done while the source waits ends it", testCancelledWaiting},
		{"a context that is done while the sink is blocked ends it", testCancelledBlocked},
	}
	for _, check := range checks {
		t.Run(check.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) { check.run(t, open) })
		})
	}
}

func testDescription(t *testing.T, open func() sensors.Source) {
	source := open()
	if err := sensors.CheckName(source.Name()); err != nil {
		t.Errorf("name of the source %q: %v", source.Name(), err)
	}
	describer, ok := source.(sensors.Describer)
	if !ok {
		return
	}
	seen := map[string]bool{}
	for _, s := range describer.Sensors() {
		if err := sensors.CheckName(s.Name); err != nil {
			t.Errorf("sensor %q: %v", s.Name, err)
		}
		if seen[s.Name] {
			t.Errorf("sensor %q is described twice", s.Name)
		}
		seen[s.Name] = true
		checkThresholds(t, s)
	}
}

func checkThresholds(t *testing.T, s sensors.Sensor) {
	if s.Thresholds == (threshold.Set{}) {
		return
	}
	if err := s.Thresholds.Validate(); err != nil {
		t.Errorf("thresholds of %q: %v", s.Name, err)
	}
}

func testReadings(t *testing.T, open func() sensors.Source) {
	source, sink := open(), &Recorder{Refusal: errEnough, After: enough}
	if err := source.Run(t.Context(), sink); err != nil && !errors.Is(err, errEnough) {
		t.Fatalf("run: %v", err)
	}
	if sink.Taken() == 0 {
		t.Fatal("the source pushed no reading")
	}
	last := map[string]time.Time{}
	for i, r := range sink.Readings() {
		if err := sensors.CheckName(r.Sensor); err != nil {
			t.Errorf("reading %d: %v", i, err)
		}
		if r.Time.Before(last[r.Sensor]) {
			t.Errorf("reading %d of %q, of %v, comes after that of %v", i, r.Sensor, r.Time, last[r.Sensor])
		}
		last[r.Sensor] = r.Time
		if !sensors.Finite(r.Value) && r.Quality != sensors.Bad {
			t.Errorf("reading %d of %q: %g is called %v", i, r.Sensor, r.Value, r.Quality)
		}
	}
	checkRejects(t, source, sink)
}

func checkRejects(t *testing.T, source sensors.Source, sink *Recorder) {
	for i, r := range sink.Rejects() {
		if r.Source != source.Name() {
			t.Errorf("reject %d names the source %q, want %q", i, r.Source, source.Name())
		}
		if r.Reason == "" || strings.ContainsFunc(r.Reason, unicode.IsControl) {
			t.Errorf("reject %d gives the reason %q, want one that may be printed", i, r.Reason)
		}
	}
}

func testRefusal(t *testing.T, open func() sensors.Source) {
	sink := &Recorder{Refusal: errEnough}
	if err := open().Run(t.Context(), sink); !errors.Is(err, errEnough) {
		t.Errorf("run ended with %v, want the sink's error", err)
	}
}

// testBackpressure blocks the sink for two hours and compares what it was given
// with a run that nobody disturbed. Times are not compared: a source of live
// readings goes on with those of the time after the block.
func testBackpressure(t *testing.T, open func() sensors.Source) {
	const before = 3
	plain := &Recorder{Refusal: errEnough, After: enough}
	plainErr := open().Run(t.Context(), plain)

	sink := &Recorder{Refusal: errEnough, After: enough}
	sink.Each = func(sensors.Reading) {
		if sink.Taken() != before {
			return
		}
		sink.Block()
		time.AfterFunc(time.Hour, func() {
			waiting := sink.Waiting()
			time.AfterFunc(time.Hour, func() {
				if sink.Taken() != before || sink.Waiting() != waiting {
					t.Errorf("after two hours of a blocked sink %d readings were taken and %d wait, want %d and %d",
						sink.Taken(), sink.Waiting(), before, waiting)
				}
				sink.Unblock()
			})
		})
	}
	if err := open().Run(t.Context(), sink); !errors.Is(err, plainErr) {
		t.Errorf("run ended with %v, want %v", err, plainErr)
	}
	compare(t, sink.Readings(), plain.Readings())
}

func compare(t *testing.T, got, want []sensors.Reading) {
	if len(got) != len(want) {
		t.Fatalf("%d readings came through a sink that was blocked for a while, want %d", len(got), len(want))
	}
	for i := range got {
		g, w := got[i], want[i]
		if g.Sensor != w.Sensor || math.Float64bits(g.Value) != math.Float64bits(w.Value) {
			t.Fatalf("reading %d through a sink that was blocked for a while is %q %g, want %q %g",
				i, g.Sensor, g.Value, w.Sensor, w.Value)
		}
	}
}
