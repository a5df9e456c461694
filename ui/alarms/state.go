package alarms

import (
	"time"

	"setpoint/sensors/alarm"
	"setpoint/sensors/display"
	"setpoint/sensors/threshold"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
	"setpoint/workflow/monitor"
)

// word is the word for an alarm's threshold.
func word(k threshold.Kind) display.Safe { return display.Safe(theme.Word(k)) }

// standing is how an alarm stands: its sign, in words, in one word, and its style.
type standing struct {
	sign        rune
	text, brief display.Safe
	theme.Style
}

// stands puts how r stands in words: why it is not announced, that nothing is known,
// or else its condition and whether somebody has seen it.
func (p *Page) stands(g *theme.Glyphs, r *monitor.AlarmRow) standing {
	seen := display.Safe("unacked")
	if !r.Unacked {
		seen = "acked"
	}
	switch {
	case r.Suppressed == alarm.OutOfService:
		return standing{g.Out, "out of service", "service", theme.Dim}
	case r.Suppressed == alarm.Shelved && r.Until.IsZero():
		return standing{g.Shelved, "shelved once", "once", theme.Dim}
	case r.Suppressed == alarm.Shelved:
		return standing{g.Shelved, "shelved to " + p.minute(r.Until), "to " + p.minute(r.Until), theme.Dim}
	case r.Suppressed == alarm.ByDesign:
		return standing{g.ByDesign, "by design", "by design", theme.Dim}
	case r.Held && r.Kind != threshold.Stale:
		return standing{g.Bad, "held, " + seen, "held", theme.Bad | bold(r.Unacked)}
	case r.Cond == alarm.Pending:
		left := p.left(r.Ends)
		return standing{g.Pending, "pending, " + left, left, theme.Text}
	case r.Cond == alarm.Returning:
		left := p.left(r.Ends)
		return standing{g.Returning, "returning, " + left, left, theme.Returned | bold(r.Unacked)}
	case r.Cond == alarm.Active:
		return standing{active(g, r), seen, seen, theme.Kind(r.Kind) | bold(r.Unacked)}
	case r.Unacked:
		return standing{g.Returned, "returned", "returned", theme.Returned | theme.Bold}
	}
	return standing{g.Normal, "normal", "normal", theme.Good}
}

// active returns the sign of an alarm that is on.
func active(g *theme.Glyphs, r *monitor.AlarmRow) rune {
	if r.Kind == threshold.Stale {
		return g.Bad
	}
	status := monitor.StatusLow
	if r.Kind.Upper() {
		status = monitor.StatusHigh
	}
	sign, _, _ := g.State(status, r.Kind, r.Unacked)
	return sign
}

func bold(on bool) theme.Style {
	if on {
		return theme.Bold
	}
	return 0
}

// left says how long it is until t.
func (p *Page) left(t time.Time) display.Safe { return screen.Ago(t.Sub(p.snap.Time)) + " left" }

// now is the clock of the readings in the zone of the page.
func (p *Page) now() time.Time { return p.snap.Time.In(p.zone) }

// minute returns t to the minute.
func (p *Page) minute(t time.Time) display.Safe { return screen.Minute(t, p.now()) }

// ackedBy says who has acknowledged r, and when.
func (p *Page) ackedBy(r *monitor.AlarmRow) display.Safe {
	if r.AckedAt.IsZero() {
		return ""
	}
	return display.Truncate(display.Text(r.AckedBy), 10) + " " + p.minute(r.AckedAt)
}
