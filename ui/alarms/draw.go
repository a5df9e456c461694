package alarms

import (
	"setpoint/sensors/display"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
)

// The sizes at which the page changes.
const (
	smallW, smallH = 64, 16  // below: the list alone
	wideW, wideH   = 120, 28 // from here on side by side
	threeW         = 150     // from here on three parts beside each other
	hygieneW       = 55
	pastW          = 48
)

// Draw paints the page.
func (p *Page) Draw(a screen.Area) {
	if p.snap != nil {
		p.settle()
	}
	p.full = p.full && (p.told() != nil || p.snap.AlarmsN > 0)
	switch {
	case p.full:
		p.alone(a)
	case a.W < smallW || a.H < smallH:
		p.small(a)
	case a.W < wideW || a.H < wideH:
		p.stacked(a)
	default:
		p.beside(a)
	}
}

// small paints the list and, in the last line, what to do about the selected alarm.
func (p *Page) small(a screen.Area) {
	d := p.told()
	if d == nil || d.Advice.Action == "" || a.H < 6 {
		p.list(a)
		return
	}
	p.list(a.Sub(0, 0, a.W, a.H-1))
	a.Text(2, a.H-1, theme.Accent|theme.Bold, display.Truncate(display.Text(d.Advice.Action), max(a.W-2, 0)))
}

// stacked puts the list above the selected alarm and the figures in brief.
func (p *Page) stacked(a screen.Area) {
	const figures = 4
	h := min(max(a.H*4/10, 8), 12)
	list := a.H - h - figures
	p.list(a.Sub(0, 1, a.W-1, list-1))
	a.Rule(p.title())
	d := a.Sub(0, list, a.W, h)
	p.detail(d.Rule(p.detailTitle(d)))
	p.inBrief(a.Sub(0, list+h, a.W, figures).Rule(p.hygieneTitle()))
}

// beside puts the list above the selected alarm, its past and the figures.
func (p *Page) beside(a screen.Area) {
	h := a.H * 4 / 7
	if a.H < 36 {
		h = 17
	}
	p.list(a.Sub(0, 0, a.W, a.H-h).Box(p.title()))
	below := a.Sub(0, a.H-h, a.W, h)
	left := below.Sub(0, 0, below.W-hygieneW, h)
	p.hygiene(below.Sub(left.W, 0, hygieneW, h).Box(p.hygieneTitle()))
	if a.W < threeW {
		p.detail(left.Box(p.detailTitle(left)))
		return
	}
	w := left.W - pastW
	d := left.Sub(0, 0, w, h)
	p.detail(d.Box(p.detailTitle(d)))
	p.past(left.Sub(w, 0, left.W-w, h).Box(pastTitle()))
}

// alone paints all that is known of the selected alarm.
func (p *Page) alone(a screen.Area) {
	p.rows = screen.Area{} // there is nothing to click on
	p.follow()
	inner := a.Box(p.detailTitle(a))
	if a.W >= wideW {
		w := inner.W * 6 / 10
		p.detail(inner.Sub(0, 0, w-2, inner.H))
		p.past(inner.Sub(w, 0, inner.W-w, inner.H))
		return
	}
	y := min(p.detail(inner)+1, inner.H)
	if rest := inner.Sub(0, y, inner.W, inner.H-y); rest.H > 2 {
		p.past(rest)
	}
}

func pastTitle() screen.Title {
	return screen.Title{Name: screen.Span{Style: theme.Bright | theme.Bold, Text: "its past"}}
}
