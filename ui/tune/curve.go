package tune

import (
	"math"

	"setpoint/sensors/display"
	"setpoint/sensors/threshold"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
)

// curveTitle is what stands over the curve.
func (p *Page) curveTitle() screen.Title {
	return screen.Title{
		Name:  screen.Span{Style: theme.Bright | theme.Bold, Text: "alarms " + p.per() + " by threshold"},
		Hints: []screen.Hint{{Key: "c", Does: "curve"}},
		Right: []screen.Span{dim("replayed, same code as live")},
	}
}

// reach returns the thresholds at the ends of the curve: from the mean of the readings
// to a little beyond the outermost, and to where NOW and NEW are unless that is far off.
func (p *Page) reach() (lo, hi float64) {
	w := p.asks.all
	if !(w.hi > w.lo) {
		return 0, 0
	}
	pad := (w.hi - w.lo) / 20
	lo, hi = w.mean, w.hi+pad
	if !p.key.Kind.Upper() {
		lo, hi = w.lo-pad, w.mean
	}
	const far = 20 // times as wide
	near := far * (hi - lo)
	for _, v := range []float64{p.asks.quick.Now.At, p.Rule().At} {
		if v > lo-near && v < hi+near {
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	return lo, hi
}

// grid returns the thresholds of the curve: one for each column, of which two are NOW
// and NEW themselves.
func (p *Page) grid() []float64 {
	lo, hi := p.reach()
	n := p.asks.bars
	if n < 2 || lo >= hi {
		return nil
	}
	at := make([]float64, n)
	for i := range at {
		at[i] = lo + (hi-lo)*float64(i)/float64(n-1)
	}
	for _, v := range []float64{p.asks.quick.Now.At, p.Rule().At} {
		if i := place(at, v); i >= 0 {
			at[i] = v
		}
	}
	return at
}

// place returns the column of the curve that v lies in, -1 if none.
func place(at []float64, v float64) int {
	n := len(at)
	if n < 2 || !(v >= at[0] && v <= at[n-1]) {
		return -1
	}
	return int(math.Round((v - at[0]) / (at[n-1] - at[0]) * float64(n-1)))
}

// curve paints how many alarms a day each threshold would have raised, on a scale of
// which each line is as many times more. It returns for how many columns there is room.
func (p *Page) curve(a screen.Area) int {
	m := p.asks.more
	body := a.Sub(gutter, 0, a.W-gutter-1, a.H-1)
	if m == nil || len(m.Curve) == 0 || len(m.Curve) > body.W {
		body.Text(0, min(1, body.H-1), theme.Dim, "asking the history")
		return body.W
	}
	at := m.Question.Curve
	now, fresh := place(at, p.asks.quick.Now.At), place(at, p.Rule().At)
	tall := body.H >= 4
	p.curveAxis(a.Sub(gutter, a.H-1, body.W, 1), at, now, fresh, tall)
	if tall {
		p.curveNames(body.Sub(0, 0, body.W, 1), now, fresh, place(at, p.suggestedAt()))
		body = body.Sub(0, 1, body.W, body.H-1)
	}
	s := scaleOf(m.Curve, p.asks.quick.Before.Coverage.Days)
	for i, v := range m.Curve {
		st := theme.Faint
		switch i {
		case fresh:
			st = theme.Accent
		case now:
			st = theme.High
		}
		bar(body, i, st, s.share(v))
	}
	p.curveScale(a.Sub(0, body.Y-a.Y, gutter-1, body.H), s)
	return body.W
}

// bar paints a bar of a share of the height in one column.
func bar(a screen.Area, x int, st theme.Style, share float64) {
	full := int(math.Round(share * float64(8*a.H)))
	if share > 0 {
		full = max(full, 1)
	}
	for y := a.H - 1; full > 0 && y >= 0; y-- {
		a.Rune(x, y, st, a.Theme().Spark[min(full, 8)])
		full -= 8
	}
}

// A scale maps rates to heights by their logarithm.
type rates struct{ least, most float64 }

// scaleOf returns the scale for rates found in so many days: from half an alarm in
// that time to the highest.
func scaleOf(list []float64, days float64) rates {
	s := rates{least: 0.5 / max(days, 1e-3)}
	for _, v := range list {
		s.most = max(s.most, v)
	}
	s.most = max(s.most, 4*s.least)
	return s
}

// share returns the height of a rate.
func (s rates) share(v float64) float64 {
	if !(v > s.least) {
		return 0
	}
	return math.Log(v/s.least) / math.Log(s.most/s.least)
}

// curveScale paints rates beside the curve.
func (p *Page) curveScale(a screen.Area, s rates) {
	last := display.Safe("")
	for y := range a.H {
		if a.H > 3 && y%2 == 1 {
			continue
		}
		share := (float64(a.H-y) - 0.5) / float64(a.H)
		if y == 0 {
			share = 1
		}
		if text := p.often(s.least * math.Pow(s.most/s.least, share)); text != last && text != "0" {
			a.Right(a.W, y, theme.Dim, text)
			last = text
		}
	}
}

// curveNames says above the curve where NOW, NEW and the suggestion are.
func (p *Page) curveNames(a screen.Area, now, fresh, suggested int) {
	put := func(x int, st theme.Style, text display.Safe) {
		if x >= 0 {
			a.Text(min(max(x-display.Width(text)/2, 0), a.W-display.Width(text)), 0, st, text)
		}
	}
	clear := func(x, y, n int) bool { return x >= 0 && (y < 0 || x-y > n || y-x > n) }
	if clear(suggested, fresh, 5) && clear(suggested, now, 5) {
		put(suggested, theme.Good, "suggest")
	}
	if clear(now, fresh, 3) {
		put(now, theme.High|theme.Bold, "now")
	}
	put(fresh, theme.Accent|theme.Bold, "new")
}

// suggestedAt returns where the suggestion is; NaN if there is none.
func (p *Page) suggestedAt() float64 {
	if !p.Suggested() {
		return math.NaN()
	}
	return p.asks.advice.On
}

// curveAxis paints round thresholds below the curve and, where nothing above it says
// so, n and ^ at NOW and NEW.
func (p *Page) curveAxis(a screen.Area, at []float64, now, fresh int, named bool) {
	lo, hi := at[0], at[len(at)-1]
	if !named {
		a.Rune(now, 0, theme.High|theme.Bold, 'n')
		a.Rune(fresh, 0, theme.Accent|theme.Bold, '^')
	}
	const label, enough = 9, 50 * 2.1 // so that a step is no less than its label is wide
	step := threshold.Step(enough * (hi - lo) * label / float64(max(a.W, 1)))
	free := 0
	for v := math.Ceil(lo/step) * step; v <= hi; v += step {
		text := screen.Number(v, decimals(step), 9)
		x := place(at, v) - len(text)/2
		taken := func(mark int) bool { return !named && mark >= x-1 && mark <= x+len(text) }
		if x < free || x+len(text) > a.W || taken(now) || taken(fresh) {
			continue
		}
		a.Text(x, 0, theme.Dim, text)
		free = x + len(text) + 2
	}
}

// decimals returns how many decimals multiples of step need.
func decimals(step float64) int {
	if step >= 1 {
		return 0
	}
	return screen.Decimals(step)
}
