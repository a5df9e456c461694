package alarms

import (
	"strings"

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

// sheet is where lines of a label and a text are painted, one below the other.
type sheet struct {
	screen.Area
	y int
}

// label is the width of the labels.
const label = 13

// line paints a text after its label, in as many lines as it takes; without a text it
// paints nothing.
func (s *sheet) line(name display.Safe, st theme.Style, text display.Safe) {
	if text == "" {
		return
	}
	s.Text(0, s.y, theme.Dim, name)
	for _, part := range screen.Wrap(text, max(s.W-label, 1)) {
		s.Text(label, s.y, st, part)
		s.y++
	}
}

// detail paints what there is to say of the selected alarm, what to do first, and
// returns how many lines it took.
func (p *Page) detail(a screen.Area) int {
	d := p.told()
	if d == nil {
		a.Text(0, min(1, a.H-1), theme.Dim, "no alarm is selected")
		return 2
	}
	s := sheet{a, 0}
	adv := &d.Advice
	s.line("action", theme.Accent|theme.Bold, display.Text(adv.Action))
	s.line("respond", p.due(&d.AlarmRow).Style, p.due(&d.AlarmRow).Text)
	s.line("cause", theme.Text, display.Text(adv.Cause))
	s.line("consequence", theme.Text, display.Text(adv.Consequence))
	if adv.Action == "" {
		s.line("action", theme.Dim, "none is written: action, cause and consequence of a sensor or group go into the file")
	}
	st := p.stands(&a.Theme().Glyphs, &d.AlarmRow)
	s.line("state", st.Style, p.state(d, st))
	s.line("value", theme.Bright, screen.Reading(d.Value)+" "+unit(a, &d.AlarmRow))
	s.line("threshold", theme.Text, p.threshold(a, d))
	s.line("priority", theme.Text, display.Safe(adv.Priority.For(d.Kind).String())+", raised "+screen.Many(d.Day, "time")+" in 24 h")
	s.line("acked", theme.Text, p.ackedBy(&d.AlarmRow))
	s.line("verdict", theme.Text, display.Safe(d.Verdict.String()))
	return s.y
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
	on, off, ok := strings.Cut(string(screen.Edges(d.On, d.Off)), "/")
	if !ok {
		return "off" + p.origin(a, d)
	}
	beyond, inside := display.Safe("above "), display.Safe("below ")
	if !d.Kind.Upper() {
		beyond, inside = inside, beyond
	}
	return "on " + beyond + display.Safe(on) + ", off " + inside + display.Safe(off) + p.origin(a, d)
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
