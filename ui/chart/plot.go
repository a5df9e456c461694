// Package chart paints the past of a sensor: a sparkline a sensor, and the big
// chart of one with its thresholds. Painting is pure: the same values give the
// same cells. NaN and infinite values are left out, any size down to one cell
// works, and no more dots are painted than there are.
package chart

import (
	"math"
	"time"

	"setpoint/sensors"
	"setpoint/sensors/display"
	"setpoint/sensors/history"
	"setpoint/sensors/threshold"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
	"setpoint/workflow/monitor"
)

// A Plot is the past of one sensor and its thresholds.
type Plot struct {
	Columns  []history.Column // the newest last
	From, To time.Time
	Zone     *time.Location
	Set      threshold.Set
	Marked   threshold.Kind               // the threshold the hand is on
	Floor    float64                      // the least span of values shown
	Lines    []Line                       // in place of the thresholds', if there are any
	Left     int                          // least width of the axis of values
	Judge    func(v float64) monitor.Mark // how a value is coloured; nil: by Set
}

// A Geometry says where a plot was painted, so that the mouse finds its way.
type Geometry struct {
	Trace screen.Area // in which the trace lies
	scale scale
}

// Value returns the value at line y of the sheet.
func (g Geometry) Value(y int) float64 {
	return g.scale.value((y-g.Trace.Y)*4 + 2)
}

// Line returns the line of the sheet on which v lies.
func (g Geometry) Line(v float64) int { return g.Trace.Y + g.scale.dot(v)/4 }

// The parts that are left out when there is no room: numbers and names beside the
// trace, the clock below it on lines of its own or on the axis itself.
const (
	axesFrom   = 24 // columns
	namesFrom  = 44
	clockFrom  = 4 // lines
	labelsFrom = 12
	nameWidth  = 10 // of "↑CRITICAL" and a blank
)

// Draw paints p over all of a.
func (p Plot) Draw(a screen.Area) Geometry {
	if a.W < 1 || a.H < 1 {
		return Geometry{Trace: a, scale: newScale(0, 1, 1, 1)}
	}
	foot := 0
	switch {
	case a.H >= labelsFrom:
		foot = 2
	case a.H >= clockFrom:
		foot = 1
	}
	lines := a.H - foot
	lo, hi := p.values()
	s := newScale(lo, hi, p.ticksIn(lines), lines*4)
	left, right := 0, 0
	names := p.names()
	if a.W >= axesFrom {
		left = p.ticks(a.Sub(0, 0, a.W, lines), s)
	}
	if a.W >= namesFrom {
		right = names
	}
	g := Geometry{Trace: a.Sub(left, 0, a.W-left-right, lines), scale: s}
	p.lines(a.Sub(left, 0, a.W-left, lines), g)
	trace(g.Trace, p.Columns, s, p.judge)
	if foot > 0 {
		p.clock(a.Sub(max(left-1, 0), lines, a.W-max(left-1, 0)-right, foot), left > 0)
	}
	return g
}

// ticksIn returns about how many values are told beside so many lines.
func (p Plot) ticksIn(lines int) int {
	if len(p.Lines) > 0 {
		return max(min(lines/2, 9), 3)
	}
	return max(min(lines/4, 7), 2)
}

// values returns the range to be shown: that of the readings and no less than
// Floor, the marked threshold, and every other one that is not farther away than
// half of what is shown anyway.
func (p Plot) values() (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, c := range p.Columns {
		if filled(c) {
			lo, hi = min(lo, c.Min), max(hi, c.Max)
		}
	}
	if lo > hi {
		return p.set()
	}
	if pad := p.Floor - (hi - lo); pad > 0 && sensors.Finite(pad) {
		lo, hi = lo-pad/2, hi+pad/2
	}
	pad := (hi - lo) / 20
	lo, hi = lo-pad, hi+pad
	for _, l := range p.Lines {
		if sensors.Finite(l.At) {
			lo, hi = min(lo, l.At-pad), max(hi, l.At+pad)
		}
	}
	if len(p.Lines) > 0 {
		return lo, hi
	}
	if p.Set.On(p.Marked) {
		v, edge := p.Set[p.Marked].At, p.Set.OffEdge(p.Marked)
		lo, hi = min(lo, v-pad, edge-pad), max(hi, v+pad, edge+pad)
	}
	near := (hi - lo) / 2
	for k := range threshold.Kinds {
		if v := p.Set[k].At; p.Set.On(k) && v >= lo-near && v <= hi+near {
			lo, hi = min(lo, v-pad), max(hi, v+pad)
		}
	}
	return lo, hi
}

// set returns the range of the thresholds, for a plot without a reading.
func (p Plot) set() (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for k := range threshold.Kinds {
		if v := p.Set[k].At; sensors.Finite(v) {
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	if lo > hi {
		return 0, 1
	}
	return lo - max(p.Floor, 1), hi + max(p.Floor, 1)
}

// ticks paints the axis of values and returns how wide it is.
func (p Plot) ticks(a screen.Area, s scale) int {
	width, dec := 0, screen.Decimals(s.step)
	if s.step >= 1 && s.step == math.Trunc(s.step) {
		dec = 0
	}
	var labels [101]display.Safe
	at := s.ticks()
	for i, v := range at {
		labels[i] = screen.Number(v, dec, 9)
		width = max(width, len(labels[i]))
	}
	width = max(width, p.Left-1)
	for y := range a.H {
		a.Rune(width, y, theme.Faint, a.Theme().Along)
	}
	for i, v := range at {
		y := s.dot(v) / 4
		a.Right(width, y, theme.Dim, labels[i])
		a.Rune(width, y, theme.Faint, a.Theme().TickY)
	}
	return width + 1
}

// clock paints the axis of time: ticks, and the times below them or, where there
// is only one line, between them.
func (p Plot) clock(a screen.Area, corner bool) {
	g := &a.Theme().Glyphs
	a.Run(0, 0, a.W, theme.Faint, g.Across)
	if corner {
		a.Rune(0, 0, theme.Faint, g.Corner)
	}
	at, layout := clock(p.From, p.To, p.Zone, a.W)
	free := 0
	for _, t := range at {
		x := int(float64(t.Sub(p.From)) / float64(p.To.Sub(p.From)) * float64(a.W-1))
		label := display.Safe(t.Format(layout))
		from := min(max(x-len(label)/2, free), a.W-len(label))
		if from < free {
			continue
		}
		free = from + len(label) + 1
		if a.H > 1 {
			a.Rune(x, 0, theme.Faint, g.TickX)
		}
		a.Text(from, a.H-1, theme.Dim, label)
	}
}
