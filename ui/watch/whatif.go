package watch

import (
	"setpoint/sensors/display"
	"setpoint/sensors/threshold"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
	"setpoint/workflow/monitor"
)

// A WhatIf is what the two ends of a move would have done; the zero WhatIf is nothing.
type WhatIf struct {
	Sensor           string
	Kind             threshold.Kind
	From, To         float64
	Did, Would, Unit display.Safe // "4.1", "1.2", " /day"
}

// whatIf says it of the marked threshold of r, in place of what stands there else.
func (p *Page) whatIf(a screen.Area, r *monitor.Row, other []screen.Span) []screen.Span {
	w := &p.WhatIf
	if w.Sensor != r.Name || w.Kind != p.cursor.kind || w.Did == "" || !same(w.To, p.set(r)[w.Kind].At) {
		return other
	}
	dec, arrow := screen.Decimals(r.Step), " "+display.Safe(a.Theme().Glyphs.Arrow)+" "
	at := func(v float64) display.Safe {
		if v != v {
			return "off"
		}
		return screen.Number(v, dec, 9)
	}
	dim := func(t display.Safe) screen.Span { return screen.Span{Style: theme.Dim, Text: t} }
	return []screen.Span{
		dim("if "),
		{Style: theme.Accent, Text: at(w.From) + arrow + at(w.To)},
		dim(": "),
		{Style: theme.Bright | theme.Bold, Text: w.Did + arrow + w.Would},
		dim(w.Unit),
	}
}
