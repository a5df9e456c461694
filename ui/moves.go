package ui

import (
	"math"
	"slices"

	tea "charm.land/bubbletea/v2"

	"setpoint/sensors/display"
	"setpoint/sensors/threshold"
	"setpoint/ui/watch"
	"setpoint/workflow/monitor"
)

// moves is the thresholds moved here, to be undone and redone. A pull of the mouse
// is one move.
type moves struct{ done, undone []watch.Change }

// mostMoves is how many moves are remembered.
const mostMoves = 1000

// about reports whether c is about threshold k of a sensor.
func about(c watch.Change, sensor string, k threshold.Kind) bool {
	return c.Sensor == sensor && c.Kind == k
}

// did notes a move. One from where the last began goes on with that.
func (v *moves) did(c watch.Change) {
	v.undone = nil
	if n := len(v.done) - 1; n >= 0 && about(v.done[n], c.Sensor, c.Kind) && v.done[n].From == c.From {
		v.done = v.done[:n]
	}
	v.done = append(v.done, c)
	v.done = v.done[max(len(v.done)-mostMoves, 0):]
}

// last returns where a threshold was before it was switched off here.
func (v *moves) last(sensor string, k threshold.Kind) float64 {
	for _, c := range slices.Backward(v.done) {
		if about(c, sensor, k) && !math.IsNaN(c.From) {
			return c.From
		}
	}
	return threshold.Off
}

// refused forgets a move that the engine would not have.
func (v *moves) refused(c monitor.SetThreshold) {
	if n := len(v.done) - 1; n >= 0 && about(v.done[n], c.Sensor, c.Kind) {
		v.done = v.done[:n]
	}
}

// moved hands in a moved threshold, or tells why it stays.
func (m *Model) moved(c watch.Change, err error) tea.Cmd {
	if err != nil {
		return m.complain(display.Error(err))
	}
	m.moves.did(c)
	return tea.Batch(m.put(c), m.quicken(c))
}

// put sends a change and tells it.
func (m *Model) put(c watch.Change) tea.Cmd {
	c.By = m.cfg.User
	return tea.Batch(m.send(c.SetThreshold), m.say(m.watch.Moved(c.SetThreshold)))
}

// switchOff switches the marked threshold off, or on again where it was.
func switchOff(m *Model) tea.Cmd {
	return m.moved(m.watch.Switch(m.moves.last(m.watch.Marked())))
}

// undo takes the last move back.
func (m *Model) undo() tea.Cmd {
	v := &m.moves
	last := v.done[len(v.done)-1]
	c, err := m.watch.Put(last.Sensor, last.Kind, last.From)
	if err != nil {
		return m.complain(display.Error(err))
	}
	v.done, v.undone = v.done[:len(v.done)-1], append(v.undone, last)
	return m.put(c)
}

// redo makes the last move that was undone again.
func (m *Model) redo() tea.Cmd {
	v := &m.moves
	last := v.undone[len(v.undone)-1]
	c, err := m.watch.Put(last.Sensor, last.Kind, last.Value)
	if err != nil {
		return m.complain(display.Error(err))
	}
	v.undone, v.done = v.undone[:len(v.undone)-1], append(v.done, last)
	return m.put(c)
}
