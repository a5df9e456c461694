package threshold

import (
	"math"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

func TestStepIsReadable(t *testing.T) {
	for span, want := range map[float64]float64{
		0: 0.5, -3: 0.5, math.Inf(1): 0.5, 5e-324: 0.5, 1e-300: 0.5,
		0.05: 0.001, 1: 0.02, 2.5: 0.05, 5: 0.1, 10: 0.2, 20: 0.2, 25: 0.5, 50: 1, 99: 1, 100: 2, 1013: 20, 1e6: 20000,
	} {
		if got := Step(span); got != want {
			t.Errorf("step for a span of %g is %g, want %g", span, got, want)
		}
	}
	if got := Step(math.NaN()); got != 0.5 {
		t.Errorf("step for no span is %g, want 0.5", got)
	}
}

func TestStepIsAtMostAFiftiethAndNotMuchLess(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		span := math.Pow(10, rapid.Float64Range(-6, 12).Draw(t, "magnitude"))
		if got := Step(span); got > span/50*(1+1e-12) || got < span/50/2.5*(1-1e-12) {
			t.Fatalf("step for a span of %g is %g", span, got)
		}
	})
}

func TestMovesEndOnRoundFigures(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		step := Step(math.Pow(10, rapid.Float64Range(-3, 6).Draw(t, "magnitude")))
		v := rapid.Float64Range(-1000, 1000).Draw(t, "value")
		n := rapid.IntRange(-100, 100).Draw(t, "steps")
		once := Move(v, step, n)
		if off := math.Abs(once - v - float64(n)*step); off > 0.5001*step {
			t.Fatalf("%g moved %d steps of %g is %g", v, n, step, once)
		}
		if back := Move(Move(once, step, 1), step, -1); back != once {
			t.Fatalf("%g up and down a step of %g is %g", once, step, back)
		}
		const digits = 4 + 5 // before the point, and of the finest step behind it
		if text := strconv.FormatFloat(math.Abs(once), 'g', -1, 64); len(text) > digits+len(".e+05") {
			t.Fatalf("%g moved %d steps of %g reads %s", v, n, step, text)
		}
	})
}

func TestMove(t *testing.T) {
	for sentence, c := range map[string]struct {
		v, step float64
		n       int
		want    float64
	}{
		"three tenths are three tenths":        {0.1, 0.1, 2, 0.3},
		"a step down":                          {85, 0.5, -1, 84.5},
		"ten steps":                            {85, 0.5, 10, 90},
		"a value off the grid is put on it":    {30.04, 0.1, 1, 30.1},
		"a large step has a grid as well":      {1013, 20, 1, 1040},
		"a step of zero moves nothing":         {30.04, 0, 5, 30.04},
		"a threshold below zero moves as well": {-16, 0.2, -1, -16.2},
	} {
		t.Run(sentence, func(t *testing.T) {
			if got := Move(c.v, c.step, c.n); got != c.want {
				t.Errorf("moved to %v, want %v", got, c.want)
			}
		})
	}
	if got := Move(Off, 0.5, 1); !math.IsNaN(got) {
		t.Errorf("a threshold that is off moved to %g", got)
	}
}
