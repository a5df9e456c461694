package alarms

// A column of the list, after the cursor, the mark and the sign.
type column uint8

const (
	colSensor column = iota
	colAlarm
	colAction
	colState
	colFor
	colValue
	colEdges
	colDay
	colAcked
	colVerdict
	columns
)

// begins is where the columns begin: after the cursor, the mark and the sign.
const begins = 5

// least is the narrowest that the column of actions is good for.
const least = 16

// full and brief are the widths of the columns where there is room, and where there
// is not much; sensors and actions take what is left.
var (
	full  = [columns]int{0, 8, least, 20, 5, 12, 13, 5, 16, 7}
	brief = [columns]int{0, 8, least, 9, 5, 7, 11, 5, 16, 7}
)

// drops is the columns in the order in which they are left out.
var drops = []column{colAcked, colVerdict, colDay, colAction, colEdges, colState, colValue, colFor}

// grid is where the columns stand; one without a width is not shown.
type grid struct {
	x, w  [columns]int
	brief bool
}

// fit places the columns in w cells. name is the width of the widest name; actions
// have a column only where an alarm has one.
func fit(w, name int, actions bool) (g grid) {
	g.w, g.brief = full, w < 110
	g.w[colSensor] = min(max(name, 10), 24)
	if g.brief {
		sensor := min(g.w[colSensor], max(w/8, 10))
		g.w = brief
		g.w[colSensor] = sensor
	}
	if !actions {
		g.w[colAction] = 0
	}
	n, used := g.used()
	for _, c := range drops {
		if used <= w {
			break
		}
		g.w[c] = 0
		n, used = g.used()
	}
	gap := 1 + min(max((w-used)/n, 0), 2)
	if actions {
		gap = min(gap, 2)
	}
	if free := w - used - (gap-1)*(n-1); g.w[colAction] > 0 {
		g.w[colAction] += max(free, 0)
	}
	x := begins
	for c := range columns {
		if g.x[c] = x; g.w[c] > 0 {
			x += g.w[c] + gap
		}
	}
	return g
}

// used returns how many columns are shown, and how many cells they take with one
// blank between them.
func (g *grid) used() (n, cells int) {
	for _, w := range g.w {
		if w > 0 {
			n, cells = n+1, cells+w+1
		}
	}
	return n, begins + cells - 1
}
