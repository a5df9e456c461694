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
	wrong  trouble   // told here where there are no tabs
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
	what := screen.Many(len(h.Sources), "source")
	if len(h.Sources) == 1 {
		what = screen.Tail(display.Text(h.Sources[0].Name), 32)
	}
	sensors := screen.Many(h.Sensors, "sensor")
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

// standing is the right half: the engine, the alarms, the clock. Figures have room
// to grow, and what comes and goes stands at the left, so that nothing jumps.
func (h header) standing() []part {
	var parts []part
	if h.Flood {
		parts = append(parts, part{1, true, []screen.Span{{Style: theme.Critical | theme.Bold, Text: "FLOOD"}}})
	}
	if h.Law != nil {
		parts = append(parts, part{1, true, []screen.Span{{Style: theme.Critical | theme.Bold, Text: "LAW BROKEN"}}})
	}
	if h.wrong.brief != "" {
		parts = append(parts, part{2, true, []screen.Span{{Style: h.wrong.style, Text: "! " + h.wrong.brief}}})
	}
	if h.Open > 0 {
		parts = append(parts, part{4, true, []screen.Span{{Style: theme.Critical | theme.Bold, Text: "! " + screen.Many(h.Open, "escalation")}}})
	}
	parts = append(parts,
		part{6, true, []screen.Span{{Style: theme.Bright, Text: left(screen.Rate(h.Rate), 6)}}},
		part{8, true, []screen.Span{{Style: theme.Dim, Text: "p99 " + left(screen.Latency(h.Flow.Fold.P99, h.theme.Micro), 6)}}},
	)
	if c := h.Flow.Capacity; c > 0 {
		full := 100 * float64(h.Flow.Queued) / float64(c)
		parts = append(parts, part{9, true, []screen.Span{{Style: theme.Dim, Text: "queue " + left(screen.Number(full, 0, 3), 2) + "%"}}})
	}
	return append(parts,
		part{1, true, h.counts()},
		part{3, true, []screen.Span{{Style: theme.Text, Text: h.clock()}}},
	)
}

// left returns t with blanks on its left to make it n columns wide.
func left(t display.Safe, n int) display.Safe {
	return display.Pad("", n-display.Width(t)) + t
}

// counts is how many alarms are on, returned and shelved, how many sensors are bad,
// and how many alarms the last hour brought.
func (h header) counts() []screen.Span {
	worst := theme.High
	if slices.Contains(h.Statuses, monitor.StatusCritical) {
		worst = theme.Critical
	}
	var out []screen.Span
	for _, c := range []struct {
		n    int
		sign rune
		st   theme.Style
	}{
		{h.Active, h.theme.Up, worst | theme.Bold},
		{h.Returned, h.theme.Returned, theme.Returned | theme.Bold},
		{h.Shelved, h.theme.Shelved, theme.Text},
		{h.BadNow, h.theme.Bad, theme.Bad | theme.Bold},
	} {
		if c.n == 0 {
			c.st = theme.Faint
		}
		out = append(out, screen.Span{Style: c.st, Text: display.Safe(c.sign) + " " + display.Pad(screen.Count(uint64(max(c.n, 0))), 2) + " "})
	}
	return append(out, screen.Span{Style: theme.Dim, Text: left(screen.Count(uint64(max(h.Hour, 0))), 3) + "/h"})
}

// clock returns the readings' time, with the date if that is not today's.
func (h header) clock() display.Safe {
	t, now := h.Time.In(h.zone), h.Wall.In(h.zone)
	switch {
	case h.Time.IsZero():
		return display.Safe(now.Format("15:04:05"))
	case t.YearDay() != now.YearDay() || t.Year() != now.Year():
		return display.Safe(t.Format("_2 Jan 2006 15:04:05"))
	}
	return display.Safe(t.Format("15:04:05"))
}
