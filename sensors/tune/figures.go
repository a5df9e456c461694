package tune

import (
	"math"
	"time"

	"setpoint/sensors/threshold"
)

// A Question is one threshold, asked of the past.
type Question struct {
	Kind     threshold.Kind
	Set      threshold.Set // only the rule of Kind counts
	Hold     time.Duration // how long a reading stands for the value after it, as in alarm.Rules
	From, To int64         // Unix ns, To excluded; 0: from the oldest, to the newest reading
	Labels   []Label       // in any order
}

// A LabelKind is what a person has said of a span of time.
type LabelKind uint8

// The kinds of labels.
const (
	Real        LabelKind = iota // something was wrong: an alarm was wanted
	False                        // nothing was wrong
	Maintenance                  // people at work: alarms in it are neither wanted nor held against a threshold
)

// A Label is what a person has said of the time from From to To, both included, in
// Unix ns.
type Label struct {
	From, To int64
	Kind     LabelKind
}

// An Episode is the time for which an alarm is on, in Unix ns.
type Episode struct {
	Raised  int64
	Cleared int64 // StillOn: it was on at the end
}

// StillOn is the end of an [Episode] that has none yet.
const StillOn = math.MaxInt64

// Coverage says how much of the past an answer rests on.
type Coverage struct {
	Days float64 // from the first reading asked of to the end of the question
	Good float64 // how many of the readings are good, in percent; NaN if there are none
	Gaps float64 // how much of the time nothing is known about, in percent: longer than Question.Hold after the newest good reading
}

// Figures are what a threshold would have done. Those of a past without a good
// reading are NaN or 0: see [Figures.NoData].
type Figures struct {
	Coverage    Coverage
	Episodes    []Episode     // the alarms, oldest first
	Alarms      int           // len(Episodes)
	NotReal     int           // of them, those that overlap no label Real or Maintenance
	Worst       int           // most alarms raised within ten minutes
	Chattering  int           // alarms that are one of three or more raised within a minute
	Fleeting    int           // alarms that were gone within ten seconds
	Standing    int           // alarms that were on for more than 24 hours
	InAlarm     float64       // how much of the time an alarm was on, in percent
	Labelled    int           // labels Real within the past, with a good reading in them
	Unseen      int           // labels Real within the past, without one: nothing could find them
	Found       int           // of Labelled, those that an alarm overlaps
	Stood       int           // of Found, those whose alarm was on before they began
	StoodFor    time.Duration // the longest that such an alarm had been on; 0 if none
	MedianDelay time.Duration // from the begin of a label to its alarm, of those found and not stood; -1 if none
}

// NoData reports whether there was no good reading to answer from.
func (f *Figures) NoData() bool { return !(f.Coverage.Good > 0) }
