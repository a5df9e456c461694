package tune

import (
	"cmp"
	"math"
	"slices"
)

// A Figure is one line of a comparison.
type Figure uint8

// The figures, in the order in which they are shown.
const (
	AlarmsPerDay Figure = iota
	NotRealPerWeek
	WorstTenMinutes
	ChatteringAlarms
	FleetingAlarms
	TimeInAlarm
	StandingAlarms
	EventsFound
	DelayOfMedian
	StoodBefore
	FigureCount // how many there are
)

// String returns what the figure is called, such as "alarms/day".
func (x Figure) String() string {
	return [...]string{
		"alarms/day", "not real /wk", "worst 10 min", "chattering", "fleeting", "in alarm",
		"standing 24h", "real found", "delay median", "stood before", "figure",
	}[min(x, FigureCount)]
}

// Value returns figure x: a number, a percentage, or of delays the seconds. It is
// NaN where there is nothing to count: no data, no label, no alarm in time.
func (f *Figures) Value(x Figure) float64 {
	if f.NoData() {
		return math.NaN()
	}
	switch x {
	case AlarmsPerDay:
		return f.per(f.Alarms, 1)
	case NotRealPerWeek:
		return f.per(f.NotReal, 7)
	case WorstTenMinutes:
		return float64(f.Worst)
	case ChatteringAlarms:
		return float64(f.Chattering)
	case FleetingAlarms:
		return float64(f.Fleeting)
	case TimeInAlarm:
		return f.InAlarm
	case StandingAlarms:
		return float64(f.Standing)
	case EventsFound, StoodBefore:
		return f.ofLabelled(x)
	case DelayOfMedian:
		if f.MedianDelay >= 0 {
			return f.MedianDelay.Seconds()
		}
	}
	return math.NaN()
}

// per returns how many of n there are in so many days; NaN if no time has passed.
func (f *Figures) per(n int, days float64) float64 {
	if f.Coverage.Days == 0 {
		return math.NaN()
	}
	return float64(n) / f.Coverage.Days * days
}

func (f *Figures) ofLabelled(x Figure) float64 {
	switch {
	case f.Labelled == 0:
		return math.NaN()
	case x == StoodBefore:
		return float64(f.Stood)
	}
	return float64(f.Found)
}

// A Verdict says what a change does to the person who answers the alarms.
type Verdict int8

// The verdicts.
const (
	Worse   Verdict = -1
	Same    Verdict = 0
	Better  Verdict = 1
	Unknown Verdict = 2 // one of the two has no such figure
)

// A Change is what another threshold does to one figure.
type Change struct {
	Verdict Verdict
	By      float64 // the new value less the old one; NaN if unknown
}

// Compare returns what goes from now to next does to each figure. More events found
// are better, and less of everything else.
func Compare(now, next *Figures) (changes [FigureCount]Change) {
	for x := range FigureCount {
		by := next.Value(x) - now.Value(x)
		if x == EventsFound {
			changes[x] = Change{verdict(by), by}
		} else {
			changes[x] = Change{verdict(-by), by}
		}
	}
	return changes
}

func verdict(gain float64) Verdict {
	switch {
	case gain > 0:
		return Better
	case gain < 0:
		return Worse
	case gain == 0:
		return Same
	}
	return Unknown
}

// Judge returns whether next is better than now on the whole: by the events found,
// if these are as many by the alarms that are not real, and if these are too by the
// time in alarm, since a threshold that stands in alarm raises few.
func Judge(now, next *Figures) Verdict {
	changes := Compare(now, next)
	for _, x := range []Figure{EventsFound, NotRealPerWeek, TimeInAlarm} {
		if v := changes[x].Verdict; v == Better || v == Worse {
			return v
		}
	}
	return changes[AlarmsPerDay].Verdict
}

// A Sum is the figures of several sensors together.
type Sum struct {
	Sensors        int     // that had data
	NoData         int     // that had none
	AlarmsPerDay   float64 // of all sensors: the sum of their rates
	NotRealPerWeek float64
	Worst          int // most alarms raised within ten minutes, whichever sensor's
	Standing       int
	Found          int
	Labelled       int
}

// Total returns the figures of a group, or of all sensors, together.
func Total(list []Figures) (s Sum) {
	var raised []Episode
	for i := range list {
		f := &list[i]
		if f.NoData() {
			s.NoData++
			continue
		}
		s.Sensors++
		if f.Coverage.Days > 0 {
			s.AlarmsPerDay += f.Value(AlarmsPerDay)
			s.NotRealPerWeek += f.Value(NotRealPerWeek)
		}
		s.Standing += f.Standing
		s.Found += f.Found
		s.Labelled += f.Labelled
		raised = append(raised, f.Episodes...)
	}
	slices.SortFunc(raised, func(a, b Episode) int { return cmp.Compare(a.Raised, b.Raised) })
	s.Worst = worst(raised)
	return s
}

// Sides returns which sensors a change makes better and which worse, by [Judge]:
// their places in now and next, which list the same sensors.
func Sides(now, next []Figures) (winners, losers []int) {
	for i := range now {
		switch Judge(&now[i], &next[i]) {
		case Better:
			winners = append(winners, i)
		case Worse:
			losers = append(losers, i)
		}
	}
	return winners, losers
}
