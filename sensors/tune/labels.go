package tune

import (
	"cmp"
	"math"
	"slices"
	"time"

	"setpoint/sensors/history"
)

// overlaps reports whether e is on at some time of l. An alarm is on from its begin
// until before its end, but for a moment at least.
func (l *Label) overlaps(e Episode) bool {
	return l.To >= e.Raised && l.From < max(e.Cleared, e.Raised+1)
}

// label counts how the alarms go together with what people have said.
func (f *Figures) label(past *history.Series, s span, labels []Label) {
	labels = slices.Clone(labels)
	slices.SortFunc(labels, func(a, b Label) int { return cmp.Compare(a.From, b.From) })
	f.NotReal = f.Alarms - f.excused(labels)
	var delays []time.Duration
	for i := range labels {
		l := &labels[i]
		if l.Kind != Real || l.To < s.start || l.From > s.end || l.To < l.From {
			continue
		}
		if !seen(past, s, l) {
			f.Unseen++
			continue
		}
		f.Labelled++
		if delay, ok := f.find(l); ok && delay >= 0 {
			delays = append(delays, delay)
		}
	}
	f.MedianDelay = median(delays)
}

// excused counts the alarms that overlap a label Real or Maintenance; labels rise by
// their begin. The ends of alarms rise, and so does the greatest end of the labels
// that begin before: that one tells.
func (f *Figures) excused(labels []Label) (n int) {
	next, latest := 0, Label{To: -StillOn}
	for _, e := range f.Episodes {
		for ; next < len(labels) && labels[next].From < max(e.Cleared, e.Raised+1); next++ {
			if l := labels[next]; l.Kind != False && l.To >= l.From && l.To > latest.To {
				latest = l
			}
		}
		if latest.To >= e.Raised {
			n++
		}
	}
	return n
}

// find counts l as found if an alarm overlaps it, and returns how long after its
// begin that was raised: less than 0 if it stood before.
func (f *Figures) find(l *Label) (delay time.Duration, ok bool) {
	i, _ := slices.BinarySearchFunc(f.Episodes, l.From, func(e Episode, from int64) int {
		if max(e.Cleared, e.Raised+1) <= from {
			return -1
		}
		return 1
	})
	if i == len(f.Episodes) || !l.overlaps(f.Episodes[i]) {
		return 0, false
	}
	f.Found++
	delay = time.Duration(f.Episodes[i].Raised - l.From)
	if delay < 0 {
		f.Stood++
		f.StoodFor = max(f.StoodFor, -delay)
	}
	return delay, true
}

// seen reports whether there is a good reading at some time of l.
func seen(past *history.Series, s span, l *Label) bool {
	i, j := max(s.i, past.Index(l.From)), min(s.j, past.Index(min(l.To, StillOn-1)+1))
	all := math.Inf(1) // every good reading is less
	return i < j && past.Outside(i, j, all, all) < j
}

// median returns the median of delays; -1 if there is none.
func median(delays []time.Duration) time.Duration {
	if len(delays) == 0 {
		return -1
	}
	slices.Sort(delays)
	lo, hi := delays[(len(delays)-1)/2], delays[len(delays)/2]
	return lo + (hi-lo)/2
}
