package tune

import (
	"math"
	"time"

	"setpoint/sensors/display"
	"setpoint/sensors/tune"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
)

// A row is a line of the table of NOW and NEW.
type row struct {
	name, brief display.Safe
	now, new    display.Safe
	change      screen.Span
	handle      Handle // of a line that can be moved
	moves       bool   // it can
	rank        int    // those with the largest are left out first
}

// rows returns the lines of the table: the rule, then the figures.
func (p *Page) rows() []row {
	return append(p.ruleRows(), p.figureRows()...)
}

// ruleRows are the handles.
func (p *Page) ruleRows() []row {
	now, r := p.asks.quick.Now, p.Rule()
	on, off := display.Safe("on above"), display.Safe("off below")
	if !p.key.Kind.Upper() {
		on, off = "on below", "off above"
	}
	moved := func(from, to float64) screen.Span {
		if d := to - from; d != 0 && !math.IsNaN(d) {
			return dim(screen.Signed(tidy(d), screen.Decimals(p.asks.quick.Step), 7))
		}
		return dim("")
	}
	return []row{
		{on, on, p.level(now.At), p.level(r.At), moved(now.At, r.At), On, true, 0},
		{off, off, p.level(p.edge(now)), p.level(p.edge(r)), moved(p.edge(now), p.edge(r)), Edge, true, 0},
		{"on-delay", "on-delay", briefly(now.OnDelay), briefly(r.OnDelay), dim(""), OnDelay, true, 0},
		{"off-delay", "off-delay", briefly(now.OffDelay), briefly(r.OffDelay), dim(""), OffDelay, true, 0},
	}
}

// lines are the figures as the table has them: some share one.
var lines = []struct {
	name, brief display.Safe
	figures     []tune.Figure
	rank        int
}{
	{"alarms a day", "alarms/day", []tune.Figure{tune.AlarmsPerDay}, 0},
	{"not real a week", "not real /wk", []tune.Figure{tune.NotRealPerWeek}, 1},
	{"worst 10 min", "worst 10 min", []tune.Figure{tune.WorstTenMinutes}, 4},
	{"chatter/fleeting", "chatter/fleet", []tune.Figure{tune.ChatteringAlarms, tune.FleetingAlarms}, 5},
	{"in alarm", "in alarm", []tune.Figure{tune.TimeInAlarm}, 1},
	{"standing > 24 h", "standing 24h", []tune.Figure{tune.StandingAlarms}, 6},
	{"real found", "real found", []tune.Figure{tune.EventsFound}, 2},
	{"delay, median", "delay median", []tune.Figure{tune.DelayOfMedian}, 3},
	{"stood before", "stood before", []tune.Figure{tune.StoodBefore}, 7},
}

// figureRows are what NOW and NEW would have done.
func (p *Page) figureRows() []row {
	a := p.asks.quick
	changes := tune.Compare(&a.Before, &a.After)
	var list []row
	for _, l := range lines {
		r := row{name: l.name, brief: l.brief, rank: l.rank}
		verdict, by := tune.Same, 0.0
		for i, x := range l.figures {
			sep := ""
			if i > 0 {
				sep = "/"
			}
			if a.Before.NoData() && i > 0 {
				continue
			}
			r.now += display.Text(sep + a.Before.Text(x))
			r.new += display.Text(sep + a.After.Text(x))
			by += changes[x].By
		}
		if x := l.figures[0]; x == tune.EventsFound {
			verdict = sign(by)
		} else {
			verdict = sign(-by)
		}
		r.change = change(l.figures[0], verdict, by, a.Before.Value(l.figures[0]))
		list = append(list, r)
	}
	return append(list, p.sumRows()...)
}

// sumRows is the total of the scope, if that is more than the sensor.
func (p *Page) sumRows() []row {
	m := p.asks.more
	if p.scope == ofSensor || m == nil || m.Question.Scope != p.Scope() {
		return nil
	}
	by := m.NewSum.AlarmsPerDay - m.NowSum.AlarmsPerDay
	name := display.Truncate(p.ScopeName(), 11) + " " + p.per()
	return []row{{
		name: name, brief: display.Truncate(p.ScopeName(), 12),
		now: p.often(m.NowSum.AlarmsPerDay), new: p.often(m.NewSum.AlarmsPerDay),
		change: change(tune.AlarmsPerDay, sign(-by), by, m.NowSum.AlarmsPerDay), rank: 2,
	}}
}

func sign(gain float64) tune.Verdict {
	switch {
	case gain > 0:
		return tune.Better
	case gain < 0:
		return tune.Worse
	}
	return tune.Same
}

// change says what becomes of figure x: which way it goes and by how much. The arrow
// is a rune that [Page.tableRow] replaces by the theme's.
func change(x tune.Figure, v tune.Verdict, by, from float64) screen.Span {
	if v == tune.Same || math.IsNaN(by) {
		return dim("")
	}
	st, arrow := theme.Good, display.Safe("v")
	if v == tune.Worse {
		st = theme.Critical
	}
	if by > 0 {
		arrow = "^"
	}
	by = math.Abs(by)
	text := display.Safe("")
	switch x {
	case tune.AlarmsPerDay, tune.NotRealPerWeek, tune.TimeInAlarm:
		if from > 0 && by/from < 10 {
			text = screen.Number(max(100*by/from, 1), 0, 4) + "%"
		}
	case tune.DelayOfMedian:
		text = briefly(time.Duration(by * float64(time.Second)).Round(time.Second))
	case tune.EventsFound: // more are better: a word says so where there is no colour
		text = screen.Number(by, 0, 2) + " more"
		if v == tune.Worse {
			text = screen.Number(by, 0, 2) + " lost"
		}
	default:
		text = screen.Number(by, 0, 6)
	}
	return screen.Span{Style: st, Text: arrow + text}
}
