package alarm

import (
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"setpoint/sensors/threshold"
)

// drawRules draws valid rules, some thresholds off, with delays of a few seconds.
func drawRules(t *rapid.T) Rules {
	seconds := func(name string, n int) time.Duration {
		return time.Duration(rapid.IntRange(0, n).Draw(t, name)) * time.Second
	}
	r := Rules{
		Set: threshold.None, Hold: seconds("hold", 20), Realarm: seconds("re-alarm", 30),
		OnlyWorst: rapid.Bool().Draw(t, "only worst"),
	}
	edge := rapid.Float64Range(-20, 20).Draw(t, "start")
	for k := range threshold.Kinds {
		edge += rapid.Float64Range(0.5, 20).Draw(t, k.String())
		if rapid.Bool().Draw(t, "on") {
			r.Set[k].At = edge
		}
		r.Set[k].Deadband = rapid.Float64Range(0, 15).Draw(t, "deadband")
		r.Set[k].OnDelay, r.Set[k].OffDelay = seconds("on-delay", 12), seconds("off-delay", 12)
	}
	return r
}

// An event is one thing that happens to a sensor.
type event struct {
	at   int64
	deed string
	v    float64
	l    threshold.Latches
	secs int
}

var deeds = []string{"reading", "reading", "reading", "reading", "bad", "fall", "acknowledge", "shelve", "once", "unshelve", "out", "in"}

// drawEvents draws what happens to a sensor, in the order of time.
func drawEvents(t *rapid.T) []event {
	now := int64(1e15)
	events := make([]event, rapid.IntRange(1, 60).Draw(t, "events"))
	for i := range events {
		now += int64(rapid.SampledFrom([]int{0, 1, 1, 1, 2, 5, 30}).Draw(t, "seconds")) * 1e9
		events[i] = event{
			at:   now,
			deed: rapid.SampledFrom(deeds).Draw(t, "deed"),
			v:    rapid.Float64Range(-40, 100).Draw(t, "value"),
			l:    threshold.Latches(rapid.IntRange(0, int(All)).Draw(t, "alarms")),
			secs: rapid.IntRange(1, 20).Draw(t, "for"),
		}
	}
	return events
}

// happen returns s after e, for which time has passed before.
func (e event) happen(s State, r *Rules) (State, Changes) {
	switch e.deed {
	case "reading":
		return s.Judge(r, e.at, e.v)
	case "fall":
		return s.Fall(r, e.at)
	}
	s, _ = s.Tick(r, e.at)
	switch e.deed {
	case "bad":
		return s.Judge(r, e.at, math.NaN())
	case "acknowledge":
		return s.Acknowledge(e.l, e.at)
	case "shelve":
		return s.Shelve(e.l, e.at+int64(e.secs)*1e9)
	case "once":
		return s.Shelve(e.l, 0)
	case "unshelve":
		return s.Unshelve(e.l)
	case "out":
		return s.TakeOut("being mended")
	}
	return s.PutBack()
}

// A book is what is known of a life from its events: of each alarm how long it was
// on, and when it was raised and cleared.
type book struct {
	inAlarm [Count]int64
	turns   [Count][]turn
}

type turn struct {
	at     int64
	raised bool
}

// keep notes what happened on the way to next.
func (b *book) keep(next *State, c Changes) {
	for k := range Count {
		a, k := &next.Of[k], threshold.Kind(k)
		raised, cleared := c.Raised.Has(k), c.Cleared.Has(k)
		if raised {
			b.turns[k] = append(b.turns[k], turn{a.Raised, true})
		}
		if cleared {
			b.turns[k] = append(b.turns[k], turn{a.Since, false})
			b.inAlarm[k] += a.Since - a.Raised
		}
	}
}

