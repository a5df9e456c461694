package watch

import (
	"time"

	"setpoint/sensors/display"
	"setpoint/sensors/quality"
	"setpoint/sensors/threshold"
	"setpoint/ui/chart"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
	"setpoint/workflow/monitor"
)

// table paints the figures of the list into its columns.
type table struct {
	grid
	unit   int            // width of the units
	over   time.Duration  // of the change
	marked threshold.Kind // the threshold between the marks
}

// heads paints the columns' heads, those of figures over the figures' right end.
func (t table) heads(a screen.Area) {
	for c, head := range [columns]display.Safe{
		"SENSOR", "NOW", "AVG", short(t.over), "TREND", "CR LOW", "LOW", "HIGH", "CRIT", "ROOM",
	} {
		switch c := column(c); {
		case t.w[c] == 0:
		case c == colName || c == colTrend:
			a.Text(t.x[c], 0, theme.Dim, display.Truncate(head, t.w[c]))
		case c == colNow:
			a.Right(t.x[c]+t.w[c]-t.unit, 0, theme.Dim, head)
		default:
			a.Right(t.x[c]+t.w[c], 0, theme.Dim, head)
		}
	}
}

// figures paints what is known of a sensor.
func (t table) figures(a screen.Area, r *monitor.Row, set threshold.Set, selected bool) {
	sign, _, state := a.Theme().State(r.Status, r.Worst, r.Unacked)
	if r.Suspect && r.Status == monitor.StatusNormal {
		sign, state = a.Theme().Bad, theme.Bad
	}
	calm := r.Status == monitor.StatusNormal && !r.Suspect
	now := state
	if r.Unacked {
		state |= theme.Bold
		now |= theme.Bold
	}
	if calm || r.Status == monitor.StatusWaiting {
		now = theme.Bright
	}
	a.Rune(1, 0, state, sign)
	dec := screen.Decimals(r.Step)
	right := func(c column, st theme.Style, text display.Safe) {
		if t.w[c] > 0 {
			a.Right(t.x[c]+t.w[c], 0, st, text)
		}
	}
	if c := colNow; t.w[c] > 0 {
		x := t.x[c] + t.w[c] - t.unit
		a.Right(x, 0, now, screen.Number(r.Now, dec, figure))
		a.Text(x, 0, theme.Dim, display.Truncate(unitOf(a, r.Unit), t.unit))
	}
	right(colAvg, theme.Dim, screen.Number(r.Avg, dec, figure))
	right(colChange, theme.Dim, screen.Signed(r.Trend, dec, 5))
	if c := colTrend; t.w[c] > 0 {
		chart.Spark(a.Sub(t.x[c], 0, t.w[c], 1), r.Spark, least(r))
	}
	t.limits(a, set, dec, selected)
	left := room(r, dec, state)
	right(colRoom, left.Style, left.Text)
}

// least returns the least span of values that a trace of r is drawn over.
func least(r *monitor.Row) float64 {
	if noise := r.Noise; noise > r.Step { // it may be NaN
		return 4 * noise
	}
	return 4 * r.Step
}

// limits paints the thresholds in set, the marked one of the selected sensor between
// its marks.
func (t table) limits(a screen.Area, set threshold.Set, dec int, selected bool) {
	for k := range threshold.Kinds {
		c := at(k)
		if t.w[c] == 0 {
			continue
		}
		st, text := theme.Kind(k), screen.Number(set[k].At, dec, t.w[c])
		if !set.On(k) {
			st = theme.Faint
		}
		if !selected || k != t.marked {
			a.Right(t.x[c]+t.w[c], 0, st, text)
			continue
		}
		from := a.Right(t.x[c]+t.w[c], 0, theme.Accent|theme.Bold, text)
		a.Rune(from-1, 0, theme.Accent, a.Theme().MarkLeft)
		a.Rune(t.x[c]+t.w[c], 0, theme.Accent, a.Theme().MarkRight)
	}
}

// room says how far the nearest threshold is, or why that is not known.
func room(r *monitor.Row, dec int, state theme.Style) screen.Span {
	switch {
	case r.Status == monitor.StatusWaiting:
		return screen.Span{Style: theme.Dim, Text: "waiting"}
	case r.Status == monitor.StatusOut:
		return screen.Span{Style: theme.Dim, Text: "out"}
	case r.Quality == quality.Stale:
		return screen.Span{Style: theme.Bad, Text: "stale " + short(r.Age)}
	case r.Status == monitor.StatusBad:
		return screen.Span{Style: theme.Bad, Text: trouble(r.Quality)}
	case r.Suspect && r.Room >= 0:
		return screen.Span{Style: theme.Dim, Text: trouble(r.Quality)}
	case r.Room < 0:
		return screen.Span{Style: state, Text: screen.Signed(r.Room, dec, figure)}
	}
	return screen.Span{Style: theme.Dim, Text: screen.Signed(r.Room, dec, figure)}
}

// trouble says in a few letters what is wrong with a reading.
func trouble(s quality.State) display.Safe {
	switch s {
	case quality.NotANumber:
		return "no number"
	case quality.OutOfRange:
		return "off range"
	case quality.ClockAhead, quality.ClockBehind:
		return "clock"
	case quality.Declared:
		return "bad"
	}
	return display.Text(s.String())
}

// short returns d in one unit.
func short(d time.Duration) display.Safe {
	switch {
	case d < time.Minute:
		return screen.Number(d.Seconds(), 0, 4) + "s"
	case d < time.Hour:
		return screen.Number(d.Truncate(time.Minute).Minutes(), 0, 4) + "m"
	case d < day:
		return screen.Number(d.Truncate(time.Hour).Hours(), 0, 4) + "h"
	}
	return screen.Number(d.Truncate(day).Hours()/24, 0, 4) + "d"
}
