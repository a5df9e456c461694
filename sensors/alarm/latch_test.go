package alarm

import (
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"setpoint/sensors/threshold"
)

func TestALesserAlarmIsNotForgottenWhenTheWorseOneEnds(t *testing.T) {
	// Levels 60, 70 and 80 that reset at 50, 60 and 70: at 62 the worst one is over,
	// and the middle one is not.
	levels := []struct {
		name string
		set  threshold.Set
	}{
		{"info", threshold.None.With(threshold.High, 60).WithDeadband(10)},
		{"warn", threshold.None.With(threshold.High, 70).WithDeadband(10)},
		{"crit", threshold.None.With(threshold.High, 80).WithDeadband(10)},
	}
	latches := make([]Latch, len(levels))
	var shown []string
	for t, v := range []float64{61, 73, 64, 85, 62, 56, 47} {
		worst := "ok"
		for i, level := range levels {
			latches[i] = latches[i].Judge(&level.set, threshold.High, int64(t), v)
			if latches[i].Cond.On() {
				worst = level.name
			}
		}
		shown = append(shown, worst)
	}
	if got, want := strings.Join(shown, " "), "info warn warn crit warn info ok"; got != want {
		t.Errorf("shown %s, want %s", got, want)
	}
}

func TestDelaysAreExactToTheNanosecond(t *testing.T) {
	const ns = 1e-9
	for sentence, run := range map[string]func(l *life){
		"the alarm is raised when its on-delay ends, not a nanosecond earlier": func(l *life) {
			l.judge(0, 35).judge(10-ns, 35).did(Changes{}).stands(0, 0)
			l.judge(10, 35).did(Changes{Raised: high})
			l.since(Active, 10).raised(10)
		},
		"without a reading it is raised all the same, at its time": func(l *life) {
			l.judge(0, 35).tick(10-ns).did(Changes{}).tick(10).did(Changes{Raised: high}).since(Active, 10)
		},
		"a late tick raises it at its time": func(l *life) {
			l.judge(0, 35).tick(40).did(Changes{Raised: high}).since(Active, 10).raised(10)
		},
		"a later reading finds it raised in between": func(l *life) {
			l.judge(0, 35).judge(25, 20).did(Changes{Raised: high}).since(Returning, 25).raised(10)
		},
		"a reading at that moment that is not beyond prevents it": func(l *life) {
			l.judge(0, 35).judge(10, 29.9).did(Changes{}).since(Normal, 10)
		},
		"a reading inside the deadband begins the on-delay anew": func(l *life) {
			l.judge(0, 35).judge(5, 29.9).since(Normal, 5).judge(6, 35).judge(15, 35).did(Changes{}).judge(16, 35).did(Changes{Raised: high})
		},
		"a bad reading does not": func(l *life) {
			l.judge(0, 35).judge(5, math.NaN()).judge(10, 35).did(Changes{Raised: high})
		},
		"the alarm is cleared when its off-delay ends, not a nanosecond earlier": func(l *life) {
			l.judge(0, 35).tick(10).judge(20, 20).since(Returning, 20).stands(high, high)
			l.judge(40-ns, 20).did(Changes{}).judge(40, 20).did(Changes{Cleared: high}).since(Normal, 40)
		},
		"without a reading it is cleared all the same, at its time": func(l *life) {
			l.judge(0, 35).tick(10).judge(20, 20).tick(40-ns).did(Changes{}).tick(50).did(Changes{Cleared: high}).since(Normal, 40)
		},
		"back inside the deadband while it returns: active again": func(l *life) {
			l.judge(0, 35).tick(10).judge(20, 20).judge(25, 29.5).did(Changes{}).since(Active, 25).raised(10)
			l.judge(30, 20).tick(50 - ns).did(Changes{}).tick(50).did(Changes{Cleared: high})
		},
		"pending is given up when nothing is known for longer than hold": func(l *life) {
			l.rules.Hold = 5 * time.Second
			l.judge(0, 35).tick(5).since(Normal, 5).judge(12, 35).did(Changes{}).since(Pending, 12)
		},
		"it is not given up as long as readings come": func(l *life) {
			l.rules.Hold = 5 * time.Second
			l.judge(0, 35).judge(5, 35).judge(10, 35).did(Changes{Raised: high})
		},
		"returning goes back to active when nothing is known for longer than hold": func(l *life) {
			l.rules.Hold = 5 * time.Second
			l.judge(0, 35).judge(5, 35).judge(10, 35).judge(11, 20).tick(16).did(Changes{}).since(Active, 16).stands(high, high)
			l.judge(100, 20).since(Returning, 100).judge(104, 20).judge(108, 20).judge(112, 20).judge(116, 20).judge(120, 20).did(Changes{Cleared: high})
		},
		"a delay that ends exactly when hold does has its effect": func(l *life) {
			l.rules.Hold = 10 * time.Second
			l.judge(0, 35).tick(100).did(Changes{Raised: high}).since(Active, 10)
		},
		"a delay that was shortened meanwhile ends with the newest reading": func(l *life) {
			l.judge(0, 35).judge(8, 35)
			l.rules.Set = l.rules.Set.WithDelays(3*time.Second, 0)
			l.tick(9).did(Changes{Raised: high}).since(Active, 8)
		},
		"a threshold that was switched off while its on-delay runs raises nothing": func(l *life) {
			l.judge(0, 35)
			l.rules.Set = l.rules.Set.With(threshold.High, threshold.Off)
			l.tick(100).did(Changes{}).since(Normal, 10)
		},
		"each threshold has a delay of its own": func(l *life) {
			l.rules.Set[threshold.Critical].OnDelay = 2 * time.Second
			l.judge(0, 45).tick(2).did(Changes{Raised: critical}).tick(10).did(Changes{Raised: high}).raised(10)
		},
	} {
		t.Run(sentence, func(t *testing.T) { run(lead(t, 10, 20)) })
	}
}

