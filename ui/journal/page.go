// Package journal is the page of the journal: every change that a person has made, or
// the program for one, newest first, and all that is known of the selected one.
//
// A page holds a window of the journal only, as the snapshot does, and owns nothing
// but what is selected. The selection stays with the change; on the first line it
// stays with the newest.
package journal

import (
	"slices"
	"time"

	"setpoint/sensors/display"
	"setpoint/ui/screen"
	"setpoint/workflow/monitor"
)

// A Page is the state of the page. Make one with [New].
type Page struct {
	snap  *monitor.Snapshot // nil before the first
	zone  *time.Location
	namer display.Namer
	at    int    // the selected change, the newest being 0
	id    uint64 // its ID; 0: whichever stands there
	first int    // first line of the list, among all
	lines int    // of the list
	rows  screen.Area
	wide  int // the widest scope shown so far, so that columns stand still
}

// New returns a page that shows times in the clock of zone.
func New(zone *time.Location) *Page { return &Page{zone: zone, lines: 1} }

// Take shows s from now on.
func (p *Page) Take(s *monitor.Snapshot) {
	p.snap = s
	i := slices.IndexFunc(s.Changes, func(c monitor.Change) bool { return c.ID == p.id })
	if i >= 0 && p.at > 0 {
		at := s.View.ChangeOffset + i
		p.first, p.at = max(p.first+at-p.at, 0), at
	}
	p.settle()
}

// settle keeps the selection among the changes there are.
func (p *Page) settle() {
	p.at = max(min(p.at, p.snap.ChangeN-1), 0)
	if c := p.Selected(); c != nil {
		p.id = c.ID
	}
}

// Window says which changes the next snapshot should hold.
func (p *Page) Window() (offset, n int) { return p.first, p.lines }

// change returns change i of all, nil if the snapshot does not hold it.
func (p *Page) change(i int) *monitor.Change {
	if p.snap == nil {
		return nil
	}
	if i -= p.snap.View.ChangeOffset; i < 0 || i >= len(p.snap.Changes) {
		return nil
	}
	return &p.snap.Changes[i]
}

// Selected returns the selected change, nil if there is none in sight.
func (p *Page) Selected() *monitor.Change { return p.change(p.at) }

// Undone returns the change whose undo makes the selected one count again: the one
// that took it back, or itself where it took one back; nil if there is none in sight.
func (p *Page) Undone() *monitor.Change {
	c := p.Selected()
	switch {
	case c == nil:
		return nil
	case c.Undoes != 0 && c.CanUndo:
		return c
	}
	for i := range p.snap.Changes {
		if u := &p.snap.Changes[i]; c.Undone && u.Undoes == c.ID && u.CanUndo {
			return u
		}
	}
	return nil
}

// Select moves the selection by n lines.
func (p *Page) Select(n int) {
	if p.snap == nil {
		return
	}
	p.at, p.id = p.at+n, 0
	p.settle()
}

// SelectPages moves the selection by halves of the list's height.
func (p *Page) SelectPages(halves int) { p.Select(halves * max(p.lines/2, 1)) }

// Click selects the change on line y of the sheet.
func (p *Page) Click(x, y int) {
	if i := p.first + y - p.rows.Y; p.rows.Has(x, y) && p.change(i) != nil {
		p.Select(i - p.at)
	}
}

// Wheel moves the selection by n notches, down for n > 0.
func (p *Page) Wheel(_, _, n int) { p.Select(n) }

// now is the clock of the readings in the zone of the page.
func (p *Page) now() time.Time { return p.snap.Time.In(p.zone) }
