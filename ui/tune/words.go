package tune

import (
	"math"
	"strings"
	"time"

	"setpoint/sensors/display"
	"setpoint/sensors/threshold"
	"setpoint/sensors/tune"
	"setpoint/ui/screen"
)

// Word returns the word for threshold k inside a sentence.
func Word(k threshold.Kind) display.Safe {
	return [...]display.Safe{"critical low", "low", "high", "critical"}[min(k, threshold.Critical)]
}

// level returns a value of the threshold, which may be off.
func (p *Page) level(v float64) display.Safe {
	if math.IsNaN(v) {
		return "off"
	}
	dec := screen.Decimals(p.asks.quick.Step)
	for ; dec < 6 && broken(v*math.Pow10(dec)); dec++ {
		continue
	}
	return screen.Number(v, dec, 9)
}

// broken reports whether v is no whole number.
func broken(v float64) bool { return math.Abs(v-math.Round(v)) > 1e-6 }

// edge returns where the alarm of r ends.
func (p *Page) edge(r threshold.Rule) float64 {
	set := threshold.None
	set[p.key.Kind] = r
	return set.OffEdge(p.key.Kind)
}

// length returns a delay without what is 0 at its end.
func briefly(d time.Duration) display.Safe {
	s := d.Round(time.Millisecond).String()
	for _, zero := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(s, zero) {
			s = s[:len(s)-2]
		}
	}
	return display.Safe(s)
}

// dates returns the span of time that the chart shows.
func (p *Page) dates() display.Safe {
	a := p.asks.quick
	from, to, layout := a.From.In(p.zone), a.To.In(p.zone), "2 Jan"
	switch span := a.To.Sub(a.From); {
	case span < 10*time.Minute:
		layout = "15:04:05"
	case span < day:
		layout = "15:04"
	case span < 4*day:
		layout = "2 Jan 15:04"
	}
	return display.Safe(from.Format(layout) + " - " + to.Format(layout))
}

// coverage says on how much of the past the figures rest.
func (p *Page) coverage() display.Safe {
	text, _, _ := strings.Cut(p.asks.quick.Before.Coverage.Text(), " good,")
	if !strings.HasSuffix(text, "data") && !strings.HasSuffix(text, "good") {
		text += " good"
	}
	return display.Text(text)
}

// short reports whether the past is too short for a rate; counts are told in its place.
func (p *Page) short() bool { return p.asks.quick.Before.Coverage.Days < 7 }

// often returns alarms a day in words, or for a short past how many that were in it.
// What is not 0 is not shown as 0.
func (p *Page) often(v float64) display.Safe {
	if p.short() {
		return screen.Number(math.Round(v*p.asks.quick.Before.Coverage.Days), 0, 7)
	}
	switch {
	case v == 0:
		return "0"
	case v < 0.05:
		return "<0.1"
	case v >= 9.95:
		return screen.Number(v, 0, 7)
	}
	return screen.Number(v, 1, 7)
}

// per says what often counts by: "a day", or "in 2.1 d".
func (p *Page) per() display.Safe {
	since, _, _ := strings.Cut(p.asks.quick.Before.Coverage.Text(), ",")
	if p.short() {
		return "in " + display.Text(since)
	}
	return "a day"
}

// Evidence says what speaks for NEW, for the journal.
func (p *Page) Evidence() string {
	if !p.known() || p.asks.quick.After.NoData() || !same(p.asks.quick.Question.Rule, p.Rule()) {
		return ""
	}
	a, b := &p.asks.quick.Before, &p.asks.quick.After
	unit := " alarms/day"
	from, to := a.Text(tune.AlarmsPerDay), b.Text(tune.AlarmsPerDay)
	if count, _, short := strings.Cut(from, " in "); short {
		from, unit = count, " alarms"
		to, _, _ = strings.Cut(to, " in ")
	}
	text := from + " -> " + to + unit
	if b.Labelled > 0 {
		text += ", " + b.Text(tune.EventsFound) + " found"
	}
	return text + ", " + b.Coverage.Text()
}

// Moves says what NEW changes: "on 85.0 -> 88.5, on-delay 1m -> 2m".
func (p *Page) Moves(arrow string) display.Safe {
	now, r := p.asks.quick.Now, p.Rule()
	var parts []string
	add := func(name, from, to display.Safe) {
		if from != to {
			parts = append(parts, string(name+from+" "+display.Safe(arrow)+" "+to))
		}
	}
	add("", p.level(now.At), p.level(r.At))
	add("deadband ", p.level(now.Deadband), p.level(r.Deadband))
	add("on-delay ", briefly(now.OnDelay), briefly(r.OnDelay))
	add("off-delay ", briefly(now.OffDelay), briefly(r.OffDelay))
	return display.Safe(strings.Join(parts, ", "))
}
