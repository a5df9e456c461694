package replay

import (
	"context"
	"math"
	"time"
)

// A wait longer than maxWait is a gap in the recording; gapWait stands for it, so
// that it does not look like a program that hangs.
const (
	maxWait = time.Hour
	gapWait = 5 * time.Second
)

// A pace makes readings due: one is due when the event time since the first one,
// divided by speed, has passed on the wall clock. Steps back in time do not wait.
// After a gap the count begins anew. A speed of 0 or +Inf never waits.
type pace struct {
	speed   float64
	started bool
	event   time.Time // the reading from which the time counts
	wall    time.Time // when that one was due
}

// wait returns when a reading of the given event time is due, or ctx's error.
func (p *pace) wait(ctx context.Context, event time.Time) error {
	if !(p.speed > 0) || math.IsInf(p.speed, 1) {
		return nil
	}
	now := time.Now()
	if !p.started {
		p.started, p.event, p.wall = true, event, now
	}
	after := float64(event.Sub(p.event)) / p.speed
	d := gapWait
	if early := after - float64(now.Sub(p.wall)); early <= float64(maxWait) {
		d = time.Duration(max(early, 0))
	} else {
		p.event, p.wall = event, now.Add(gapWait)
	}
	if d == 0 {
		return nil
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
