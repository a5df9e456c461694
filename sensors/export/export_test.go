package export

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"setpoint/sensors/alarm"
	"setpoint/sensors/threshold"
)

var oven = Rule{
	Sensor: "oven 1", Unit: "°C", Kind: threshold.High,
	Rule:   threshold.Rule{At: 85, Deadband: 2, OnDelay: time.Minute, OffDelay: 90 * time.Second},
	Advice: alarm.Advice{Action: "open the damper", Respond: 10 * time.Minute},
}

// written returns what a writer writes for rules, without the comments at the top.
func written(t testing.TB, write func(io.Writer) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	text := b.String()
	for strings.HasPrefix(text, "#") {
		_, text, _ = strings.Cut(text, "\n")
	}
	return text
}

func TestFilesReadAsOneWouldWriteThem(t *testing.T) {
	for name, c := range map[string]struct {
		write func(io.Writer) error
		want  string
	}{
		"Prometheus": {func(w io.Writer) error { return Prometheus(w, "", []Rule{oven}) }, `groups:
  - name: setpoint
    interval: 15s
    rules:
      - alert: SetpointHigh
        expr: |-
          setpoint_value{sensor="oven 1"} >= 85
          or (
            setpoint_value{sensor="oven 1"} >= 83
            and ignoring (alertname, alertstate, severity)
            ALERTS{alertname="SetpointHigh", alertstate="firing", sensor="oven 1"}
          )
        for: 1m
        keep_firing_for: 90s
        labels:
          sensor: "oven 1"
          severity: "warning"
        annotations:
          summary: "oven 1 is {{ printf \"%.6g\" $value }} °C; high is on at 85 °C, off below 83 °C"
          action: "open the damper"
          respond_within: "10m0s"
`},
		"Grafana": {func(w io.Writer) error { return Grafana(w, "", "prometheus", []Rule{oven}) }, `apiVersion: 1
groups:
  - orgId: 1
    name: setpoint
    folder: setpoint
    interval: 10s
    rules:
      - uid: ` + oven.uid() + `
        title: "oven 1 high"
        condition: B
        data:
          - refId: A
            relativeTimeRange: {from: 300, to: 0}
            datasourceUid: "prometheus"
            model:
              refId: A
              instant: true
              expr: 'setpoint_value{sensor="oven 1"}'
          - refId: B
            relativeTimeRange: {from: 0, to: 0}
            datasourceUid: __expr__
            model:
              refId: B
              type: threshold
              expression: A
              conditions:
                - evaluator: {type: gt, params: [85]}
                  unloadEvaluator: {type: lt, params: [83]}
        noDataState: KeepLast
        execErrState: KeepLast
        for: 1m
        keepFiringFor: 90s
        labels:
          severity: "warning"
        annotations:
          summary: "oven 1 is {{ printf \"%.6g\" .Values.A.Value }} °C; high is on at 85 °C, off below 83 °C"
          action: "open the damper"
          respond_within: "10m0s"
`},
		"Home Assistant": {func(w io.Writer) error { return HomeAssistant(w, []Rule{oven}) }, `binary_sensor:
  - platform: threshold
    # not held: on-delay 1m0s, off-delay 1m30s
    name: "oven 1 high"
    entity_id: sensor.oven_1
    upper: 84
    hysteresis: 1
`},
	} {
		if got := written(t, c.write); got != c.want {
			t.Errorf("%s:\n%s\nwant\n%s", name, got, c.want)
		}
	}
}

