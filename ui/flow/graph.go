package flow

import (
	"setpoint/sensors/display"
	"setpoint/ui/graph"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
)

// The widths of the graph's columns: of the sources, a share of the whole; of the
// lines behind them, of the fold, and of the lines behind that.
const (
	leastSource, mostSource = 12, 34
	linesW, foldW           = 4, 12
)

// graphLines returns how many lines the graph needs: heads, nodes, feedback.
func (p *Page) graphLines() int { return max(len(p.nodes), min(len(p.sources), 8), 4) + 2 }

// graph paints sources -> classify -> handlers and the way of the outcomes back.
func (p *Page) graph(a screen.Area) {
	src := min(max(a.W*29/100, leastSource), mostSource)
	fold := src + linesW
	hand := fold + foldW + linesW
	for x, head := range map[int]display.Safe{0: "sources", fold: "fold", hand: "handlers"} {
		a.Text(x, 0, theme.Dim, head)
	}
	body := a.Sub(0, 1, a.W, a.H-2)
	p.sourceLines(body.Sub(0, 0, fold, body.H))
	p.fold(body.Sub(fold, 0, foldW+1, body.H))
	p.handlers(body.Sub(hand-linesW+1, 0, body.W-hand+linesW-1, body.H))
	if a.H > 2 {
		p.feedback(a.Sub(0, a.H-1, hand, 1))
	}
}

// sourceLines paints the sources, and the lines from them to the fold.
func (p *Page) sourceLines(a screen.Area) {
	g := &a.Theme().Glyphs
	if len(p.sources) == 0 {
		a.Text(0, 0, theme.Dim, "no source yet")
		return
	}
	shown := min(len(p.sources), a.H)
	first := max(min(p.at-p.foldAt()-shown, len(p.sources)-shown), 0)
	for y := range shown {
		at := first + y
		row := a.Sub(0, y, a.W-linesW, 1)
		if at != first+shown-1 || at == len(p.sources)-1 || p.source() != nil {
			p.sourceLine(row, at)
		} else {
			row.Text(2, 0, theme.Dim, "and "+screen.Count(uint64(len(p.sources)-at))+" more")
		}
		a.Run(a.W-3, y, 1, theme.Faint, g.Across)
		switch {
		case y > 0 && y == shown-1:
			a.Rune(a.W-2, y, theme.Faint, g.BottomRight)
		case y > 0:
			a.Rune(a.W-2, y, theme.Faint, g.TickY)
		case shown > 1:
			a.Rune(a.W-2, y, theme.Faint, g.Fork)
		default:
			a.Rune(a.W-2, y, theme.Faint, g.Across)
		}
	}
	a.Rune(a.W-1, 0, theme.Dim, g.Cursor)
}

// sourceLine paints source i: its rate, or that it does not run.
func (p *Page) sourceLine(a screen.Area, i int) {
	s := &p.sources[i]
	sign, word, st := s.Standing(&a.Theme().Glyphs)
	end := a.Right(a.W, 0, st, display.Truncate(word, 10)) - 1
	if a.Width(s.Name)+5 <= end { // else the name needs the room; the word says it too
		a.Rune(end-1, 0, st, sign)
		end -= 2
	}
	a.Text(2, 0, theme.Bright, screen.Tail(s.Name, max(end-2, 0)))
	p.cursor(a, p.foldAt()+1+i)
}

// fold paints the step in the middle.
func (p *Page) fold(a screen.Area) {
	f, micro := &p.snap.Flow, a.Theme().Micro
	x := a.Text(1, 0, theme.Bright|theme.Bold, "classify") + 1
	a.Run(x, 0, a.W-x, theme.Faint, a.Theme().Across)
	for i, line := range []struct {
		name, value display.Safe
		style       theme.Style
	}{
		{"", screen.Rate(p.snap.Rate), theme.Text},
		{"p50", screen.Latency(f.Fold.P50, micro), theme.Dim},
		{"p99", screen.Latency(f.Fold.P99, micro), theme.Dim},
		{"queue", screen.Count(f.Queued), theme.Dim},
	} {
		a.Text(1, i+1, theme.Dim, line.name)
		a.Right(a.W-1, i+1, line.style, line.value)
	}
	p.cursor(a.Sub(0, 0, x, 1), p.foldAt())
}

