package alarms

import (
	"setpoint/sensors/display"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
	"setpoint/workflow/monitor"
)

// The columns of the past times.
const (
	pastLasted  = 19 // where each ends
	pastPeak    = 27
	pastVerdict = 29
	pastAcked   = 36
)

// past paints the times the alarm was raised, newest first, and below them how it
// came to where it is, as much as there is room for.
func (p *Page) past(a screen.Area) {
	d := p.detailed()
	if d == nil {
		why := display.Safe("reading its past")
		if p.Selected() == nil {
			why = "no alarm is selected"
		}
		a.Text(0, min(1, a.H-1), theme.Dim, why)
		return
	}
	const heads = 3 // those of both, and a blank line
	room := a.H - heads
	turns := min(len(d.Path), max(room/2, room-max(len(d.Past), 1)))
	times := min(max(len(d.Past), 1), max(room-turns, 1))
	if turns > 0 {
		a.Text(0, times+2, theme.Dim, "PATH OF STATES")
		p.path(a.Sub(0, times+heads, a.W, turns), d)
	}
	a.Text(0, 0, theme.Dim, "RAISED")
	a.Right(pastLasted, 0, theme.Dim, "LASTED")
	a.Right(pastPeak, 0, theme.Dim, "PEAK")
	a.Text(pastVerdict, 0, theme.Dim, "JUDGED")
	a.Text(pastAcked, 0, theme.Dim, "ACKED BY")
	if len(d.Past) == 0 {
		a.Text(0, 1, theme.Dim, "not raised yet")
	}
	for i := range min(len(d.Past), times) {
		p.time(a.Sub(0, i+1, a.W, 1), &d.Past[i])
	}
}

// time paints one past time.
func (p *Page) time(a screen.Area, al *monitor.Alert) {
	st := theme.Dim
	if al.Ended.IsZero() {
		st = theme.Kind(al.Threshold)
	}
	a.Text(0, 0, theme.Text, screen.Clock(al.Time, p.now()))
	a.Right(pastLasted, 0, st, p.lasted(al))
	a.Right(pastPeak, 0, theme.Bright, screen.Reading(al.Peak))
	a.Text(pastVerdict, 0, theme.Text, display.Safe(al.Verdict.String()))
	switch {
	case al.Silent && al.Acked.IsZero():
		a.Text(pastAcked, 0, theme.Dim, "silent")
	case al.Acked.IsZero():
		a.Text(pastAcked, 0, theme.High, "nobody")
	default:
		a.Text(pastAcked, 0, theme.Text, display.Truncate(display.Text(al.By), max(a.W-pastAcked, 0)))
	}
}

// pathSign is where the sign of a turn stands: after its time.
const pathSign = 13

// path paints the newest turns of d, oldest first.
func (p *Page) path(a screen.Area, d *monitor.AlarmDetail) {
	g := &a.Theme().Glyphs
	turns := d.Path[max(len(d.Path)-a.H, 0):]
	for y := range turns {
		t := &turns[y]
		sign, st := turned(g, t.What, &d.AlarmRow)
		a.Text(0, y, theme.Dim, screen.Clock(t.At, p.now()))
		a.Rune(pathSign, y, st, sign)
		x := a.Text(pathSign+2, y, st, display.Text(t.What))
		if t.By != "" {
			a.Text(x, y, theme.Dim, display.Truncate(" by "+display.Text(t.By), max(a.W-x, 0)))
		}
	}
}

// turned returns the sign and the style of a turn in the life of an alarm.
func turned(g *theme.Glyphs, what string, r *monitor.AlarmRow) (rune, theme.Style) {
	row := *r
	switch what {
	case "raised", "realarmed":
		row.Unacked = true
		return active(g, &row), theme.Kind(r.Kind)
	case "acknowledged":
		row.Unacked = false
		return active(g, &row), theme.Text
	case "shelve", "shelved":
		return g.Shelved, theme.Text
	case "out of service":
		return g.Out, theme.Text
	case "cleared":
		return g.Normal, theme.Good
	}
	return g.Normal, theme.Text
}
