package journal

import (
	"time"

	"setpoint/sensors/display"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
	"setpoint/workflow/monitor"
)

// The sizes at which the page changes.
const (
	smallW, smallH = 60, 12  // below: the list alone
	wideW, wideH   = 120, 28 // from here on in boxes
)

// Draw paints the page.
func (p *Page) Draw(a screen.Area) {
	h := min(max(a.H*3/10, 7), 14)
	switch {
	case a.W < smallW || a.H < smallH:
		p.list(a)
	case a.W < wideW || a.H < wideH:
		p.list(a.Sub(0, 1, a.W-1, a.H-h-1))
		a.Rule(p.title())
		p.detail(a.Sub(0, a.H-h, a.W, h).Rule(p.detailTitle()))
	default:
		p.list(a.Sub(0, 0, a.W, a.H-h).Box(p.title()))
		p.detail(a.Sub(0, a.H-h, a.W, h).Box(p.detailTitle()))
	}
}

// title is what stands over the list.
func (p *Page) title() screen.Title {
	t := screen.Title{
		Name:  screen.Span{Style: theme.Bright | theme.Bold, Text: "journal"},
		Hints: []screen.Hint{{Key: "u", Does: "undo"}, {Key: "^r", Does: "redo"}},
	}
	if p.snap != nil {
		t.Right = []screen.Span{{Style: theme.Dim, Text: screen.Many(p.snap.ChangeN, "change")}}
	}
	return t
}

// detailTitle is what stands over the selected change.
func (p *Page) detailTitle() screen.Title {
	t := screen.Title{Name: screen.Span{Style: theme.Dim, Text: "change"}}
	if c := p.Selected(); c != nil {
		t.Name = screen.Span{Style: theme.Bright | theme.Bold, Text: "change " + screen.Count(c.ID)}
		t.Right = []screen.Span{{Style: theme.Dim, Text: p.undoable(c)}}
	}
	return t
}

// undoable says whether c can be taken back, or was.
func (p *Page) undoable(c *monitor.Change) display.Safe {
	switch {
	case c.Undone && p.Undone() != nil:
		return "undone, ^r redoes it"
	case c.Undone:
		return "undone"
	case c.CanUndo:
		return "u undoes it"
	}
	return "cannot be undone"
}

// detail paints all that is known of the selected change.
func (p *Page) detail(a screen.Area) {
	c := p.Selected()
	if c == nil {
		a.Text(0, min(1, a.H-1), theme.Dim, "no change is selected")
		return
	}
	f := screen.Form{Area: a, Label: 11}
	f.Line("change", theme.Bright, p.text(c, a.Theme().Arrow))
	f.Line("why", theme.Text, display.Text(c.Why))
	f.Line("evidence", theme.Text, display.Text(c.Evidence))
	f.Line("who", theme.Text, display.Text(c.By)+", "+screen.Clock(c.Time, p.now())+p.wall(c))
	f.Line("what", theme.Text, display.Text(c.What)+" of "+p.where(c.Scope))
	if !c.Until.IsZero() {
		f.Line("until", theme.Text, screen.Clock(c.Until, p.now()))
	}
	if c.What == moved {
		f.Line("there", theme.Text, p.there(c))
	}
	if c.Revision > 0 {
		f.Line("revision", theme.Text, screen.Count(c.Revision))
	}
	f.Line("undo", theme.Returned, note(c))
}

// there says what else there is to know of the place where a threshold was moved.
func (p *Page) there(c *monitor.Change) (t display.Safe) {
	if c.Scope.Sensor == "" {
		t = "for many sensors: the figures are those of the first. "
	}
	switch {
	case c.New.At == nil:
		t += "Nothing is set for " + p.where(c.Scope) + " any more: it is inherited."
	case c.Old.At == nil:
		t += "Nothing was set for " + p.where(c.Scope) + " before: it was inherited."
	}
	return t
}

// wall returns when c was made on the wall clock, where that is not the clock of the
// readings.
func (p *Page) wall(c *monitor.Change) display.Safe {
	if c.Wall.IsZero() || c.Wall.Sub(c.Time).Abs() < time.Minute {
		return ""
	}
	return display.Safe(c.Wall.In(p.zone).Format(" in the readings, 2 Jan 2006 15:04:05 on the wall"))
}
