package monitor

import (
	"setpoint/sensors/quality"
	"setpoint/sensors/suggest"
	"setpoint/sensors/threshold"
)

// Suggest returns the threshold of kind k that keeps a budget of so many alarms a week
// that are not real, on the sensor's past. A deadband that nobody has set is found from
// the noise, delays that nobody has set from how long deviations last.
func (s *Study) Suggest(k threshold.Kind, budget float64) suggest.Suggestion {
	return suggest.Ask(s.Past, s.wanted(k, budget))
}

// SuggestLine returns a line of kind k that follows what is usual, on the same terms.
func (s *Study) SuggestLine(k threshold.Kind, budget float64) suggest.Line {
	return suggest.AskLine(s.Past, s.wanted(k, budget))
}

func (s *Study) wanted(k threshold.Kind, budget float64) suggest.Question {
	rule, said := s.Set[k], &s.said[k]
	kind := quality.KindOf(s.Unit, s.Sensor)
	q := suggest.Question{
		Sensor: s.Sensor, Kind: k, Budget: budget, OnDelay: rule.OnDelay, OffDelay: rule.OffDelay,
		Patient: said.OnDelay == nil && said.OffDelay == nil && rule.OnDelay == 0 && rule.OffDelay == 0,
		Hold:    s.Hold, Labels: s.Labels, Suspect: MarkSuspect, Lowest: kind.Lo, Highest: kind.Hi,
	}
	if said.Deadband != nil {
		q.Deadband = *said.Deadband
	}
	return q
}
