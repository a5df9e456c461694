package screen

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"setpoint/sensors/display"
	"setpoint/ui/theme"
)

// sheet returns an empty sheet.
func sheet(w, h int) *Sheet {
	s := &Sheet{}
	s.Reset(w, h, theme.New("dark", true, colorprofile.TrueColor, false))
	return s
}

func TestTextIsCutAtTheEdgeOfItsArea(t *testing.T) {
	for _, c := range []struct {
		name, text, want string
		x                int
	}{
		{"a short text", "ab", "....ab..", 0},
		{"a long one", "abcdef", "....abcd", 0},
		{"one that begins before", "abcdef", "....cdef", -2},
		{"a wide sign that fits", "a冷", "....a冷.", 0},
		{"a wide sign with one cell left", "abc冷", "....abc ", 0},
		{"a mark on a letter", "e\u0301x", "....e\u0301x..", 0},
		{"a mark on the last letter", "abce\u0301", "....abce\u0301", 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := sheet(8, 1)
			for x := range 8 {
				s.Area().Rune(x, 0, theme.Plain, '.')
			}
			a := s.Area().Sub(4, 0, 4, 1)
			if strings.Contains(c.want, " ") {
				a.Clear()
			}
			a.Text(c.x, 0, theme.Plain, display.Text(c.text))
			if got := s.String(); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestHalfOfAWideSignIsBlanked(t *testing.T) {
	s := sheet(4, 1)
	s.Area().Text(0, 0, theme.Plain, "冷蔵")
	s.Area().Rune(1, 0, theme.Plain, 'x')
	s.Area().Rune(2, 0, theme.Plain, 'y')
	if got := s.String(); got != " xy " {
		t.Errorf("got %q", got)
	}
}

func TestEveryLineIsAsWideAsTheSheet(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(1, 40).Draw(t, "w"), rapid.IntRange(1, 5).Draw(t, "h")
		s := sheet(w, h)
		s.theme = theme.New("dark", true, colorprofile.TrueColor, rapid.Bool().Draw(t, "ascii"))
		for range rapid.IntRange(0, 20).Draw(t, "texts") {
			a := s.Area().Sub(rapid.IntRange(-5, 45).Draw(t, "ax"), rapid.IntRange(-2, 6).Draw(t, "ay"), rapid.IntRange(-3, 50).Draw(t, "aw"), rapid.IntRange(-3, 7).Draw(t, "ah"))
			text := display.Text(rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"冷蔵庫", "👨‍👩‍👧", "e\u0301\u0302", "🇩🇪", "ｆｕｌｌ"})).Draw(t, "text"))
			x, y := rapid.IntRange(-10, 50).Draw(t, "x"), rapid.IntRange(-2, 6).Draw(t, "y")
			st := theme.Style(rapid.Uint8().Draw(t, "style"))
			a.Text(x, y, st, text)
			a.Right(x, y, st, text)
			if rapid.Bool().Draw(t, "box") {
				a.Box(Title{Name: Span{st, text}, Hints: []Hint{{text, text}, {"a", "b"}}, Right: []Span{{st, text}}})
			}
		}
		lines := strings.Split(s.String(), "\n")
		if len(lines) != h {
			t.Fatalf("%d lines, want %d", len(lines), h)
		}
		for _, l := range lines {
			if got := ansi.StringWidthWc(l); got != w {
				t.Fatalf("line %q is %d wide, want %d", l, got, w)
			}
		}
	})
}

func TestRunsOfOneStyleAreOneSequence(t *testing.T) {
	s := sheet(30, 1)
	a := s.Area()
	a.Text(0, 0, theme.Good, "one")
	a.Text(5, 0, theme.Good, "two")
	a.Text(10, 0, theme.Dim, "three")
	if got, want := strings.Count(s.String(), "\x1b["), 4; got != want {
		t.Errorf("%d sequences, want %d: %q", got, want, s.String())
	}
}

