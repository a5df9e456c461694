package workflow

import (
	"testing"
	"testing/synctest"
	"time"
)

func TestTheClockTellsTheTime(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var c clock
		for _, pause := range []time.Duration{0, 1, time.Second - 2, 1, 1, time.Hour, 999 * time.Millisecond} {
			time.Sleep(pause)
			if got, want := c.now(), time.Now(); !got.Equal(want) || got.Sub(want) != 0 {
				t.Errorf("after %v: got %v, want %v", pause, got, want)
			}
		}
		base := c.base.Load()
		time.Sleep(2 * time.Second)
		if c.now(); c.base.Load() == base {
			t.Error("the wall clock is not read again")
		}
	})
}
