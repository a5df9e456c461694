package watch

import (
	"math"
	"strings"
	"time"

	"setpoint/sensors/display"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
	"setpoint/workflow/monitor"
)

// alerts paints the alert log, newest first.
func (p *Page) alerts(a screen.Area) {
	title := screen.Title{
		Name:  screen.Span{Style: theme.Bright | theme.Bold, Text: "alerts"},
		Hints: []screen.Hint{{Key: "a", Does: "acknowledge"}, {Key: "A", Does: "all shown"}},
	}
	if p.snap != nil {
		title.Right = []screen.Span{{Style: theme.Dim, Text: screen.Count(uint64(max(p.snap.Today, 0))) + " today"}}
		if p.alert > 0 {
			title.Right[0].Text = screen.Count(uint64(p.alert)) + " newer above, " + title.Right[0].Text
		}
	}
	if p.layout.Boxed {
		a = a.Box(title)
	} else {
		a = a.Rule(title)
	}
	p.spots.alerts, p.want.Alerts = a, a.H
	if p.snap == nil || len(p.snap.Alerts) == 0 {
		why := display.Safe("no alarm yet")
		if p.snap != nil && p.snap.AlertN > 0 {
			why = "no more alerts"
		}
		a.Text(0, min(1, a.H-1), theme.Dim, why)
		return
	}
	for i := range min(len(p.snap.Alerts), a.H) {
		p.alertLine(a.Sub(0, i, a.W, 1), &p.snap.Alerts[i])
	}
}

// told is an alert in words.
type told struct {
	sign        rune
	style       theme.Style
	who, word   display.Safe
	text, brief display.Safe // brief: where there is no room for text
	state       display.Safe
	since       time.Duration
	stateStyle  theme.Style
	textStyle   theme.Style
	withoutTime bool
}

// The widths of an alert's columns.
const (
	alertClock = 8
	alertWord  = 9
	alertSince = 6
	alertText  = 14
	alertState = 18
)

// alertLine paints one alert.
func (s *scene) alertLine(a screen.Area, al *monitor.Alert) {
	t := s.tell(a, al)
	x := a.Text(0, 0, theme.Dim, s.when(al.Time))
	a.Rune(x+1, 0, t.style|theme.Bold, t.sign)
	x += 3
	name := min(max(s.wide.name, leastName), max(a.W/5, leastName))
	a.Text(x, 0, theme.Bright, display.Truncate(t.who, name))
	x += name + 1
	a.Text(x, 0, t.style|theme.Bold, display.Truncate(t.word, alertWord))
	x += alertWord + 1
	end := a.W
	if t.state != "" {
		state := min(alertState, max(a.W-x-alertSince-24, 7))
		if display.Width(t.state) > state {
			before, _, _ := strings.Cut(string(t.state), " ")
			t.state = display.Safe(before)
		}
		if state < alertState && t.withoutTime {
			state = display.Width(t.state) // the text needs the room
		}
		end -= state + 1
		a.Text(end+1, 0, t.stateStyle, display.Truncate(t.state, state))
	}
	if !t.withoutTime && x+max(a.Width(t.text), alertText)+alertSince < end {
		a.Right(end, 0, theme.Dim, screen.Ago(t.since))
		end -= alertSince
	}
	if t.brief != "" && x+a.Width(t.text) >= end {
		t.text = t.brief
	}
	a.Text(x, 0, t.textStyle, display.Truncate(t.text, max(end-x-1, 0)))
}

// when returns a time of day, or for what is not of today the date.
func (s *scene) when(t time.Time) display.Safe {
	if s.snap.Time.Sub(t) < day && t.Sub(s.snap.Time) < day {
		return display.Pad(display.Safe(t.In(s.zone).Format("15:04:05")), alertClock)
	}
	return display.Pad(display.Safe(t.In(s.zone).Format("2 Jan")), alertClock)
}

// tell puts al in words.
func (s *scene) tell(a screen.Area, al *monitor.Alert) told {
	g := &a.Theme().Glyphs
	by := display.Truncate(display.Text(al.By), 10)
	t := told{
		sign: g.Normal, style: theme.Accent, who: s.Label(al.Sensor), text: display.Text(al.Text),
		textStyle: theme.Dim, stateStyle: theme.Dim, withoutTime: true,
	}
	switch al.Kind {
	case monitor.AlertAlarm:
		return s.tellAlarm(a, al, t)
	case monitor.AlertMoved:
		t.word, t.state = "moved", by
		to := " " + display.Safe(g.Arrow) + " " + orOff(al.New)
		t.brief = word(al.Threshold) + to
		t.text = word(al.Threshold) + " " + orOff(al.Old) + to
		if al.Text != "" {
			t.text += " " + display.Text(al.Text)
		}
	case monitor.AlertInjected:
		t.word, t.state = "injected", by
	case monitor.AlertEscalated:
		t.sign, t.style, t.word, t.textStyle = g.Up, theme.Critical, "ESCALATED", theme.Text
		if t.text == "" {
			t.text = "not acknowledged in time"
		}
	case monitor.AlertSource:
		t.style, t.word, t.textStyle = theme.Bad, "source", theme.Text
		if al.Sensor == "" {
			t.who = "-"
		}
	}
	return t
}

// tellAlarm puts an alarm in words: how it was raised while it is active, how it
// returned after that, and whether somebody has seen it.
func (s *scene) tellAlarm(a screen.Area, al *monitor.Alert, t told) told {
	g := &a.Theme().Glyphs
	t.withoutTime = false
	above, below := display.Safe(">"), display.Safe("<")
	if !al.Threshold.Upper() {
		above, below = below, above
	}
	status := monitor.StatusReturned
	if al.Ended.IsZero() {
		status = monitor.StatusHigh
		t.since, t.textStyle = s.snap.Time.Sub(al.Time), theme.Text
		t.text = figures(al.Value) + " " + above + " " + figures(al.On)
	} else {
		t.since = al.Ended.Sub(al.Time)
		t.brief = "returned " + figures(al.Value)
		t.text = t.brief + " " + below + " " + figures(al.Off)
	}
	t.sign, _, t.style = g.State(status, al.Threshold, al.Acked.IsZero())
	t.word = display.Safe(theme.Word(al.Threshold))
	if al.Acked.IsZero() {
		t.state, t.stateStyle = "unacked", t.style|theme.Bold
		return t
	}
	if !al.Ended.IsZero() {
		t.sign, t.style = g.Normal, theme.Good
	}
	t.state = "acked " + display.Truncate(display.Text(al.By), 8) + display.Safe(al.Acked.In(s.zone).Format(" 15:04"))
	return t
}

// figures returns v with as many decimals as readings of its size have.
func figures(v float64) display.Safe {
	if math.Abs(v) < 10 {
		return screen.Number(v, 2, 9)
	}
	return screen.Number(v, 1, 9)
}

// orOff returns the value of a threshold, which may be off.
func orOff(v float64) display.Safe {
	if math.IsNaN(v) {
		return "off"
	}
	return figures(v)
}
