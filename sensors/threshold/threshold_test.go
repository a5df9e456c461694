package threshold

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// latched returns the names of the closed latches, "" if all are open.
func latched(l Latches) string {
	var names []string
	for k := range Kinds {
		if l.Has(k) {
			names = append(names, k.String())
		}
	}
	return strings.Join(names, " ")
}

func TestJudge(t *testing.T) {
	plain := Set{At: [Kinds]float64{0, 10, 30, 40}}
	wide := Set{At: [Kinds]float64{0, 10, 30, 40}, Deadband: 2}
	nan := math.NaN()
	for sentence, c := range map[string]struct {
		set    Set
		values []float64
		want   string
	}{
		"inside everything nothing is latched":             {plain, []float64{20}, ""},
		"a value on a high threshold has passed it":        {plain, []float64{30}, "high"},
		"a value on a low threshold has passed it":         {plain, []float64{10}, "low"},
		"beyond critical both upper ones are latched":      {plain, []float64{40}, "high critical"},
		"beyond critical low both lower ones are latched":  {plain, []float64{-1}, "critical_low low"},
		"without a deadband anything inside opens":         {plain, []float64{30, math.Nextafter(30, 0)}, ""},
		"inside the deadband the latch holds":              {wide, []float64{30, 28.5}, "high"},
		"on the off edge the latch still holds":            {wide, []float64{30, 28}, "high"},
		"beyond the off edge the latch opens":              {wide, []float64{30, 27.99}, ""},
		"the deadband does not close a latch":              {wide, []float64{20, 29.9}, ""},
		"the low side mirrors the high one: held":          {wide, []float64{10, 12}, "low"},
		"the low side mirrors the high one: open":          {wide, []float64{10, 12.01}, ""},
		"critical opens before high does":                  {wide, []float64{41, 37.9}, "high"},
		"a fall from critical to low swaps the latches":    {wide, []float64{41, 9}, "low"},
		"a rise from critical low to critical swaps them":  {wide, []float64{-1, 41}, "high critical"},
		"a bad value holds what is latched":                {wide, []float64{41, nan}, "high critical"},
		"a bad value latches nothing":                      {wide, []float64{nan, nan}, ""},
		"a deadband wider than the band keeps both sides":  {Set{At: [Kinds]float64{Off, 10, 12, Off}, Deadband: 5}, []float64{13, 9}, "low high"},
		"a threshold that is off is never passed":          {None, []float64{1e300, -1e300}, ""},
		"the default watches low, high and critical alone": {Default, []float64{-400}, "low"},
	} {
		t.Run(sentence, func(t *testing.T) {
			var l Latches
			for _, v := range c.values {
				l = c.set.Judge(l, v)
			}
			if got := latched(l); got != c.want {
				t.Errorf("after %g: latched %q, want %q", c.values, got, c.want)
			}
		})
	}
}

func TestALesserLatchIsNotForgottenWhenTheWorseOneOpens(t *testing.T) {
	// Levels 70 and 80 that reset at 60 and 70: at 62 the worse one is over, and
	// the lesser one is not.
	set := None.With(High, 70).With(Critical, 80)
	set.Deadband = 10
	var l Latches
	var shown []string
	for _, v := range []float64{61, 73, 64, 85, 62, 56, 47} {
		l = set.Judge(l, v)
		k, ok := set.Worst(l, v)
		if !ok {
			shown = append(shown, "-")
			continue
		}
		shown = append(shown, k.String())
	}
	if got, want := strings.Join(shown, " "), "- high high critical high - -"; got != want {
		t.Errorf("shown %s, want %s", got, want)
	}
}

func TestSwitchingAThresholdOffOpensItsLatchAtTheNextValue(t *testing.T) {
	l := Default.Judge(0, 35)
	set := Default.With(High, Off)
	if got := latched(set.Judge(l, math.NaN())); got != "high" {
		t.Errorf("after a bad value %q, want the latch held", got)
	}
	if got := latched(set.Judge(l, 35)); got != "" {
		t.Errorf("latched %q, want nothing", got)
	}
}

// drawSet draws a valid set, some thresholds off.
func drawSet(t *rapid.T) Set {
	s := None
	at := rapid.Float64Range(-20, 20).Draw(t, "start")
	for k := range Kinds {
		at += rapid.Float64Range(0.5, 20).Draw(t, k.String())
		if rapid.Bool().Draw(t, "on") {
			s.At[k] = at
		}
	}
	s.Deadband = rapid.Float64Range(0, 15).Draw(t, "deadband")
	return s
}

