package alarms

import (
	"time"

	"setpoint/sensors/alarm"
	"setpoint/sensors/display"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
)

// hygieneTitle is what stands over the figures, with the time that they are about.
func (p *Page) hygieneTitle() screen.Title {
	t := screen.Title{Name: screen.Span{Style: theme.Bright | theme.Bold, Text: "hygiene"}}
	if p.snap == nil || p.snap.Hygiene == nil {
		return t
	}
	if p.snap.Flood {
		t.Right = append(t.Right, screen.Span{Style: theme.Critical | theme.Bold, Text: "FLOOD  "})
	}
	h := p.snap.Hygiene
	t.Right = append(t.Right, screen.Span{Style: theme.Dim, Text: "last " + period(time.Duration(h.To-h.From))})
	return t
}

// period is the length of the time that the figures are about, a day at most.
func period(d time.Duration) display.Safe {
	if d >= 24*time.Hour {
		return "24 h"
	}
	return screen.Ago(d)
}

// judged is how a verdict looks.
func judged(v alarm.Verdict) theme.Style {
	return [...]theme.Style{theme.Dim, theme.Good, theme.High, theme.Critical | theme.Bold}[v&3]
}

// amount returns a figure with its unit.
func amount(v float64, unit string) display.Safe {
	if unit == "%" {
		return screen.Number(v, 1, 6) + "%"
	}
	return screen.Number(v, 0, 7)
}

// The columns of the figures.
const (
	figureNow  = 22 // where each ends
	figureAim  = 30
	figureMuch = 39
	figureWord = 41 // begins
)

// hygiene paints the figures with what is aimed at, and the alarms behind them.
func (p *Page) hygiene(a screen.Area) {
	if p.snap == nil || p.snap.Hygiene == nil {
		a.Text(0, min(1, a.H-1), theme.Dim, "nothing to count: no alarm was raised yet")
		return
	}
	h := p.snap.Hygiene
	a.Right(figureNow, 0, theme.Dim, "NOW")
	a.Right(figureAim, 0, theme.Dim, "AIM")
	a.Right(figureMuch, 0, theme.Dim, "TOO MUCH")
	for i := range h.Rows {
		f, y := &h.Rows[i], i+1
		a.Text(0, y, theme.Text, display.Text(f.Name))
		a.Right(figureNow, y, theme.Bright, amount(f.Value, f.Unit))
		a.Right(figureAim, y, theme.Dim, amount(f.Aim, f.Unit))
		if f.TooMuch > 0 {
			a.Right(figureMuch, y, theme.Dim, amount(f.TooMuch, f.Unit))
		}
		a.Text(figureWord, y, judged(f.Verdict), display.Safe(f.Verdict.String()))
	}
	p.behind(a.Sub(0, len(h.Rows)+2, a.W, a.H-len(h.Rows)-2), h)
}

// behind paints which alarms make the figures what they are.
func (p *Page) behind(a screen.Area, h *alarm.Figures) {
	f := screen.Form{Area: a, Label: label}
	st, text := p.flood(h)
	f.Line("flood", st, text)
	pr := h.Priorities
	count := func(i alarm.Priority) display.Safe { return screen.Count(uint64(max(pr[i], 0))) }
	f.Line("priorities", theme.Text, "low "+count(alarm.LowPriority)+"  medium "+count(alarm.MediumPriority)+"  high "+count(alarm.HighPriority))
	f.Line("unacked", theme.Text, "for "+screen.Ago(h.Metrics.MaximumUnAck)+" at most, busiest hour "+amount(h.Metrics.MaximumAlarmRate, ""))
	f.Line("chattering", theme.High, p.some(h.Chattering, a.W-label))
	f.Line("standing", theme.High, p.some(h.Standing, a.W-label))
	if len(h.Top) == 0 || f.Y+1 >= a.H {
		return
	}
	p.top(a.Sub(0, f.Y+1, a.W, a.H-f.Y-1), h.Top)
}

// flood says whether there are more alarms than a person can follow, or were.
func (p *Page) flood(h *alarm.Figures) (theme.Style, display.Safe) {
	at := func(ns int64) display.Safe { return p.minute(time.Unix(0, ns)) }
	many := screen.Many(h.Flood.Alarms, "alarm")
	switch {
	case h.Flood.On:
		return theme.Critical | theme.Bold, many + " since " + at(h.Flood.From)
	case h.Flood.To > 0:
		return theme.Text, "over: " + many + " from " + at(h.Flood.From) + " to " + at(h.Flood.To)
	}
	return theme.Good, "none: never more than 10 in 10 min"
}

// some names as many alarms as have room in w columns, and says how many more there are.
func (p *Page) some(keys []alarm.Key, w int) (t display.Safe) {
	for i, k := range keys {
		name := p.namer.Label(k.Sensor) + " " + word(k.Kind)
		if i > 0 {
			name = ", " + name
		}
		if i > 0 && display.Width(t+name) > w-9 {
			return t + " and " + screen.Count(uint64(len(keys)-i)) + " more"
		}
		t += name
	}
	return t
}

// top paints the alarms that were raised most often, in two columns.
func (p *Page) top(a screen.Area, list []alarm.Share) {
	a.Text(0, 0, theme.Dim, "MOST OFTEN")
	half := (len(list) + 1) / 2
	for i := range list {
		row := a.Sub(i/half*(a.W/2+2), i%half+1, a.W/2-2, 1)
		s := &list[i]
		row.Text(0, 0, theme.Text, display.Truncate(p.namer.Label(s.Key.Sensor), max(row.W-16, 1)))
		row.Text(max(row.W-15, 2), 0, theme.Kind(s.Key.Kind), word(s.Key.Kind))
		row.Right(row.W, 0, theme.Bright, screen.Count(uint64(max(s.Alarms, 0))))
	}
}

// against stands between a figure and what is aimed at.
func against(v alarm.Verdict) display.Safe {
	return [...]display.Safe{"/", "/", ">", ">>"}[v&3]
}

// inBrief paints the figures in as few lines as they take.
func (p *Page) inBrief(a screen.Area) {
	if p.snap == nil || p.snap.Hygiene == nil {
		a.Text(0, 0, theme.Dim, "nothing to count: no alarm was raised yet")
		return
	}
	x, y := 0, 0
	for i := range p.snap.Hygiene.Rows {
		f := &p.snap.Hygiene.Rows[i]
		name, now, aim := display.Text(f.Name), amount(f.Value, f.Unit), against(f.Verdict)+amount(f.Aim, f.Unit)
		if x > 0 && x+a.Width(name)+1+a.Width(now)+a.Width(aim) > a.W {
			x, y = 0, y+1
		}
		x = a.Text(x, y, theme.Dim, name) + 1
		x = a.Text(x, y, judged(f.Verdict)|bold(f.Verdict > alarm.OK), now)
		x = a.Text(x, y, theme.Dim, aim) + 2
	}
}
