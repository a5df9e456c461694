package threshold

import (
	"encoding/json"
	"math"
	"time"
)

// written is a Rule as JSON has it, which knows no NaN.
type written struct {
	At       *float64      `json:"at,omitempty"` // missing: off
	Deadband float64       `json:"deadband,omitempty"`
	OnDelay  time.Duration `json:"on_delay,omitempty"` // in ns
	OffDelay time.Duration `json:"off_delay,omitempty"`
}

// MarshalJSON writes r; a threshold that is off has no "at".
func (r Rule) MarshalJSON() ([]byte, error) {
	w := written{Deadband: r.Deadband, OnDelay: r.OnDelay, OffDelay: r.OffDelay}
	if !math.IsNaN(r.At) {
		w.At = &r.At
	}
	return json.Marshal(w)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (r *Rule) UnmarshalJSON(b []byte) error {
	var w written
	if err := json.Unmarshal(b, &w); err != nil {
		return err
	}
	*r = Rule{At: Off, Deadband: w.Deadband, OnDelay: w.OnDelay, OffDelay: w.OffDelay}
	if w.At != nil {
		r.At = *w.At
	}
	return nil
}
