package ui

import (
	tea "charm.land/bubbletea/v2"

	"setpoint/sensors/display"
	"setpoint/sensors/threshold"
	"setpoint/ui/screen"
	"setpoint/workflow/monitor"
)

// apply asks why, and sets NEW in the scope with the figures as evidence.
func apply(m *Model) {
	t := m.tune
	c := monitor.SetRule{Scope: t.Scope(), Kind: t.Key().Kind, Setting: t.Setting(), By: m.cfg.User, Evidence: t.Evidence()}
	what := display.Safe(theWord(c.Kind)) + " " + t.Moves(string(m.look.theme.Arrow))
	if c.Scope.Sensor == "" {
		what += " for " + t.ScopeName()
	}
	wants := display.Truncate(display.Safe("why? may be empty   ")+display.Text(c.Evidence), 58)
	m.open.mode = inEntry
	m.open.entry = entry{title: "apply " + display.Truncate(what, 30), wants: wants, optional: true, done: func(m *Model, why string) tea.Cmd {
		c.Why = why
		return tea.Batch(m.send(c), m.say("applying "+what))
	}}
}

// theWord returns the word for threshold k inside a sentence.
func theWord(k threshold.Kind) string {
	return [...]string{"critical low", "low", "high", "critical"}[min(k, threshold.Critical)]
}

// inherit takes back what the scope says of the threshold, if that is wanted.
func inherit(m *Model) {
	t := m.tune
	c := monitor.SetRule{Scope: t.Scope(), Kind: t.Key().Kind, By: m.cfg.User, Why: "inherit"}
	name := t.ScopeName()
	lines := []display.Safe{"What is set for " + name + " is forgotten:", "wider scopes say where " + display.Safe(theWord(c.Kind)) + " is then."}
	m.question("inherit "+display.Safe(theWord(c.Kind))+"?", lines, func(m *Model) tea.Cmd {
		return tea.Batch(m.send(c), m.say(name+" inherits "+display.Safe(theWord(c.Kind))))
	})
}

// untune takes back a step of NEW or, without one, the newest change of the threshold
// that counts still and is one's own.
func (m *Model) untune() tea.Cmd {
	if m.tune.Undo() {
		return nil
	}
	id, ok := m.tune.UndoChange(m.cfg.User)
	if !ok {
		return m.say("nothing to undo")
	}
	return tea.Batch(m.send(monitor.Undo{ID: id, By: m.cfg.User}), m.say("undo of change "+screen.Count(id)))
}

// retune makes what was undone last again.
func (m *Model) retune() tea.Cmd {
	if m.tune.Redo() {
		return nil
	}
	id, ok := m.tune.RedoChange(m.cfg.User)
	if !ok {
		return m.say("nothing to redo")
	}
	return tea.Batch(m.send(monitor.Undo{ID: id, By: m.cfg.User}), m.say("redo: change "+screen.Count(id)+" is undone"))
}

// unwrittenMsg is what the configuration file does not say yet.
type unwrittenMsg []monitor.Written

// unwritten looks what the configuration file does not say yet, beside the screen.
func (m *Model) unwritten() tea.Cmd {
	if m.cfg.Unwritten == nil {
		return m.complain("there is no configuration file to write")
	}
	look := m.cfg.Unwritten
	return func() tea.Msg { return unwrittenMsg(look()) }
}

// mostWritten is how many changes are listed before they are written.
const mostWritten = 8

// toWrite asks whether list is to be written.
func (m *Model) toWrite(list unwrittenMsg) tea.Cmd {
	if len(list) == 0 {
		return m.say("the configuration file says it all already")
	}
	if m.open.mode != onPage {
		return nil
	}
	var lines []display.Safe
	for _, w := range list[:min(len(list), mostWritten)] {
		lines = append(lines, m.scope(w.Scope)+" "+display.Safe(theWord(w.Kind))+": "+settingWords(w.Old)+" "+display.Safe(m.look.theme.Arrow)+" "+settingWords(w.New))
	}
	if more := len(list) - mostWritten; more > 0 {
		lines = append(lines, "and "+screen.Many(more, "other"))
	}
	m.question("write to the configuration file?", lines, func(m *Model) tea.Cmd {
		return tea.Batch(m.send(monitor.WriteSettings{By: m.cfg.User}), m.say("writing the configuration file"))
	})
	return nil
}

// scope names a scope.
func (m *Model) scope(s monitor.Scope) display.Safe {
	switch {
	case s.Sensor != "":
		return display.Truncate(m.watch.Label(s.Sensor), 24)
	case s.Group != "":
		return "group " + display.Truncate(display.Text(s.Group), 24)
	}
	return "all sensors"
}

// settingWords says what is said of a threshold.
func settingWords(s threshold.Setting) display.Safe {
	text, sep := display.Safe(""), display.Safe("")
	add := func(t display.Safe) { text, sep = text+sep+t, " " }
	if s.At != nil {
		add(screen.Edges(*s.At, *s.At)[:len(screen.Edges(*s.At, *s.At))/2])
	}
	if s.Deadband != nil {
		add("deadband " + screen.Number(*s.Deadband, 2, 9))
	}
	if s.OnDelay != nil {
		add("on-delay " + display.Safe(s.OnDelay.String()))
	}
	if s.OffDelay != nil {
		add("off-delay " + display.Safe(s.OffDelay.String()))
	}
	if text == "" {
		return "nothing"
	}
	return text
}