func TestNumber(t *testing.T) {
	for _, c := range []struct {
		v          float64
		dec, width int
		want       display.Safe
	}{
		{91.44, 1, 6, "91.4"},
		{-17.25, 2, 6, "-17.25"},
		{123456.7, 1, 6, "123457"},
		{-0.04, 1, 6, "0.0"},
		{1e9, 1, 6, "1e+09"},
		{-1.5e200, 1, 6, "#"},
		{-1.6e200, 1, 7, "-2e+200"},
		{math.NaN(), 1, 6, "-"},
		{math.Inf(1), 1, 6, "-"},
	} {
		if got := Number(c.v, c.dec, c.width); got != c.want {
			t.Errorf("%g with %d decimals in %d cells: %q, want %q", c.v, c.dec, c.width, got, c.want)
		}
	}
	if got := Signed(2.1, 1, 5); got != "+2.1" {
		t.Errorf("got %q", got)
	}
}

func TestNumberNeverTakesMoreRoom(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v, w := rapid.Float64().Draw(t, "v"), rapid.IntRange(1, 12).Draw(t, "w")
		if got := Number(v, rapid.IntRange(0, 6).Draw(t, "dec"), w); len(got) > w || got == "" {
			t.Fatalf("%g in %d cells is %q", v, w, got)
		}
	})
}

func TestDecimalsShowASteps(t *testing.T) {
	for step, want := range map[float64]int{0.5: 1, 1: 1, 5: 1, 10: 0, 50: 0, 0.05: 2, 0.02: 2, 0.01: 2, 0.001: 3, 0: 1, 1e-12: 6} {
		if got := Decimals(step); got != want {
			t.Errorf("step %g: %d decimals, want %d", step, got, want)
		}
	}
}

func TestWordsOfTime(t *testing.T) {
	for d, want := range map[time.Duration][2]display.Safe{
		42 * time.Second:               {"42s", "42 s"},
		4*time.Minute + 10*time.Second: {"4m10", "4m10"},
		30 * time.Minute:               {"30m00", "30 min"},
		3*time.Hour + 5*time.Minute:    {"3h05", "185 min"},
		48 * time.Hour:                 {"2d", "2 days"},
		24 * time.Hour:                 {"1d", "1 day"},
		14 * 24 * time.Hour:            {"14d", "2 weeks"},
		-time.Second:                   {"0s", "-1 s"},
	} {
		if got := [2]display.Safe{Ago(d), Length(d)}; got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
	for d, want := range map[time.Duration]display.Safe{31 * time.Microsecond: "31 µs", 4 * time.Millisecond: "4.0 ms", 40 * time.Millisecond: "40 ms", 3 * time.Second: "3.0 s"} {
		if got := Latency(d, "µs"); got != want {
			t.Errorf("%v: %q, want %q", d, got, want)
		}
	}
	for n, want := range map[uint64]display.Safe{0: "0", 999: "999", 1000: "1,000", 1204330: "1,204,330"} {
		if got := Count(n); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
	for r, want := range map[float64]display.Safe{0: "0/s", 0.4: "0.4/s", 412.2: "412/s", 2e6: "2.0M/s", 1e12: "many/s"} {
		if got := Rate(r); got != want {
			t.Errorf("%g: %q, want %q", r, got, want)
		}
	}
}

func TestTailShowsTheFile(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"sim:", "sim:"},
		{"/srv/data/oven.csv", "…/data/oven.csv"},
		{"/srv/much/longer/than/that/is/oven.csv", "…/is/oven.csv"},
		{"data/machine_temperature_system.csv", "machine_temper…"},
		{"sim:plant?sensors=2000", "sim:plant?sens…"},
	} {
		if got := Tail(display.Text(c.text), 15); string(got) != c.want {
			t.Errorf("%s: %q, want %q", c.text, got, c.want)
		}
	}
}

func TestTailFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 40).Draw(t, "n")
		text := display.Text(rapid.StringMatching(`[a/冷…é]{0,40}`).Draw(t, "text"))
		if got := Tail(text, n); display.Width(got) > n {
			t.Fatalf("%q in %d columns is %q", text, n, got)
		}
	})
}

func TestManyCounts(t *testing.T) {
	for n, want := range map[int]display.Safe{0: "0 sensors", 1: "1 sensor", 2: "2 sensors", 10_000: "10,000 sensors"} {
		if got := Many(n, "sensor"); got != want {
			t.Errorf("%d: %q, want %q", n, got, want)
		}
	}
}
