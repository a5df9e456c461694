package tune

import (
	"slices"
	"time"

	"setpoint/sensors/tune"
)

// A window is the part of the past that the chart shows; the zero window is all of it.
// The figures are always about all of it.
type window struct {
	span time.Duration
	to   time.Time
}

func (w window) bounds() (from, to time.Time) {
	if w.span == 0 {
		return from, to
	}
	return w.to.Add(-w.span), w.to
}

const day = 24 * time.Hour

// spans are the windows that zooming goes through.
var spans = []time.Duration{
	time.Minute, 5 * time.Minute, 15 * time.Minute, time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour,
	day, 2 * day, 4 * day, 7 * day, 14 * day, 30 * day, 60 * day, 90 * day, 180 * day, 365 * day,
}

// Zoom shows more time for n > 0, at last all of it, and less for n < 0: about the
// selected alarm, or the end of what is shown.
func (p *Page) Zoom(n int) {
	all := p.asks.all.to.Sub(p.asks.all.from)
	if all <= 0 {
		return
	}
	now := p.window.span
	if now == 0 {
		now = all
	}
	i, exact := slices.BinarySearch(spans, now)
	if n > 0 && !exact {
		n--
	}
	i += n
	if i >= len(spans) || spans[max(i, 0)] >= all {
		p.window = window{}
		p.ask()
		return
	}
	middle, was := p.window.to, spans[max(i, 0)]
	switch e, ok := p.Selected(); {
	case ok:
		middle = time.Unix(0, e.Raised)
	case p.window.span == 0:
		middle = p.asks.all.to.Add(-was / 2)
	default:
		middle = middle.Add(-now / 2)
	}
	p.show(was, middle)
}

// Scroll moves the window by n halves of its length.
func (p *Page) Scroll(n int) {
	if w := p.window; w.span > 0 {
		p.show(w.span, w.to.Add(-w.span/2+time.Duration(n)*w.span/2))
	}
}

// show shows a span about the middle, within the past.
func (p *Page) show(span time.Duration, middle time.Time) {
	to := middle.Add(span / 2)
	if first := p.asks.all.from.Add(span); to.Before(first) {
		to = first
	}
	if to.After(p.asks.all.to) {
		to = p.asks.all.to
	}
	p.window = window{span, to}
	p.ask()
}

// Zoomed reports whether the chart shows a part of the past only, and which.
func (p *Page) Zoomed() (from, to time.Time, ok bool) {
	from, to = p.window.bounds()
	return from, to, p.window.span > 0
}

// NextAlarm selects the next alarm that NEW would have raised, for n < 0 the one
// before, beginning with the newest. It reports whether there is one.
func (p *Page) NextAlarm(n int) bool {
	if !p.known() || len(p.asks.quick.After.Episodes) == 0 {
		return false
	}
	list := p.asks.quick.After.Episodes
	i, found := slices.BinarySearchFunc(list, p.alarm, func(e tune.Episode, at int64) int {
		if e.Raised < at {
			return -1
		}
		return min(int(e.Raised-at), 1)
	})
	switch {
	case p.alarm == 0 && n < 0:
		i = len(list) - 1
	case p.alarm == 0:
		i = 0
	case found || n < 0:
		i += n
	}
	p.alarm = list[min(max(i, 0), len(list)-1)].Raised
	if from, to, ok := p.Zoomed(); ok {
		if at := time.Unix(0, p.alarm); at.Before(from) || !at.Before(to) {
			p.show(p.window.span, at)
		}
	}
	return true
}

// Selected returns the selected alarm of NEW; ok is false if none is, or NEW does not
// raise it any more.
func (p *Page) Selected() (e tune.Episode, ok bool) {
	if !p.known() || p.alarm == 0 {
		return e, false
	}
	for _, e := range p.asks.quick.After.Episodes {
		if e.Raised == p.alarm {
			return e, true
		}
	}
	return e, false
}

// Span returns the time that a label would be about: that of the selected alarm, or
// what the chart shows if that is not everything.
func (p *Page) Span() (from, to time.Time, ok bool) {
	if e, ok := p.Selected(); ok {
		end := min(e.Cleared, p.asks.all.to.UnixNano())
		return time.Unix(0, e.Raised).UTC(), time.Unix(0, max(end, e.Raised)).UTC(), true
	}
	return p.Zoomed()
}
