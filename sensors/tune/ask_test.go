package tune

import (
	"cmp"
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"setpoint/sensors/alarm"
	"setpoint/sensors/history"
	"setpoint/sensors/threshold"
)

const second = int64(time.Second)

// A past drawn at random has gaps, bad and suspect readings, equal times and late
// ones, and long calm stretches, in which the index passes over blocks and groups.
func drawPast(t *rapid.T) *history.Series {
	past := history.New(rapid.SampledFrom([]int{0, 200, 1000}).Draw(t, "limit"))
	at, level := rapid.Int64Range(-1000, 1000).Draw(t, "start")*second, 20.0
	for range rapid.IntRange(0, 12).Draw(t, "stretches") {
		step := rapid.SampledFrom([]int64{0, second, 7 * second, 60 * second}).Draw(t, "step")
		calm := rapid.Bool().Draw(t, "calm")
		noise := rapid.Float64Range(0, 10).Draw(t, "noise")
		level = float64(rapid.IntRange(10, 30).Draw(t, "level"))
		for range rapid.SampledFrom([]int{1, 3, 20, 64, 130, 400}).Draw(t, "readings") {
			v, ns := level, at
			at += step
			if !calm {
				v += noise * rapid.Float64Range(-1, 1).Draw(t, "off")
				switch rapid.IntRange(0, 29).Draw(t, "odd") {
				case 0:
					v = math.NaN()
				case 1:
					at += rapid.Int64Range(0, 300).Draw(t, "gap") * second
				case 2:
					ns -= rapid.Int64Range(0, 100).Draw(t, "late") * second
				case 3:
					v = math.Round(v) // on a threshold, perhaps
				}
			}
			past.Append(time.Unix(0, ns), v, rapid.Uint8Max(1).Draw(t, "mark"))
		}
	}
	return past
}

func drawQuestion(t *rapid.T) Question {
	k := threshold.Kind(rapid.IntRange(0, int(threshold.Kinds)-1).Draw(t, "kind"))
	delay := func(name string) time.Duration {
		return time.Duration(rapid.SampledFrom([]int64{0, 1, 7, 8, 30, 60, 1000, 14400}).Draw(t, name)) * time.Second
	}
	q := Question{Kind: k, Set: threshold.None, Hold: time.Duration(rapid.SampledFrom([]int64{0, 5, 60, 100000}).Draw(t, "hold")) * time.Second}
	q.Set[k] = threshold.Rule{
		At:       float64(rapid.IntRange(5, 35).Draw(t, "at")),
		Deadband: float64(rapid.SampledFrom([]int{0, 0, 1, 5}).Draw(t, "deadband")),
		OnDelay:  delay("on-delay"), OffDelay: delay("off-delay"),
	}
	if rapid.IntRange(0, 50).Draw(t, "off") == 0 {
		q.Set[k].At = threshold.Off
	}
	if rapid.Bool().Draw(t, "part") {
		q.From = rapid.Int64Range(-2000, 5000).Draw(t, "from") * second
	}
	if rapid.Bool().Draw(t, "end") {
		q.To = rapid.Int64Range(-2000, 20000).Draw(t, "to") * second
	}
	return q
}

// live feeds the past to the alarms of a sensor, as is done live. (That the time
// before a reading passes in a step of its own changes nothing but that each change
// is seen by itself.)
func live(past *history.Series, q Question) (list []Episode) {
	var s alarm.State
	var end int64
	rules := alarm.Rules{Set: q.Set, Hold: q.Hold}
	take := func(next alarm.State, c alarm.Changes) {
		s = next
		if c.Cleared.Has(q.Kind) {
			list[len(list)-1].Cleared = s.Of[q.Kind].Since
		}
		if c.Raised.Has(q.Kind) {
			list = append(list, Episode{s.Of[q.Kind].Raised, StillOn})
		}
	}
	for i := range past.Len() {
		at, v, _ := past.At(i)
		ns := at.UnixNano()
		if q.From != 0 && ns < q.From || q.To != 0 && ns >= q.To {
			continue
		}
		end = ns
		if math.IsNaN(v) {
			continue
		}
		take(s.Tick(&rules, ns))
		take(s.Judge(&rules, ns, v))
	}
	take(s.Tick(&rules, cmp.Or(q.To, end)))
	return list
}

