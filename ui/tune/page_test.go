package tune

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"setpoint/sensors/threshold"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
	"setpoint/ui/uitest"
	"setpoint/workflow/monitor"
)

// opened returns a page about high of oven-2 that has its answers.
func opened(t testing.TB) *Page {
	t.Helper()
	p := New(time.UTC)
	p.Take(uitest.Snapshot(14))
	p.Open("oven-2", threshold.High)
	paint(p, 160, 42, dark)
	answer(t, p)
	return p
}

// answer answers what p asks until it asks no more.
func answer(t testing.TB, p *Page) {
	t.Helper()
	ask := func(q monitor.TuneQuestion) (*monitor.TuneAnswer, error) { return uitest.Tune(t.Context(), q) }
	for range 9 {
		q, ok := p.Question()
		if ok {
			p.Answer(ask(q))
		}
		more, also := p.More()
		if also {
			p.AnswerMore(ask(more))
		}
		hint, too := p.Advice()
		if too {
			p.AnswerAdvice(ask(hint))
		}
		if !ok && !also && !too {
			return
		}
	}
	t.Fatal("the page never has enough")
}

var (
	dark  = theme.New("dark", true, colorprofile.TrueColor, false)
	light = theme.New("light", false, colorprofile.TrueColor, false)
	ascii = theme.New("dark", true, colorprofile.TrueColor, true)
	mono  = theme.New("mono", true, colorprofile.TrueColor, false)
)

// paint returns the page in w by h cells.
func paint(p *Page, w, h int, look *theme.Theme) string {
	var s screen.Sheet
	s.Reset(w, h, look)
	p.Draw(s.Area())
	return s.String()
}

// The sizes are those of the page on a terminal of the size that names the file.
func TestPageLooksAsItDid(t *testing.T) {
	for _, c := range []struct {
		name string
		w, h int
		look *theme.Theme
	}{
		{"160x45", 160, 42, dark},
		{"120x32", 120, 29, dark},
		{"80x24", 80, 21, dark},
		{"60x16", 60, 14, dark},
		{"light-80x24", 80, 21, light},
		{"ascii-80x24", 80, 21, ascii},
		{"mono-80x24", 80, 21, mono},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := opened(t)
			check(t, p.Move(7))
			answer(t, p)
			p.NextAlarm(-1)
			paint(p, c.w, c.h, c.look)
			answer(t, p)
			uitest.Golden(t, c.name, uitest.Text(paint(p, c.w, c.h, c.look)))
		})
	}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestPageStaysInItsArea(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		p := opened(t)
		for range rapid.IntRange(0, 12).Draw(r, "deeds") {
			deed(r, p)
		}
		w, h := rapid.IntRange(0, 170).Draw(r, "w"), rapid.IntRange(0, 50).Draw(r, "h")
		var s screen.Sheet
		s.Reset(w+2, h+2, rapid.SampledFrom([]*theme.Theme{dark, ascii}).Draw(r, "look"))
		for range 2 {
			p.Draw(s.Area().Sub(1, 1, w, h))
			answer(t, p)
		}
		if strings.Contains(s.String(), "\x1b[2J") {
			r.Fatal("raw text of a stranger")
		}
		lines := strings.Split(ansi.Strip(s.String()), "\n")
		for i, line := range lines {
			cells := []rune(line)
			edge := i == 0 || i == len(lines)-1
			if edge && strings.TrimSpace(line) != "" || cells[0] != ' ' || cells[len(cells)-1] != ' ' {
				r.Fatalf("line %d leaves %d by %d: %q", i, w, h, line)
			}
		}
	})
}

// deed does something to p that a hand can do.
func deed(r *rapid.T, p *Page) {
	n := rapid.SampledFrom([]int{-10, -1, 1, 10}).Draw(r, "n")
	deeds := []func(){
		func() { _ = p.Move(n) },
		func() { p.NextHandle(n) },
		func() { p.Turn(n) },
		func() { p.Zoom(n) },
		func() { p.Scroll(n) },
		func() { p.NextAlarm(n) },
		p.NextScope,
		p.ToggleCurve,
		func() { p.Undo() },
		func() { p.Redo() },
		func() {
			_ = p.Type(rapid.SampledFrom([]string{"off", "88.5", "-1e300", "1e300", "90s", "0"}).Draw(r, "typed"))
		},
		func() {
			p.Open(rapid.SampledFrom([]string{"oven-2", "roof", "冷蔵庫\x1b[2J"}).Draw(r, "sensor"), p.key.Kind)
		},
		func() {
			if p.Suggested() {
				_ = p.TakeSuggestion()
			}
		},
		p.Late,
	}
	deeds[rapid.IntRange(0, len(deeds)-1).Draw(r, "deed")]()
	q, ok := p.Question()
	if ok {
		p.Answer(uitest.Tune(r.Context(), q))
	}
}

