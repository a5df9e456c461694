package threshold

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// at returns a Set with the given thresholds, from critical low to critical.
func at(deadband, criticalLow, low, high, critical float64) Set {
	return None.With(CriticalLow, criticalLow).With(Low, low).With(High, high).With(Critical, critical).WithDeadband(deadband)
}

func TestAValueHasPassedOrIsInside(t *testing.T) {
	plain, wide := at(0, 0, 10, 30, 40), at(2, 0, 10, 30, 40)
	for sentence, c := range map[string]struct {
		set    Set
		k      Kind
		v      float64
		passed bool
		inside bool
	}{
		"a value on a high threshold has passed it":      {plain, High, 30, true, false},
		"a value on a low threshold has passed it":       {plain, Low, 10, true, false},
		"without a deadband anything below is inside":    {plain, High, math.Nextafter(30, 0), false, true},
		"within the deadband it is neither":              {wide, High, 28.5, false, false},
		"on the off edge it is neither":                  {wide, High, 28, false, false},
		"beyond the off edge it is inside":               {wide, High, 27.99, false, true},
		"the low side mirrors the high one: neither":     {wide, Low, 12, false, false},
		"the low side mirrors the high one: inside":      {wide, Low, 12.01, false, true},
		"each threshold is asked on its own":             {wide, High, 45, true, false},
		"far on the other side is inside":                {wide, Critical, -5, false, true},
		"a bad value has passed nothing":                 {wide, High, math.NaN(), false, false},
		"a threshold that is off is never passed":        {None, Critical, math.Inf(1), false, true},
		"a bad value is not inside of one that is off":   {None, Low, math.NaN(), false, false},
		"the default has no threshold for critical cold": {Default, CriticalLow, -400, false, true},
	} {
		t.Run(sentence, func(t *testing.T) {
			if passed, inside := c.set.Passed(c.k, c.v), c.set.Inside(c.k, c.v); passed != c.passed || inside != c.inside {
				t.Errorf("%v at %g: passed %t, inside %t, want %t, %t", c.k, c.v, passed, inside, c.passed, c.inside)
			}
		})
	}
}

func FuzzPassedAndInside(f *testing.F) {
	f.Add(30.0, 1.0, 29.5, true)
	f.Add(math.NaN(), 1.0, 29.5, true)
	f.Add(-1e308, 1e308, math.Inf(1), false)
	f.Add(5e-324, 5e-324, 0.0, true)
	f.Fuzz(func(t *testing.T, edge, deadband, v float64, upper bool) {
		k := Low
		if upper {
			k = High
		}
		s := None.With(k, edge).WithDeadband(deadband)
		if s.Validate() != nil {
			t.Skip("no valid threshold: nothing to judge by")
		}
		passed, inside := s.Passed(k, v), s.Inside(k, v)
		switch {
		case passed && inside:
			t.Fatalf("%g has passed %v and is inside of it", v, s[k])
		case math.IsNaN(v) && (passed || inside):
			t.Fatalf("a bad value has passed %v or is inside of it", s[k])
		case !math.IsNaN(v) && deadband == 0 && s.On(k) && passed == inside:
			t.Fatalf("without a deadband %g is neither beyond %v nor inside", v, s[k])
		}
	})
}

func TestASetSurvivesJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var want, got Set
		for k := range want {
			want[k] = Rule{
				At:       rapid.Float64().Draw(t, "at"),
				Deadband: rapid.Float64Min(0).Draw(t, "deadband"),
				OnDelay:  time.Duration(rapid.Int64().Draw(t, "on-delay")),
				OffDelay: time.Duration(rapid.Int64().Draw(t, "off-delay")),
			}
			if rapid.Bool().Draw(t, "off") {
				want[k].At = Off
			}
		}
		b, err := json.Marshal(want)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(b, &got); err != nil {
			t.Fatal(err)
		}
		for k := range Kinds {
			a, b := want[k], got[k]
			if want.On(k) != got.On(k) || want.On(k) && a.At != b.At {
				t.Fatalf("%v came back as %v", a, b)
			}
			a.At, b.At = 0, 0
			if a != b {
				t.Fatalf("%v came back as %v", a, b)
			}
		}
	})
}

func TestARuleThatIsNoJSONIsRefused(t *testing.T) {
	for _, text := range []string{`{"at":"hot"}`, `[]`, `{"on_delay":1.5}`} {
		r := Rule{At: 3}
		if err := json.Unmarshal([]byte(text), &r); err == nil || r.At != 3 {
			t.Errorf("%s: error %v, rule %v", text, err, r)
		}
	}
}

