package chart

import (
	"slices"

	"setpoint/sensors/display"
	"setpoint/sensors/threshold"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
)

// A Line is a value that is drawn across a plot.
type Line struct {
	At     float64 // NaN: it is not drawn
	Name   display.Safe
	Style  theme.Style
	Rune   rune
	Sparse bool // in every other column
}

// names returns how wide the names of the lines are, with a blank.
func (p Plot) names() int {
	if len(p.Lines) == 0 {
		return nameWidth
	}
	w := 0
	for _, l := range p.Lines {
		w = max(w, display.Width(l.Name)+1)
	}
	return w
}

// lines paints p.Lines, the first on top, or else the thresholds.
func (p Plot) lines(a screen.Area, g Geometry) {
	if len(p.Lines) == 0 {
		p.thresholds(a, g)
		return
	}
	for _, l := range slices.Backward(p.Lines) {
		if l.At != l.At {
			continue
		}
		y, step := g.scale.dot(l.At)/4, 1
		a.Run(0, y, g.Trace.W, theme.Plain, ' ')
		if l.Sparse {
			step = 2
		}
		for x := 0; x < g.Trace.W; x += step {
			a.Rune(x, y, l.Style, l.Rune)
		}
		if w := a.W - g.Trace.W; w > 0 {
			a.Run(g.Trace.W, y, w, theme.Plain, ' ')
			a.Text(g.Trace.W+1, y, l.Style, l.Name)
		}
	}
}

// order is that in which thresholds are painted, the marked one apart: the worse
// ones last, so that they stay on top where two share a line.
var order = [threshold.Kinds]threshold.Kind{threshold.Low, threshold.High, threshold.CriticalLow, threshold.Critical}

// thresholds paints a line at each threshold and its name at the right edge. The
// marked one is in the accent's colour, with its off edge dashed below or above.
func (p Plot) thresholds(a screen.Area, g Geometry) {
	for _, k := range order {
		if k != p.Marked {
			p.line(a, g, k, theme.Kind(k), a.Theme().Dash, theme.Kind(k))
		}
	}
	k := p.Marked
	if !p.Set.On(k) {
		return
	}
	if edge := p.Set.OffEdge(k); g.scale.dot(edge)/4 != g.scale.dot(p.Set[k].At)/4 {
		y := g.scale.dot(edge) / 4
		a.Run(0, y, g.Trace.W, theme.Faint, a.Theme().Dash)
		if a.W > g.Trace.W {
			name(a, y, theme.Dim, "off")
		}
	}
	p.line(a, g, k, theme.Accent, a.Theme().Line, theme.Accent|theme.Bold)
}

// line paints threshold k, or where it lies if that is outside the scale.
func (p Plot) line(a screen.Area, g Geometry, k threshold.Kind, st theme.Style, r rune, label theme.Style) {
	if !p.Set.On(k) {
		return
	}
	v, y := p.Set[k].At, g.scale.dot(p.Set[k].At)/4
	word := display.Safe(theme.Word(k))
	switch {
	case v > g.scale.hi:
		word = display.Safe(a.Theme().More) + word
	case v < g.scale.lo:
		word = display.Safe(a.Theme().Less) + word
	default:
		a.Run(0, y, g.Trace.W, st, r)
	}
	if a.W > g.Trace.W {
		name(a, y, label, word)
	}
}

// name paints a threshold's name at the right edge of line y.
func name(a screen.Area, y int, st theme.Style, word display.Safe) {
	a.Run(a.W-nameWidth, y, nameWidth, theme.Plain, ' ')
	a.Right(a.W, y, st, word)
}