func TestEmptyPlacesSayWhy(t *testing.T) {
	text := func(p *Page) string { return ansi.Strip(paint(p, 100, 30, dark)) }
	p := New(time.UTC)
	want := func(what string) {
		t.Helper()
		if got := text(p); !strings.Contains(got, what) {
			t.Errorf("no %q in\n%s", what, got)
		}
	}
	want("starting")
	p.Take(uitest.Snapshot(3))
	want("no sensor yet: t on Watch")
	p.Open("oven-2", threshold.High)
	want("asking the history")
	q, _ := p.Question()
	a, err := uitest.Tune(t.Context(), q)
	check(t, err)
	a.Readings = 12
	p.Answer(a, nil)
	want("12 readings: nothing to learn from yet")
	a.Readings, a.Before.Coverage.Good = 40, math.NaN()
	p.Answer(a, nil)
	want("40 readings, none of them good")
}

func TestStrangersTextIsMadeFit(t *testing.T) {
	const evil = "e\x1b]0;owned\a\x1b[2J\u202evil\n"
	p := opened(t)
	p.NextScope()
	answer(t, p)
	a, m := p.asks.quick, p.asks.more
	a.Group, a.Origin, m.Winners, m.Losers = evil, evil, []string{evil, evil}, []string{evil}
	m.Question.Scope = p.Scope()
	p.snap.Changes = []monitor.Change{{ID: 1, What: "threshold", Kind: p.key.Kind, By: evil}}
	for _, size := range [][2]int{{160, 42}, {120, 29}, {80, 21}, {60, 14}} {
		frame := paint(p, size[0], size[1], dark)
		for _, bad := range []string{"\x1b]", "\a", "\x1b[2J", "\u202e"} {
			if strings.Contains(frame, bad) {
				t.Errorf("%v: the page contains %q", size, bad)
			}
		}
		if lines, widest, _ := uitest.Measure(frame); lines != size[1] || widest != size[0] {
			t.Errorf("%v: %d lines of %d cells", size, lines, widest)
		}
	}
}

func TestAShortPastIsCountedAndNoRate(t *testing.T) {
	p := opened(t)
	a := p.asks.quick
	for _, f := range []*float64{&a.Before.Coverage.Days, &a.After.Coverage.Days} {
		*f = 2.1
	}
	got := ansi.Strip(paint(p, 160, 42, dark))
	for _, want := range []string{" in 2.1 d", "alarms in 2.1 d by threshold"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

func TestOldFiguresStayDimmedWhileAnAnswerIsLate(t *testing.T) {
	p := opened(t)
	calm := paint(p, 160, 42, dark)
	check(t, p.Move(3))
	if moved := paint(p, 160, 42, dark); moved == calm || p.stale() {
		t.Error("a move is not seen at once, or dims at once")
	}
	figures := func() string {
		lines := strings.Split(paint(p, 160, 42, dark), "\n")
		i := slices.IndexFunc(lines, func(l string) bool { return strings.Contains(ansi.Strip(l), "alarms a day ") })
		return lines[i]
	}
	before := figures()
	p.Late()
	if late := figures(); late == before || ansi.Strip(late) != ansi.Strip(before) {
		t.Error("late figures must stay, and look otherwise")
	}
	answer(t, p)
	if p.stale() || ansi.Strip(figures()) == ansi.Strip(before) {
		t.Error("the answer does not show")
	}
}

func TestAnswersAboutAnotherThresholdAreDropped(t *testing.T) {
	p := opened(t)
	check(t, p.Move(1))
	q, _ := p.Question()
	a, err := uitest.Tune(t.Context(), q)
	check(t, err)
	p.Turn(1)
	p.Answer(a, nil)
	if p.known() {
		t.Error("critical shows the answer about high")
	}
	p.AnswerMore(a, nil)
	if p.asks.more != nil {
		t.Error("and its curve")
	}
}

func BenchmarkFrame(b *testing.B) {
	p := opened(b)
	var s screen.Sheet
	b.ReportAllocs()
	for b.Loop() {
		s.Reset(160, 42, dark)
		p.Draw(s.Area())
		if len(s.String()) < 160*42 {
			b.Fatal("frame is not full")
		}
	}
}
