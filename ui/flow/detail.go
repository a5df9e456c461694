package flow

import (
	"time"

	"setpoint/sensors/display"
	"setpoint/ui/graph"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
	"setpoint/workflow"
	"setpoint/workflow/monitor"
)

// detailH is how many lines the detail of a node needs.
const detailH = 11

// A fact is a line of the detail.
type fact struct {
	label display.Safe
	style theme.Style
	text  display.Safe
}

// detailTitle is what stands over the detail of the selected node.
func (p *Page) detailTitle() screen.Title {
	t := titled("classify")
	kind := display.Safe("the fold")
	if n := p.handlerAt(p.at); n != nil {
		t, kind = titled(display.Text(n.Name)), "handler"
		t.Name.Style = graph.HandlerStyle(n.Name) | theme.Bold
	} else if s := p.source(); s != nil {
		t, kind = titled(screen.Tail(s.Name, 40)), "source"
	}
	if p.open && !p.roomy {
		t.Hints = []screen.Hint{{Key: "esc", Does: "closes"}}
	}
	if n := p.handlerAt(p.at); n != nil && p.snap.Disturbed[n.Name] != "" {
		t.Right = []screen.Span{{Style: theme.Bad | theme.Bold, Text: "injected: " + display.Text(string(p.snap.Disturbed[n.Name])) + "  "}}
	}
	t.Right = append(t.Right, screen.Span{Style: theme.Dim, Text: kind})
	return t
}

// detail paints all that is known of the selected node.
func (p *Page) detail(a screen.Area) {
	var facts []fact
	if n := p.handlerAt(p.at); n != nil {
		facts = p.handlerFacts(a, n)
	} else if s := p.source(); s != nil {
		facts = p.sourceFacts(s)
	} else {
		facts = p.foldFacts(a)
	}
	y := 0
	for _, f := range facts {
		a.Text(0, y, theme.Dim, f.label)
		for _, line := range screen.Wrap(f.text, max(a.W-graph.Label, 1)) {
			a.Text(graph.Label, y, f.style, line)
			y++
		}
	}
}

// handlerFacts is what is known of a handler, and how it is run.
func (p *Page) handlerFacts(a screen.Area, n *workflow.NodeStats) []fact {
	var h monitor.Handling
	for _, each := range p.snap.Handlings {
		if each.Handler == n.Name {
			h = each
		}
	}
	count := screen.Count
	facts := []fact{
		{"rate", theme.Bright, screen.Rate(p.rates.Handled(n.Name)) + ", " + count(n.Handled) + " handled of " + count(n.Dispatched)},
		{"open", warn(n.Open > 0, theme.High), count(n.Open) + " open, " + room(&h)},
		{"latency", theme.Text, quantiles(a, n.Latency)},
		{"failed", warn(n.Dead > 0, theme.Critical), count(n.Dead) + " dead, of these " + count(n.Refused) + " refused; " + count(n.Shed) + " shed"},
		{"attempts", theme.Text, p.attempts(a, n, &h)},
		{"timeout", warn(n.Hanging > 0, theme.Critical), p.timeout(a, n, &h)},
	}
	breaker, crash := display.Safe("none"), display.Safe("run again after a crash")
	if h.Breaker != "" {
		breaker = display.Text(h.Breaker)
	}
	if h.AtMostOnce {
		crash = "not run again after a crash"
	}
	if h.Waits {
		crash += ", waits for a person"
	}
	facts = append(facts, fact{"breaker", warn(h.Breaker == "open", theme.Critical), breaker + "; " + crash})
	return append(facts, p.lastFault(n.Name))
}

// warn returns st where something is wrong.
func warn(wrong bool, st theme.Style) theme.Style {
	if wrong {
		return st
	}
	return theme.Text
}

// room says how many events may wait for a handler, and what happens to more.
func room(h *monitor.Handling) display.Safe {
	return screen.Many(h.Lanes, "lane") + " of " + screen.Count(uint64(max(h.Queue, 0))) + ", then " + display.Text(h.Overflow.String())
}

// quantiles says how long something takes.
func quantiles(a screen.Area, q workflow.Quantiles) (t display.Safe) {
	if q.Max == 0 {
		return "nothing measured yet"
	}
	for i, pair := range graph.Latencies(q, a.Theme().Micro) {
		if i > 0 {
			t += "  "
		}
		t += pair.Name + " " + pair.Value
	}
	return t
}

// attempts says how often the handler is tried.
func (p *Page) attempts(a screen.Area, n *workflow.NodeStats, h *monitor.Handling) display.Safe {
	t := screen.Count(n.Retries) + " retries; "
	if h.Attempts <= 1 {
		return t + "one attempt"
	}
	t += "at most " + screen.Many(h.Attempts, "attempt")
	if h.First > 0 {
		t += ", waits " + screen.Latency(h.First, a.Theme().Micro)
	}
	if h.Most > h.First {
		t += " to " + screen.Latency(h.Most, a.Theme().Micro)
	}
	return t
}

