package suggest

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"setpoint/sensors/history"
	"setpoint/sensors/threshold"
	"setpoint/sensors/tune"
)

var start = time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)

// series returns n readings, one each step.
func series(n int, step time.Duration, value func(i int) float64) *history.Series {
	s := history.New(n)
	for i := range n {
		s.Append(start.Add(time.Duration(i)*step), value(i), 0)
	}
	return s
}

// noise returns white noise of the standard deviation 1 about 20.
func noise(seed uint64) func(int) float64 {
	draw := rand.New(rand.NewPCG(seed, 3))
	return func(int) float64 { return 20 + draw.NormFloat64() }
}

func TestNoSuggestionWithoutGrounds(t *testing.T) {
	for sentence, c := range map[string]struct {
		past *history.Series
		q    Question
		want string
	}{
		"nothing recorded":           {series(0, time.Minute, nil), Question{Kind: threshold.High}, "no readings"},
		"only bad readings":          {series(900, time.Minute, func(int) float64 { return math.NaN() }), Question{Kind: threshold.High}, "no readings"},
		"a constant":                 {series(9000, time.Minute, func(int) float64 { return 7 }), Question{Kind: threshold.High}, "never moved"},
		"an hour":                    {series(60, time.Minute, noise(1)), Question{Kind: threshold.High}, "too short: 1.0 h"},
		"all of it labelled as real": {series(9000, time.Minute, noise(1)), Question{Labels: []tune.Label{{From: 0, To: math.MaxInt64}}}, "no readings"},
		"no such threshold":          {series(9000, time.Minute, noise(1)), Question{Kind: threshold.Stale}, "stale is no threshold"},
		"beyond the physical range":  {series(90000, time.Minute, noise(1)), Question{Kind: threshold.High, Lowest: 0, Highest: 21}, "beyond the physical range of 0 to 21"},
	} {
		t.Run(sentence, func(t *testing.T) {
			got := Ask(c.past, c.q)
			if !strings.Contains(got.Reason, c.want) || !math.IsNaN(got.On) {
				t.Errorf("on %g, reason %q, want %q", got.On, got.Reason, c.want)
			}
			if text := got.String(); !strings.HasPrefix(text, "no suggestion: ") {
				t.Errorf("says %q", text)
			}
			if set := got.Set(); set.Validate() != nil || set.On(threshold.CriticalLow) || set.On(threshold.High) {
				t.Errorf("set %v", set)
			}
			if line := got.AppendJSON(nil); !json.Valid(line) || !strings.Contains(string(line), `"suggest":null`) {
				t.Errorf("JSON %s", line)
			}
		})
	}
}

func TestShortHistoryIsRough(t *testing.T) {
	for days, rough := range map[int]bool{1: true, 20: true, 22: false} {
		got := Ask(series(days*24*60, time.Minute, noise(1)), Question{Kind: threshold.Low})
		if got.Reason != "" || got.Rough != rough || strings.Contains(got.String(), "rough") != rough {
			t.Errorf("%d days: rough %v, %v", days, got.Rough, got)
		}
		if got.Off <= got.On || got.Likely[0] > got.On || got.Likely[1] < got.On || got.On > 18 {
			t.Errorf("%d days: on %g, off %g, likely %g", days, got.On, got.Off, got.Likely)
		}
	}
}

func TestWhatIsLabelledRealIsNotLearned(t *testing.T) {
	value := noise(2)
	past := series(30*24*60, time.Minute, func(i int) float64 {
		if i%1000 < 20 { // a fault every 1000 minutes
			return 40 + value(i)
		}
		return value(i)
	})
	var labels []tune.Label
	for i := 0; i < past.Len(); i += 1000 {
		at := start.Add(time.Duration(i) * time.Minute)
		labels = append(labels, tune.Label{From: at.UnixNano(), To: at.Add(20 * time.Minute).UnixNano()})
	}
	without := Ask(past, Question{Kind: threshold.High})
	with := Ask(past, Question{Kind: threshold.High, Labels: labels})
	if without.On < 50 || with.On > 30 {
		t.Errorf("on %g without labels, %g with them", without.On, with.On)
	}
	if with.Would.Found != len(labels) || with.Would.NotReal > 5 {
		t.Errorf("found %d of %d, %d not real", with.Would.Found, len(labels), with.Would.NotReal)
	}
}

