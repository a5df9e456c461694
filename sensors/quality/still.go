package quality

import (
	"math"
	"time"

	"setpoint/sensors"
)

// still learns for how long a sensor stands still, and finds out when it is stuck.
//
// A run is a row of readings with one value. The range of a window under half a
// quantisation step means just that, as no step is smaller than the smallest.
type still struct {
	From    int64   `json:"from"`    // when the run began
	N       uint8   `json:"n"`       // readings in it, 255: or more
	Moves   uint8   `json:"moves"`   // runs that have ended, 255: or more
	Longest uint32  `json:"longest"` // of the normal runs, in s
	Lo      float64 `json:"lo"`      // the lowest and the highest value of those
	Hi      float64 `json:"hi"`
}

// What it takes before a sensor is called flat: so many moves before the run, so
// many readings in it, and so many times the longest normal run. For bad it takes
// three times as long.
const (
	flatMoves    = 16
	flatReadings = 12
	flatRuns     = 3
	badWindows   = 3
)

// begin starts a run with the reading at at.
func (s *still) begin(at int64) { s.From, s.N = at, 1 }

// stay adds a reading to the run.
func (s *still) stay() { s.N = min(s.N, math.MaxUint8-1) + 1 }

// end learns from a run that ended with the reading at last, whose value was v, in
// a step that was wide or not. A run over the window was thought to be stuck. If
// the sensor then goes on from where it stood, or had been at rest, it was not, and
// the window grows; if it jumps, the world moved on while it was stuck.
func (s *still) end(last int64, v float64, window time.Duration, spike, wide bool) {
	if spike {
		return
	}
	run := elapsed(last, s.From)
	stuck := run >= window && s.N >= flatReadings && wide && !s.rest(v)
	if !stuck {
		s.Longest = max(s.Longest, uint32(min(run, window)/time.Second))
	}
	if s.Moves == 0 {
		s.Lo, s.Hi = v, v
	}
	s.Lo, s.Hi = min(s.Lo, v), max(s.Hi, v)
	s.Moves = min(s.Moves, math.MaxUint8-1) + 1
}

// rest reports whether a sensor may well stand at v for long: at 0, or at an end of
// its range.
func (s *still) rest(v float64) bool { return v == 0 || v <= s.Lo || v >= s.Hi }

// longest returns the longest normal run.
func (s *still) longest() time.Duration { return time.Duration(s.Longest) * time.Second }

// window returns how long a run has to be to be too long, for a sensor with the
// given interval.
func (s *still) window(r *Rules, interval time.Duration) time.Duration {
	return max(times(s.longest(), flatRuns), times(interval, flatReadings), r.flat())
}

// resting reports whether the run is so long that it tells nothing about noise: a
// sensor that is stuck, or switched off, is not a quiet one.
func (s *still) resting() bool { return s.N > flatReadings }

// grade returns what the run means for a reading of v at at, if the sensor was first
// seen at first. It counts only as far as the sensor had moved for as long before:
// one that has just been switched on may settle for good. Lively says whether most
// of its readings differ from the one before.
func (s *still) grade(r *Rules, first, at int64, v float64, window time.Duration, lively bool) sensors.Quality {
	long := min(elapsed(at, s.From), elapsed(s.From, first))
	switch {
	case r.flat() < 0 || s.N < flatReadings || s.Moves < flatMoves || long < window:
		return sensors.Good
	case lively && !s.rest(v) && long/badWindows >= window:
		return sensors.Bad
	}
	return sensors.Suspect
}
