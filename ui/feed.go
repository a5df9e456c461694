package ui

import (
	"fmt"
	"time"

	tea "charm.land/bubbletea/v2"

	"setpoint/sensors/display"
	"setpoint/workflow/monitor"
)

// snapshotMsg is a snapshot that has come.
type snapshotMsg struct{ s *monitor.Snapshot }

// waitSnapshot is the command that waits for the next snapshot.
func (m *Model) waitSnapshot() tea.Msg {
	if s, ok := <-m.cfg.Snapshots; ok && s != nil {
		return snapshotMsg{s}
	}
	return nil
}

// frozen is a page that stands still while the data go on.
type frozen struct {
	since time.Time // on the clock of Snapshot.Wall; zero while not frozen
	shown bool      // the page shows what the last change of the view asked for
}

// take shows s, and waits for the next one. A frozen page takes the first that
// answers what was asked of it, and no other.
func (m *Model) take(s *monitor.Snapshot) tea.Cmd {
	m.latest = s
	frozen := !m.frozen.since.IsZero()
	if answers := s.View == m.looked; !frozen || answers && !m.frozen.shown {
		m.frozen.shown = answers
		m.show(s)
	}
	return m.waitSnapshot
}

// freeze stops the page, or lets it go on. Its rows keep their order, so that what
// was asked of it stays the same.
func (m *Model) freeze() {
	switch {
	case !m.frozen.since.IsZero():
		m.thaw()
	case m.latest != nil:
		m.frozen.since = m.latest.Wall
		m.watch.Window.Freeze(m.latest.Time)
		m.watch.Hold = true
	}
}

// thaw lets the page go on.
func (m *Model) thaw() {
	m.frozen = frozen{}
	m.watch.Window.Now()
	if m.latest != nil {
		m.show(m.latest)
	}
}

// outbox is the commands that were given, in their order. They are carried out
// one at a time, because Bubble Tea runs its own commands in any order.
type outbox struct {
	waiting []monitor.Command
	busy    bool
}

// most is how many commands may wait.
const most = 64

// sentMsg says what became of a command.
type sentMsg struct {
	c   monitor.Command
	err error
}

// send gives c to the monitor after those that were given before. A threshold
// that is moved again before its turn takes one turn.
func (m *Model) send(c monitor.Command) tea.Cmd {
	o := &m.outbox
	if n := len(o.waiting); n > 0 && sameThreshold(o.waiting[n-1], c) {
		o.waiting[n-1] = c
		return nil
	}
	if len(o.waiting) >= most {
		return m.complain("the engine is busy: command not sent")
	}
	o.waiting = append(o.waiting, c)
	if o.busy {
		return nil
	}
	return o.next(m.cfg.Do)
}

// sameThreshold reports whether a and b both move the same threshold.
func sameThreshold(a, b monitor.Command) bool {
	x, ok := a.(monitor.SetThreshold)
	y, also := b.(monitor.SetThreshold)
	return ok && also && x.Sensor == y.Sensor && x.Kind == y.Kind
}

// next carries out the command whose turn it is.
func (o *outbox) next(do func(monitor.Command) error) tea.Cmd {
	if o.busy = len(o.waiting) > 0 && do != nil; !o.busy {
		o.waiting = nil
		return nil
	}
	c := o.waiting[0]
	o.waiting = o.waiting[1:]
	return func() tea.Msg { return sentMsg{c, do(c)} }
}

// sent tells what became of a command, and carries out the next.
func (m *Model) sent(msg sentMsg) tea.Cmd {
	next := m.outbox.next(m.cfg.Do)
	if msg.err == nil {
		m.tune.Done(msg.c)
		return tea.Batch(next, m.answered(msg.c))
	}
	if c, ok := msg.c.(monitor.SetThreshold); ok {
		m.watch.Refused()
		m.moves.refused(c)
	}
	return tea.Batch(next, m.complain(display.Error(fmt.Errorf("not done: %w", msg.err))))
}