func TestDeadband(t *testing.T) {
	for sentence, c := range map[string]struct {
		value    func(i int) float64
		min, max float64
	}{
		"four times the noise":                {noise(3), 3.9, 4.5},
		"two steps of a quantised sensor":     {func(i int) float64 { return 20 + 0.5*float64(i/7%3) }, 1, 1},
		"one per cent of the range, at least": {func(i int) float64 { return float64(i % 10000) }, 100, 105},
	} {
		past := series(20000, time.Minute, c.value)
		q := Question{}
		if got := look(past, learned(past, &q), time.Hour).deadband(); got < c.min || got > c.max {
			t.Errorf("%s: %g, want %g to %g", sentence, got, c.min, c.max)
		}
	}
}

func TestBudgetsAreOrderedAndGuardsHold(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		smooth, grain := rapid.Float64Range(1, 60).Draw(t, "smooth"), rapid.SampledFrom([]float64{0, 0.5}).Draw(t, "grain")
		w := wander(draw, smooth)
		past := series(rapid.IntRange(400, 5000).Draw(t, "n"), 10*time.Minute, func(i int) float64 {
			switch v := 3 * w(); {
			case draw.IntN(50) == 0:
				return math.NaN()
			case grain > 0:
				return grain * math.Round(v/grain)
			default:
				return v
			}
		})
		q := Question{Kind: rapid.SampledFrom([]threshold.Kind{threshold.Low, threshold.High}).Draw(t, "kind"), Seed: 1}
		q.OnDelay = rapid.SampledFrom([]time.Duration{0, time.Hour}).Draw(t, "delay")
		f := look(past, learned(past, &q), time.Hour)
		last := math.Inf(1)
		for _, budget := range []float64{0.1, 0.25, 0.5, 1, 2, 3, 10, 100} {
			q.Budget = budget
			s := Ask(past, q)
			off := s.On - f.median
			if q.Kind == threshold.Low {
				off = -off
			}
			if off > last+1e-9 {
				t.Fatalf("%g a week: %g off the median, %g for less", budget, off, last)
			}
			last = off
			if off < 2*f.noise {
				t.Fatalf("%g a week: %g off the median, noise %g", budget, off, f.noise)
			}
			if !s.Rough && float64(s.Would.Alarms) > budget*s.Days/7+1e-9 {
				t.Fatalf("%g a week: %d alarms in %g days", budget, s.Would.Alarms, s.Days)
			}
			if again := Ask(past, q); string(again.AppendJSON(nil)) != string(s.AppendJSON(nil)) {
				t.Fatalf("%v, and %v", s, again)
			}
			if err := s.Set().Validate(); err != nil {
				t.Fatal(err)
			}
		}
	})
}

func TestSuggestionInWords(t *testing.T) {
	s := Suggestion{On: 88.2, Off: 87.2, Budget: 1, Peaks: 12, Likely: [2]float64{87.4, 89.6}, Days: 30}
	for want, change := range map[string]func(*Suggestion){
		"suggest 88.2: at most 1 not-real alarm a week. 12 peaks, likely 87.4-89.6":          func(*Suggestion) {},
		"suggest 88.2: at most 0.25 not-real alarms a week. 1 peak, likely 87.4-89.6":        func(s *Suggestion) { s.Budget, s.Peaks = 0.25, 1 },
		"suggest 88.2: at most 1 not-real alarm a week. rough: 2.1 d only, likely 87.4-89.6": func(s *Suggestion) { s.Rough, s.Days = true, 2.1 },
		"suggest -20: at most 1 not-real alarm a week. 12 peaks, likely -22 to -18":          func(s *Suggestion) { s.On, s.Likely = -20, [2]float64{-22, -18} },
		"no suggestion: it has never moved":                                                  func(s *Suggestion) { s.Reason = "it has never moved" },
	} {
		c := s
		change(&c)
		if got := c.String(); got != want {
			t.Errorf("got  %s\nwant %s", got, want)
		}
	}
	s.Sensor = "a\x1b[31m\u202e"
	if got := string(s.AppendJSON(nil)); strings.ContainsAny(got, "\x1b\u202e") || !json.Valid([]byte(got)) ||
		!strings.Contains(got, `"suggest":{"on":88.2,"off":87.2,"promise":"at most 1 not-real alarm a week","likely":[87.4,89.6],"peaks":12,"rough":false,`) {
		t.Errorf("JSON %s", got)
	}
}

func BenchmarkAsk(b *testing.B) {
	w := wander(rand.New(rand.NewPCG(1, 1)), 300)
	value := noise(1)
	past := series(30*86400, time.Second, func(i int) float64 { return value(i) + 3*w() })
	for name, delay := range map[string]time.Duration{"no delay": 0, "a minute": time.Minute} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Ask(past, Question{Kind: threshold.High, OnDelay: delay, OffDelay: delay})
			}
		})
	}
}
