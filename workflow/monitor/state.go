package monitor

import (
	"math"
	"time"

	"setpoint/sensors"
	"setpoint/sensors/alarm"
	"setpoint/sensors/quality"
	"setpoint/sensors/suggest"
	"setpoint/sensors/threshold"
	"setpoint/workflow"
)

// An Input is the payload of the workflow's events.
type Input struct {
	Kind    InputKind
	Quality sensors.Quality
	Drive   sensors.Drive     // of InputActed
	Alarms  threshold.Latches // of commands: which alarms
	Value   float64           // of InputReading
	Until   int64             // of InputShelve, in Unix ns; 0: once
	Unit    string            // of InputReading
	By      string            // of commands: who
	Text    string            // of InputOut: why
	Note    *Alert            `json:"-"` // of commands: the line they leave in the alert log
	Change  *Change           `json:"-"` // of commands: the line they leave in the journal
}

// InputKind says what an Input is.
type InputKind uint8

// The kinds of input.
const (
	InputReading   InputKind = iota
	InputAck                 // a person has seen alarms of the sensor
	InputShelve              // a person hides alarms for a while
	InputUnshelve            // a person shows them again
	InputOut                 // a person takes the sensor out of service
	InputIn                  // a person puts it back
	InputNote                // a command left a line in the log
	InputActed               // a handler drove the sensor's actuator
	InputEscalate            // a critical alarm was raised: start the escalation
	InputResumed             // the program watches the sensor again
	InputSilent              // time has come for the sensor to say something, and it has not
	InputAnswered            // the escalation ended: acknowledged, or the run is over
	InputEscalated           // the escalation ended: nobody answered in time
)

// The actions that the classifier names.
const (
	Normal   workflow.Action = "normal"
	High     workflow.Action = "high"
	Low      workflow.Action = "low"
	Critical workflow.Action = "critical"
	Bad      workflow.Action = "bad"      // a bad reading: nothing is judged
	Noted    workflow.Action = "noted"    // a command or an outcome
	Escalate workflow.Action = "escalate" // start the nested workflow
)

// State is what the workflow knows of one sensor.
type State struct {
	Alarm    alarm.State
	Changes  alarm.Changes // by the newest event
	Set      threshold.Set // it was judged by
	Revision uint64        // that Set is of
	Hold     time.Duration // how long a reading stands for the value after it
	Timer    int64         // when something happens by itself, in Unix ns; 0: never

	Unit    string
	Time    time.Time // of the newest reading
	Value   float64   `json:"-"` // of the newest reading, good or bad
	Quality sensors.Quality
	Verdict quality.Verdict // on the newest reading, or on the silence since
	turned  bool            // the newest event changed Verdict.State
	band    *suggest.Band   // whose lines are thresholds; nil: none are. Never written again
	Tracker quality.Tracker // what the readings so far tell of its ways
	Watched int64           // since when somebody watches, in Unix ns; 0: since its first reading
	Drive   sensors.Drive

	Configured string    // why the configuration had it out of service when it spoke last
	Owed       bool      // between readings a severe alarm was raised or shown again: the next one starts an escalation
	calls      bool      // the newest event does
	Waiting    bool      // an escalation waits for an acknowledgement
	Escalation uint64    // the event that began the newest escalation
	Deadline   time.Time // of that one; zero once it is acknowledged

	Count      uint64 // readings judged
	Bad        uint64 // bad readings
	Duplicates uint64 // readings with the time of the one before
	Disordered uint64 // readings a little older than the one before
	Sum        float64
	Min, Max   float64
}

// NextTimer asks for a tick when a delay, a shelf or a patience ends.
func (s *State) NextTimer() time.Time {
	if s.Timer == 0 {
		return time.Time{}
	}
	return time.Unix(0, s.Timer)
}

// watched returns since when the sensor is watched, in Unix ns.
func (s *State) watched() int64 { return max(s.Tracker.First, s.Watched) }

// alarms returns the alarms that the sensor can have, or has.
func (s *State) alarms() threshold.Latches {
	l := s.Alarm.On() | s.Alarm.Unacked() | s.Alarm.Hidden() | 1<<threshold.Stale
	for k := range threshold.Kinds {
		if s.Set.On(k) {
			l = l.Set(k)
		}
	}
	return l
}

// Silent reports whether the sensor has fallen silent.
func (s *State) Silent() bool { return s.Verdict.State == quality.Stale }

// count takes v into the figures since the start.
func (s State) count(v float64) State {
	s.Min, s.Max = math.Min(s.Min, v), math.Max(s.Max, v)
	if s.Count == 0 {
		s.Min, s.Max = v, v
	}
	s.Count++
	s.Sum = max(-math.MaxFloat64, min(s.Sum+v, math.MaxFloat64)) // else it could not be kept
	return s
}

// Mean returns the mean of the readings judged, 0 if there is none.
func (s State) Mean() float64 {
	if s.Count == 0 {
		return 0
	}
	return s.Sum / float64(s.Count)
}

// status returns how the sensor is shown, and the threshold passed if one is.
func (s *State) status() (Status, threshold.Kind) {
	on, hidden := s.Alarm.On(), s.Alarm.Hidden()
	k, active := s.Set.Worst(on&^hidden, s.Value)
	switch {
	case s.Alarm.Out != "":
		return StatusOut, 0
	case s.Quality == sensors.Bad:
		return StatusBad, k
	case s.Count == 0:
		return StatusWaiting, 0
	case active && k.Severe():
		return StatusCritical, k
	case active && k.Upper():
		return StatusHigh, k
	case active:
		return StatusLow, k
	case s.Alarm.Returned() != 0:
		return StatusReturned, 0
	case s.Alarm.Has(alarm.Pending):
		return StatusPending, 0
	case on != 0:
		return StatusShelved, 0
	}
	return StatusNormal, 0
}
