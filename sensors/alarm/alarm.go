// Package alarm carries the alarms of a sensor through their lives. It is pure: the
// same state, reading and rules always give the same changes, whatever the clock
// says, so a replay over a recording, a what-if and the live view cannot disagree.
//
// There is one alarm for each (sensor, threshold), and one for a sensor that has
// fallen silent. Each has three fields that are independent of each other and of
// those of its neighbours:
//
//   - its condition ([Cond]): normal, pending while the on-delay runs, active, and
//     returning while the off-delay runs, all in event time;
//   - whether somebody has acknowledged it since it was raised: an alarm whose
//     condition is gone stays unacknowledged until a person has seen it;
//   - whether it is suppressed ([Suppression]): it is judged all the same, but not
//     announced.
//
// # Rules
//
//   - A band never hides a worse one: each threshold has a latch of its own.
//   - A bad reading is never judged: alarms hold. No reading never means normal: an
//     alarm that is on stays on through a gap, and a delay that runs is given up
//     when nothing is known for longer than a reading stands for the value.
//   - A delay ends when it ends, not when the next reading comes.
package alarm

import (
	"math"
	"math/bits"
	"time"

	"setpoint/sensors/threshold"
)

// Count is how many alarms a sensor has: one for each threshold, and
// [threshold.Stale].
const Count = int(threshold.Kinds) + 1

// Rules is what the alarms of a sensor are judged by. Its durations are at most a
// hundred years.
type Rules struct {
	Set       threshold.Set
	Hold      time.Duration // how long a reading stands for the value after it
	Realarm   time.Duration // an alarm that is on so long after its acknowledgement is unacknowledged again; 0: never
	OnlyWorst bool          // an alarm is suppressed by design while the worse one of its side is on
}

// An Alarm is one alarm of a sensor.
type Alarm struct {
	Latch
	Unacked bool  // raised, and nobody has acknowledged it since
	Once    bool  // shelved until it is back to normal
	Raised  int64 // when it was raised last, in Unix ns; 0: never
	Acked   int64 // when it was acknowledged last
	Until   int64 // when it is unshelved; 0: it is not shelved for a time
}

// State is where the alarms of one sensor stand. The zero State is a sensor that
// has never raised one.
type State struct {
	Of   [Count]Alarm // by threshold.Kind
	Last int64        // time of the newest reading judged, in Unix ns; 0: none
	Out  string       // why the sensor is out of service, "" if it is not
}

// Changes says what one event did to the alarms of a sensor. An event that comes
// after several things were due tells them all at once: to learn of them one by one,
// each with its time, let [State.Tick] pass every [State.Next] before it.
type Changes struct {
	Raised, Cleared, Acknowledged threshold.Latches
	Realarmed                     threshold.Latches // on before, and unacknowledged again
	Shelved, Unshelved            threshold.Latches // unshelved ones that are on are unacknowledged again, too
	Out, In                       bool              // taken out of service, back in
	Silent                        threshold.Latches // of Raised and Cleared: suppressed
}

// Any reports whether anything changed.
func (c Changes) Any() bool { return c != Changes{} }

// Judge folds the value v, measured at t (Unix ns), into s. Times do not fall. A bad
// value, which is NaN, changes nothing.
func (s State) Judge(r *Rules, t int64, v float64) (State, Changes) {
	var c Changes
	if math.IsNaN(v) {
		return s, c
	}
	if s.idle() && r.calm(v) {
		s.Last = t
		return s, c
	}
	s.pass(r, t, &c)
	was := s.On()
	for k := range threshold.Kinds {
		a := &s.Of[k]
		a.Latch = a.Latch.Judge(&r.Set, k, t, v)
	}
	if a := &s.Of[threshold.Stale]; a.Cond.On() {
		a.Latch = Latch{Normal, t}
	}
	s.settle(r, was, &c)
	s.Last = t
	return s, c
}

// calm reports whether v has passed no threshold.
func (r *Rules) calm(v float64) bool {
	for k := range threshold.Kinds {
		if r.Set.Passed(k, v) {
			return false
		}
	}
	return true
}

// idle reports whether every alarm is normal and nothing runs.
func (s *State) idle() bool {
	var busy int64
	for k := range s.Of {
		busy |= int64(s.Of[k].Cond) | s.Of[k].Until
	}
	return busy == 0
}

// Tick lets time pass until t (Unix ns, not included) without a reading: delays and
// shelves end, and what nobody has seen to for too long is unacknowledged again. A
// person's deed at t wants it first.
func (s State) Tick(r *Rules, t int64) (State, Changes) {
	var c Changes
	s.pass(r, t, &c)
	return s, c
}

// Fall raises the alarm of a sensor that has fallen silent at t (Unix ns).
func (s State) Fall(r *Rules, t int64) (State, Changes) {
	var c Changes
	s.pass(r, t, &c)
	was := s.On()
	if a := &s.Of[threshold.Stale]; !a.Cond.On() {
		a.Latch = Latch{Active, t}
	}
	s.settle(r, was, &c)
	return s, c
}

