package ui

import (
	"math"
	"strconv"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"setpoint/sensors/display"
	"setpoint/sensors/threshold"
	"setpoint/ui/screen"
	"setpoint/ui/tune"
	"setpoint/workflow/monitor"
)

// apply asks why, and sets NEW in the scope with the figures as evidence.
func apply(m *Model) {
	t := m.tune
	c := monitor.SetRule{Scope: t.Scope(), Kind: t.Key().Kind, Setting: t.Setting(), By: m.cfg.User, Evidence: t.Evidence()}
	what := tune.Word(c.Kind) + " " + t.Moves(string(m.look.theme.Arrow))
	if c.Scope.Sensor == "" {
		what += " for " + t.ScopeName()
	}
	wants := display.Truncate(display.Safe("why? may be empty, or end with for 2h or until 16:00"), 58)
	m.open.mode = inEntry
	m.open.entry = entry{title: "apply " + display.Truncate(what, 30), wants: wants, optional: true, done: func(m *Model, why string) tea.Cmd {
		c.Why, c.Until = until(why, m.now(), m.cfg.Location)
		c.Evidence = t.Evidence() // the answer may have come meanwhile
		return tea.Batch(m.send(c), m.say("applying "+what))
	}}
}

// now returns the time on the readings' clock.
func (m *Model) now() time.Time {
	if m.latest == nil || m.latest.Time.IsZero() {
		return time.Now()
	}
	return m.latest.Time
}

// inherit takes back what the scope says of the threshold, if that is wanted.
func inherit(m *Model) {
	t := m.tune
	c := monitor.SetRule{Scope: t.Scope(), Kind: t.Key().Kind, By: m.cfg.User, Why: "inherit"}
	name := t.ScopeName()
	lines := []display.Safe{"What is set for " + name + " is forgotten:", "wider scopes say where " + tune.Word(c.Kind) + " is then."}
	m.question("inherit "+tune.Word(c.Kind)+"?", lines, func(m *Model) tea.Cmd {
		return tea.Batch(m.send(c), m.say(name+" inherits "+tune.Word(c.Kind)))
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
		lines = append(lines, m.scope(w.Scope)+" "+tune.Word(w.Kind)+": "+settingWords(w.Old)+" "+display.Safe(m.look.theme.Arrow)+" "+settingWords(w.New))
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
	var parts []string
	figure := func(v float64) string { return strconv.FormatFloat(v, 'g', 8, 64) }
	switch {
	case s.At == nil:
	case math.IsNaN(*s.At):
		parts = append(parts, "off")
	default:
		parts = append(parts, figure(*s.At))
	}
	if s.Deadband != nil {
		parts = append(parts, "deadband "+figure(*s.Deadband))
	}
	if s.OnDelay != nil {
		parts = append(parts, "on-delay "+s.OnDelay.String())
	}
	if s.OffDelay != nil {
		parts = append(parts, "off-delay "+s.OffDelay.String())
	}
	if len(parts) == 0 {
		return "nothing"
	}
	return display.Safe(strings.Join(parts, " "))
}
