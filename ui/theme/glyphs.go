package theme

import (
	"setpoint/sensors/threshold"
	"setpoint/workflow/monitor"
)

// Glyphs are the signs to draw with, every one of them one column wide.
type Glyphs struct {
	ASCII bool // only these 95; strangers' text has to be fitted too

	Cursor, MarkLeft, MarkRight         rune // the selected row; around the marked threshold
	Normal, Returned, Bad, Wait         rune // states
	Pending, Returning                  rune // a delay runs
	Shelved, ByDesign, Out              rune // suppressed
	Up, Down, UpSeen, DownSeen          rune // an alarm on the high or low side; acknowledged
	Live, Held, Arrow, More, Less, Text rune // running, paused, leads to, above, below, text cursor
	From                                rune // where a figure was set

	Across, Along, TopLeft, TopRight, BottomLeft, BottomRight rune // borders
	TickY, TickX, Corner, Fork, Branch, Last                  rune // axes; the flow's graph
	Line, Dash, Gap, Space                                    rune // thresholds; bad readings; between figures
	Double, Dot, Mark, Marks                                  rune // thresholds being tuned; one alarm, several
	Spark                                                     [9]rune
	Micro, Degree                                             string
}

var glyphs = Glyphs{
	Cursor: '▸', MarkLeft: '◂', MarkRight: '▸',
	Normal: '·', Returned: '◇', Bad: '?', Wait: '·',
	Pending: 'p', Returning: 'r', Shelved: 'z', ByDesign: 'x', Out: 'o',
	Up: '▲', Down: '▼', UpSeen: '△', DownSeen: '▽',
	Live: '●', Held: '■', Arrow: '→', More: '↑', Less: '↓', Text: '▏', From: '‹',
	Across: '─', Along: '│', TopLeft: '╭', TopRight: '╮', BottomLeft: '╰', BottomRight: '╯',
	TickY: '┤', TickX: '┬', Corner: '└', Fork: '┬', Branch: '├', Last: '└',
	Line: '─', Dash: '╌', Gap: '·', Double: '═', Dot: '·', Mark: '▪', Marks: '■',
	Spark: [9]rune{' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'},
	Micro: "µs",
}

var asciiGlyphs = Glyphs{
	ASCII:  true,
	Cursor: '>', MarkLeft: '<', MarkRight: '>',
	Normal: '.', Returned: 'R', Bad: '?', Wait: '.',
	Pending: 'p', Returning: 'r', Shelved: 'z', ByDesign: 'x', Out: 'o',
	Up: 'A', Down: 'V', UpSeen: 'a', DownSeen: 'v',
	Live: '*', Held: '#', Arrow: '>', More: '^', Less: 'v', Text: '_', From: '<',
	Across: '-', Along: '|', TopLeft: '+', TopRight: '+', BottomLeft: '+', BottomRight: '+',
	TickY: '+', TickX: '+', Corner: '+', Fork: '+', Branch: '+', Last: '+',
	Line: '=', Dash: '-', Gap: '.', Double: '=', Dot: '.', Mark: 'x', Marks: 'X',
	Spark: [9]rune{' ', '_', '.', ',', '-', '~', '=', '*', '#'},
	Micro: "us",
}

// State returns the sign, the word and the style of a status. worst is the
// threshold passed, where one is; acknowledged alarms have hollow signs.
func (g *Glyphs) State(s monitor.Status, worst threshold.Kind, unacked bool) (sign rune, word string, style Style) {
	switch s {
	case monitor.StatusCritical, monitor.StatusHigh, monitor.StatusLow:
		return g.alarm(worst, unacked), Word(worst), Kind(worst)
	case monitor.StatusBad:
		return g.Bad, "BAD", Bad
	case monitor.StatusPending:
		return g.Pending, "PENDING", Dim
	case monitor.StatusReturned:
		return g.Returned, "RETURNED", Returned
	case monitor.StatusShelved:
		return g.Shelved, "SHELVED", Dim
	case monitor.StatusOut:
		return g.Out, "OUT OF SERVICE", Dim
	case monitor.StatusWaiting:
		return g.Wait, "WAITING", Dim
	}
	return g.Normal, "NORMAL", Good
}

// alarm returns the sign of an active alarm of threshold k.
func (g *Glyphs) alarm(k threshold.Kind, unacked bool) rune {
	switch {
	case k.Upper() && unacked:
		return g.Up
	case k.Upper():
		return g.UpSeen
	case unacked:
		return g.Down
	}
	return g.DownSeen
}

// Word returns the word for threshold k: CRIT LOW, LOW, HIGH, CRITICAL or STALE.
func Word(k threshold.Kind) string {
	return [...]string{"CRIT LOW", "LOW", "HIGH", "CRITICAL", "STALE"}[min(k, threshold.Stale)]
}

// Kind returns the style of threshold k.
func Kind(k threshold.Kind) Style {
	return [...]Style{Critical, Low, High, Critical, Bad}[min(k, threshold.Stale)]
}

// Mark returns the style of readings so judged.
func Mark(m monitor.Mark) Style {
	switch m {
	case monitor.MarkNormal:
		return Good
	case monitor.MarkSuspect:
		return Bad
	case monitor.MarkLow:
		return Low
	case monitor.MarkHigh:
		return High
	}
	return Critical
}
