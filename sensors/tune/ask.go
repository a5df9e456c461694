package tune

import (
	"cmp"
	"math"
	"time"

	"setpoint/sensors/history"
)

// day is what figures are counted by.
const day = float64(24 * time.Hour)

// Ask returns what the threshold of q would have done on the past, as if its alarm
// had been normal when q begins.
func Ask(past *history.Series, q Question) Figures {
	s := spanOf(past, &q)
	f := Figures{Coverage: s.coverage(past, q.Hold), InAlarm: math.NaN()}
	if f.NoData() {
		f.MedianDelay = -1
		return f
	}
	w := newWalker(&q.Set, q.Kind, int64(q.Hold))
	w.walk(past, s.i, s.j)
	w.pass(cmp.Or(q.To, s.end))
	f.Episodes, f.Alarms = w.episodes, len(w.episodes)
	f.hygiene(s.end)
	f.InAlarm = s.inAlarm(f.Episodes)
	f.label(past, s, q.Labels)
	return f
}

// A span is the part of a past that a question is about.
type span struct {
	i, j       int   // readings from i on, before j
	start, end int64 // Unix ns
}

func spanOf(past *history.Series, q *Question) span {
	s := span{i: past.Index(q.From), j: past.Len()}
	if q.From == 0 {
		s.i = 0
	}
	if q.To != 0 {
		s.j = max(s.i, past.Index(q.To))
	}
	if s.i == s.j {
		return s
	}
	first, _, _ := past.At(s.i)
	newest, _, _ := past.At(s.j - 1)
	s.start, s.end = first.UnixNano(), newest.UnixNano()
	if q.To != 0 {
		s.end = min(q.To, s.end+int64(q.Hold)) // nothing is known after that
	}
	return s
}

func (s span) coverage(past *history.Series, hold time.Duration) Coverage {
	c := Coverage{Good: math.NaN(), Gaps: math.NaN()}
	if s.i == s.j {
		return c
	}
	known, good := past.Known(s.i, s.j, s.end, hold)
	c.Days = float64(s.end-s.start) / day
	c.Good = 100 * float64(good) / float64(s.j-s.i)
	if s.end > s.start {
		c.Gaps = 100 * (1 - float64(known)/float64(s.end-s.start))
	}
	return c
}

// inAlarm returns how much of the span an alarm was on, in percent.
func (s span) inAlarm(episodes []Episode) float64 {
	if s.end <= s.start {
		return math.NaN()
	}
	on := int64(0)
	for _, e := range episodes {
		on += min(e.Cleared, s.end) - e.Raised
	}
	return 100 * float64(on) / float64(s.end-s.start)
}
