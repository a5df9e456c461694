package sim

import (
	"context"
	"errors"
	"time"
)

// A lapse is what a source itself does wrong: not its zones, but what brings their
// readings. The zero lapse is none.
type lapse struct {
	after time.Duration // in its first run; in later ones at once
	fails int           // so many runs fail
	hangs bool          // every run says no more, and does not end by itself
}

// errLost is what a run fails with.
var errLost = errors.New("simulated: the connection is lost")

// in returns when it happens in the n-th run, counted from 1.
func (l lapse) in(n int) time.Duration {
	switch {
	case !l.hangs && n > l.fails:
		return 2 * forever
	case l.hangs || n == 1:
		return l.after
	}
	return 0
}

// happen lets it happen.
func (l lapse) happen(ctx context.Context) error {
	if l.hangs {
		<-ctx.Done()
		return ctx.Err()
	}
	return errLost
}

// Every returns how far apart the readings are at most, by the wall clock: a run
// that keeps in step with it measures as long as it is well, and can be run again
// when it failed. At max speed, and for a script, which comes to an end, it is 0.
func (s *Source) Every() time.Duration {
	if s.config.max() || s.scenario.script != nil {
		return 0
	}
	rate := s.config.Rate
	if rate == 0 {
		rate = s.scenario.rate
	}
	return time.Duration(float64(time.Second) / rate / s.config.Speed)
}
