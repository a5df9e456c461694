package export

import (
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"setpoint/sensors/threshold"
)

// promtool checks rules, and tests them on excursions.
func promtool(t *testing.T, rules []Rule, excursions []Excursion) {
	t.Helper()
	tool, err := exec.LookPath("promtool")
	if err != nil {
		t.Skip("no promtool in the path: the exported rules are not checked by it (Debian: apt-get install prometheus)")
	}
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	var r, e strings.Builder
	if err := Prometheus(&r, "", rules); err != nil {
		t.Fatal(err)
	}
	if err := PrometheusTests(&e, "", "rules.yml", excursions); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"check", "rules", "--lint=all", "--lint-fatal", write("rules.yml", r.String())},
		{"test", "rules", write("tests.yml", e.String())},
	} {
		if out, err := exec.CommandContext(t.Context(), tool, args...).CombinedOutput(); err != nil {
			t.Fatalf("promtool %s: %v\n%s\nfor\n%s\n%s", args[0], err, cutText(out), cutText([]byte(r.String())), cutText([]byte(e.String())))
		}
	}
}

func cutText(b []byte) []byte { return b[:min(len(b), 4000)] }

// drawWalk draws values that move about the edges of r, on them as well.
func drawWalk(t *rapid.T, r *Rule) []float64 {
	out := 1.0
	if !r.Kind.Upper() {
		out = -1
	}
	spread := max(r.Deadband, 1, math.Abs(r.At)/8)
	values := make([]float64, rapid.IntRange(2, 60).Draw(t, "values"))
	for i := range values {
		values[i] = rapid.OneOf(
			rapid.SampledFrom([]float64{r.At, r.off(), r.At + out*spread, r.At + out*spread, r.off() - out*spread, (r.At + r.off()) / 2}),
			rapid.Float64Range(r.At-2*spread, r.At+2*spread),
		).Draw(t, "value")
	}
	return values
}

// TestPrometheusJudgesAsWeDo lets promtool compare the rules with the alarm, on random
// rules, hostile texts and random walks.
func TestPrometheusJudgesAsWeDo(t *testing.T) {
	type sample struct {
		rules      []Rule
		excursions []Excursion
	}
	draw := rapid.Custom(func(t *rapid.T) (s sample) {
		for i := range 12 {
			r := drawRule(t, i)
			e := Excursion{Rule: r, Values: drawWalk(t, &r)}
			s.rules = append(s.rules, r)
			s.excursions = append(s.excursions, e)
		}
		return s
	})
	for seed := range 4 {
		s := draw.Example(seed)
		promtool(t, s.rules, s.excursions)
	}
}

func TestHostileNamesPassPromtool(t *testing.T) {
	var rules []Rule
	var excursions []Excursion
	for i, text := range hostile {
		r := oven
		r.Sensor = strings.ToValidUTF8(text, "?") + fmt.Sprint(" ", i)
		r.Unit, r.Action, r.Cause, r.Consequence = text, text, text+text, text
		rules = append(rules, r)
		excursions = append(excursions, Excursion{Rule: r, Values: []float64{20, 85, 86, 90, 84, 83, 82, 82, 82, 82, 82}})
	}
	promtool(t, rules, excursions)
}

// day is a recording: a day of readings every 30 s, with a daily wave, spikes and a gap.
func day() (times []int64, values []float64) {
	for i := range 2880 {
		if i > 1300 && i < 1400 {
			continue
		}
		v := 78 + 9*math.Sin(float64(i)/2880*2*math.Pi) + math.Sin(float64(i)*1.7)
		switch {
		case i%400 == 399:
			v = 95
		case i%97 == 0:
			v = math.NaN()
		}
		times, values = append(times, 1e18+int64(i)*30e9), append(values, v)
	}
	return times, values
}

func TestExcursionsAreCutFromARecording(t *testing.T) {
	times, values := day()
	low, quiet, immediate := oven, oven, oven
	low.Kind, low.At, low.OnDelay = threshold.Low, 72, 2*time.Minute
	low.Sensor, quiet.Sensor, immediate.Sensor = "low", "quiet", "immediate"
	quiet.At, immediate.At, immediate.OnDelay = 200, 94, 0
	var rules []Rule
	var all []Excursion
	for _, c := range []struct {
		rule Rule
		want string
	}{
		{oven, "real rejected"},
		{low, "real rejected"},
		{quiet, "rejected"},
		{immediate, "real rejected"},
	} {
		rules = append(rules, c.rule)
		found := Excursions(c.rule, times, values)
		var kinds []string
		for _, e := range found {
			kinds = append(kinds, map[bool]string{true: "real", false: "rejected"}[e.Real])
			if len(e.Values) < 4 || len(e.Values) > longest {
				t.Errorf("%s: %d values", c.rule.Sensor, len(e.Values))
			}
		}
		if got := strings.Join(kinds, " "); got != c.want {
			t.Errorf("%s: excursions %s, want %s", c.rule.Sensor, got, c.want)
		}
		all = append(all, found...)
	}
	promtool(t, rules, all)
}

func TestExcursionsOfOddRecordings(t *testing.T) {
	for sentence, c := range map[string]struct {
		times  []int64
		values []float64
	}{
		"nothing":             {},
		"one reading":         {[]int64{5}, []float64{90}},
		"all at once":         {[]int64{5, 5, 5}, []float64{90, 20, 90}},
		"no good reading":     {[]int64{5, 6, 7}, []float64{math.NaN(), math.Inf(1), math.NaN()}},
		"fewer values":        {[]int64{5, 6, 7}, []float64{90}},
		"never back":          {[]int64{0, 60e9, 120e9}, []float64{90, 91, 92}},
		"as far as time goes": {[]int64{math.MinInt64, 0, math.MaxInt64}, []float64{20, 90, 20}},
	} {
		t.Run(sentence, func(t *testing.T) {
			for _, e := range Excursions(oven, c.times, c.values) {
				if e.Real || len(e.Values) > longest {
					t.Errorf("found %+v", e)
				}
			}
		})
	}
}
