package tune

import (
	"strings"

	"setpoint/sensors/display"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
)

// tableTitle is what stands over the table.
func (p *Page) tableTitle() screen.Title {
	return screen.Title{
		Name:  screen.Span{Style: theme.Bright | theme.Bold, Text: "what-if"},
		Right: []screen.Span{dim(display.Text(p.asks.quick.Before.Coverage.Text()))},
	}
}

// table paints NOW and NEW side by side.
func (p *Page) table(a screen.Area) {
	list := fit(p.rows(), a.H-1)
	g := newGrid(a.W)
	a.Right(g.now, 0, theme.Dim, "NOW")
	a.Right(g.new, 0, theme.Accent|theme.Bold, "NEW")
	y, rule := 1, a.H > len(list)+1
	p.spots.handles = a.Sub(0, 1, a.W, int(handles))
	for i, r := range list {
		if i == int(handles) && rule {
			for x := range a.W - 1 {
				a.Rune(x+1, y, theme.Faint, a.Theme().Dash)
			}
			y++
		}
		p.tableRow(a.Sub(0, y, a.W, 1), g, r)
		y++
	}
}

// fit leaves rows out until n are left.
func fit(list []row, n int) []row {
	for len(list) > max(n, 0) {
		worst := 0
		for i, r := range list {
			if r.rank >= list[worst].rank {
				worst = i
			}
		}
		list = append(list[:worst:worst], list[worst+1:]...)
	}
	return list
}

// grid is where the columns of the table end.
type grid struct {
	now, new, change int
	wide             bool
}

func newGrid(w int) grid {
	if w >= 44 {
		return grid{27, 36, 38, true}
	}
	return grid{21, 28, 29, false}
}

// tableRow paints a line of the table.
func (p *Page) tableRow(a screen.Area, g grid, r row) {
	glyphs := &a.Theme().Glyphs
	name, label, now, fresh := r.brief, theme.Dim, theme.Text, theme.Bright|theme.Bold
	if g.wide {
		name = r.name
	}
	if p.stale() && !r.moves {
		now, fresh, r.change.Style = theme.Faint, theme.Dim, theme.Dim
	}
	if r.moves && r.now != r.new {
		fresh = theme.Accent | theme.Bold
	}
	if r.moves && r.handle == p.handle {
		label, fresh = theme.Accent|theme.Bold, theme.Accent|theme.Bold
		a.Rune(0, 0, label, glyphs.Cursor)
	}
	room := g.new - g.now - 1
	a.Text(1, 0, label, name)
	a.Right(g.now, 0, now, squeeze(r.now, room))
	a.Right(g.new, 0, fresh, squeeze(r.new, room))
	text := r.change.Text
	if arrow := strings.IndexByte("v^", (string(text) + " ")[0]); !r.moves && arrow >= 0 {
		a.Rune(g.change, 0, r.change.Style, [...]rune{glyphs.Less, glyphs.More}[arrow])
		text = " " + text[1:]
		if !g.wide {
			text = display.Safe(strings.TrimSuffix(strings.Replace(string(text[1:]), " lost", "!", 1), " more"))
		}
		a.Text(g.change+1, 0, r.change.Style, display.Truncate(text, max(a.W-g.change-1, 0)))
		return
	}
	a.Text(g.change, 0, r.change.Style, display.Truncate(text, max(a.W-g.change, 0)))
}

// squeeze writes a count with its time, "12 in 6.0 h", in less room: "12/6.0h", or as
// the count alone, beside which the coverage stands anyway.
func squeeze(t display.Safe, room int) display.Safe {
	if len(t) <= room {
		return t
	}
	count, since, _ := strings.Cut(string(t), " in ")
	if brief := count + "/" + strings.Replace(since, " ", "", 1); since != "" && len(brief) <= room {
		return display.Safe(brief)
	}
	return display.Truncate(display.Safe(count), room)
}
