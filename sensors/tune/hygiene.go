package tune

import "time"

// The bounds of the figures, as alarm standards count them (ISA-18.2, EEMUA 191).
const (
	worstOver     = int64(10 * time.Minute)
	chatterOver   = int64(time.Minute)
	chatterFrom   = 3
	fleetingUnder = int64(10 * time.Second)
	standingOver  = int64(24 * time.Hour)
)

// hygiene counts what burdens the person who answers the alarms. end is when the
// question ends.
func (f *Figures) hygiene(end int64) {
	f.Worst = worst(f.Episodes)
	counted := 0 // alarms looked at, or counted as chattering
	for i, e := range f.Episodes {
		if first := i + 1 - chatterFrom; first >= 0 && e.Raised-f.Episodes[first].Raised < chatterOver {
			f.Chattering += i + 1 - max(counted, first)
			counted = i + 1
		}
		switch on := min(e.Cleared, end) - e.Raised; {
		case on > standingOver:
			f.Standing++
		case e.Cleared != StillOn && on <= fleetingUnder:
			f.Fleeting++
		}
	}
}

// worst returns the most alarms raised within ten minutes.
func worst(episodes []Episode) (n int) {
	first := 0 // of the last ten minutes
	for i, e := range episodes {
		for e.Raised-episodes[first].Raised >= worstOver {
			first++
		}
		n = max(n, i+1-first)
	}
	return n
}
