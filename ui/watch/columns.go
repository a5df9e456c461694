package watch

import "setpoint/sensors/threshold"

// A column of the list.
type column int

// The columns, from left to right. The four thresholds are in the order of their
// kinds.
const (
	colName column = iota
	colNow
	colAvg
	colChange
	colTrend
	colCritLow
	colLow
	colHigh
	colCritical
	colRoom
	columns
)

// at returns the column of threshold k.
func at(k threshold.Kind) column { return colCritLow + column(k) }

const (
	signs                            = 3 // cursor, sign and a blank before the name
	leastName                        = 8
	mostName                         = 40
	figure                           = 6
	leastUnit                        = 1
	leastTrend, fairTrend, mostTrend = 8, 12, 60
)

// grid is where the columns are: the cell where each begins, and its width, 0 for
// one that is left out.
type grid struct{ x, w [columns]int }

// leave returns the groups of columns in the order in which they are left out when
// there is no room. The marked threshold stays longer than the others.
func leave(marked threshold.Kind) [][]column {
	others := make([]column, 0, threshold.Kinds)
	for k := range threshold.Kinds {
		if k != marked {
			others = append(others, at(k))
		}
	}
	rare := []column{colCritLow}
	if marked == threshold.CriticalLow {
		rare = nil
	}
	return [][]column{rare, {colAvg}, {colChange}, others, {colTrend}, {at(marked)}, {colRoom}, {colNow}}
}

// need is what the rows in sight ask of the columns.
type need struct {
	name, unit int            // widest ones
	critLow    bool           // one of them has this threshold
	marked     threshold.Kind // by the hand
}

// fit lays the columns out in width cells. Figures keep their width; the trend up to
// a fair width, then the names, then the trend again take what is left over.
func fit(width int, n need) grid {
	var g grid
	g.w = [columns]int{
		colName: leastName, colNow: figure + max(n.unit, leastUnit), colAvg: figure, colChange: 5,
		colTrend: leastTrend, colCritLow: figure, colLow: figure, colHigh: figure,
		colCritical: figure, colRoom: 8,
	}
	if !n.critLow && n.marked != threshold.CriticalLow {
		g.w[colCritLow] = 0
	}
	for _, group := range leave(n.marked) {
		if g.place() <= width {
			break
		}
		for _, c := range group {
			g.w[c] = 0
		}
	}
	grow := func(c column, most int) {
		if g.w[c] > 0 {
			g.w[c] += max(min(most-g.w[c], width-g.place()), 0)
		}
	}
	grow(colTrend, fairTrend)
	grow(colName, min(n.name, mostName))
	grow(colTrend, mostTrend)
	g.place()
	return g
}

// place puts the columns one after the other, with a blank between two and one
// more on either side of the trend, and returns the width of them all.
func (g *grid) place() int {
	x, limits := signs, false
	for c := range columns {
		if g.w[c] == 0 {
			continue
		}
		if c == colTrend || c > colTrend && c < colRoom && !limits {
			x++
			limits = c > colTrend
		}
		g.x[c] = x
		x += g.w[c] + 1
	}
	return x - 1
}

// find returns the column at cell x; columns if there is none.
func (g *grid) find(x int) column {
	for c := range columns {
		if g.w[c] > 0 && x >= g.x[c] && x <= g.x[c]+g.w[c] {
			return c
		}
	}
	return columns
}

// end returns the cell after the last column.
func (g *grid) end() int {
	end := 0
	for c := range columns {
		if g.w[c] > 0 {
			end = g.x[c] + g.w[c]
		}
	}
	return end + 1
}
