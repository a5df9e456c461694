package threshold

import (
	"cmp"
	"encoding/json"
	"math"
	"time"
)

// A Setting is what is said of one threshold somewhere: nil says nothing, so that
// what is said elsewhere counts.
type Setting struct {
	At, Deadband      *float64 // At: Off switches it off
	OnDelay, OffDelay *time.Duration
}

// Settings is what is said of all thresholds, indexed by [Kind].
type Settings [Kinds]Setting

// IsZero reports whether o says nothing.
func (o *Settings) IsZero() bool { return *o == Settings{} }

// Same reports whether a and b say the same.
func (o Setting) Same(p Setting) bool {
	return same(o.At, p.At) && same(o.Deadband, p.Deadband) && same(o.OnDelay, p.OnDelay) && same(o.OffDelay, p.OffDelay)
}

func same[T float64 | time.Duration](a, b *T) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b || *a != *a && *b != *b
}

// On returns what o and under say together, o before under.
func (o *Settings) On(under Settings) Settings {
	for k := range under {
		u, said := &under[k], &o[k]
		u.At, u.Deadband = cmp.Or(said.At, u.At), cmp.Or(said.Deadband, u.Deadband)
		u.OnDelay, u.OffDelay = cmp.Or(said.OnDelay, u.OnDelay), cmp.Or(said.OffDelay, u.OffDelay)
	}
	return under
}

// Over lays o over s. A threshold of s that contradicts one that o sets is switched
// off: who sets high to 95 does not mean to keep a critical of 40.
func (o *Settings) Over(s Set) Set {
	for k := range s {
		r, said := &s[k], &o[k]
		if said.At != nil {
			r.At = *said.At
		}
		if said.Deadband != nil {
			r.Deadband = *said.Deadband
		}
		if said.OnDelay != nil {
			r.OnDelay = *said.OnDelay
		}
		if said.OffDelay != nil {
			r.OffDelay = *said.OffDelay
		}
	}
	for weak := range Kinds {
		for strong := range Kinds {
			if o[weak].At == nil && o[strong].At != nil && s.Crossed(weak, strong) {
				s[weak].At = Off
			}
		}
	}
	return s
}

// writtenSetting is a Setting as JSON has it.
type writtenSetting struct {
	At       *float64       `json:"at,omitempty"`
	Off      bool           `json:"off,omitempty"`
	Deadband *float64       `json:"deadband,omitempty"`
	OnDelay  *time.Duration `json:"on_delay,omitempty"` // in ns
	OffDelay *time.Duration `json:"off_delay,omitempty"`
}

// MarshalJSON writes o; a threshold that is switched off has "off" instead of "at".
func (o Setting) MarshalJSON() ([]byte, error) {
	w := writtenSetting{o.At, false, o.Deadband, o.OnDelay, o.OffDelay}
	if o.At != nil && math.IsNaN(*o.At) {
		w.At, w.Off = nil, true
	}
	return json.Marshal(w)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (o *Setting) UnmarshalJSON(b []byte) error {
	var w writtenSetting
	if err := json.Unmarshal(b, &w); err != nil {
		return err
	}
	*o = Setting{w.At, w.Deadband, w.OnDelay, w.OffDelay}
	if w.Off {
		o.At = new(Off)
	}
	return nil
}