// drawRule draws a valid rule that is on, with a hostile name.
func drawRule(t *rapid.T, i int) Rule {
	text := rapid.OneOf(rapid.SampledFrom(hostile), rapid.String())
	return Rule{
		Sensor: strings.ToValidUTF8(fmt.Sprint(text.Draw(t, "name"), i), "?"),
		Unit:   text.Draw(t, "unit"),
		Kind:   threshold.Kind(rapid.IntRange(0, 3).Draw(t, "kind")),
		Rule: threshold.Rule{
			At:       rapid.OneOf(rapid.Float64Range(-50, 50), rapid.Float64Range(-1e300, 1e300)).Draw(t, "at"),
			Deadband: rapid.OneOf(rapid.Just(0.0), rapid.Float64Range(0, 20)).Draw(t, "deadband"),
			OnDelay:  time.Duration(rapid.IntRange(0, 50).Draw(t, "on-delay")) * time.Second,
			OffDelay: time.Duration(rapid.IntRange(0, 50).Draw(t, "off-delay")) * time.Second,
		},
		Advice: alarm.Advice{
			Cause: text.Draw(t, "cause"), Consequence: text.Draw(t, "consequence"), Action: text.Draw(t, "action"),
			Respond:  time.Duration(rapid.IntRange(0, 9999).Draw(t, "respond")) * time.Second,
			Priority: alarm.Priority(rapid.IntRange(0, 3).Draw(t, "priority")),
		},
	}
}

// TestHostileTextStaysInItsPlace holds that each line is a key with one scalar, or part
// of an expression, whatever the texts are, and that they can be read back.
func TestHostileTextStaysInItsPlace(t *testing.T) {
	line := regexp.MustCompile(`^ *(- )?[a-zA-Z_]+:( |$)("([^"\\]|\\.)*"|'([^']|'')*'|[A-Za-z0-9_.:-]+|\{[a-z0-9: ,]*\}|\{type: [gl]t, params: \[[-0-9.]+\]\}|\|-|\[\])?$`)
	promQL := regexp.MustCompile(`^ {10,12}(or \(|and ignoring \([a-z, ]*\)|\)|[a-zA-Z_]+\{([a-z]+="([^"\\$]|\\.)*"(, )?)+\}( [<>]= -?[0-9.]+)?)$`)
	comment := regexp.MustCompile(`^ *# not held: on-delay [0-9a-z.]+, off-delay [0-9a-z.]+$`)
	rapid.Check(t, func(t *rapid.T) {
		r := drawRule(t, 1)
		for name, write := range map[string]func(io.Writer) error{
			"Prometheus":     func(w io.Writer) error { return Prometheus(w, "", []Rule{r}) },
			"Grafana":        func(w io.Writer) error { return Grafana(w, "", r.Unit, []Rule{r}) },
			"Home Assistant": func(w io.Writer) error { return HomeAssistant(w, []Rule{r}) },
		} {
			var b bytes.Buffer
			if err := write(&b); err != nil {
				t.Fatal(err)
			}
			_, text, _ := strings.Cut(b.String(), "\n")
			for l := range strings.SplitSeq(strings.TrimRight(text, "\n"), "\n") {
				if strings.HasPrefix(l, "#") || line.MatchString(l) || promQL.MatchString(l) || comment.MatchString(l) {
					continue
				}
				t.Fatalf("%s has the line %q", name, l)
			}
			if name == "Grafana" && strings.Contains(strings.ReplaceAll(text, "$$", ""), "$") {
				t.Fatalf("a $ is left for Grafana to replace in %s", text)
			}
		}
	})
}