func TestLatchesAreIndependentOfEachOther(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		set := drawSet(t)
		var together Latches
		var alone [Kinds]Latches
		for _, v := range rapid.SliceOfN(rapid.Float64Range(-30, 100), 1, 50).Draw(t, "values") {
			together = set.Judge(together, v)
			for k := range Kinds {
				only := None.With(k, set.At[k])
				only.Deadband = set.Deadband
				alone[k] = only.Judge(alone[k], v)
				if together.Has(k) != alone[k].Has(k) {
					t.Fatalf("%v at %g: latched %t among others, %t alone", k, v, together.Has(k), alone[k].Has(k))
				}
			}
		}
	})
}

func FuzzNoBandHidesAWorseOne(f *testing.F) {
	f.Add(math.NaN(), 10.0, 30.0, 40.0, 1.0, 45.0, 5.0)
	f.Add(0.0, 10.0, 11.0, 12.0, 50.0, 13.0, -1.0)
	f.Add(0.0, 0.0, 1.0, 1.0, 0.0, 1.0, 0.0)
	f.Add(-1e308, math.NaN(), math.NaN(), 1e308, 1e308, math.Inf(1), math.NaN())
	f.Fuzz(func(t *testing.T, criticalLow, low, high, critical, deadband, first, then float64) {
		set := Set{At: [Kinds]float64{criticalLow, low, high, critical}, Deadband: deadband}
		if set.Validate() != nil {
			t.Skip()
		}
		before := set.Judge(0, first)
		after := set.Judge(before, then)
		if math.IsNaN(then) {
			if after != before {
				t.Fatalf("a bad value changed %q to %q", latched(before), latched(after))
			}
			return
		}
		k, ok := set.Worst(after, then)
		for _, own := range []Kind{Critical, CriticalLow, High, Low} {
			passed := own.Upper() && then >= set.At[own] || !own.Upper() && then <= set.At[own]
			if !passed {
				continue
			}
			if !after.Has(own) {
				t.Fatalf("%g after %g has passed %v: latched %q", then, first, own, latched(after))
			}
			if !ok || k != own && (own.Severe() || !k.Severe()) {
				t.Fatalf("%g after %g has passed %v, shown is %v", then, first, own, k)
			}
			return
		}
	})
}

func TestWorst(t *testing.T) {
	set := Set{At: [Kinds]float64{0, 10, 30, 40}, Deadband: 35}
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
	for sentence, c := range map[string]struct {
		set  Set
		want []string // one part of each fault's line
	}{
		"the default is valid":                    {Default, nil},
		"all off is valid":                        {None, nil},
		"a critical one may equal its neighbour":  {Set{At: [Kinds]float64{10, 10, 30, 30}}, nil},
		"the zero set is not valid":               {Set{}, []string{"low 0 must be below high 0"}},
		"low and high may not be equal":           {None.With(Low, 5).With(High, 5), []string{"low 5 must be below high 5"}},
		"thresholds that are off are passed over": {None.With(CriticalLow, 9).With(Critical, 3), []string{"critical_low 9 must be below critical 3"}},
		"an infinite threshold is none":           {Default.With(Critical, inf), []string{"critical +Inf: want a number or off"}},
		"a negative deadband is none":             {Set{At: None.At, Deadband: -1}, []string{"deadband -1"}},
		"a deadband that is no number is none":    {Set{At: None.At, Deadband: Off}, []string{"deadband NaN"}},
		"an infinite deadband is none":            {Set{At: None.At, Deadband: inf}, []string{"deadband +Inf"}},
		"every fault is told at once, in their order": {
			Set{At: [Kinds]float64{5, 1, 0, -inf}, Deadband: -2},
			[]string{"deadband -2", "critical_low 5 must be below low 1", "low 1 must be below high 0", "critical -Inf"},
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
	set := Set{At: [Kinds]float64{0, 10, 30, Off}, Deadband: 1.5}
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
	if got := fmt.Sprint(CriticalLow, Low, High, Critical, Kinds); got != "critical_low low high critical threshold 4" {
		t.Errorf("kinds are called %s", got)
	}
}
