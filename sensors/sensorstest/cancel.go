package sensorstest

import (
	"context"
	"errors"
	"testing"
	"time"

	"setpoint/sensors"
)

// grace is how long Run may take to return after its context is done, and how
// many readings it may still push if it waits for nothing.
const (
	grace      = time.Second
	afterwards = 1000
)

func testCancelledBefore(t *testing.T, open func() sensors.Source) {
	ctx, cancel := context.WithTimeout(t.Context(), -time.Second)
	defer cancel()
	sink := &Recorder{Refusal: errEnough, After: afterwards}
	wantContextError(t, ctx, open().Run(ctx, sink))
}

func testCancelledBetween(t *testing.T, open func() sensors.Source) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	sink := &Recorder{Refusal: errEnough, After: afterwards}
	sink.Each = func(sensors.Reading) { cancel() }
	start := time.Now()
	err := open().Run(ctx, sink)
	if err == nil && sink.Taken() == 1 {
		t.Skip("the source has one reading only")
	}
	wantContextError(t, ctx, err)
	wantSoon(t, start)
}

// testCancelledWaiting cancels a moment after the first reading: a source that
// waits for time, or for readings, does so then.
func testCancelledWaiting(t *testing.T, open func() sensors.Source) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var cancelled time.Time
	sink := &Recorder{Refusal: errEnough, After: afterwards}
	sink.Each = func(sensors.Reading) {
		if sink.Taken() == 1 {
			time.AfterFunc(time.Millisecond, func() { cancelled = time.Now(); cancel() })
		}
	}
	err := open().Run(ctx, sink)
	if cancelled.IsZero() {
		t.Skip("the source waits for nothing")
	}
	wantContextError(t, ctx, err)
	wantSoon(t, cancelled)
}

func testCancelledBlocked(t *testing.T, open func() sensors.Source) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var cancelled time.Time
	sink := &Recorder{}
	sink.Each = func(sensors.Reading) {
		sink.Block()
		time.AfterFunc(time.Minute, func() { cancelled = time.Now(); cancel() })
	}
	err := open().Run(ctx, sink)
	if err == nil && cancelled.IsZero() {
		t.Skip("the source has one reading only")
	}
	wantContextError(t, ctx, err)
	wantSoon(t, cancelled)
}

func wantContextError(t *testing.T, ctx context.Context, err error) {
	t.Helper()
	if ctx.Err() == nil || !errors.Is(err, ctx.Err()) {
		t.Errorf("run ended with %v, want the context's error %v", err, ctx.Err())
	}
}

// wantSoon reports a run that went on for too long after the given time.
func wantSoon(t *testing.T, since time.Time) {
	t.Helper()
	if took := time.Since(since); took > grace {
		t.Errorf("run returned %v after its context was done, want at most %v", took, grace)
	}
}
