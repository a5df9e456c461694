package monitor

// A Suggestion is a threshold that keeps a budget of alarms.
type Suggestion struct{}

func (s *study) suggest(q TuneQuestion) *Suggestion { return nil }
