package tune

import (
	"strings"

	"setpoint/sensors/display"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
	"setpoint/workflow/monitor"
)

// suggestion writes what is suggested, with its promise and its evidence.
func (p *Page) suggestion(w *pen) {
	s := p.asks.advice.Suggestion
	if s == nil {
		w.line(dim("asking the history for a suggestion"))
		return
	}
	text := s.String()
	at, rest, ok := strings.Cut(text, ": ")
	if s.Reason != "" || !ok {
		w.wrap(0, theme.Dim, display.Text(text))
		return
	}
	head := screen.Span{Style: theme.Good | theme.Bold, Text: display.Text(at)}
	if w.W > display.Width(display.Text(text)) {
		w.line(head, plain("  "+display.Text(rest)))
		return
	}
	if w.H < 4 {
		rest = strings.NewReplacer("at most ", "", " alarms", "", " alarm", "").Replace(rest)
		w.line(head, plain("  "+display.Text(rest)))
		return
	}
	promise, evidence, _ := strings.Cut(rest, ". ")
	w.line(head, plain("  "+display.Text(promise)))
	w.wrap(9, theme.Dim, display.Text(evidence))
}

// noise writes how NEW's deadband stands against the noise.
func (p *Page) noise(w *pen) {
	band, noise := p.Rule().Deadband, p.asks.quick.Noise
	spans := []screen.Span{dim("deadband "), bright(p.level(band))}
	switch ratio := band / noise; {
	case !(noise > 0):
		spans = append(spans, dim("   noise unknown"))
	case band == 0:
		spans = append(spans, dim(": noise "+screen.Reading(noise)+"   "), screen.Span{Style: theme.High, Text: "none: it will chatter"})
	default:
		spans = append(spans, dim(" = "), plain(screen.Number(ratio, 1, 6)+" x"), dim(" noise "+screen.Reading(noise)+"   "))
		if ratio >= 3.5 {
			spans = append(spans, screen.Span{Style: theme.Good, Text: "ok"})
		} else {
			spans = append(spans, screen.Span{Style: theme.High, Text: "thin"})
		}
	}
	if skipped := "   " + p.skipped(); w.W >= 76 {
		spans = append(spans, dim(skipped))
		w.line(spans...)
		return
	}
	w.line(spans...)
	w.line(dim(p.skipped()))
}

// skipped says what was not simulated.
func (p *Page) skipped() display.Safe {
	c := p.asks.quick.Before.Coverage.Text()
	if _, gaps, ok := strings.Cut(c, "% good, "); ok {
		return display.Text(gaps) + " skipped, messages not replayed"
	}
	return "no gaps, messages not replayed"
}

// evidence writes how many readings it all rests on.
func (p *Page) evidence(w *pen) {
	a := p.asks.quick
	good := uint64(float64(a.Readings)*a.Before.Coverage.Good/100 + 0.5)
	w.line(dim("evidence "), plain(screen.Count(good)), dim(" good of "), plain(screen.Count(uint64(a.Readings))), dim(" readings"))
}

// alarmLine writes what is known of the selected alarm; it reports whether one is.
func (p *Page) alarmLine(w *pen) bool {
	e, ok := p.Selected()
	if !ok {
		return false
	}
	n, list := 0, p.asks.quick.After.Episodes
	for n < len(list) && list[n].Raised != e.Raised {
		n++
	}
	from, to, _ := p.Span()
	lasted := display.Safe("for ") + screen.Ago(to.Sub(from))
	if e.Cleared > p.asks.all.to.UnixNano() {
		lasted = "still on, " + lasted
	}
	line := []screen.Span{
		dim("alarm "), hot(screen.Count(uint64(n + 1))), dim(" of " + screen.Count(uint64(len(list))) + "  "),
		bright(display.Safe(from.In(p.zone).Format("2 Jan 15:04:05"))), dim("  " + lasted),
	}
	if w.W >= 56 {
		line = append(line, dim("   "), hot("m"), dim(" label"))
	}
	w.line(line...)
	return true
}

// shadowLine writes what a shadow of the threshold has raised so far.
func (p *Page) shadowLine(w *pen) {
	s := p.Shadow()
	if s == nil {
		w.line(dim("shadow   "), hot("S"), dim(" run it beside live for a while"))
		return
	}
	head := dim("shadow   ")
	counts := []screen.Span{
		head, bright(p.level(s.Rule.At)), dim("  new "), bright(screen.Count(uint64(s.New))), dim("  now "), bright(screen.Count(uint64(s.Now))),
	}
	if s.Over {
		w.line(append(counts, dim("  it is over"))...)
		return
	}
	w.line(append(counts, dim("  "+screen.Ago(s.To.Sub(p.snap.Time))+" left"))...)
}

// Shadow returns the shadow of the threshold, nil if there is none.
func (p *Page) Shadow() *monitor.Shadow {
	if p.snap == nil {
		return nil
	}
	for i := range p.snap.Shadows {
		if s := &p.snap.Shadows[i]; s.AlarmKey == p.key {
			return s
		}
	}
	return nil
}