func sameAsLive(t *rapid.T) {
	past := drawPast(t)
	for range 8 {
		q := drawQuestion(t)
		f, want := Ask(past, q), live(past, q)
		if !slices.Equal(f.Episodes, want) || f.Alarms != len(want) {
			t.Fatalf("rule %+v hold %v from %d to %d: alarms %v, live %v", q.Set[q.Kind], q.Hold, q.From, q.To, f.Episodes, want)
		}
		end := int64(0)
		if past.Len() > 0 {
			end = past.Last().UnixNano()
		}
		if q.To != 0 || q.From != 0 || f.NoData() || end == past.First().UnixNano() {
			continue
		}
		on := int64(0)
		for _, e := range want {
			on += min(e.Cleared, end) - e.Raised
		}
		if got, want := f.InAlarm, 100*float64(on)/float64(end-past.First().UnixNano()); math.Abs(got-want) > 1e-9 {
			t.Fatalf("%g %% of the time in alarm, want %g", got, want)
		}
	}
}

func TestAskAgreesWithTheLiveAlarms(t *testing.T) { rapid.Check(t, sameAsLive) }

func FuzzAsk(f *testing.F) { f.Fuzz(rapid.MakeFuzz(sameAsLive)) }

func TestAskAgreesWithTheLiveAlarmsOnALongPast(t *testing.T) {
	past := recorded(40_000)
	for sentence, q := range map[string]Question{
		"far from everything":       ask(60, 1, 0, 0),
		"now and then":              ask(28, 2, time.Minute, time.Minute),
		"amid the noise":            ask(20, 0, 0, 0),
		"amid the noise, delayed":   ask(20, 0, 3*time.Second, 5*time.Second),
		"mostly on":                 ask(16, 1, time.Minute, time.Minute),
		"with hours of delay":       ask(21, 4, 4*time.Hour, time.Hour),
		"readings that never stand": {Kind: threshold.High, Set: ask(21, 0, time.Second, 0).Set},
	} {
		t.Run(sentence, func(t *testing.T) {
			if got, want := Ask(past, q).Episodes, live(past, q); !slices.Equal(got, want) {
				t.Errorf("%d alarms, live %d", len(got), len(want))
			}
		})
	}
}

func TestADelayMayEndWithTheLastReading(t *testing.T) {
	past := drawn("..###")
	for delay, want := range map[time.Duration]int{2 * time.Minute: 1, 2*time.Minute + 1: 0} {
		q := ask(30, 0, delay, 0)
		if got := Ask(past, q).Alarms; got != want {
			t.Errorf("on-delay %v: %d alarms, want %d", delay, got, want)
		}
		if got := Curve(past, q, []float64{30})[0]; got != float64(want)*360 {
			t.Errorf("on-delay %v: %g alarms a day, want %d", delay, got, want*360)
		}
	}
}

// plain counts alarms on readings that come at even steps, end with a step of
// silence, and have no gap: a delay is over once a run of readings covers more.
func plain(values []float64, upper bool, at, deadband, onDelay, offDelay float64) (n int) {
	if !upper {
		at = -at
	}
	on, run := false, 0.0
	for _, v := range values {
		if !upper {
			v = -v
		}
		if away := !on && v >= at || on && v < at-deadband; !away {
			run = 0
			continue
		}
		run++
		switch {
		case !on && run > onDelay:
			on, run = true, 0
			n++
		case on && run > offDelay:
			on, run = false, 0
		}
	}
	return n
}

func TestAskCountsWhatAPlainCountDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) float64 {
			return float64(rapid.IntRange(15, 25).Draw(t, "v"))
		}), 1, 500).Draw(t, "values")
		past := history.New(0)
		for i, v := range values {
			past.Append(time.Unix(int64(i), 0), v, 0)
		}
		k := threshold.Kind(rapid.IntRange(0, int(threshold.Kinds)-1).Draw(t, "kind"))
		at := float64(rapid.IntRange(14, 26).Draw(t, "at"))
		deadband := float64(rapid.IntRange(0, 4).Draw(t, "deadband"))
		on, off := float64(rapid.IntRange(0, 12).Draw(t, "on"))/2, float64(rapid.IntRange(0, 12).Draw(t, "off"))/2
		q := Question{Kind: k, Set: threshold.None, Hold: time.Minute, To: int64(len(values)) * second}
		inSeconds := func(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }
		q.Set[k] = threshold.Rule{At: at, Deadband: deadband, OnDelay: inSeconds(on), OffDelay: inSeconds(off)}
		if got, want := Ask(past, q).Alarms, plain(values, k.Upper(), at, deadband, on, off); got != want {
			t.Fatalf("%+v: %d alarms, want %d", q.Set[k], got, want)
		}
	})
}
