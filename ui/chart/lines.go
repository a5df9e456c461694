package chart

import (
	"setpoint/sensors/display"
	"setpoint/sensors/threshold"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
)

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
