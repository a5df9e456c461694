package screen

import (
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"setpoint/sensors/display"
)

func TestWrapKeepsEveryWordWithinTheWidth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := rapid.IntRange(1, 30).Draw(t, "width")
		text := display.Text(rapid.String().Draw(t, "text"))
		for _, line := range Wrap(text, w) {
			if display.Width(line) > w {
				t.Fatalf("%q is wider than %d", line, w)
			}
		}
	})
	if got := Wrap("one two three", 7); !slices.Equal(got, []display.Safe{"one two", "three"}) {
		t.Errorf("got %q", got)
	}
}

func TestLastIsTheEndThatFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(-1, 30).Draw(t, "n")
		text := display.Text(rapid.String().Draw(t, "text"))
		got := Last(text, n)
		if display.Width(got) > max(n, 0) || got != text[len(text)-len(got):] {
			t.Fatalf("%q of %q in %d", got, text, n)
		}
	})
	for in, want := range map[display.Safe]display.Safe{"oven": "oven", "ovens": "vens", "冷蔵庫": "蔵庫", "oe\u0301ven": "e\u0301ven", "": ""} {
		if got := Last(in, 4); got != want {
			t.Errorf("%q: got %q, want %q", in, got, want)
		}
	}
}

func TestBothEdgesOfAThresholdAreToldAlike(t *testing.T) {
	for _, c := range []struct {
		on, off float64
		want    display.Safe
	}{
		{85, 84, "85.0/84.0"},
		{0.6, 0.615, "0.600/0.615"},
		{-16, -16.5, "-16.0/-16.5"},
		{9, 8.75, "9.00/8.75"},
		{100, 100 - 1.0/3, "100.0000/99.6667"},
		{math.NaN(), math.NaN(), "off"},
	} {
		if got := Edges(c.on, c.off); got != c.want {
			t.Errorf("%g, %g: got %q, want %q", c.on, c.off, got, c.want)
		}
	}
}

func TestATimeOfAnotherDayHasItsDate(t *testing.T) {
	now := time.Date(2026, time.March, 14, 0, 30, 0, 0, time.FixedZone("", 3600))
	for in, want := range map[time.Time][2]display.Safe{
		now.Add(-time.Minute).UTC(): {"00:29:00", "00:29"},
		now.Add(-time.Hour):         {"13 Mar 23:30", "13 Mar 23:30"},
	} {
		if c, m := Clock(in, now), Minute(in, now); c != want[0] || m != want[1] {
			t.Errorf("%v: %q and %q, want %q", in, c, m, want)
		}
	}
}
