package quality

import (
	"math/rand/v2"
	"testing"
	"time"

	"setpoint/sensors"
)

// start is when the streams of the tests begin.
var start = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC).UnixNano()

// A stream is a sensor under test. It is fed one reading after the other.
type stream struct {
	*testing.T
	rules Rules
	every time.Duration
	track Tracker
	at    int64
	last  Verdict
	found map[State]int // findings, those about the reading before included
	worst sensors.Quality
	gaps  int
}

func newStream(t *testing.T, unit string, every time.Duration) *stream {
	return &stream{
		T: t, every: every, at: start, found: map[State]int{},
		rules: Rules{Kind: KindOf(unit, "")},
	}
}

// feed lets the values come one interval after the other, as from a recording.
func (s *stream) feed(values ...float64) *stream {
	for _, v := range values {
		s.at += int64(s.every)
		s.last = s.track.Judge(&s.rules, s.at, 0, v, sensors.Good, false)
		s.note()
	}
	return s
}

func (s *stream) note() {
	if s.last.State != Good {
		s.found[s.last.State]++
	}
	if s.last.Before != Good {
		s.found[s.last.Before]++
	}
	if s.last.Gap {
		s.gaps++
	}
	s.worst = max(s.worst, s.last.Grade)
}

// pass lets time pass without a reading.
func (s *stream) pass(d time.Duration) *stream {
	s.at += int64(d)
	return s
}

// forget forgets what was found.
func (s *stream) forget() *stream {
	s.found, s.worst, s.gaps = map[State]int{}, sensors.Good, 0
	return s
}

// want fails unless just these states were found since the last call of forget.
func (s *stream) want(states ...State) {
	s.Helper()
	for _, state := range states {
		if s.found[state] == 0 {
			s.Errorf("%v was not found", state)
		}
		delete(s.found, state)
	}
	for state, n := range s.found {
		s.Errorf("%v was found %d times", state, n)
	}
}

// repeat returns v n times.
func repeat(v float64, n int) []float64 {
	list := make([]float64, n)
	for i := range list {
		list[i] = v
	}
	return list
}

// noisy returns n readings with normal noise about a level.
func noisy(level, noise float64, n int) []float64 {
	r := rand.New(rand.NewPCG(1, uint64(n)))
	list := make([]float64, n)
	for i := range list {
		list[i] = level + noise*r.NormFloat64()
	}
	return list
}

// within returns how many readings a sensor with the given interval makes in d.
func within(d, every time.Duration) int { return int(d / every) }

// steps at which sensors report in practice.
var rates = []time.Duration{time.Second, 5 * time.Second, time.Minute, 5 * time.Minute, time.Hour}
