package suggest

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"

	"setpoint/sensors/display"
	"setpoint/sensors/threshold"
	"setpoint/sensors/tune"
)

// A Suggestion is a threshold with its promise, its evidence and its range. A person
// takes it, or does not.
type Suggestion struct {
	Sensor            string // exact: a stranger's text
	Kind              threshold.Kind
	Reason            string // why there is none; "": there is one
	On, Off           float64
	Deadband, Noise   float64
	OnDelay, OffDelay time.Duration
	Budget            float64      // the promise: at most so many alarms a week that are not real
	Likely            [2]float64   // nine of ten resamples of the past put it between these
	Peaks             int          // excursions up to the inner of these, on which it rests
	Rough             bool         // found from the shape of the tail: the past is shorter than 3 alarms of the budget
	Days              float64      // how much of the past is known and learned from
	Would             tune.Figures // what it would have done on that past
}

// Set returns the suggested threshold as a set of which all others are off.
func (s *Suggestion) Set() threshold.Set {
	set := threshold.None
	if s.Kind >= threshold.Kinds {
		return set
	}
	set[s.Kind] = threshold.Rule{At: s.On, Deadband: s.Deadband, OnDelay: s.OnDelay, OffDelay: s.OffDelay}
	return set
}

// promise says what the budget promises.
func (s *Suggestion) promise() string {
	if s.Budget == 1 {
		return "at most 1 not-real alarm a week"
	}
	return "at most " + figure(s.Budget) + " not-real alarms a week"
}

// String returns s in one line: "suggest 88.2: at most 1 not-real alarm a week. 12
// peaks, likely 87.4-89.6". It does not name the sensor.
func (s Suggestion) String() string {
	if s.Reason != "" {
		return "no suggestion: " + s.Reason
	}
	var b strings.Builder
	fmt.Fprintf(&b, "suggest %s: %s. ", figure(s.On), s.promise())
	if s.Rough {
		fmt.Fprintf(&b, "rough: %s only, ", span(s.Days*float64(day)))
	} else if s.Peaks == 1 {
		b.WriteString("1 peak, ")
	} else {
		fmt.Fprintf(&b, "%d peaks, ", s.Peaks)
	}
	join := "-"
	if s.Likely[0] < 0 {
		join = " to "
	}
	fmt.Fprintf(&b, "likely %s%s%s", figure(s.Likely[0]), join, figure(s.Likely[1]))
	return b.String()
}

// figure writes v in as few digits as say it.
func figure(v float64) string { return strconv.FormatFloat(v, 'g', 6, 64) }

// span writes a time, in ns, in days or hours.
func span(ns float64) string {
	if ns < float64(day) {
		return fmt.Sprintf("%.1f h", ns/float64(time.Hour))
	}
	return fmt.Sprintf("%.1f d", ns/float64(day))
}

// proposal is what suggest adds to the JSON of a what-if.
type proposal struct {
	On       float64    `json:"on"`
	Off      float64    `json:"off"`
	Promise  string     `json:"promise"`
	Likely   [2]float64 `json:"likely"`
	Peaks    int        `json:"peaks"`
	Rough    bool       `json:"rough"`
	Deadband float64    `json:"deadband"`
	Noise    float64    `json:"noise"`
	Days     float64    `json:"learned_days"`
}

// AppendJSON appends s as a JSON object in one line, without the end of the line: that
// of [tune.Answer] for the suggested threshold on the past it comes from, and "suggest",
// which is null where there is none: then "reason" says why.
func (s *Suggestion) AppendJSON(dst []byte) []byte {
	answer := tune.Answer{Sensor: s.Sensor, Question: tune.Question{Kind: min(s.Kind, threshold.Critical), Set: s.Set()}, Figures: s.Would}
	dst = answer.AppendJSON(dst)
	dst = dst[:len(dst)-1]
	if s.Reason != "" {
		dst = append(dst, `,"suggest":null,"reason":`...)
		return append(display.AppendJSON(dst, s.Reason), '}')
	}
	text, err := json.Marshal(proposal{s.On, s.Off, s.promise(), s.Likely, s.Peaks, s.Rough, s.Deadband, s.Noise, s.Days})
	if err != nil {
		panic(err) // only a figure that is not finite, and none of a suggestion is
	}
	return append(append(append(dst, `,"suggest":`...), text...), '}')
}
