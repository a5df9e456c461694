package flow

import (
	"setpoint/sensors/display"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
	"setpoint/workflow"
)

// recent paints what happened inside the engine, newest first.
func (p *Page) recent(a screen.Area) {
	if len(p.snap.Recent) == 0 {
		a.Text(0, 0, theme.Dim, "nothing happened yet: no retry, no dead letter")
		return
	}
	for y := range min(len(p.snap.Recent), a.H) {
		p.transition(a.Sub(0, y, a.W, 1), &p.snap.Recent[y])
	}
}

// transition paints one of them.
func (p *Page) transition(a screen.Area, t *workflow.Transition) {
	const name, word = 10, 20
	sign, style := told(&a.Theme().Glyphs, t.What)
	x := a.Text(0, 0, theme.Dim, p.when(t.At)) + 1
	a.Rune(x, 0, style|theme.Bold, sign)
	a.Text(x+2, 0, theme.Bright, screen.Tail(display.Text(t.Node), name))
	x += 3 + name
	what := display.Text(t.What)
	if t.Wait > 0 {
		what += " in " + screen.Latency(t.Wait, a.Theme().Micro)
	}
	x = max(a.Text(x, 0, style, display.Truncate(what, word)), x+word) + 1
	if t.Key != "" {
		x = a.Text(x, 0, theme.Text, display.Truncate(display.Text(t.Key), 16)) + 1
	}
	if t.Err != nil {
		a.Text(x, 0, theme.Dim, display.Truncate(display.Error(t.Err), max(a.W-x, 0)))
	}
}

// told returns the sign and the style of a transition.
func told(g *theme.Glyphs, what string) (rune, theme.Style) {
	switch what {
	case "retry", workflow.SourceRestarting:
		return g.UpSeen, theme.High
	case "dead letter", "abandoned", workflow.SourceFailed:
		return g.Up, theme.Critical
	case workflow.SourceStale:
		return g.Bad, theme.Bad
	case workflow.SourceRunning:
		return g.Live, theme.Good
	}
	return g.Held, theme.Dim
}
