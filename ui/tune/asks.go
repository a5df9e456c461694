package tune

import (
	"math"
	"time"

	"setpoint/sensors"
	"setpoint/workflow/monitor"
)

// asks is what is asked of the past, and what was answered.
type asks struct {
	quick    *monitor.TuneAnswer // figures and chart; nil before the first
	more     *monitor.TuneAnswer // curve and totals
	err      error               // of the newest answer
	want     bool                // quick is not what is to be shown
	wantMore bool
	late     bool // the answer keeps a person waiting

	columns, bars int // of the chart and of the curve, as painted
	all           whole
	budget        float64 // alarms a week that are not real
	advice        advice
	advising      adviceFor // what a suggestion was asked for last

	wall, clock time.Time // when it was asked: on the wall, and on the readings' clock
	revision    uint64
}

// whole is what is known of the whole past.
type whole struct {
	from, to     time.Time
	lo, hi, mean float64 // NaN if there is no good reading
}

// forget drops what was answered about another threshold.
func (q *asks) forget() {
	*q = asks{columns: q.columns, bars: q.bars, budget: q.budget}
}

// ask wants the figures anew.
func (p *Page) ask() { p.asks.want = true }

// The shortest time between two looks at a past that goes on, and how many times
// longer than the answer took it is at least.
const (
	lookEvery = time.Second
	lookRest  = 50
)

// age wants the figures anew if readings have come for a while since, or a threshold
// was moved.
func (q *asks) age(s *monitor.Snapshot) {
	if s.Revision != q.revision {
		q.want = true
	}
	pause := lookEvery
	if q.quick != nil {
		pause = max(pause, lookRest*q.quick.Took)
	}
	if q.more != nil {
		pause = max(pause, lookRest*q.more.Took)
	}
	if !s.Time.Equal(q.clock) && s.Wall.Sub(q.wall) > pause {
		q.want = true
	}
}

// Question returns what is to be asked now, for the figures and the chart; ok is false
// if nothing is. It does not ask twice for the same.
func (p *Page) Question() (q monitor.TuneQuestion, ok bool) {
	const least = 64 // columns, to know the span of the values
	if !p.asks.want || p.key.Sensor == "" || p.snap == nil {
		return q, false
	}
	p.asks.want, p.asks.wantMore = false, false
	p.asks.wall, p.asks.clock, p.asks.revision = p.snap.Wall, p.snap.Time, p.snap.Revision
	q = monitor.TuneQuestion{
		Sensor: p.key.Sensor, Kind: p.key.Kind, Scope: monitor.Scope{Sensor: p.key.Sensor}, Rule: p.Rule(),
		Columns: max(p.asks.columns, least),
	}
	q.From, q.To = p.window.bounds()
	return q, true
}

// Late says that the answer keeps a person waiting.
func (p *Page) Late() { p.asks.late = true }

// Answer takes the answer to the newest Question.
func (p *Page) Answer(a *monitor.TuneAnswer, err error) {
	q := &p.asks
	q.late, q.err = false, err
	if err != nil || a.Question.Sensor != p.key.Sensor || a.Question.Kind != p.key.Kind {
		return
	}
	if p.drafts[p.key] == nil { // NEW is NOW
		a.Question.Rule, a.After = a.Now, a.Before
	}
	q.quick, q.wantMore = a, true
	if a.Question.From.IsZero() {
		q.all = wholeOf(a)
	}
}

// More returns what is to be asked once the hand rests: the curve and the totals of the
// scope; ok is false if nothing is.
func (p *Page) More() (q monitor.TuneQuestion, ok bool) {
	if !p.asks.wantMore || !p.known() {
		return q, false
	}
	p.asks.wantMore = false
	q = monitor.TuneQuestion{Sensor: p.key.Sensor, Kind: p.key.Kind, Scope: p.Scope(), Rule: p.Rule()}
	q.Curve = p.grid()
	return q, true
}

// AnswerMore takes the answer to the newest More. An error leaves what is known.
func (p *Page) AnswerMore(a *monitor.TuneAnswer, err error) {
	if err != nil || !p.known() || a.Question.Sensor != p.key.Sensor || a.Question.Kind != p.key.Kind {
		return
	}
	p.asks.more = a
}

// wholeOf sums up the columns of a chart of the whole past.
func wholeOf(a *monitor.TuneAnswer) whole {
	w := whole{a.From, a.To, math.Inf(1), math.Inf(-1), 0}
	n := 0.0
	for _, c := range a.Chart {
		if c.N > 0 && sensors.Finite(c.Min) && sensors.Finite(c.Max) {
			w.lo, w.hi = min(w.lo, c.Min), max(w.hi, c.Max)
			w.mean += c.Mean
			n++
		}
	}
	if n == 0 {
		w.lo, w.hi = math.NaN(), math.NaN()
	}
	w.mean /= n
	return w
}

// stale reports whether the figures are not those of NEW, and that for a while.
func (p *Page) stale() bool {
	return p.asks.late && p.known() && !same(p.asks.quick.Question.Rule, p.Rule())
}
