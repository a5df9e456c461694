package ui

import (
	tea "charm.land/bubbletea/v2"

	"setpoint/sensors/display"
	"setpoint/ui/action"
	"setpoint/ui/screen"
	"setpoint/workflow/monitor"
)

// posting is the actions of the Letters page.
func posting() action.List[*Model] {
	return action.List[*Model]{
		{On: onLetters, Keys: []string{"space"}, Hint: "space mark", Help: "mark the letter", Offer: reading, Do: plain(func(m *Model) { m.letters.Mark() })},
		{On: onLetters, Keys: []string{"r"}, Hint: "r retry", Help: "retry the selected letter", Offer: reading, Do: retryOne},
		{On: onLetters, Keys: []string{"R"}, Hint: "R marked or all", Help: "retry marked ones, or all", Offer: reading, Do: retryMany},
		{On: onLetters, Keys: []string{"D"}, Hint: "D dry run", Help: "say what R would send", Offer: reading, Do: plain(dryRun)},
		{On: onLetters, Keys: []string{"d"}, Hint: "d drop", Help: "drop marked ones, or it", Offer: reading, Do: plain(drop)},
	}
}

// reading reports whether there is a selected letter.
func reading(m *Model) bool { return m.letters.Selected() != nil }

// letter names a letter.
func letter(id uint64) display.Safe { return "letter " + screen.Count(id) }

// retryOne sends the selected letter again.
func retryOne(m *Model) tea.Cmd {
	id := m.letters.Selected().ID
	return tea.Batch(m.send(monitor.RetryLetters{IDs: []uint64{id}, By: m.cfg.User}), m.say("retrying "+letter(id)))
}

// retryMany sends the marked letters again; without marks all, if that is wanted.
func retryMany(m *Model) tea.Cmd {
	if ids := m.letters.Marked(); len(ids) > 0 {
		m.letters.Unmark()
		return tea.Batch(m.send(monitor.RetryLetters{IDs: ids, By: m.cfg.User}), m.say("retrying "+screen.Many(len(ids), "letter")))
	}
	m.question("retry all letters?", m.letters.DryRun(), func(m *Model) tea.Cmd {
		return tea.Batch(m.send(monitor.RetryLetters{By: m.cfg.User}), m.say("retrying all letters"))
	})
	return nil
}

// dryRun says what retryMany would send where.
func dryRun(m *Model) { m.question("dry run: nothing is sent", m.letters.DryRun(), nil) }

// drop throws the marked letters away, or the selected one, if that is wanted.
func drop(m *Model) {
	ids, what := m.letters.Marked(), display.Safe("")
	if what = screen.Many(len(ids), "marked letter"); len(ids) == 0 {
		ids = []uint64{m.letters.Selected().ID}
		what = letter(ids[0])
	}
	m.question("drop "+what+"?", []display.Safe{"What is dropped cannot be retried."}, func(m *Model) tea.Cmd {
		m.letters.Unmark()
		return tea.Batch(m.send(monitor.DropLetters{IDs: ids, By: m.cfg.User}), m.say("dropping "+what))
	})
}

// question asks, or without yes remarks.
func (m *Model) question(title display.Safe, lines []display.Safe, yes func(*Model) tea.Cmd) {
	m.open.mode, m.open.ask = inAsk, ask{title, lines, yes}
}