func TestWorst(t *testing.T) {
	set := at(35, 0, 10, 30, 40)
	for sentence, c := range map[string]struct {
		l    Latches
		v    float64
		want string
	}{
		"nothing latched shows nothing":                    {0, 20, "none"},
		"critical goes before high":                        {Latches(0).Set(High).Set(Critical), 41, "critical"},
		"critical goes before a low that v has passed":     {Latches(0).Set(Low).Set(Critical), 5, "critical"},
		"of two critical ones v's own is shown":            {Latches(0).Set(CriticalLow).Set(Critical), -1, "critical_low"},
		"of high and low v's own is shown":                 {Latches(0).Set(Low).Set(High), 9, "low"},
		"of high and low the upper one if v is in neither": {Latches(0).Set(Low).Set(High), 20, "high"},
		"with a bad value the upper one":                   {Latches(0).Set(Low).Set(High), math.NaN(), "high"},
	} {
		t.Run(sentence, func(t *testing.T) {
			got := "none"
			if k, ok := set.Worst(c.l, c.v); ok {
				got = k.String()
			}
			if got != c.want {
				t.Errorf("shown %s, want %s", got, c.want)
			}
		})
	}
}

func TestValidate(t *testing.T) {
	inf := math.Inf(1)
	one := func(r Rule) Set {
		s := None
		s[High] = r
		return s
	}
	for sentence, c := range map[string]struct {
		set  Set
		want []string // one part of each fault's line
	}{
		"the default is valid":                    {Default, nil},
		"all off is valid":                        {None, nil},
		"a critical one may equal its neighbour":  {at(0, 10, 10, 30, 30), nil},
		"the zero set is not valid":               {Set{}, []string{"low 0 must be below high 0"}},
		"low and high may not be equal":           {None.With(Low, 5).With(High, 5), []string{"low 5 must be below high 5"}},
		"thresholds that are off are passed over": {None.With(CriticalLow, 9).With(Critical, 3), []string{"critical_low 9 must be below critical 3"}},
		"an infinite threshold is none":           {Default.With(Critical, inf), []string{"critical +Inf: want a number or off"}},
		"a negative deadband is none":             {None.WithDeadband(-1), []string{"deadband -1 of critical_low", "deadband -1 of low", "deadband -1 of high", "deadband -1 of critical"}},
		"a deadband that is no number is none":    {one(Rule{At: Off, Deadband: Off}), []string{"deadband NaN of high"}},
		"an infinite deadband is none":            {one(Rule{At: Off, Deadband: inf}), []string{"deadband +Inf of high"}},
		"a delay below zero is none":              {one(Rule{At: 1, OnDelay: -1}), []string{"on-delay -1ns of high: want 0 to 720h0m0s"}},
		"a delay of a month and a bit is none":    {one(Rule{At: 1, OffDelay: MaxDelay + 1}), []string{"off-delay 720h0m0.000000001s of high"}},
		"the longest delays are valid":            {None.WithDelays(MaxDelay, MaxDelay), nil},
		"every fault is told at once, in their order": {
			Set{{At: 5}, {At: 1, Deadband: -2}, {}, {At: -inf, OnDelay: -1, OffDelay: -1}},
			[]string{"deadband -2 of low", "critical_low 5 must be below low 1", "low 1 must be below high 0", "on-delay", "off-delay", "critical -Inf"},
		},
	} {
		t.Run(sentence, func(t *testing.T) {
			var lines []string
			if err := c.set.Validate(); err != nil {
				lines = strings.Split(err.Error(), "\n")
			}
			if len(lines) != len(c.want) {
				t.Fatalf("faults %q, want %d", lines, len(c.want))
			}
			for i, part := range c.want {
				if !strings.Contains(lines[i], part) {
					t.Errorf("fault %q, want one that says %q", lines[i], part)
				}
			}
		})
	}
}

func TestSetSaysWhereItsEdgesAre(t *testing.T) {
	set := at(1.5, 0, 10, 30, Off)
	for k, want := range map[Kind]float64{CriticalLow: 1.5, Low: 11.5, High: 28.5} {
		if got := set.OffEdge(k); got != want {
			t.Errorf("%v ends at %g, want %g", k, got, want)
		}
	}
	if set.On(Critical) || !set.On(High) || set.IsZero() || None.IsZero() || !(Set{}).IsZero() {
		t.Error("a set does not know what is on or set")
	}
	if got := set.With(Critical, 50); !got.On(Critical) || set.On(Critical) {
		t.Error("With must change its result and leave its receiver")
	}
	if got := fmt.Sprint(CriticalLow, Low, High, Critical, Stale, Kinds+1); got != "critical_low low high critical stale threshold 5" {
		t.Errorf("kinds are called %s", got)
	}
}
