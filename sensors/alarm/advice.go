package alarm

import (
	"time"

	"setpoint/sensors/threshold"
)

// Priority says how fast a person must answer an alarm.
type Priority uint8

// The priorities. The zero Priority means that nobody has said: critical alarms
// are high then, all others medium.
const (
	Unset Priority = iota
	LowPriority
	MediumPriority
	HighPriority
)

// String returns "", "low", "medium" or "high".
func (p Priority) String() string { return [...]string{"", "low", "medium", "high"}[p&3] }

// Advice is what an alarm tells the person who must answer it. The texts are
// strangers' text.
type Advice struct {
	Cause, Consequence, Action string
	Respond                    time.Duration // within which somebody must answer; 0: nobody has said
	Priority                   Priority
}

// For returns p or, if it is [Unset], the priority that an alarm of kind k has then.
func (p Priority) For(k threshold.Kind) Priority {
	switch {
	case p != Unset:
		return p
	case k.Severe():
		return HighPriority
	}
	return MediumPriority
}
