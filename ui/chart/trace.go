package chart

import (
	"github.com/NimbleMarkets/ntcharts/v2/canvas/runes"

	"setpoint/sensors/history"
	"setpoint/sensors/threshold"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
	"setpoint/workflow/monitor"
)

// dots is a grid of braille dots, two by four a cell, and for each cell the worst
// mark of the dots in it.
type dots struct {
	*runes.PatternDotsGrid
	w     int // cells
	marks []monitor.Mark
	rows  []monitor.Mark // how a value in each row of dots is judged
}

// set lights one dot.
func (d dots) set(x, y int, m monitor.Mark) {
	d.Set(x, y)
	if m = max(m, d.rows[y]); x < 2*d.w {
		i := y/4*d.w + x/2
		d.marks[i] = max(d.marks[i], m)
	}
}

// trace paints the readings over a: from the least to the greatest of each column,
// joined to the one before it. It is coloured by how its values are judged;
// suspect readings have a colour of their own.
func trace(a screen.Area, cols []history.Column, s scale, judge func(float64) monitor.Mark) {
	if a.W < 1 || a.H < 1 || len(cols) == 0 {
		return
	}
	d := dots{runes.NewPatternDotsGrid(2*a.W, 4*a.H), a.W, make([]monitor.Mark, a.W*a.H), make([]monitor.Mark, 4*a.H)}
	for y := range d.rows {
		d.rows[y] = judge(s.value(y))
	}
	near := reach(cols)
	lastX, lastTop, lastLow, lastI := 0, 0, 0, -near-1
	for i, c := range cols {
		if c.Gap {
			lastI = -near - 1
		}
		if !filled(c) {
			continue
		}
		x := i * 2 * a.W / len(cols)
		top, low := s.dot(c.Max), s.dot(c.Min)
		switch {
		case i-lastI > near:
		case x > lastX+1:
			d.join(lastX, (lastTop+lastLow)/2, x, (top+low)/2)
		default:
			top, low = min(top, lastLow+1), max(low, lastTop-1)
		}
		mark := monitor.MarkNormal
		if c.Mark == monitor.MarkSuspect {
			mark = monitor.MarkSuspect
		}
		for y := top; y <= min(low, len(d.rows)-1); y++ {
			d.set(x, y, mark)
		}
		lastX, lastTop, lastLow, lastI = x, s.dot(c.Max), s.dot(c.Min), i
	}
	d.paint(a)
}

// join lights the dots between two columns with others between them.
func (d dots) join(x0, y0, x1, y1 int) {
	for x := x0 + 1; x < x1; x++ {
		d.set(x, y0+(y1-y0)*(x-x0)/(x1-x0), monitor.MarkNormal)
	}
}

// judge returns the mark of a value.
func (p Plot) judge(v float64) monitor.Mark {
	if p.Judge != nil {
		return p.Judge(v)
	}
	set := p.Set
	switch k, beyond := set.Worst(set.Beyond(v), v); {
	case !beyond:
		return monitor.MarkNormal
	case k.Severe():
		return monitor.MarkCritical
	case k == threshold.Low:
		return monitor.MarkLow
	}
	return monitor.MarkHigh
}

// paint puts the cells with a dot in them on a.
func (d dots) paint(a screen.Area) {
	for y, row := range d.BraillePatterns() {
		for x, r := range row {
			if r == runes.BrailleBlockOffset {
				continue
			}
			if a.Theme().ASCII {
				r = coarse(r)
			}
			a.Rune(x, y, theme.Mark(d.marks[y*d.w+x]), r)
		}
	}
}

// coarse returns the ASCII sign that is most like a braille pattern.
func coarse(r rune) rune {
	const upper, lower = 0x01 | 0x02 | 0x08 | 0x10, 0x04 | 0x20 | 0x40 | 0x80
	switch p := r - runes.BrailleBlockOffset; {
	case p&upper != 0 && p&lower != 0:
		return ':'
	case p&upper != 0:
		return '\''
	}
	return '.'
}
