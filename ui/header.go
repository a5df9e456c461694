package ui

import (
	"slices"
	"time"

	"setpoint/sensors/display"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
	"setpoint/workflow/monitor"
)

// part is a piece of the header; those with the largest rank are left out first.
type part struct {
	rank  int
	right bool
	spans []screen.Span
}

// header is the first line: what is watched, and how it stands.
type header struct {
	*monitor.Snapshot
	theme  *theme.Theme
	zone   *time.Location
	frozen time.Time // since when the page stands still; zero: it does not
}

// draw paints as much of it as there is room for.
func (h header) draw(a screen.Area, version string) {
	parts := []part{{0, false, []screen.Span{{Style: theme.Brand, Text: " setpoint "}}}}
	if h.Snapshot == nil {
		parts = append(parts, part{4, false, []screen.Span{{Style: theme.Dim, Text: display.Text(version)}}})
	} else {
		parts = append(append(parts, h.watched()...), h.standing()...)
	}
	for width(a, parts) > a.W {
		worst := 0
		for i, p := range parts {
			if p.rank >= parts[worst].rank {
				worst = i
			}
		}
		if len(parts) == 1 {
			break
		}
		parts = slices.Delete(parts, worst, worst+1)
	}
	x, end := 0, a.W-1
	for _, p := range parts {
		if p.right {
			continue
		}
		x = paint(a, x+1, p) + 1
	}
	for _, p := range slices.Backward(parts) {
		if !p.right {
			continue
		}
		end -= width(a, []part{p}) - 3
		paint(a, end, p)
		end -= 2
	}
}

// paint paints the spans of p from x on.
func paint(a screen.Area, x int, p part) int {
	for _, s := range p.spans {
		x = a.Text(x, 0, s.Style, s.Text)
	}
	return x
}

// width returns the width of parts, with a gap and a half each.
func width(a screen.Area, parts []part) int {
	w := 0
	for _, p := range parts {
		for _, s := range p.spans {
			w += a.Width(s.Text)
		}
		w += 3
	}
	return w
}

// watched is the left half: sources, sensors, and whether time goes on.
func (h header) watched() []part {
	what := screen.Count(uint64(len(h.Sources))) + " sources"
	if len(h.Sources) == 1 {
		what = display.Truncate(display.Text(h.Sources[0].Name), 24)
	}
	sensors := screen.Count(uint64(max(h.Sensors, 0))) + " sensors"
	return []part{
		{5, false, []screen.Span{{Style: theme.Text, Text: what}}},
		{7, false, []screen.Span{{Style: theme.Dim, Text: sensors}}},
		{2, false, []screen.Span{h.pace()}},
	}
}

// pace says whether time goes on, and how fast.
func (h header) pace() screen.Span {
	g := &h.theme.Glyphs
	switch {
	case !h.frozen.IsZero():
		return screen.Span{Style: theme.Accent | theme.Bold, Text: display.Safe(g.Held) + " FROZEN " + screen.Ago(h.Wall.Sub(h.frozen))}
	case h.Done != "":
		return screen.Span{Style: theme.Dim, Text: display.Safe(g.Held) + " " + display.Truncate(display.Text(h.Done), 24)}
	case h.Paused:
		return screen.Span{Style: theme.High | theme.Bold, Text: display.Safe(g.Held) + " PAUSED"}
	}
	word := display.Safe(" replay ")
	if h.Live {
		word = " live "
	}
	return screen.Span{Style: theme.Good, Text: display.Safe(g.Live) + word + display.Text(h.Speed)}
}

// standing is the right half: the engine, the alarms, the clock.
func (h header) standing() []part {
	parts := []part{{6, true, []screen.Span{
		{Style: theme.Bright, Text: screen.Rate(h.Rate)},
		{Style: theme.Dim, Text: " p99 " + screen.Latency(h.Flow.Fold.P99, h.theme.Micro)},
	}}}
	if c := h.Flow.Capacity; c > 0 {
		parts = append(parts, part{9, true, []screen.Span{{Style: theme.Dim, Text: "queue " + screen.Count(h.Flow.Queued) + "/" + display.Safe(screen.Number(float64(c), 0, 9))}}})
	}
	var counts []screen.Span
	add := func(n int, sign rune, st theme.Style) {
		if n > 0 {
			counts = append(counts, screen.Span{Style: st | theme.Bold, Text: display.Safe(sign) + " " + screen.Count(uint64(n)) + "  "})
		}
	}
	worst := theme.High
	if len(h.Rows) > 0 && h.Offset == 0 && h.Rows[0].Status == monitor.StatusCritical {
		worst = theme.Critical
	}
	add(h.Active, h.theme.Up, worst)
	add(h.Returned, h.theme.Returned, theme.Returned)
	add(h.BadNow, h.theme.Bad, theme.Bad)
	add(h.Open, '!', theme.Critical)
	counts = append(counts, screen.Span{Style: theme.Dim, Text: screen.Count(uint64(max(h.Hour, 0))) + "/h"})
	if h.Law != nil {
		counts = slices.Insert(counts, 0, screen.Span{Style: theme.Critical | theme.Bold, Text: "LAW BROKEN  "})
	}
	return append(parts,
		part{1, true, counts},
		part{3, true, []screen.Span{{Style: theme.Text, Text: h.clock()}}},
	)
}

// clock returns the readings' time, with the date if that is not today'h.
func (h header) clock() display.Safe {
	t, now := h.Time.In(h.zone), h.Wall.In(h.zone)
	switch {
	case h.Time.IsZero():
		return display.Safe(now.Format("15:04:05"))
	case t.YearDay() != now.YearDay() || t.Year() != now.Year():
		return display.Safe(t.Format("2 Jan 2006 15:04:05"))
	}
	return display.Safe(t.Format("15:04:05"))
}
