package tune

import (
	"math"

	"setpoint/sensors/display"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
)

// scopes writes what each scope says of the threshold.
func (p *Page) scopes(w *pen) {
	a := p.asks.quick
	names := [levels]display.Safe{p.Label(), display.Text(a.Group), "all sensors"}
	for l, name := range names {
		l := level(l)
		if l == ofGroup && a.Group == "" {
			w.line(dim("  group    in none"))
			continue
		}
		st, cursor := theme.Dim, display.Safe("  ")
		if l == p.scope {
			st, cursor = theme.Accent|theme.Bold, display.Safe(w.Theme().Cursor)+" "
		}
		value, said := dim("says nothing"), p.said(l)
		if !math.IsNaN(said) {
			value = bright(p.level(said))
		}
		w.line(
			screen.Span{Style: st, Text: cursor + display.Pad([...]display.Safe{"sensor", "group", "default"}[l], 9)},
			plain(display.Pad(display.Truncate(name, 18), 19)), value,
		)
	}
	w.line(dim("  in force "), bright(p.level(a.Now.At)), dim(" "+display.Safe(w.Theme().Glyphs.From)+" "+display.Text(a.Origin)))
}

// scopeLine writes the scopes in one line, or in two if there is room.
func (p *Page) scopeLine(w *pen) {
	const wide = 70
	a := p.asks.quick
	force := []screen.Span{dim("in force "), bright(p.level(a.Now.At)), dim(" " + display.Safe(w.Theme().Glyphs.From) + " " + display.Text(a.Origin))}
	if s := p.Shadow(); s != nil && w.H <= marksH {
		force = append(force, dim("  shadow "), plain(screen.Count(uint64(s.New))), dim(" new "), plain(screen.Count(uint64(s.Now))), dim(" now"))
	}
	spans := []screen.Span{dim("scope ")}
	for l := range levels {
		if l == ofGroup && a.Group == "" || w.W < wide && w.left() < 2 && l != p.scope {
			continue
		}
		name := [...]display.Safe{"sensor", "group " + display.Truncate(display.Text(a.Group), 12), "default"}[l]
		if l == p.scope {
			spans = append(spans, hot("["+name+"]"))
		} else {
			spans = append(spans, dim(name))
		}
		if v := p.said(l); !math.IsNaN(v) {
			spans = append(spans, plain("="+p.level(v)))
		}
		spans = append(spans, dim("  "))
	}
	if w.W < wide && w.left() > 1 {
		w.line(spans...)
		w.line(force...)
		return
	}
	w.line(append(spans, force...)...)
}

// totals writes what NEW does to the sensors of the scope.
func (p *Page) totals(w *pen) {
	m := p.asks.more
	if p.scope == ofSensor || m == nil || m.Question.Scope != p.Scope() {
		return
	}
	from, to := m.NowSum.AlarmsPerDay, m.NewSum.AlarmsPerDay
	st := theme.Text
	switch sign(from - to) {
	case 1:
		st = theme.Good
	case -1:
		st = theme.Critical
	}
	spans := []screen.Span{
		plain(display.Truncate(p.ScopeName(), 20)), dim(" at "), bright(p.level(m.Question.Rule.At)), dim(": "),
		plain(p.often(from)), dim(" " + display.Safe(w.Theme().Glyphs.Arrow) + " "),
		{Style: st | theme.Bold, Text: p.often(to)},
		dim(" " + p.per()),
	}
	if m.NewSum.Labelled > 0 {
		spans = append(spans, dim(", found "), plain(screen.Count(uint64(m.NewSum.Found))+"/"+screen.Count(uint64(m.NewSum.Labelled))))
	}
	w.line(spans...)
	p.side(w, "worse  ", theme.Critical, m.Losers)
	p.side(w, "better ", theme.Good, m.Winners)
}

// side names the sensors that are better or worse off, as many as there is room for.
func (p *Page) side(w *pen, word display.Safe, st theme.Style, names []string) {
	if len(names) == 0 {
		return
	}
	text := display.Safe("")
	for i, name := range names {
		next := display.Truncate(p.namer.Label(name), 16)
		if rest := len(names) - i; display.Width(text)+display.Width(next) > w.W-16 {
			text += " +" + screen.Count(uint64(rest))
			break
		}
		if text != "" {
			text += ", "
		}
		text += next
	}
	w.line(screen.Span{Style: st, Text: word}, plain(text))
}
