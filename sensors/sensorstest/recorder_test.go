package sensorstest

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"setpoint/sensors"
)

func TestRecorderBlocksUntilItIsUnblocked(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r := &Recorder{}
		r.Block()
		start := time.Now()
		time.AfterFunc(time.Minute, func() {
			if r.Waiting() != 1 || r.Taken() != 0 {
				t.Errorf("%d wait and %d are taken, want 1 and 0", r.Waiting(), r.Taken())
			}
			r.Unblock()
		})
		if err := r.Reading(t.Context(), sensors.Reading{Sensor: "a"}); err != nil {
			t.Fatal(err)
		}
		if time.Since(start) != time.Minute || r.Waiting() != 0 || r.Taken() != 1 {
			t.Errorf("after %v %d wait and %d are taken, want 1m, 0 and 1", time.Since(start), r.Waiting(), r.Taken())
		}
	})
}

func TestRecorderBlockedEndsWithItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		r := &Recorder{}
		r.Block()
		if err := r.Reading(ctx, sensors.Reading{}); !errors.Is(err, context.DeadlineExceeded) || r.Taken() != 0 {
			t.Errorf("Reading: %v with %d taken, want the context's error and none", err, r.Taken())
		}
	})
}

func TestRecorderRefusesAfterSoMany(t *testing.T) {
	r := &Recorder{Refusal: errEnough, After: 2}
	for i, want := range []error{nil, nil, errEnough, errEnough} {
		if err := r.Reading(t.Context(), sensors.Reading{}); !errors.Is(err, want) {
			t.Errorf("reading %d: %v, want %v", i, err, want)
		}
	}
	if r.Taken() != 2 {
		t.Errorf("%d taken, want 2", r.Taken())
	}
}
