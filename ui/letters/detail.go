package letters

import (
	"time"

	"setpoint/sensors/display"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
	"setpoint/workflow/monitor"
)

// detailTitle is what stands over the selected letter.
func (p *Page) detailTitle() screen.Title {
	t := screen.Title{Name: screen.Span{Style: theme.Dim, Text: "letter"}}
	if l := p.Selected(); l != nil {
		t.Name = screen.Span{Style: theme.Bright | theme.Bold, Text: "letter " + screen.Count(l.ID)}
		t.Right = []screen.Span{{Style: theme.Dim, Text: "event " + screen.Count(l.Event) + ", revision " + screen.Count(l.Revision)}}
	}
	return t
}

// detail paints all that is known of the selected letter.
func (p *Page) detail(a screen.Area) {
	l := p.Selected()
	if l == nil {
		a.Text(0, min(1, a.H-1), theme.Dim, "no letter is selected")
		return
	}
	y := 0
	row := func(name display.Safe, st theme.Style, text display.Safe) {
		const label = 9
		a.Text(0, y, theme.Dim, name)
		for _, part := range screen.Wrap(text, max(a.W-label, 1)) {
			a.Text(label, y, st, part)
			y++
		}
	}
	if l.Claimed {
		row("now", theme.Accent|theme.Bold, "on its way: nobody else can take it")
	}
	row("error", theme.Critical|theme.Bold, display.Text(l.Reason)+": "+display.Text(l.Err))
	if l.First != "" {
		row("first", theme.Critical, p.when(l.FirstAt)+" "+display.Text(l.First))
	}
	row("failed", theme.Text, "at "+display.Text(l.Node)+", "+p.when(l.At)+", "+screen.Ago(p.snap.Wall.Sub(l.At))+" ago")
	row("tried", theme.Text, tried(l))
	row("sensor", theme.Bright, p.namer.Label(l.Sensor)+", "+p.when(l.Time))
	row("payload", theme.Text, display.Text(l.Payload))
	row("state", theme.Text, display.Text(l.State))
}

// tried says how often it was tried, and sent again.
func tried(l *monitor.Letter) display.Safe {
	tried := display.Safe("in the fold, or before the first attempt")
	if l.Attempts > 0 {
		tried = screen.Many(l.Attempts, "attempt")
	}
	if l.Redrives > 0 {
		tried += ", sent again " + screen.Many(l.Redrives, "time") + " before"
	}
	return tried
}

// when returns a time with its date if that is not the one of the wall clock.
func (p *Page) when(t time.Time) display.Safe {
	if t.IsZero() {
		return "unknown"
	}
	t, now := t.In(p.zone), p.snap.Wall.In(p.zone)
	if t.Format(time.DateOnly) == now.Format(time.DateOnly) {
		return display.Safe(t.Format("15:04:05.000"))
	}
	return display.Safe(t.Format("2 Jan 2006 15:04:05"))
}
