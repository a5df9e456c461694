package alarm

import (
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
)

var set = threshold.Set{At: threshold.Default.At, Deadband: 1}

func TestLifeOfAnAlarm(t *testing.T) {
	type step struct {
		v         float64 // judged; acknowledge instead if ack
		ack       bool
		want      Changes
		unacked   threshold.Latches
		returned  threshold.Latches
		condition threshold.Latches
	}
	for sentence, steps := range map[string][]step{
		"raised, acknowledged, then back to normal: it is over": {
			{v: 30, want: Changes{Raised: high}, unacked: high, condition: high},
			{ack: true, want: Changes{Acknowledged: high}, condition: high},
			{v: 20, want: Changes{Cleared: high}},
		},
		"back to normal before anyone saw it: it stays until seen": {
			{v: 30, want: Changes{Raised: high}, unacked: high, condition: high},
			{v: 20, want: Changes{Cleared: high}, unacked: high, returned: high},
			{ack: true, want: Changes{Acknowledged: high}},
			{ack: true},
		},
		"raised again after the acknowledgement: unacknowledged again": {
			{v: 30, want: Changes{Raised: high}, unacked: high, condition: high},
			{ack: true, want: Changes{Acknowledged: high}, condition: high},
			{v: 20, want: Changes{Cleared: high}},
			{v: 31, want: Changes{Raised: high}, unacked: high, condition: high},
		},
		"a trembling value raises once": {
			{v: 30, want: Changes{Raised: high}, unacked: high, condition: high},
			{v: 29.5, unacked: high, condition: high},
			{v: 30.5, unacked: high, condition: high},
		},
		"a worse one is an alarm of its own": {
			{v: 30, want: Changes{Raised: high}, unacked: high, condition: high},
			{ack: true, want: Changes{Acknowledged: high}, condition: high},
			{v: 40, want: Changes{Raised: critical}, unacked: critical, condition: high | critical},
			{v: 35, want: Changes{Cleared: critical}, unacked: critical, returned: critical, condition: high},
		},
		"one side falls and the other rises in one reading": {
			{v: 41, want: Changes{Raised: high | critical}, unacked: high | critical, condition: high | critical},
			{v: 5, want: Changes{Raised: low, Cleared: high | critical}, unacked: low | high | critical, returned: high | critical, condition: low},
		},
		"bad readings change nothing": {
			{v: math.NaN()},
			{v: 30, want: Changes{Raised: high}, unacked: high, condition: high},
			{v: math.NaN(), unacked: high, condition: high},
		},
	} {
		t.Run(sentence, func(t *testing.T) {
			var s State
			for i, c := range steps {
				var got Changes
				if c.ack {
					s, got = s.Acknowledge()
				} else {
					s, got = s.Judge(set, time.Unix(int64(i), 0), c.v)
				}
				if got != c.want || got.Any() != (c.want != Changes{}) {
					t.Errorf("step %d: changes %+v, want %+v", i, got, c.want)
				}
				if s.Unacked != c.unacked || s.Returned() != c.returned || s.Active != c.condition {
					t.Errorf("step %d: active %b unacked %b returned %b, want %b %b %b",
						i, s.Active, s.Unacked, s.Returned(), c.condition, c.unacked, c.returned)
				}
			}
		})
	}
}

func TestSinceIsWhenTheConditionCameOrWent(t *testing.T) {
	var s State
	at := func(sec int64) time.Time { return time.Unix(sec, 0) }
	for sec, v := range []float64{20, 31, 32, 41, 35, 20, 20} {
		s, _ = s.Judge(set, at(int64(sec)), v)
	}
	want := [threshold.Kinds]time.Time{threshold.High: at(5), threshold.Critical: at(4)}
	if s.Since != want {
		t.Errorf("since %v, want %v", s.Since, want)
	}
	if acked, _ := s.Acknowledge(); acked.Since != want {
		t.Error("an acknowledgement is no change of the condition")
	}
}

func TestChangesAddUpToTheState(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var s State
		var active, unacked threshold.Latches
		for range rapid.IntRange(1, 60).Draw(t, "events") {
			before := s
			var c Changes
			if rapid.IntRange(0, 4).Draw(t, "event") == 0 {
				s, c = s.Acknowledge()
			} else {
				s, c = s.Judge(set, time.Unix(0, 0), rapid.Float64Range(0, 50).Draw(t, "value"))
			}
			if c.Raised&before.Active != 0 || c.Cleared&^before.Active != 0 || c.Acknowledged&^before.Unacked != 0 {
				t.Fatalf("changes %+v do not fit %+v", c, before)
			}
			active = active&^c.Cleared | c.Raised
			unacked = unacked&^c.Acknowledged | c.Raised
			if s.Active != active || s.Unacked != unacked || s.Returned() != unacked&^active {
				t.Fatalf("state %+v, want active %b, unacked %b", s, active, unacked)
			}
		}
	})
}

func TestCount(t *testing.T) {
	for l, want := range map[threshold.Latches]int{0: 0, high: 1, high | critical: 2, low | high | critical: 3} {
		if got := Count(l); got != want {
			t.Errorf("%b holds %d alarms, want %d", l, got, want)
		}
	}
}
