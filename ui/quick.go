package ui

import (
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"setpoint/sensors/display"
	"setpoint/sensors/threshold"
	"setpoint/sensors/tune"
	"setpoint/ui/watch"
	"setpoint/workflow/monitor"
)

// quick is a threshold that is being moved on Watch, and what both ends of the move
// would have done.
type quick struct {
	watch.Change
	rule          threshold.Rule // but for where it is
	before, after *tune.Figures  // nil: not known
	n             int            // moves so far, to know the last one
}

// whatIfMsg says that the hand has rested since the n-th move, or that the move is over.
type whatIfMsg struct {
	n    int
	over bool
}

// moveLasts is how long after the hand let go a move is over.
const moveLasts = 8 * time.Second

// quicken notes a move on Watch: one from where the last ended goes on with that.
func (m *Model) quicken(c watch.Change) tea.Cmd {
	q := &m.quick
	row := m.watch.Row()
	if m.cfg.Tune == nil || row == nil {
		return nil
	}
	if q.Sensor != c.Sensor || q.Kind != c.Kind || q.Value != c.From {
		*q = quick{Change: c, n: q.n}
	}
	q.Value, q.rule, q.after = c.Value, row.Set[c.Kind], nil
	q.n++
	m.tellWhatIf()
	later := func(d time.Duration, over bool) tea.Cmd {
		n := q.n
		return tea.Tick(d, func(time.Time) tea.Msg { return whatIfMsg{n, over} })
	}
	return tea.Batch(later(handRests, false), later(moveLasts, true))
}

// askWhatIf asks what both ends of the move would have done, or ends it.
func (m *Model) askWhatIf(msg whatIfMsg) tea.Cmd {
	q := &m.quick
	switch {
	case msg.n != q.n:
		return nil
	case msg.over:
		*q = quick{n: q.n}
		m.tellWhatIf()
		return nil
	}
	ask := func(at float64) monitor.TuneQuestion {
		rule := q.rule
		rule.At = at
		return monitor.TuneQuestion{Sensor: q.Sensor, Kind: q.Kind, Scope: monitor.Scope{Sensor: q.Sensor}, Rule: rule}
	}
	after := m.asked.after.ask(m.cfg.Tune, ask(q.Value))
	if q.before != nil {
		return after
	}
	return tea.Batch(m.asked.before.ask(m.cfg.Tune, ask(q.From)), after)
}

// whatIf takes what one end of the move would have done.
func (m *Model) whatIf(msg answerMsg) {
	if msg.err != nil {
		return
	}
	if msg.to == &m.asked.before {
		m.quick.before = &msg.a.After
	} else {
		m.quick.after = &msg.a.After
	}
	m.tellWhatIf()
}

// tellWhatIf lets Watch say what is known of the move.
func (m *Model) tellWhatIf() {
	q := &m.quick
	m.watch.WhatIf = watch.WhatIf{}
	if q.before == nil || q.after == nil {
		return
	}
	from, to := q.before.Text(tune.AlarmsPerDay), q.after.Text(tune.AlarmsPerDay)
	unit := " /day"
	if a, since, short := strings.Cut(from, " in "); short {
		from, unit = a, " in "+since
		to, _, _ = strings.Cut(to, " in ")
	}
	m.watch.WhatIf = watch.WhatIf{
		Sensor: q.Sensor, Kind: q.Kind, From: q.From, To: q.Value,
		Did: display.Text(from), Would: display.Text(to), Unit: display.Text(unit),
	}
}
