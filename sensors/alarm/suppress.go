package alarm

import "setpoint/sensors/threshold"

// Suppression is why an alarm is not announced. It is judged all the same.
type Suppression uint8

// The suppressions; of several the strongest counts, which is the last.
const (
	None         Suppression = iota
	ByDesign                 // by a rule: the worse alarm of its side is on
	Shelved                  // by a person, for a time or once
	OutOfService             // by a person, for a reason
)

// String returns "", "by design", "shelved" or "out of service".
func (s Suppression) String() string {
	return [...]string{"", "by design", "shelved", "out of service"}[s&3]
}

// behind reports whether alarm k is suppressed by design while those in l are on.
func (r *Rules) behind(k threshold.Kind, l threshold.Latches) bool {
	return r.OnlyWorst && (k == threshold.High && l.Has(threshold.Critical) || k == threshold.Low && l.Has(threshold.CriticalLow))
}

// Suppressed returns why alarm k is not announced.
func (s *State) Suppressed(r *Rules, k threshold.Kind) Suppression {
	a := &s.Of[k]
	switch {
	case s.Out != "":
		return OutOfService
	case a.Until > 0 || a.Once:
		return Shelved
	case r.OnlyWorst && r.behind(k, s.On()):
		return ByDesign
	}
	return None
}

// Hidden returns the alarms that a person has shelved, or those that are on of a
// sensor that a person has taken out of service.
func (s *State) Hidden() (l threshold.Latches) {
	for k := range s.Of {
		if a := &s.Of[k]; a.Until > 0 || a.Once || s.Out != "" && a.Cond.On() {
			l = l.Set(threshold.Kind(k))
		}
	}
	return l
}

// Shelve hides the alarms in l until the given time (Unix ns) or, if that is 0,
// until each is back to normal: one that is normal now until it was on once.
func (s State) Shelve(l threshold.Latches, until int64) (State, Changes) {
	var c Changes
	for k := range s.Of {
		if !l.Has(threshold.Kind(k)) {
			continue
		}
		a := &s.Of[k]
		a.Until, a.Once, a.Unacked = until, until == 0, false
		c.Shelved = c.Shelved.Set(threshold.Kind(k))
	}
	return s, c
}

// Unshelve shows the alarms in l again; those that are on are unacknowledged, unless
// the sensor is out of service.
func (s State) Unshelve(l threshold.Latches) (State, Changes) {
	var c Changes
	for k := range s.Of {
		if a := &s.Of[k]; l.Has(threshold.Kind(k)) && (a.Until > 0 || a.Once) {
			s.unshelve(threshold.Kind(k), &c)
		}
	}
	return s, c
}

func (s *State) unshelve(k threshold.Kind, c *Changes) {
	a := &s.Of[k]
	a.Until, a.Once, a.Unacked = 0, false, a.Cond.On() && s.Out == ""
	c.Unshelved = c.Unshelved.Set(k)
}

// TakeOut takes the sensor out of service for a reason; without one nothing changes.
func (s State) TakeOut(reason string) (State, Changes) {
	if reason == "" {
		return s, Changes{}
	}
	c := Changes{Out: s.Out == ""}
	s.Out = reason
	for k := range s.Of {
		s.Of[k].Unacked = false
	}
	return s, c
}

// PutBack puts the sensor back into service; alarms that are on are unacknowledged,
// unless they are shelved.
func (s State) PutBack() (State, Changes) {
	c := Changes{In: s.Out != ""}
	s.Out = ""
	for k := range s.Of {
		if a := &s.Of[k]; c.In && a.Cond.On() && a.Until == 0 && !a.Once {
			a.Unacked = true
		}
	}
	return s, c
}
