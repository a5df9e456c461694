package tune

import (
	"math"
	"time"

	"setpoint/sensors/suggest"
	"setpoint/sensors/threshold"
	"setpoint/workflow/monitor"
)

// advice is a suggestion, and what it was asked for.
type advice struct {
	*suggest.Suggestion // nil: not known yet
	asked               adviceFor
}

type adviceFor struct {
	key     monitor.AlarmKey
	budget  float64
	labels  int
	on, off time.Duration
	size    int // of the past, in steps of a tenth
}

// Advice returns what is to be asked once the hand rests, for a suggestion, which may
// take seconds; ok is false if what is known, or was asked already, serves still.
func (p *Page) Advice() (q monitor.TuneQuestion, ok bool) {
	if !p.known() {
		return q, false
	}
	want := p.adviceWanted()
	if want == p.asks.advice.asked || want == p.asks.advising {
		return q, false
	}
	p.asks.advising = want
	return monitor.TuneQuestion{
		Sensor: p.key.Sensor, Kind: p.key.Kind, Scope: monitor.Scope{Sensor: p.key.Sensor}, Rule: p.asks.quick.Now, Budget: p.asks.budget,
	}, true
}

// AnswerAdvice takes the answer to the newest Advice.
func (p *Page) AnswerAdvice(a *monitor.TuneAnswer, err error) {
	q := &p.asks
	if err == nil && a.Suggest != nil && a.Question.Sensor == p.key.Sensor && a.Question.Kind == p.key.Kind {
		q.advice = advice{a.Suggest, q.advising}
	}
	q.advising = adviceFor{}
}

// adviceWanted returns what a suggestion is to be asked for. It is asked for again
// when the past has grown by about a tenth.
func (p *Page) adviceWanted() adviceFor {
	a := p.asks.quick
	return adviceFor{p.key, p.asks.budget, len(a.Labels), a.Now.OnDelay, a.Now.OffDelay, int(10 * math.Log(float64(max(a.Readings, 1))))}
}

// Budget returns how many alarms a week that are not real a suggestion may cost.
func (p *Page) Budget() float64 { return p.asks.budget }

// SetBudget asks for a suggestion on other terms.
func (p *Page) SetBudget(n float64) {
	p.asks.budget = n
	p.ask()
}

// Suggested reports whether there is a suggestion to take.
func (p *Page) Suggested() bool {
	s := p.asks.advice.Suggestion
	return s != nil && s.Reason == ""
}

// TakeSuggestion makes the suggestion NEW.
func (p *Page) TakeSuggestion() error {
	s := p.asks.advice
	return p.put(threshold.Rule{At: s.On, Deadband: s.Deadband, OnDelay: s.OnDelay, OffDelay: s.OffDelay}, false)
}