func TestPassIsJustBefore(t *testing.T) {
	r := threshold.Rule{At: 30, OnDelay: 10, OffDelay: 10}
	for sentence, c := range map[string]struct {
		l       Latch
		t, hold int64
		want    Latch
	}{
		"at its end a delay still runs: a reading may come": {Latch{Pending, 0}, 10, 100, Latch{Pending, 0}},
		"after it the alarm is on":                          {Latch{Pending, 0}, 11, 100, Latch{Active, 10}},
		"or off":                                            {Latch{Returning, 0}, 11, 100, Latch{Normal, 10}},
		"at its end hold still holds":                       {Latch{Pending, 0}, 5, 5, Latch{Pending, 0}},
		"after it pending is given up":                      {Latch{Pending, 0}, 6, 5, Latch{Normal, 5}},
		"and returning is active":                           {Latch{Returning, 0}, 6, 5, Latch{Active, 5}},
		"a delay that ends with hold has its effect":        {Latch{Pending, 0}, 11, 10, Latch{Active, 10}},
		"without a delay that runs nothing happens":         {Latch{Active, 0}, 1e9, 5, Latch{Active, 0}},
	} {
		t.Run(sentence, func(t *testing.T) {
			if got := c.l.Pass(&r, 0, c.t, c.hold); got != c.want {
				t.Errorf("%v since %d, want %v since %d", got.Cond, got.Since, c.want.Cond, c.want.Since)
			}
		})
	}
}

// since wants the condition of the high alarm, and when it began.
func (l *life) since(c Cond, sec float64) *life {
	l.t.Helper()
	if got, want := l.State.Of[threshold.High].Latch, (Latch{c, at(sec)}); got != want {
		l.t.Errorf("%v since %d, want %v since %d", got.Cond, got.Since, c, want.Since)
	}
	return l
}

// raised wants when the high alarm was raised.
func (l *life) raised(sec float64) *life {
	l.t.Helper()
	if got := l.State.Of[threshold.High].Raised; got != at(sec) {
		l.t.Errorf("raised at %d, want %d", got, at(sec))
	}
	return l
}

func TestNextIsWhenSomethingHappens(t *testing.T) {
	l := lead(t, 10, 20)
	next := func(want float64) {
		t.Helper()
		got, ok := l.State.Next(&l.rules)
		if !ok && want == 0 {
			return
		}
		if !ok || got != at(want)+1 {
			t.Errorf("next %d (%t), want %d", got, ok, at(want)+1)
		}
	}
	next(0)
	l.judge(0, 35)
	next(10)
	l.rules.Hold = time.Second
	next(1)
	l.rules.Hold = time.Hour
	l.deed(l.State.Shelve(low, at(7)))
	next(7)
	l.tick(7)
	next(10)
	l.tick(10)
	next(0)
	l.rules.Realarm = time.Minute
	next(0)
	l.acknowledge(11)
	next(71)
	l.judge(12, 20)
	next(32)
	l.tick(32)
	next(0)
	l.deed(l.State.Shelve(low, math.MaxInt64))
	next(0)
	l.tick(1e9) // and it comes to an end
}

func TestNoBandHidesAWorseOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { independent(t, drawRules(t), drawEvents(t)) })
}

// independent wants of each alarm among others what it does alone.
func independent(t *rapid.T, r Rules, events []event) {
	r.OnlyWorst = false
	var together State
	var alone [threshold.Kinds]State
	for _, e := range events {
		together, _ = e.happen(together, &r)
		for k := range threshold.Kinds {
			only := r
			only.Set = threshold.None
			only.Set[k] = r.Set[k]
			alone[k], _ = e.happen(alone[k], &only)
			if together.Of[k] != alone[k].Of[k] {
				t.Fatalf("%v after %+v: %+v among others, %+v alone", k, e, together.Of[k], alone[k].Of[k])
			}
		}
	}
}

func FuzzNoBandHidesAWorseOne(f *testing.F) {
	f.Fuzz(rapid.MakeFuzz(func(t *rapid.T) { independent(t, drawRules(t), drawEvents(t)) }))
}

func FuzzWithoutDelaysAPassedThresholdIsOn(f *testing.F) {
	f.Add(math.NaN(), 10.0, 30.0, 40.0, 1.0, 45.0, 5.0)
	f.Add(0.0, 10.0, 11.0, 12.0, 50.0, 13.0, -1.0)
	f.Add(0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0)
	f.Add(-1e308, math.NaN(), math.NaN(), 1e308, 1e308, math.Inf(1), math.NaN())
	f.Fuzz(func(t *testing.T, criticalLow, low, high, critical, deadband, first, then float64) {
		set := threshold.Set{{At: criticalLow}, {At: low}, {At: high}, {At: critical}}.WithDeadband(deadband)
		if set.Validate() != nil {
			t.Skip("no valid thresholds: nothing to judge by")
		}
		var s State
		r := Rules{Set: set}
		before, _ := s.Judge(&r, 1, first)
		after, _ := before.Judge(&r, 2, then)
		if math.IsNaN(then) && after != before {
			t.Fatalf("a bad value changed %+v to %+v", before, after)
		}
		shown, ok := set.Worst(after.On(), then)
		for k := range threshold.Kinds {
			if !set.Passed(k, then) {
				continue
			}
			if !after.On().Has(k) || !ok || k.Severe() && !shown.Severe() {
				t.Fatalf("%g after %g has passed %v: on %05b, shown %v", then, first, k, after.On(), shown)
			}
		}
	})
}
