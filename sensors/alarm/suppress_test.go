package alarm

import (
	"testing"
	"time"

	"setpoint/sensors/threshold"
)

func TestSuppressedAlarmsAreJudgedButNotAnnounced(t *testing.T) {
	for sentence, run := range map[string]func(l *life){
		"shelved for a time: raised silently, and unacknowledged when the time is up": func(l *life) {
			l.deed(l.State.Shelve(high, at(100))).did(Changes{Shelved: high}).is(Shelved)
			l.judge(1, 35).did(Changes{Raised: high, Silent: high}).stands(high, 0)
			l.tick(99.9).did(Changes{}).tick(100).did(Changes{Unshelved: high}).stands(high, high).is(None)
		},
		"shelved for a time: over before the time is up, and nobody hears of it": func(l *life) {
			l.deed(l.State.Shelve(high, at(100)))
			l.judge(1, 35).judge(2, 20).did(Changes{Cleared: high, Silent: high}).tick(100).did(Changes{Unshelved: high}).stands(0, 0)
		},
		"shelving is seeing": func(l *life) {
			l.judge(0, 35).deed(l.State.Shelve(high, at(100))).stands(high, 0)
		},
		"shelved once: until it is back to normal": func(l *life) {
			l.judge(0, 35).deed(l.State.Shelve(high, 0)).is(Shelved).tick(1e6).did(Changes{}).is(Shelved)
			l.judge(1, 20).did(Changes{Cleared: high, Silent: high, Unshelved: high}).is(None)
			l.judge(2, 35).did(Changes{Raised: high}).stands(high, high)
		},
		"shelved once while normal: until it was on once": func(l *life) {
			l.deed(l.State.Shelve(high, 0)).judge(0, 20).is(Shelved).judge(1, 35).did(Changes{Raised: high, Silent: high})
			l.judge(2, 20).is(None)
		},
		"unshelved while on: unacknowledged": func(l *life) {
			l.judge(0, 35).acknowledge(1).deed(l.State.Shelve(high|low, at(100)))
			l.deed(l.State.Unshelve(All)).did(Changes{Unshelved: high | low}).stands(high, high).is(None)
			l.deed(l.State.Unshelve(All)).did(Changes{})
		},
		"only what is shelved is silent": func(l *life) {
			l.deed(l.State.Shelve(high, at(100))).judge(1, 45).did(Changes{Raised: high | critical, Silent: high}).stands(high|critical, critical)
		},
		"a shelved alarm is not raised anew by an old acknowledgement": func(l *life) {
			l.rules.Realarm = 10 * time.Second
			l.judge(0, 35).acknowledge(1).deed(l.State.Shelve(high, at(100))).tick(50).did(Changes{}).stands(high, 0)
			if next, ok := l.State.Next(&l.rules); !ok || next != at(100)+1 {
				l.t.Errorf("next is %d (%t), want the end of the shelf", next, ok)
			}
		},
		"out of service: silent, and unacknowledged once it is back": func(l *life) {
			l.deed(l.State.TakeOut("calibration")).did(Changes{Out: true}).is(OutOfService)
			l.judge(1, 35).did(Changes{Raised: high, Silent: high}).stands(high, 0)
			l.fall(90).did(Changes{Raised: stale, Silent: stale})
			l.deed(l.State.PutBack()).did(Changes{In: true}).stands(high|stale, high|stale).is(None)
			l.deed(l.State.PutBack()).did(Changes{})
		},
		"out of service needs a reason": func(l *life) {
			l.deed(l.State.TakeOut("")).did(Changes{}).is(None).deed(l.State.TakeOut("calibration")).deed(l.State.TakeOut(""))
			l.is(OutOfService).deed(l.State.TakeOut("mended")).did(Changes{})
			if l.State.Out != "mended" {
				l.t.Errorf("reason %q", l.State.Out)
			}
		},
		"back in service, but still shelved": func(l *life) {
			l.judge(0, 35).deed(l.State.Shelve(high, at(100))).deed(l.State.TakeOut("calibration")).is(OutOfService)
			l.deed(l.State.PutBack()).stands(high, 0).is(Shelved)
		},
		"unshelved, but still out of service": func(l *life) {
			l.judge(0, 35).deed(l.State.Shelve(high, at(100))).deed(l.State.TakeOut("calibration"))
			l.tick(100).did(Changes{Unshelved: high}).stands(high, 0).is(OutOfService)
		},
		"by design: silent behind the worse one": func(l *life) {
			l.rules.OnlyWorst = true
			l.judge(0, 45).did(Changes{Raised: high | critical, Silent: high}).stands(high|critical, critical).is(ByDesign)
			l.judge(1, 20).did(Changes{Cleared: high | critical}).stands(0, critical)
		},
		"by design: the low side mirrors the high one": func(l *life) {
			l.rules.OnlyWorst = true
			l.rules.Set = l.rules.Set.With(threshold.CriticalLow, 0)
			both := low | 1<<threshold.CriticalLow
			l.judge(0, -5).did(Changes{Raised: both, Silent: low}).judge(1, 20).did(Changes{Cleared: both}).stands(0, 1<<threshold.CriticalLow)
		},
		"by design: unacknowledged when the worse one ends, if nobody has heard of it": func(l *life) {
			l.rules.OnlyWorst = true
			l.judge(0, 45).acknowledge(1).judge(2, 35).did(Changes{Cleared: critical, Realarmed: high}).stands(high, high).is(None)
		},
		"by design: still acknowledged when the worse one ends, if it was before": func(l *life) {
			l.rules.OnlyWorst = true
			l.judge(0, 35).acknowledge(1).judge(2, 45).did(Changes{Raised: critical}).is(ByDesign)
			l.judge(3, 35).did(Changes{Cleared: critical}).stands(high, critical)
		},
		"by design: what nobody has seen before stays unacknowledged": func(l *life) {
			l.rules.OnlyWorst = true
			l.judge(0, 35).judge(1, 20).stands(0, high).judge(2, 45).stands(high|critical, high|critical)
		},
	} {
		t.Run(sentence, func(t *testing.T) { run(lead(t, 0, 0)) })
	}
}

// is wants why the high alarm is suppressed.
func (l *life) is(want Suppression) *life {
	l.t.Helper()
	if got := l.State.Suppressed(&l.rules, threshold.High); got != want {
		l.t.Errorf("suppressed %q, want %q", got, want)
	}
	return l
}

func TestHidden(t *testing.T) {
	l := lead(t, 0, 0).judge(0, 35)
	if got := l.State.Hidden(); got != 0 {
		t.Errorf("hidden %05b, want nothing", got)
	}
	l.deed(l.State.Shelve(low, at(9))).deed(l.State.Shelve(stale, 0))
	if got := l.State.Hidden(); got != low|stale {
		t.Errorf("hidden %05b, want what is shelved", got)
	}
	l.deed(l.State.TakeOut("calibration"))
	if got := l.State.Hidden(); got != low|stale|high {
		t.Errorf("hidden %05b, want what is shelved or on", got)
	}
}
