package alarm

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"pgregory.net/rapid"

	"setpoint/sensors/threshold"
)

const (
	low      = threshold.Latches(1 << threshold.Low)
	high     = threshold.Latches(1 << threshold.High)
	critical = threshold.Latches(1 << threshold.Critical)
	stale    = threshold.Latches(1 << threshold.Stale)
)

// A life is a State that is led through what happens to a sensor, second by second.
type life struct {
	t     *testing.T
	State State
	rules Rules
	last  Changes
}

// lead starts a life with thresholds at 10, 30 and 40, a deadband of 1 and the
// given delays in seconds.
func lead(t *testing.T, on, off int) *life {
	set := threshold.None.With(threshold.Low, 10).With(threshold.High, 30).With(threshold.Critical, 40)
	set = set.WithDeadband(1).WithDelays(time.Duration(on)*time.Second, time.Duration(off)*time.Second)
	return &life{t: t, rules: Rules{Set: set, Hold: time.Minute}}
}

// at returns a time of the life in Unix ns.
func at(sec float64) int64 { return int64((1e6 + sec) * 1e9) }

func (l *life) judge(sec, v float64) *life {
	l.State, l.last = l.State.Judge(&l.rules, at(sec), v)
	return l
}

func (l *life) tick(sec float64) *life {
	l.State, l.last = l.State.Tick(&l.rules, at(sec)+1)
	return l
}

func (l *life) fall(sec float64) *life {
	l.State, l.last = l.State.Fall(&l.rules, at(sec))
	return l
}

// deed notes what a person has done.
func (l *life) deed(s State, c Changes) *life {
	l.State, l.last = s, c
	return l
}

func (l *life) acknowledge(sec float64) *life {
	return l.deed(l.State.Acknowledge(All, at(sec)))
}

// did wants what the last event did.
func (l *life) did(want Changes) *life {
	l.t.Helper()
	if l.last != want || l.last.Any() != (want != Changes{}) {
		l.t.Errorf("changes %+v, want %+v", l.last, want)
	}
	return l
}

// stands wants which alarms are on, and which are unacknowledged.
func (l *life) stands(on, unacked threshold.Latches) *life {
	l.t.Helper()
	s := &l.State
	if s.On() != on || s.Unacked() != unacked || s.Returned() != unacked&^on {
		l.t.Errorf("on %05b, unacknowledged %05b, want %05b, %05b", s.On(), s.Unacked(), on, unacked)
	}
	return l
}

func TestLifeOfAnAlarm(t *testing.T) {
	for sentence, run := range map[string]func(l *life){
		"raised, acknowledged, then back to normal: it is over": func(l *life) {
			l.judge(0, 30).did(Changes{Raised: high}).stands(high, high)
			l.acknowledge(1).did(Changes{Acknowledged: high}).stands(high, 0)
			l.judge(2, 20).did(Changes{Cleared: high}).stands(0, 0)
		},
		"back to normal before anyone saw it: it stays until seen": func(l *life) {
			l.judge(0, 30).judge(1, 20).did(Changes{Cleared: high}).stands(0, high)
			l.acknowledge(2).did(Changes{Acknowledged: high}).stands(0, 0)
			l.acknowledge(3).did(Changes{})
		},
		"raised again after the acknowledgement: unacknowledged again": func(l *life) {
			l.judge(0, 30).acknowledge(1).judge(2, 20).judge(3, 31).did(Changes{Raised: high}).stands(high, high)
		},
		"a trembling value raises once": func(l *life) {
			l.judge(0, 30).judge(1, 29.5).did(Changes{}).judge(2, 30.5).did(Changes{}).judge(3, 29).did(Changes{}).stands(high, high)
		},
		"a worse one is an alarm of its own": func(l *life) {
			l.judge(0, 30).acknowledge(1).judge(2, 40).did(Changes{Raised: critical}).stands(high|critical, critical)
			l.judge(3, 35).did(Changes{Cleared: critical}).stands(high, critical)
		},
		"one side falls and the other rises in one reading": func(l *life) {
			l.judge(0, 41).did(Changes{Raised: high | critical})
			l.judge(1, 5).did(Changes{Raised: low, Cleared: high | critical}).stands(low, low|high|critical)
		},
		"bad readings change nothing": func(l *life) {
			l.judge(0, math.NaN()).did(Changes{}).judge(1, 30).judge(2, math.NaN()).did(Changes{}).stands(high, high)
			if l.State.Last != at(1) {
				l.t.Errorf("a bad reading counts as the newest one judged")
			}
		},
		"one that is acknowledged and on for too long is unacknowledged again": func(l *life) {
			l.rules.Realarm = 10 * time.Second
			l.judge(0, 30).acknowledge(1).tick(10.9).did(Changes{}).tick(11).did(Changes{Realarmed: high}).stands(high, high)
			l.tick(100).did(Changes{}).acknowledge(101).tick(111).did(Changes{Realarmed: high})
		},
		"one that is back to normal is not": func(l *life) {
			l.rules.Realarm = 10 * time.Second
			l.judge(0, 30).acknowledge(1).judge(5, 20).tick(100).did(Changes{}).stands(0, 0)
		},
		"an acknowledgement of an earlier life does not count for the next one": func(l *life) {
			l.rules.Realarm = 10 * time.Second
			l.judge(0, 30).acknowledge(1).judge(2, 20)
			l.deed(l.State.Shelve(high, at(100))).judge(50, 30).tick(70).did(Changes{}).stands(high, 0)
		},
		"the alarm of a silent sensor is raised once and cleared by the next reading": func(l *life) {
			l.judge(0, 20).fall(60).did(Changes{Raised: stale}).stands(stale, stale).fall(70).did(Changes{})
			if l.State.Of[threshold.Stale].Raised != at(60) {
				l.t.Errorf("raised at %d", l.State.Of[threshold.Stale].Raised)
			}
			l.judge(80, math.NaN()).did(Changes{}).judge(90, 20).did(Changes{Cleared: stale}).stands(0, stale)
		},
		"no data never means recovered: what is on stays on": func(l *life) {
			l.judge(0, 35).fall(60).tick(1e6).did(Changes{}).stands(high|stale, high|stale)
			l.judge(1e6, 29.5).did(Changes{Cleared: stale}).stands(high, high|stale)
			l.judge(1e6+1, 28.9).did(Changes{Cleared: high})
		},
		"switching a threshold off clears its alarm with the next good reading": func(l *life) {
			l.rules.Set = l.rules.Set.WithDelays(0, time.Hour)
			l.judge(0, 35)
			l.rules.Set = l.rules.Set.With(threshold.High, threshold.Off)
			l.judge(1, math.NaN()).stands(high, high).judge(2, 35).did(Changes{Cleared: high})
		},
	} {
		t.Run(sentence, func(t *testing.T) { run(lead(t, 0, 0)) })
	}
}

