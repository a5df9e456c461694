package workflow

import (
	"errors"
	"math"
	"time"

	"setpoint/workflow/guard"
)

// Retry is a rule for trying a failed handler again, waiting longer each time
// (exponential backoff with full jitter). The zero Retry tries once.
type Retry struct {
	MaxAttempts int           // attempts in all, the first included; 0: 1
	Initial     time.Duration // upper bound of the first wait
	Max         time.Duration // no wait is longer; 0: no bound
	Multiplier  float64       // growth of the bound from wait to wait; 0: 2
	NoJitter    bool          // wait the whole bound, not a random part of it
	Budget      time.Duration // no wait ends later than this after the first attempt began; 0: no bound

	// Retryable says whether an error may be mended by another attempt. nil:
	// every one but panics and those marked by Permanent.
	Retryable func(error) bool
}

// Delay returns the wait after the given number of failures, counted from 1. It
// is pure: u in [0,1) is the random draw. The bound Initial*Multiplier^(failures-1)
// is cut at Max; with jitter the wait is u of it ("full jitter", after the AWS
// Architecture Blog, "Exponential Backoff And Jitter").
func (r Retry) Delay(failures int, u float64) time.Duration {
	if r.Initial <= 0 {
		return 0
	}
	m := r.Multiplier
	if m == 0 {
		m = 2
	}
	bound := float64(r.Initial) * math.Pow(m, float64(max(failures, 1)-1))
	ceiling := float64(math.MaxInt64 / 2)
	if r.Max > 0 {
		ceiling = float64(r.Max)
	}
	if !(bound < ceiling) {
		bound = ceiling
	}
	if r.NoJitter {
		return time.Duration(bound)
	}
	return time.Duration(u * bound)
}

// again reports whether an attempt should follow the given number of failures,
// of which err is the last.
func (r Retry) again(failures int, err error) bool {
	if failures >= r.MaxAttempts {
		return false
	}
	if _, is := errors.AsType[permanent](err); is {
		return false
	}
	if _, is := errors.AsType[*guard.PanicError](err); is {
		return false
	}
	if r.Retryable == nil {
		return true
	}
	retry := false // also if Retryable panics
	_ = guard.Catch("retryable", func() error { retry = r.Retryable(err); return nil })
	return retry
}
