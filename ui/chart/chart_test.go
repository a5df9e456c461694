package chart

import (
	"math"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/colorprofile"
	"pgregory.net/rapid"

	"setpoint/sensors/history"
	"setpoint/sensors/threshold"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
	"setpoint/workflow/monitor"
)

var noon = time.Date(2026, time.March, 14, 12, 0, 0, 0, time.UTC)

// sheet returns an area of w by h, and what is painted on it as text.
func sheet(w, h int) (screen.Area, func() string) {
	s := &screen.Sheet{}
	s.Reset(w, h, theme.New("mono", true, colorprofile.ASCII, false))
	return s.Area(), func() string {
		var b strings.Builder
		for i, part := range strings.Split(s.String(), "\x1b[") {
			if i > 0 {
				_, part, _ = strings.Cut(part, "m")
			}
			b.WriteString(part)
		}
		return b.String()
	}
}

// cols returns a column for each value; NaN is an empty one.
func cols(values ...float64) []history.Column {
	out := make([]history.Column, len(values))
	for i, v := range values {
		if !math.IsNaN(v) {
			out[i] = history.Column{Min: v, Max: v, Mean: v, N: 1}
		}
	}
	return out
}

func TestSpark(t *testing.T) {
	nan := math.NaN()
	gap := cols(1, 2, 3, nan, 5, 6)
	gap[3].Gap = true
	spike := cols(1, 1, 1, 1)
	spike[2].Mark, spike[2].Max = monitor.MarkHigh, 9
	for _, c := range []struct {
		name  string
		cols  []history.Column
		floor float64
		want  string
	}{
		{"leaves the top eighth free", cols(0, 1, 2, 3, 4, 5, 6, 7), 0, "▁▂▃▄▄▅▆▇"},
		{"shows a quiet sensor as quiet", cols(5, 5.1, 5, 5.1, 5, 5.1), 4, "▄▄▄▄▄▄"},
		{"shows a constant sensor at the bottom", cols(5, 5, 5), 0, "▁▁▁"},
		{"keeps the newest at the right edge", cols(1, 8, 1, 8), 0, "▁▇▁▇"},
		{"bridges the distance of a slow sensor", cols(1, nan, 2, nan, 3, nan, 4), 0, "▁▁▃▃▅▅▇"},
		{"leaves a hole where readings are missing", cols(1, 2, 3, nan, nan, nan, nan, 4), 0, "▁▃▅▅▅  ▇"},
		{"marks a gap of bad readings", gap, 0, "▁▂▃·▆▇"},
		{"does not drown a spike in the mean", spike, 0, "▁▁▇▁"},
		{"cuts what is older than there is room for", cols(9, 9, 9, 9, 9, 9, 9, 9, 1, 2), 0, ""},
		{"survives infinite values", cols(math.Inf(1), 1, 2, math.Inf(-1)), 0, ""},
		{"paints nothing of nothing", nil, 0, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, text := sheet(8, 1)
			Spark(a, c.cols, c.floor)
			if c.want == "" {
				return
			}
			if got := strings.TrimLeft(text(), " "); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestScaleIsRound(t *testing.T) {
	for _, c := range []struct{ lo, hi float64 }{
		{79.3, 91.4},
		{0.47, 1.22},
		{-17.2, -9.1},
		{5, 5},
		{0, 0},
		{-1e299, 1e299},
	} {
		s := newScale(c.lo, c.hi, 4, 40)
		if s.lo > c.lo || s.hi < c.hi || s.step <= 0 || len(s.ticks()) < 2 || len(s.ticks()) > 8 {
			t.Errorf("scale of %g to %g is %+v with ticks %v", c.lo, c.hi, s, s.ticks())
		}
		for _, v := range s.ticks() {
			if r := v / s.step; math.Abs(r-math.Round(r)) > 1e-6 {
				t.Errorf("tick %g is not on a step of %g", v, s.step)
			}
		}
	}
}

func TestDotsAndValuesAgree(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lo := rapid.Float64Range(-1e6, 1e6).Draw(t, "lo")
		s := newScale(lo, lo+rapid.Float64Range(1e-3, 1e6).Draw(t, "span"), 5, rapid.IntRange(2, 200).Draw(t, "dots"))
		d := rapid.IntRange(0, s.dots-1).Draw(t, "dot")
		if got := s.dot(s.value(d)); got != d {
			t.Fatalf("dot %d has value %g, which is at dot %d", d, s.value(d), got)
		}
	})
}

func TestClockTicksAreRound(t *testing.T) {
	berlin := time.FixedZone("there", 2*60*60)
	for _, c := range []struct {
		span  time.Duration
		width int
		want  string
	}{
		{time.Minute, 60, "14:00:15 14:00:30 14:00:45 14:01:00"},
		{30 * time.Minute, 30, "14:10 14:20 14:30"},
		{24 * time.Hour, 40, "18:00 00:00 06:00 12:00"},
		{14 * 24 * time.Hour, 40, "16 Mar 23 Mar"},
		{time.Hour, 3, ""},
		{0, 80, ""},
	} {
		at, layout := clock(noon, noon.Add(c.span), berlin, c.width)
		var got []string
		for _, t := range at {
			got = append(got, t.Format(layout))
		}
		if g := strings.Join(got, " "); g != c.want {
			t.Errorf("%v in %d cells: %q, want %q", c.span, c.width, g, c.want)
		}
	}
}

func TestPlotNamesItsThresholds(t *testing.T) {
	a, text := sheet(60, 16)
	g := Plot{
		Columns: cols(80, 81, 82, 84, 86, 90), From: noon, To: noon.Add(30 * time.Minute), Zone: time.UTC,
		Set:    threshold.None.With(threshold.Low, 10).With(threshold.High, 85).With(threshold.Critical, 95).WithDeadband(2),
		Marked: threshold.High,
	}.Draw(a)
	out := text()
	lines := strings.Split(out, "\n")
	for _, want := range []string{"HIGH", "off", "CRITICAL", "↓LOW", "12:10", "12:30", "80┤"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	if at := g.Line(85); !strings.Contains(lines[at], "HIGH") || !strings.Contains(lines[at], "──") {
		t.Errorf("the line of 85 is %q", lines[at])
	}
	if v := g.Value(g.Line(85)); math.Abs(v-85) > 2 {
		t.Errorf("the line of 85 is worth %g", v)
	}
}

func TestGapInTheTraceStaysAGap(t *testing.T) {
	a, text := sheet(20, 3)
	c := cols(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)
	for i := 8; i < 12; i++ {
		c[i] = history.Column{Gap: true}
	}
	Plot{Columns: c, From: noon, To: noon.Add(time.Minute), Zone: time.UTC, Set: threshold.None}.Draw(a)
	for line := range strings.SplitSeq(text(), "\n") {
		if r := []rune(line); strings.TrimSpace(line) != "" && (r[9] != ' ' || r[10] != ' ' || r[6] == ' ' || r[13] == ' ') {
			t.Errorf("line %q: want a trace with a hole in its middle", line)
		}
	}
}

func TestAnyPlotFits(t *testing.T) {
	value := rapid.OneOf(rapid.Float64(), rapid.Float64Range(-100, 100), rapid.SampledFrom([]float64{math.NaN(), math.Inf(1), math.Inf(-1), 0, math.MaxFloat64, -math.MaxFloat64}))
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(1, 120).Draw(t, "w"), rapid.IntRange(1, 40).Draw(t, "h")
		a, text := sheet(w, h)
		n := rapid.IntRange(0, 300).Draw(t, "n")
		c := make([]history.Column, n)
		for i := range c {
			c[i] = history.Column{
				Min: value.Draw(t, "min"), Max: value.Draw(t, "max"), Mean: value.Draw(t, "mean"),
				N: rapid.IntRange(0, 2).Draw(t, "count"), Mark: uint8(rapid.IntRange(0, 5).Draw(t, "mark")), Gap: rapid.Bool().Draw(t, "gap"),
			}
		}
		p := Plot{Columns: c, From: noon, To: noon.Add(time.Duration(rapid.Int64().Draw(t, "span"))), Zone: time.UTC, Marked: threshold.Kind(rapid.IntRange(0, 3).Draw(t, "kind")), Floor: value.Draw(t, "floor")}
		for k := range p.Set {
			p.Set[k].At = value.Draw(t, "threshold")
		}
		g := p.Draw(a)
		g.Value(g.Line(value.Draw(t, "at")))
		Spark(a.Sub(0, 0, w, 1), c, p.Floor)
		lines := strings.Split(text(), "\n")
		if len(lines) != h {
			t.Fatalf("%d lines, want %d", len(lines), h)
		}
		for _, l := range lines {
			if n := len([]rune(l)); n != w {
				t.Fatalf("line %q has %d cells, want %d", l, n, w)
			}
		}
	})
}

func BenchmarkSpark(b *testing.B) {
	a, _ := sheet(28, 1)
	c := wave(28)
	b.ReportAllocs()
	for b.Loop() {
		Spark(a, c, 1)
	}
}

func BenchmarkPlot(b *testing.B) {
	a, _ := sheet(100, 30)
	p := Plot{Columns: wave(180), From: noon, To: noon.Add(30 * time.Minute), Zone: time.UTC, Set: threshold.Default, Marked: threshold.High}
	b.ReportAllocs()
	for b.Loop() {
		p.Draw(a)
	}
}

// wave returns n columns of a wave.
func wave(n int) []history.Column {
	out := make([]history.Column, n)
	for i := range out {
		v := 20 + 12*math.Sin(float64(i)/9)
		out[i] = history.Column{Min: v - 1, Max: v + 1, Mean: v, N: 4}
	}
	return out
}