// timeout says which attempts did not return.
func (p *Page) timeout(a screen.Area, n *workflow.NodeStats, h *monitor.Handling) display.Safe {
	t := display.Safe("none; ")
	if h.Timeout > 0 {
		t = screen.Latency(h.Timeout, a.Theme().Micro) + " + " + screen.Latency(h.Grace, a.Theme().Micro) + " grace; "
	}
	return t + screen.Count(n.Abandoned) + " abandoned, " +
		screen.Count(uint64(max(n.Hanging, 0))) + " of " + screen.Count(uint64(max(h.MostHanging, 0))) + " hang"
}

// lastFault says what went wrong at a node most recently.
func (p *Page) lastFault(node string) fact {
	t, ok := p.snap.Faults[node]
	if !ok {
		return fact{"last fault", theme.Dim, "none"}
	}
	text := screen.Clock(t.At, p.snap.Wall.In(p.zone)) + " " + display.Text(t.What)
	if t.Key != "" {
		text += ", " + display.Text(t.Key)
	}
	return fact{"last fault", theme.High, text + ": " + display.Error(t.Err)}
}

// sourceFacts is what is known of a source.
func (p *Page) sourceFacts(s *graph.Source) []fact {
	_, _, st := s.Standing(&theme.Glyphs{})
	care := display.Safe("never started again")
	if s.Most > 0 {
		care = "at most " + screen.Count(uint64(s.Most)) + " within " + screen.Length(s.Window)
	}
	facts := []fact{
		{"state", st, s.Words()},
		{"rate", theme.Bright, screen.Rate(s.Rate) + ", " + screen.Count(s.Accepted) + " readings"},
		{"rejected", warn(s.Rejected > 0, theme.High), screen.Count(s.Rejected) + " records that could not be readings"},
		{"full queue", theme.Text, display.Text(s.Overflow.String()) + ": " + policy(s.Overflow)},
		{"restarts", theme.Text, screen.Count(uint64(max(s.Restarts, 0))) + ", " + care},
	}
	if !s.Last.IsZero() {
		facts = append(facts, fact{"newest", theme.Text, screen.Ago(p.snap.Wall.Sub(s.Last)) + " ago"})
	}
	if s.Err != "" {
		return append(facts, fact{"last fault", theme.High, s.Err})
	}
	return append(facts, fact{"last fault", theme.Dim, "none"})
}

// policy says what a policy does to what comes to a full queue.
func policy(o workflow.Overflow) display.Safe {
	switch o {
	case workflow.Block:
		return "it waits for room"
	case workflow.DropOldest:
		return "the oldest makes room"
	case workflow.DropNewest:
		return "what comes is dropped"
	case workflow.Coalesce:
		return "a sensor's newest takes the older one's place"
	case workflow.Reject:
		return "what comes is refused"
	}
	return "unknown"
}

// foldFacts is what is known of the fold.
func (p *Page) foldFacts(a screen.Area) []fact {
	f := &p.snap.Flow
	facts := []fact{
		{"rate", theme.Bright, screen.Rate(p.snap.Rate) + ", " + screen.Count(f.Folded) + " folded"},
		{"latency", theme.Text, quantiles(a, f.Fold)},
		{"queue", warn(f.Queued > uint64(max(f.Capacity, 0))/2, theme.High), ""},
		{"outcomes", theme.Text, screen.Rate(p.rates.Outcomes()) + ", " + screen.Count(f.Outcomes) + " came back from the handlers"},
		{"late", warn(f.Late > 0, theme.High), screen.Count(f.Late) + " too old to be folded"},
		{"failed", warn(f.DeadFold > 0, theme.Critical), screen.Count(f.DeadFold) + " dead"},
		{"keys", theme.Text, screen.Count(uint64(max(f.Keys, 0))) + " with a state, " + screen.Count(f.Forgotten) + " forgotten"},
		{"revision", theme.Text, screen.Count(p.snap.Revision)},
	}
	for i, pair := range p.filled(a.Theme().Micro) {
		if i > 0 {
			facts[2].text += ", "
		}
		facts[2].text += pair.Name + " " + pair.Value
	}
	return append(facts, p.lastFault("classify"))
}

// when returns a time of day, or for what is not of today the date.
func (p *Page) when(t time.Time) display.Safe {
	t, now := t.In(p.zone), p.snap.Wall.In(p.zone)
	if t.Format(time.DateOnly) == now.Format(time.DateOnly) {
		return display.Safe(t.Format("15:04:05"))
	}
	return display.Pad(display.Safe(t.Format("2 Jan")), 8)
}