// TestTicksMakeNoDifference holds that a life is the same whether time passes in
// steps or in leaps, and that the steps tell of everything, one by one.
func TestTicksMakeNoDifference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRules(t)
		var leaps, steps State
		var on threshold.Latches
		var b book
		for _, e := range drawEvents(t) {
			for {
				next, ok := steps.Next(&r)
				if !ok || next > e.at {
					break
				}
				after, c := steps.Tick(&r, next)
				if after == steps {
					t.Fatalf("nothing happens at %d", next)
				}
				if c.Raised&c.Cleared != 0 {
					t.Fatalf("a step tells of two turns: %+v", c)
				}
				b.keep(&after, c)
				on = on&^c.Cleared | c.Raised
				steps = after
			}
			after, c := e.happen(steps, &r)
			b.keep(&after, c)
			on = on&^c.Cleared | c.Raised
			steps = after
			leaps, _ = e.happen(leaps, &r)
			if leaps != steps {
				t.Fatalf("after %+v:\nin leaps %+v\nin steps %+v", e, leaps, steps)
			}
			if on != steps.On() {
				t.Fatalf("after %+v the changes add up to %05b, the state is %05b", e, on, steps.On())
			}
		}
		b.check(t)
	})
}

// check holds that each alarm was raised and cleared in turn, and was on in between.
func (b *book) check(t *rapid.T) {
	for k, turns := range b.turns {
		var sum int64
		for i, n := range turns {
			if n.raised != (i%2 == 0) || i > 0 && n.at < turns[i-1].at {
				t.Fatalf("%v was not raised and cleared in turn: %+v", threshold.Kind(k), turns)
			}
			if !n.raised {
				sum += n.at - turns[i-1].at
			}
		}
		if sum != b.inAlarm[k] {
			t.Fatalf("%v was on for %d, by its turns for %d", threshold.Kind(k), b.inAlarm[k], sum)
		}
	}
}

// TestAlarmsFollowAPlainModel compares with a walk that knows only values and times.
func TestAlarmsFollowAPlainModel(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRules(t)
		k := threshold.Kind(rapid.IntRange(0, int(threshold.Kinds)-1).Draw(t, "kind"))
		m := model{rule: r.Set[k], upper: k.Upper(), hold: int64(r.Hold)}
		var s State
		for _, e := range drawEvents(t) {
			v := e.v
			if e.deed == "bad" {
				v = math.NaN()
			}
			s, _ = s.Judge(&r, e.at, v)
			m.judge(e.at, v)
			if got := s.Of[k].Cond.On(); got != m.on {
				t.Fatalf("%v %+v at %d: on %t, want %t", k, r.Set[k], e.at, got, m.on)
			}
		}
	})
}

// A model is an alarm in other words: a run is a stretch of time in which a known
// value would turn the alarm, and the alarm turns once a run is as long as its delay.
type model struct {
	rule  threshold.Rule
	upper bool
	hold  int64

	on       bool
	run      bool
	from, to int64 // of the run
}

func (m *model) judge(t int64, v float64) {
	if v != v {
		return
	}
	m.extend(t - 1)
	beyond := func(edge float64) bool { return m.upper && v >= edge || !m.upper && v <= edge }
	off := m.rule.At - m.rule.Deadband
	if !m.upper {
		off = m.rule.At + m.rule.Deadband
	}
	turns := !m.on && beyond(m.rule.At) || m.on && !beyond(off)
	if !turns {
		m.run = false
		m.to = t
		return
	}
	if !m.run {
		m.run, m.from = true, t
	}
	m.to = t
	m.turn(t)
}

// extend lets the run go on until t, as far as the newest reading stands for it.
func (m *model) extend(t int64) {
	if !m.run {
		return
	}
	m.turn(min(t, m.to+m.hold))
	if t > m.to+m.hold {
		m.run = false
	}
}

// turn turns the alarm if the run, which is known to last until t, is long enough.
func (m *model) turn(t int64) {
	delay := m.rule.OnDelay
	if m.on {
		delay = m.rule.OffDelay
	}
	if m.run && t-m.from >= int64(delay) {
		m.on, m.run = !m.on, false
	}
}
