package journal

import (
	"strings"

	"setpoint/sensors/display"
	"setpoint/sensors/threshold"
	"setpoint/ui/screen"
	"setpoint/workflow/monitor"
)

// moved is the What of a change of a threshold.
const moved = "threshold"

// kind names a threshold as a sentence does.
func kind(k threshold.Kind) display.Safe {
	return display.Safe(strings.ReplaceAll(k.String(), "_", " "))
}

// where names the scope of a change.
func (p *Page) where(s monitor.Scope) display.Safe {
	switch {
	case s.Sensor != "":
		return p.namer.Label(s.Sensor)
	case s.Group != "":
		return "group " + display.Text(s.Group)
	}
	return "all"
}

// edges says where the alarm of a rule begins and ends.
func edges(k threshold.Kind, r threshold.Rule) display.Safe {
	var s threshold.Set
	s[k] = r
	return screen.Edges(r.At, s.OffEdge(k))
}

// said returns what a scope says of where a threshold is.
func said(s threshold.Setting) display.Safe {
	if s.At == nil {
		return "inherited"
	}
	return screen.Level(*s.At)
}

// ruled reports whether it is known what was in force before and after c.
func ruled(c *monitor.Change) bool {
	return c.What == moved && c.Kind < threshold.Kinds && (c.Before != threshold.Rule{} || c.After != threshold.Rule{})
}

// text says what has changed: of a threshold its two edges, and its deadband and
// delays where these have changed.
func (p *Page) text(c *monitor.Change, arrow rune) display.Safe {
	to := " " + display.Safe(arrow) + " "
	switch {
	case c.What == "shelve" && !c.Until.IsZero():
		which, _, _ := strings.Cut(c.Text, ",")
		return display.Text(which) + ", until " + screen.Minute(c.Until, p.now())
	case c.What != moved:
		return display.Text(c.Text)
	case !ruled(c):
		return kind(c.Kind) + " " + said(c.Old) + to + said(c.New)
	}
	t := kind(c.Kind) + " " + edges(c.Kind, c.Before) + to + edges(c.Kind, c.After)
	if b, a := c.Before, c.After; b.Deadband != a.Deadband {
		t += ", deadband " + screen.Reading(b.Deadband) + to + screen.Reading(a.Deadband)
	}
	if b, a := c.Before.OnDelay, c.After.OnDelay; b != a {
		t += ", on-delay " + screen.Length(b) + to + screen.Length(a)
	}
	if b, a := c.Before.OffDelay, c.After.OffDelay; b != a {
		t += ", off-delay " + screen.Length(b) + to + screen.Length(a)
	}
	return t
}

// note says whether a change was taken back, or took one back.
func note(c *monitor.Change) display.Safe {
	switch {
	case c.Undone:
		return "undone"
	case c.Undoes != 0:
		return "undoes " + screen.Count(c.Undoes)
	}
	return ""
}

// Undoing says what undoing c will do.
func (p *Page) Undoing(c *monitor.Change) []display.Safe {
	of := p.where(c.Scope)
	switch {
	case c.What == "shelve":
		return []display.Safe{"All alarms of " + of + " are shown again."}
	case c.What == "out of service":
		return []display.Safe{of + " is back in service."}
	case !ruled(c):
		return []display.Safe{kind(c.Kind) + " of " + of + " is again " + said(c.Old) + ", now " + said(c.New) + "."}
	}
	lines := []display.Safe{kind(c.Kind) + " of " + of + " is again on/off at " + edges(c.Kind, c.Before) + ", it was moved to " + edges(c.Kind, c.After) + "."}
	if c.Old.At == nil {
		lines = append(lines, "Nothing is said of it there then: it is inherited.")
	}
	return append(lines, "Later moves of it count no more; the journal keeps them.")
}
