package workflow

import (
	"sync/atomic"
	"time"
)

// clock tells the time at half the price of time.Now, of which each event needs
// one: it carries a reading of the wall clock on by the monotonic clock, and reads
// the wall clock anew once a second.
type clock struct{ base atomic.Pointer[time.Time] }

func (c *clock) now() time.Time {
	if base := c.base.Load(); base != nil {
		if d := time.Since(*base); d < time.Second {
			return base.Add(d)
		}
	}
	now := time.Now()
	c.base.Store(&now)
	return now
}
