package ui

import (
	"path/filepath"

	tea "charm.land/bubbletea/v2"

	"setpoint/sensors/display"
	"setpoint/ui/action"
	"setpoint/ui/letters"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
	"setpoint/workflow/monitor"
)

// posting is the actions of the Letters page.
func posting() action.List[*Model] {
	return action.List[*Model]{
		{On: onLetters, Keys: []string{"space"}, Hint: "space mark", Help: "mark the letter", Offer: reading, Do: plain(func(m *Model) { m.letters.Mark() })},
		{On: onLetters, Keys: []string{"r"}, Hint: "r retry", Help: "retry the selected letter", Offer: free, Do: retryOne},
		{On: onLetters, Keys: []string{"R"}, Hint: "R marked or all", Help: "retry marked ones, or all", Offer: reading, Do: retryMany},
		{On: onLetters, Keys: []string{"D"}, Hint: "D dry run", Help: "say what R would send", Offer: reading, Do: dryRun},
		{On: onLetters, Keys: []string{"d"}, Hint: "d drop", Help: "drop marked ones, or it", Offer: reading, Do: plain(drop)},
		{On: onLetters, Keys: []string{"x"}, Hint: "x export", Help: "write marked ones, or all, to a file", Offer: reading, Do: export},
	}
}

// reading reports whether there is a selected letter.
func reading(m *Model) bool { return m.letters.Selected() != nil }

// free reports whether there is a selected letter that is not on its way.
func free(m *Model) bool { l := m.letters.Selected(); return l != nil && !l.Claimed }

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
	m.open.asked = new(monitor.DryRun)
	return m.send(m.open.asked)
}

// dryRun asks what retryMany would send where.
func dryRun(m *Model) tea.Cmd { return m.send(&monitor.DryRun{IDs: m.letters.Marked()}) }

// export writes the marked letters to a file; without marks all.
func export(m *Model) tea.Cmd { return m.send(&monitor.WriteLetters{IDs: m.letters.Marked()}) }

// answered tells what the monitor answered to a command that has an answer.
func (m *Model) answered(c monitor.Command) tea.Cmd {
	switch c := c.(type) {
	case *monitor.WriteGraph:
		return m.written("the graph", c.Path)
	case *monitor.WriteRules:
		return m.written("the rules", c.Path)
	case *monitor.WriteLetters:
		return m.written(screen.Many(c.N, "letter"), c.Path)
	case *monitor.DryRun:
		if m.open.mode == onPage && m.name() == onLetters {
			m.told(c)
		}
	}
	return nil
}

// written says where something was written to: the name first, which is the more
// important part of a path.
func (m *Model) written(what display.Safe, path string) tea.Cmd {
	dir, name := filepath.Split(path)
	return m.status.set("wrote "+what+" to "+display.Text(name)+" in "+display.Text(dir), theme.Text, complainFor)
}

// told shows what a retry would send where, and asks if that is wanted when it was
// asked for.
func (m *Model) told(d *monitor.DryRun) {
	lines := letters.DryRun(d)
	if d != m.open.asked {
		m.question("dry run: nothing is sent", lines, nil)
		return
	}
	m.question("retry all letters?", lines, func(m *Model) tea.Cmd {
		return tea.Batch(m.send(monitor.RetryLetters{By: m.cfg.User}), m.say("retrying all letters"))
	})
}

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