func TestTimesOfAnAlarm(t *testing.T) {
	l := lead(t, 0, 0)
	l.judge(0, 20).judge(1, 31).judge(2, 32).judge(3, 41).acknowledge(3.5).judge(4, 35).judge(5, 20).judge(6, 20)
	want := [Count]Alarm{
		threshold.High:     {Latch: Latch{Normal, at(5)}, Raised: at(1), Acked: at(3.5)},
		threshold.Critical: {Latch: Latch{Normal, at(4)}, Raised: at(3), Acked: at(3.5)},
	}
	if l.State.Of != want {
		t.Errorf("alarms %+v, want %+v", l.State.Of, want)
	}
	l.judge(7, 31).acknowledge(-100)
	if got := l.State.Of[threshold.High].Acked; got != at(7) {
		t.Errorf("acknowledged %d, before it was raised", got)
	}
}

func TestStateSurvivesJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var want, got State
		for k := range want.Of {
			want.Of[k] = Alarm{
				Latch{Cond(rapid.IntRange(0, 3).Draw(t, "cond")), rapid.Int64().Draw(t, "since")},
				rapid.Bool().Draw(t, "unacked"), rapid.Bool().Draw(t, "once"),
				rapid.Int64().Draw(t, "raised"), rapid.Int64().Draw(t, "acked"), rapid.Int64().Draw(t, "until"),
			}
		}
		want.Last, want.Out = rapid.Int64().Draw(t, "last"), rapid.String().Draw(t, "out")
		b, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(b, &got); err != nil || got != want {
			t.Fatalf("%+v came back as %+v, error %v", want, got, err)
		}
	})
}

func TestLen(t *testing.T) {
	for l, want := range map[threshold.Latches]int{0: 0, high: 1, high | critical: 2, All: Count} {
		if got := Len(l); got != want {
			t.Errorf("%b holds %d alarms, want %d", l, got, want)
		}
	}
}

func BenchmarkJudge(b *testing.B) {
	set := threshold.Default.WithDelays(time.Minute, time.Minute)
	r := Rules{Set: set, Hold: time.Minute, Realarm: time.Hour, OnlyWorst: true}
	for name, values := range map[string][2]float64{
		"normal":    {20, 21},
		"acked":     {35, 36},
		"trembling": {29.8, 30.2},
		"crossing":  {20, 45},
	} {
		b.Run(name, func(b *testing.B) {
			var s State
			s, _ = s.Judge(&r, 0, values[1])
			s, _ = s.Judge(&r, int64(time.Minute), values[1])
			s, _ = s.Acknowledge(All, int64(time.Minute))
			t := int64(time.Minute)
			b.ReportAllocs()
			for b.Loop() {
				t++
				s, _ = s.Judge(&r, t, values[t&1])
			}
		})
	}
}