// handlers paints the handlers and the lines that lead to them, the first three
// cells of a.
func (p *Page) handlers(a screen.Area) {
	g := &a.Theme().Glyphs
	if len(p.nodes) == 0 {
		a.Text(3, 0, theme.Dim, "no handler yet")
		return
	}
	shown := min(len(p.nodes), a.H)
	first := max(min(p.at-shown+1, len(p.nodes)-shown), 0)
	for y := range shown {
		r := g.Branch
		if y == 0 {
			a.Rune(0, 0, theme.Faint, g.Across)
			r = g.Fork
		}
		a.Rune(1, y, theme.Faint, r)
		row := a.Sub(2, y, a.W-2, 1)
		row.Rune(0, 0, theme.Faint, g.Across)
		p.handler(row.Sub(3, 0, row.W-3, 1), first+y)
		p.cursor(row.Sub(1, 0, row.W-1, 1), first+y)
	}
	for y := shown; y < a.H; y++ {
		a.Rune(1, y, theme.Faint, g.Along)
	}
}

// The columns of a handler.
const (
	handlerName = 10
	handlerRate = 17
	handlerP99  = 25
)

// handler paints handler i: its rate and p99, and what is not as it should be.
func (p *Page) handler(a screen.Area, i int) {
	n := p.nodes[i]
	a.Text(0, 0, graph.HandlerStyle(n.Name)|theme.Bold, display.Truncate(display.Text(n.Name), handlerName))
	remarks := p.remarks(i)
	if len(remarks) > 0 && handlerRate+1+a.Width(remarks[0].Text) > a.W { // there is room for one thing
		a.Text(handlerName+1, 0, remarks[0].Style, remarks[0].Text)
		return
	}
	a.Right(handlerRate, 0, theme.Text, screen.Rate(p.rates.Handled(n.Name)))
	x, need := handlerRate+1, handlerP99
	for _, s := range remarks[:min(len(remarks), 2)] {
		need += 1 + a.Width(s.Text)
	}
	if n.Handled > 0 && a.W >= need { // else the remarks need the room
		a.Right(handlerP99, 0, theme.Dim, screen.Latency(n.Latency.P99, a.Theme().Micro))
		x = handlerP99 + 1
	}
	for _, s := range remarks {
		if x+a.Width(s.Text) > a.W {
			return
		}
		x = a.Text(x, 0, s.Style, s.Text) + 1
	}
}

// remarks says what is not as it should be with handler i, the worst first.
func (p *Page) remarks(i int) (out []screen.Span) {
	n := p.nodes[i]
	if f := p.snap.Disturbed[n.Name]; f != "" {
		out = append(out, screen.Span{Style: theme.Bad | theme.Bold, Text: display.Text(string(f))})
	}
	for _, c := range []struct {
		n     uint64
		word  display.Safe
		style theme.Style
	}{
		{n.Dead, " dead", theme.Critical},
		{n.Open, " open", theme.High},
		{n.Shed, " shed", theme.High},
		{n.Retries, " retries", theme.Dim},
		{n.Abandoned, " abandoned", theme.Critical},
	} {
		if c.n > 0 {
			out = append(out, screen.Span{Style: c.style, Text: screen.Count(c.n) + c.word})
		}
	}
	return out
}

// feedback paints the way of the outcomes back from the handlers.
func (p *Page) feedback(a screen.Area) {
	g := &a.Theme().Glyphs
	from, to := 4, a.W-2
	a.Rune(from, 0, theme.Dim, g.Up)
	a.Rune(to, 0, theme.Faint, g.BottomRight)
	a.Run(from+1, 0, to-from-1, theme.Faint, g.Across)
	text := "outcomes " + screen.Rate(p.rates.Outcomes())
	x := from + (to-from-a.Width(text))/2
	a.Rune(x-1, 0, theme.Plain, ' ')
	end := a.Text(x, 0, theme.Text, text)
	a.Rune(end, 0, theme.Plain, ' ')
	a.Rune(end+1, 0, theme.Dim, g.MarkLeft)
}

// cursor paints the mark of the hand into the line of node at, which is painted
// already, if that is selected, and keeps where the node is for the mouse.
func (p *Page) cursor(a screen.Area, at int) {
	p.spots = append(p.spots, spot{a, at})
	if at == p.at {
		a.Rune(0, 0, theme.Accent|theme.Bold, a.Theme().Cursor)
		a.Add(theme.Select)
	}
}
