package suggest

import (
	"math"
	"strings"
	"testing"
	"time"

	"setpoint/sensors/threshold"
)

func TestLineInThreeNumbers(t *testing.T) {
	value := noise(9)
	past := series(40*288, 5*time.Minute, func(i int) float64 { return value(i) + 5*math.Sin(float64(i)*2*math.Pi/288) })
	for kind, side := range map[threshold.Kind]string{threshold.High: "above", threshold.Low: "below"} {
		l := AskLine(past, Question{Kind: kind, Highest: 60})
		text := l.String()
		if l.Margin < 2 || l.Margin > 6 || !strings.Contains(text, side+" the usual for 23:55 (") || !strings.Contains(text, "never "+side) {
			t.Errorf("%s (margin %g, noise 1)", text, l.Margin)
		}
		still := Ask(past, Question{Kind: kind})
		if off := math.Abs(still.On - 20); off < l.Margin+3 {
			t.Errorf("%s: the one that stands still is at %g", text, still.On)
		}
	}
	if l := AskLine(series(100, time.Minute, value), Question{}); !strings.HasPrefix(l.String(), "no line: too short") {
		t.Error(l.String())
	}
	if l := AskLine(series(0, time.Minute, nil), Question{}); l.String() != "no line: no readings to learn from" {
		t.Error(l.String())
	}
	l := Line{Kind: threshold.High, Margin: 2.4, Usual: 23.1, Daily: 1, Bound: 40, Clock: time.Date(2026, 1, 1, 14, 30, 0, 0, time.UTC)}
	if got, want := l.String(), "margin 2.4 above the usual for 14:30 (23.1), moved at most 1 a day, never above 40"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// It is an oracle for decay: noise with exponential correlation, walked.
func TestDecayIsWhatNoiseDoes(t *testing.T) {
	for zero, n := range map[float64]float64{0: 1, 1: 2, 1.732: 3, 2.334: 4, 2.857: 5, 3.324: 6} {
		if got := decay(zero); math.Abs(got-n) > 0.05 {
			t.Errorf("decay(%g) = %g, want %g", zero, got, n)
		}
	}
	if d, wide := outlast(float64(time.Minute), float64(time.Minute)); wide != margin || d < 2*time.Minute || d > 5*time.Minute {
		t.Errorf("a minute: %v at %g", d, wide)
	}
	if d, wide := outlast(float64(5*day), float64(5*day)); d != patience || wide < 2.5 || wide > 4.5 {
		t.Errorf("five days: %v at %g", d, wide)
	}
}