func TestFaultsAreToldTogether(t *testing.T) {
	cold, off := oven, oven
	cold.Kind, cold.Sensor = threshold.Stale, "a\x1bb"
	off.At, off.Kind = threshold.Off, threshold.Low
	wide := oven
	wide.Deadband = -1
	nameless := oven
	nameless.Sensor = ""
	for name, write := range map[string]func([]Rule) error{
		"Prometheus":     func(r []Rule) error { return Prometheus(io.Discard, "", r) },
		"Grafana":        func(r []Rule) error { return Grafana(io.Discard, "", "", r) },
		"Home Assistant": func(r []Rule) error { return HomeAssistant(io.Discard, r) },
	} {
		if err := write([]Rule{off, oven}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		err := write([]Rule{oven, cold, wide, nameless, oven})
		want := `stale of sensor "a\x1bb": want one of the four thresholds
sensor "oven 1": deadband -1 of high: want 0 or more
sensor name is empty: want 1 to 1024 bytes
high of sensor "oven 1" is given twice`
		if err == nil || err.Error() != want {
			t.Errorf("%s: error %v, want %s", name, err, want)
		}
	}
	for name, err := range map[string]error{
		"Prometheus":       Prometheus(io.Discard, "a b", nil),
		"Prometheus tests": PrometheusTests(io.Discard, "a b", "", nil),
		"Grafana":          Grafana(io.Discard, "a b", "", nil),
	} {
		if err == nil || err.Error() != `metric "a b": want letters, digits, colons and underscores` {
			t.Errorf("%s: error %v", name, err)
		}
	}
	bad := []Excursion{{Rule: wide}}
	if err := PrometheusTests(io.Discard, "", "rules.yml", bad); err == nil {
		t.Error("a rule that is none is taken")
	}
}

func TestTitlesAndIdentifiersAreTheRulesOwn(t *testing.T) {
	uid := regexp.MustCompile(`^[a-z0-9-]{1,40}$`)
	rapid.Check(t, func(t *rapid.T) {
		prefix := strings.Repeat(rapid.SampledFrom([]string{"x", "ü", "$"}).Draw(t, "letter"), rapid.IntRange(1, 300).Draw(t, "length"))
		a, b := oven, oven
		a.Sensor, b.Sensor = prefix+"1", prefix+"2"
		if a.title() == b.title() || a.uid() == b.uid() || len([]rune(a.title())) > 190 || !uid.MatchString(a.uid()) {
			t.Fatalf("%q and %q, %s and %s", a.title(), b.title(), a.uid(), b.uid())
		}
	})
}

// TestOthersJudgeAsWeDo plays what Home Assistant's threshold helper and Grafana's
// recovery threshold are documented to do, and compares with the alarm.
func TestOthersJudgeAsWeDo(t *testing.T) {
	number := func(t *rapid.T, text, key string) float64 {
		m := regexp.MustCompile(key + `(-?[0-9.]+)`).FindStringSubmatch(text)
		if m == nil {
			t.Fatalf("no %s in %s", key, text)
		}
		v, err := strconv.ParseFloat(m[1], 64)
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
	rapid.Check(t, func(t *rapid.T) {
		r := Rule{Sensor: "a", Kind: threshold.Kind(rapid.IntRange(0, 3).Draw(t, "kind"))}
		r.At, r.Deadband = rapid.Float64Range(-50, 50).Draw(t, "at"), rapid.Float64Range(0, 20).Draw(t, "deadband")
		var home, grafana bytes.Buffer
		if err := HomeAssistant(&home, []Rule{r}); err != nil {
			t.Fatal(err)
		}
		if err := Grafana(&grafana, "", "", []Rule{r}); err != nil {
			t.Fatal(err)
		}
		side := map[bool]string{true: "upper: ", false: "lower: "}[r.Kind.Upper()]
		middle, hysteresis := number(t, home.String(), side), number(t, home.String(), "hysteresis: ")
		on := number(t, grafana.String(), `[^d]evaluator: {type: [gl]t, params: \[`)
		off := number(t, grafana.String(), `unloadEvaluator: {type: [gl]t, params: \[`)
		var l alarm.Latch
		var helper, firing bool
		set := r.set()
		for i := range 40 {
			v := rapid.Float64Range(-80, 80).Draw(t, "value")
			if math.Abs(v-r.At) < 1e-9 || math.Abs(v-r.off()) < 1e-9 {
				continue // what the files say they cannot hold, and the rounding of a half
			}
			above, below := v > middle+hysteresis, v < middle-hysteresis
			beyond, back := v > on, v < off
			if !r.Kind.Upper() {
				above, below = below, above
				beyond, back = v < on, v > off
			}
			helper = above || helper && !below
			firing = beyond || firing && !back
			l = l.Judge(&set, r.Kind, int64(i), v)
			if helper != l.Cond.On() || firing != l.Cond.On() {
				t.Fatalf("%+v at %g: helper %t, Grafana %t, alarm %t", r.Rule, v, helper, firing, l.Cond.On())
			}
		}
	})
}

func BenchmarkPrometheus(b *testing.B) {
	rules := make([]Rule, 1000)
	for i := range rules {
		rules[i] = oven
		rules[i].Sensor = fmt.Sprint("oven ", i)
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := Prometheus(io.Discard, "", rules); err != nil {
			b.Fatal(err)
		}
	}
}
