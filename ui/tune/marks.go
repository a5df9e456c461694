package tune

import (
	"time"

	"setpoint/sensors/display"
	"setpoint/sensors/tune"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
)

// marksOf is where moments lie below the chart.
type marksOf struct {
	x, w     int
	from, to time.Time
}

// at returns the column of a moment in Unix ns, which may lie outside.
func (m marksOf) at(ns int64) int {
	span := float64(m.to.Sub(m.from))
	if span <= 0 {
		return -1
	}
	share := (float64(ns) - float64(m.from.UnixNano())) / span
	return int(min(max(share, -1), 2)*float64(m.w)+1) - 1
}

// row paints a mark for each alarm, a fat one for several in one column, and a line
// for as long as it was on.
func (m marksOf) row(a screen.Area, y int, name display.Safe, label, st theme.Style, list []tune.Episode) {
	a.Text(0, y, label, name)
	row, g, last := a.Sub(m.x, y, m.w, 1), a.Theme(), -1
	for _, e := range list {
		x, end := m.at(e.Raised), m.at(min(e.Cleared, m.to.UnixNano()))
		for i := max(x, 0) + 1; i <= min(end, m.w-1); i++ {
			row.Rune(i, 0, st, g.Line)
		}
		if x < 0 || x >= m.w {
			continue
		}
		mark := g.Mark
		if x == last {
			mark = g.Marks
		}
		row.Rune(x, 0, st, mark)
		last = x
	}
}

// labels paints what people have said of the past: R real, F false, M maintenance.
func (m marksOf) labels(a screen.Area, y int, list []tune.Label) {
	a.Text(0, y, theme.Dim, "label")
	row := a.Sub(m.x, y, m.w, 1)
	if len(list) == 0 {
		row.Text(0, 0, theme.Faint, display.Truncate("none: m says what was real", m.w))
	}
	for _, l := range list {
		letter, st := 'R', theme.Good|theme.Bold
		switch l.Kind {
		case tune.False:
			letter, st = 'F', theme.Dim
		case tune.Maintenance:
			letter, st = 'M', theme.Dim
		}
		x, end := m.at(l.From), m.at(l.To)
		for i := max(x, 0); i <= min(end, m.w-1); i++ {
			row.Rune(i, 0, st, a.Theme().Line)
		}
		row.Rune(max(x, 0), 0, st, letter)
	}
}
