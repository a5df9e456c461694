package alarms

import (
	"math"

	"setpoint/sensors/alarm"
	"setpoint/sensors/display"
	"setpoint/sensors/threshold"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
	"setpoint/workflow/monitor"
)

// detailTitle is what stands over the selected alarm.
func (p *Page) detailTitle(a screen.Area) screen.Title {
	t := screen.Title{Name: screen.Span{Style: theme.Dim, Text: "alarm"}}
	d := p.told()
	if d == nil {
		return t
	}
	t.Name = screen.Span{Style: theme.Bright | theme.Bold, Text: display.Truncate(p.Label(d.AlarmKey), max(a.W/2, 12))}
	t.Hints = []screen.Hint{{Key: "enter", Does: "in full"}}
	if p.full {
		t.Hints = []screen.Hint{{Key: "esc", Does: "back to the list"}}
	}
	st := p.stands(&a.Theme().Glyphs, &d.AlarmRow)
	t.Right = []screen.Span{{Style: st.Style, Text: display.Safe(st.sign) + " " + st.text}}
	return t
}

// told returns what is known of the selected alarm: all of it, or before that has
// come its line of the list; nil if nothing is.
func (p *Page) told() *monitor.AlarmDetail {
	if d := p.detailed(); d != nil {
		return d
	}
	if r := p.Selected(); r != nil {
		return &monitor.AlarmDetail{AlarmRow: *r}
	}
	return nil
}

// label is the width of the labels.
const label = 13

// detail paints what there is to say of the selected alarm, what to do first, and
// returns how many lines it took.
func (p *Page) detail(a screen.Area) int {
	d := p.told()
	if d == nil {
		a.Text(0, min(1, a.H-1), theme.Dim, "no alarm is selected")
		return 2
	}
	f := screen.Form{Area: a, Label: label}
	adv := &d.Advice
	f.Line("action", theme.Accent|theme.Bold, display.Text(adv.Action))
	due := p.due(&d.AlarmRow)
	f.Line("respond", due.Style, due.Text)
	f.Line("cause", theme.Text, display.Text(adv.Cause))
	f.Line("consequence", theme.Text, display.Text(adv.Consequence))
	if adv.Action == "" {
		f.Line("action", theme.Dim, "none is written: action, cause and consequence of a sensor or group go into the file")
	}
	st := p.stands(&a.Theme().Glyphs, &d.AlarmRow)
	f.Line("state", st.Style, p.state(d, st))
	f.Line("value", theme.Bright, screen.Reading(d.Value)+" "+unit(a, &d.AlarmRow))
	f.Line("threshold", theme.Text, p.threshold(a, d))
	f.Line("priority", theme.Text, display.Safe(adv.Priority.For(d.Kind).String())+", raised "+screen.Many(d.Day, "time")+" in 24 h")
	f.Line("acked", theme.Text, p.ackedBy(&d.AlarmRow))
	f.Line("verdict", theme.Text, display.Safe(d.Verdict.String()))
	return f.Y
}

// due says within which time somebody must answer, and how much of it is left.
func (p *Page) due(r *monitor.AlarmRow) screen.Span {
	if r.Advice.Respond <= 0 {
		return screen.Span{}
	}
	t := "within " + screen.Length(r.Advice.Respond)
	if !r.Unacked || r.Raised.IsZero() {
		return screen.Span{Style: theme.Text, Text: t}
	}
	left := r.Advice.Respond - p.snap.Time.Sub(r.Raised)
	if left < 0 {
		return screen.Span{Style: theme.Critical | theme.Bold, Text: t + ", over since " + screen.Ago(-left)}
	}
	return screen.Span{Style: theme.High, Text: t + ", " + screen.Ago(left) + " left"}
}

// state says how the alarm stands, since when, and why it is not announced.
func (p *Page) state(d *monitor.AlarmDetail, st standing) display.Safe {
	t := st.text
	if cond := display.Safe(d.Cond.String()); d.Suppressed != alarm.None || d.Held || d.Cond == alarm.Active {
		t = cond + ", " + t
	}
	if d.Cond == alarm.Normal && d.Unacked {
		t += ", not acknowledged"
	}
	if !d.Since.IsZero() {
		t += ", for " + screen.Ago(d.For) + " since " + screen.Clock(d.Since, p.now())
	}
	if d.Held && d.Kind != threshold.Stale {
		t += ": its newest reading is bad, so nothing is known"
	}
	if d.Suppressed == alarm.OutOfService {
		t += ": " + display.Text(d.Reason)
	}
	return t
}

// threshold says where the alarm begins and ends, and where that was set.
func (p *Page) threshold(a screen.Area, d *monitor.AlarmDetail) display.Safe {
	if d.Kind == threshold.Stale {
		return "none: the sensor has fallen silent"
	}
	if math.IsNaN(d.On) {
		return "off" + p.origin(a, d)
	}
	beyond, inside := display.Safe("above "), display.Safe("below ")
	if !d.Kind.Upper() {
		beyond, inside = inside, beyond
	}
	return "on " + beyond + screen.Level(d.On) + ", off " + inside + screen.Level(d.Off) + p.origin(a, d)
}

// origin says where the threshold was set.
func (p *Page) origin(a screen.Area, d *monitor.AlarmDetail) display.Safe {
	if d.Origin == "" {
		return ""
	}
	return " " + display.Safe(a.Theme().From) + " " + display.Text(d.Origin)
}

// lasted says how long an alarm was on, or that it still is.
func (p *Page) lasted(al *monitor.Alert) display.Safe {
	if al.Ended.IsZero() {
		return screen.Ago(p.snap.Time.Sub(al.Time)) + "+"
	}
	return screen.Ago(al.Ended.Sub(al.Time))
}