// Next returns when something happens by itself: [State.Tick] at that time does it.
// ok is false if nothing will.
func (s *State) Next(r *Rules) (at int64, ok bool) {
	at = math.MaxInt64
	for k := range s.Of {
		a := &s.Of[k]
		if threshold.Kind(k) < threshold.Kinds {
			if due, runs := a.Due(&r.Set[k]); runs {
				at = min(at, min(due, s.Last+int64(r.Hold))+1)
			}
		}
		if a.Until > 0 {
			at = min(at, max(a.Until+1, a.Until))
		}
		if s.realarms(r, threshold.Kind(k)) {
			at = min(at, a.Acked+int64(r.Realarm)+1)
		}
	}
	return at, at < math.MaxInt64
}

// realarms reports whether alarm k will be unacknowledged again by itself.
func (s *State) realarms(r *Rules, k threshold.Kind) bool {
	a := &s.Of[k]
	return r.Realarm > 0 && a.Cond.On() && !a.Unacked && a.Acked > 0 && s.Suppressed(r, k) == None
}

// pass does what the time before t brings by itself, in the order of time.
func (s *State) pass(r *Rules, t int64, c *Changes) {
	for {
		at, ok := s.Next(r)
		if !ok || at > t {
			return
		}
		s.step(r, at, c)
	}
}

// step does what is due just before t. Nothing is due earlier.
func (s *State) step(r *Rules, t int64, c *Changes) {
	was := s.On()
	for k := range threshold.Kinds {
		a := &s.Of[k]
		a.Latch = a.Pass(&r.Set[k], s.Last, t, int64(r.Hold))
	}
	s.settle(r, was, c)
	for k := range s.Of {
		a := &s.Of[k]
		if a.Until > 0 && a.Until < t {
			s.unshelve(threshold.Kind(k), c)
		}
		if s.realarms(r, threshold.Kind(k)) && a.Acked+int64(r.Realarm) < t {
			a.Unacked = true
			c.Realarmed = c.Realarmed.Set(threshold.Kind(k))
		}
	}
}

// settle books what the latches have done since the alarms in was were on. Those that
// changed at the same time see each other as they are now: a leap beyond critical
// raises high silently if only the worst one is wanted.
func (s *State) settle(r *Rules, was threshold.Latches, c *Changes) {
	is := s.On()
	if is == was {
		return
	}
	for k := range s.Of {
		k := threshold.Kind(k)
		if is.Has(k) != was.Has(k) {
			s.turn(r, k, c)
		}
	}
	for k := range threshold.Kinds {
		a := &s.Of[k]
		if r.behind(k, was) && a.Cond.On() && !a.Unacked && a.Acked < a.Raised && s.Suppressed(r, k) == None {
			a.Unacked = true // raised behind the worse one, which is over: nobody has heard of it
			c.Realarmed = c.Realarmed.Set(k)
		}
	}
}

// turn books that alarm k was raised or cleared.
func (s *State) turn(r *Rules, k threshold.Kind, c *Changes) {
	a := &s.Of[k]
	silent := s.Suppressed(r, k) != None
	if silent {
		c.Silent = c.Silent.Set(k)
	}
	if a.Cond.On() {
		a.Raised, a.Unacked = a.Since, a.Unacked || !silent
		c.Raised = c.Raised.Set(k)
		return
	}
	c.Cleared = c.Cleared.Set(k)
	if a.Once {
		a.Once = false
		c.Unshelved = c.Unshelved.Set(k)
	}
}

// Acknowledge marks the alarms in l as seen at t (Unix ns), or when they were raised
// if that is later.
func (s State) Acknowledge(l threshold.Latches, t int64) (State, Changes) {
	var c Changes
	for k := range s.Of {
		if a := &s.Of[k]; a.Unacked && l.Has(threshold.Kind(k)) {
			a.Unacked, a.Acked = false, max(t, a.Raised)
			c.Acknowledged = c.Acknowledged.Set(threshold.Kind(k))
		}
	}
	return s, c
}

// On returns the alarms that are on.
func (s *State) On() (l threshold.Latches) {
	for k := range s.Of {
		if s.Of[k].Cond.On() {
			l = l.Set(threshold.Kind(k))
		}
	}
	return l
}

// Has reports whether the condition of any alarm is c.
func (s *State) Has(c Cond) bool {
	for k := range s.Of {
		if s.Of[k].Cond == c {
			return true
		}
	}
	return false
}

// Unacked returns the alarms that nobody has acknowledged.
func (s *State) Unacked() (l threshold.Latches) {
	for k := range s.Of {
		if s.Of[k].Unacked {
			l = l.Set(threshold.Kind(k))
		}
	}
	return l
}

// Returned returns the alarms whose condition is gone, but which nobody has seen.
func (s *State) Returned() threshold.Latches { return s.Unacked() &^ s.On() }

// All are the alarms of a sensor.
const All = threshold.Latches(1<<Count - 1)

// Len returns how many alarms are in l.
func Len(l threshold.Latches) int { return bits.OnesCount8(uint8(l)) }
