package suggest

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"setpoint/sensors/alarm"
	"setpoint/sensors/threshold"
)

// replayed counts the alarms that package alarm raises, reading by reading.
func replayed(times []int64, values []float64, at, deadband float64, on, off, hold time.Duration) (n int) {
	set := threshold.None.With(threshold.High, at).WithDeadband(deadband).WithDelays(on, off)
	var l alarm.Latch
	last := int64(0)
	for i, t := range times {
		was := l.Cond.On()
		if i > 0 {
			l = l.Pass(&set[threshold.High], last, t, int64(hold))
			if l.Cond.On() && !was {
				n++
			}
			was = l.Cond.On()
		}
		l = l.Judge(&set, threshold.High, t, values[i])
		if l.Cond.On() && !was {
			n++
		}
		last = t
	}
	return n
}

func TestPeaksAreWhatTheAlarmsWouldHaveBeenAtEachLevel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		delay := rapid.SampledFrom([]time.Duration{0, 1, 2, 3, 5, 8})
		on, off, hold := delay.Draw(t, "on"), delay.Draw(t, "off"), time.Duration(rapid.IntRange(1, 6).Draw(t, "hold"))
		deadband := float64(rapid.IntRange(0, 3).Draw(t, "deadband"))
		steps := rapid.SliceOfN(rapid.IntRange(1, 8), 1, 60).Draw(t, "steps")
		p := newPeaks(deadband, on, off, hold)
		var times []int64
		var values []float64
		now := int64(1000)
		for _, s := range steps {
			now += int64(s)
			v := float64(rapid.IntRange(0, 9).Draw(t, "value"))
			times, values = append(times, now), append(values, v)
			p.add(now, v)
		}
		p.end()
		for at := -1.5; at < 11; at += 0.5 {
			got := 0
			for _, turn := range p.turns {
				if turn.trough < at && at <= turn.peak {
					got++
				}
			}
			if want := replayed(times, values, at, deadband, on, off, hold); got != want {
				t.Fatalf("at %g: %d alarms, want %d\ntimes %v\nvalues %v\nturns %+v", at, got, want, times, values, p.turns)
			}
		}
	})
}
