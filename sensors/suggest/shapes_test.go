package suggest

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"setpoint/sensors/history"
	"setpoint/sensors/threshold"
	"setpoint/sensors/tune"
)

// A shape makes the value at x weeks, one reading every two minutes.
type shape struct {
	name string
	make func(draw *rand.Rand) func(x float64) float64
}

// wander is noise with a correlation time of so many steps.
func wander(draw *rand.Rand, steps float64) func() float64 {
	keep, x := math.Exp(-1/steps), draw.NormFloat64()
	return func() float64 {
		x = keep*x + math.Sqrt(1-keep*keep)*draw.NormFloat64()
		return x
	}
}

var shapes = []shape{
	{"stationary", func(draw *rand.Rand) func(float64) float64 {
		w := wander(draw, 30)
		return func(float64) float64 { return 50 + 2*w() + 0.3*draw.NormFloat64() }
	}},
	{"daily cycle", func(draw *rand.Rand) func(float64) float64 {
		w := wander(draw, 30)
		return func(x float64) float64 { return 50 + 5*math.Sin(14*math.Pi*x) + w() }
	}},
	{"heavy tail", func(draw *rand.Rand) func(float64) float64 {
		w := wander(draw, 60)
		return func(float64) float64 { v := w(); return 50 + v*math.Abs(v)*math.Exp(math.Abs(v)/3) }
	}},
	{"level shift", func(draw *rand.Rand) func(float64) float64 {
		w := wander(draw, 30)
		return func(x float64) float64 { return 50 + 2*w() + 3*math.Round(math.Mod(x/4, 1)) }
	}},
	{"drift", func(draw *rand.Rand) func(float64) float64 {
		w := wander(draw, 30)
		return func(x float64) float64 { return 50 + 2*w() + x/16 }
	}},
	{"quantised", func(draw *rand.Rand) func(float64) float64 {
		w := wander(draw, 30)
		return func(float64) float64 { return 50 + 0.5*math.Round(4*w()) }
	}},
	{"duty cycle", func(draw *rand.Rand) func(float64) float64 {
		w := wander(draw, 200)
		return func(x float64) float64 {
			on := math.Mod(x*7*24*2, 1) < 0.4+0.1*w()
			v := 4 + 0.3*draw.NormFloat64()
			if on {
				v += 2 + 0.2*w()
			}
			return v
		}
	}},
}

// trace returns so many weeks of a shape, twice: to learn on, and what came next.
func trace(s shape, weeks int, seed uint64) (before, after *history.Series) {
	draw := rand.New(rand.NewPCG(seed, 7))
	value := s.make(draw)
	n := weeks * 7 * 24 * 30
	start := time.Date(2026, 1, 5, 0, 0, 0, 0, time.UTC)
	both := [2]*history.Series{history.New(n), history.New(n)}
	for i := range 2 * n {
		x := float64(i) / (7 * 24 * 30)
		both[i/n].Append(start.Add(time.Duration(i)*2*time.Minute), value(x), 0)
	}
	return both[0], both[1]
}

// came returns how many alarms a week a suggestion raises on a series.
func came(s *Suggestion, on *history.Series, weeks int) float64 {
	f := tune.Ask(on, tune.Question{Kind: s.Kind, Set: s.Set(), Hold: 10 * time.Minute})
	return float64(f.Alarms) / float64(weeks)
}

// TestTable makes the table of the package comment: what came of budgets of 0.25, 1 and
// 3 alarms a week on seven shapes, learned on 12 weeks and counted on the next 12.
func TestTable(t *testing.T) {
	if testing.Short() {
		t.Skip("twelve weeks of seven shapes are too long for -short")
	}
	const runs, weeks = 4, 12
	budgets := []float64{0.25, 1, 3}
	var total [3]float64 // of the shapes that promise anything
	var table strings.Builder
	for _, s := range shapes {
		var sums [3]float64
		for seed := range uint64(runs) {
			before, after := trace(s, weeks, seed)
			for i, budget := range budgets {
				got := Ask(before, Question{Kind: threshold.High, Budget: budget, OnDelay: 2 * time.Minute, OffDelay: 2 * time.Minute})
				if got.Reason != "" {
					t.Fatalf("%s: %s", s.name, got.Reason)
				}
				sums[i] += came(&got, after, weeks) / runs
				if on := float64(got.Would.Alarms) / weeks; on > budget {
					t.Errorf("%s: %g a week asked, %g a week on what was learned from", s.name, budget, on)
				}
			}
		}
		fmt.Fprintf(&table, "%-12s", s.name)
		for i, sum := range sums {
			fmt.Fprintf(&table, " %5.2f", sum)
			if s.name != "drift" { // which breaks the promise of any threshold that stands still
				total[i] += sum / float64(len(shapes)-1)
			}
		}
		table.WriteString("\n")
	}
	for i, budget := range budgets {
		if total[i] > 1.15*budget {
			t.Errorf("%g a week asked, %g a week came", budget, total[i])
		}
	}
	t.Log("\n" + table.String())
}
