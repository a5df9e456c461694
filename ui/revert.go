package ui

import (
	tea "charm.land/bubbletea/v2"

	"setpoint/sensors/display"
	"setpoint/ui/action"
	"setpoint/ui/screen"
	"setpoint/workflow/monitor"
)

// reverting is the actions of the Journal page.
func reverting() action.List[*Model] {
	return action.List[*Model]{
		{On: onJournal, Keys: []string{"u"}, Hint: "u undo", Help: "take the change back", Offer: revertible, Do: plain(func(m *Model) { m.revert("undo", m.journal.Selected()) })},
		{On: onJournal, Keys: []string{"ctrl+r"}, Hint: "^r redo", Help: "undo its undo", Offer: redoable, Do: plain(func(m *Model) { m.revert("redo", m.journal.Undone()) })},
	}
}

// revertible reports whether the selected change can be taken back.
func revertible(m *Model) bool { c := m.journal.Selected(); return c != nil && c.CanUndo }

// redoable reports whether the selected change was taken back, or took one back.
func redoable(m *Model) bool { return m.journal.Undone() != nil }

// revert takes c back if that is wanted.
func (m *Model) revert(what display.Safe, c *monitor.Change) {
	id, did := c.ID, what+" of change "+screen.Count(c.ID)
	if what == "redo" {
		did = what + " of change " + screen.Count(c.Undoes)
	}
	m.question(did+"?", m.journal.Undoing(c), func(m *Model) tea.Cmd {
		return tea.Batch(m.send(monitor.Undo{ID: id, By: m.cfg.User}), m.say(did))
	})
}
