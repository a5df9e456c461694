// Package letters is the page of the dead letters: events that failed for good,
// oldest first, and all that is known of the selected one.
//
// A page holds a window of the letters only, as the snapshot does, and owns nothing
// but what is selected and marked. The selection stays with the letter; when that
// one is gone, with its place.
package letters

import (
	"maps"
	"slices"
	"time"

	"setpoint/sensors/display"
	"setpoint/ui/screen"
	"setpoint/workflow/monitor"
)

// A Page is the state of the page. Make one with [New].
type Page struct {
	snap   *monitor.Snapshot // nil before the first
	zone   *time.Location
	namer  display.Namer
	at     int               // the selected letter, among all
	id     uint64            // its ID, 0 while that is not known
	first  int               // first line of the list, among all
	lines  int               // of the list
	marked map[uint64]string // the node of each marked letter
	rows   screen.Area       // where the list was painted
}

// New returns a page that shows times in the clock of zone.
func New(zone *time.Location) *Page {
	return &Page{zone: zone, lines: 1, marked: map[uint64]string{}}
}

// Take shows s from now on.
func (p *Page) Take(s *monitor.Snapshot) {
	p.snap = s
	if i := slices.IndexFunc(s.Letters, func(l monitor.Letter) bool { return l.ID == p.id }); p.id != 0 && i >= 0 {
		p.at = s.View.LetterOffset + i
	}
	p.settle()
	p.forget()
}

// settle keeps the selection among the letters there are.
func (p *Page) settle() {
	p.at = max(min(p.at, p.snap.LetterN-1), 0)
	if l := p.Selected(); l != nil {
		p.id = l.ID
	}
}

// forget takes the marks from letters that are gone. The snapshot holds a run of
// them, in the order of their IDs.
func (p *Page) forget() {
	s := p.snap
	if s.LetterN == 0 {
		clear(p.marked)
	}
	if len(s.Letters) == 0 {
		return
	}
	from, to := s.Letters[0].ID, s.Letters[len(s.Letters)-1].ID
	begins, ends := s.View.LetterOffset == 0, s.View.LetterOffset+len(s.Letters) >= s.LetterN
	maps.DeleteFunc(p.marked, func(id uint64, _ string) bool {
		known := (id >= from || begins) && (id <= to || ends)
		return known && !slices.ContainsFunc(s.Letters, func(l monitor.Letter) bool { return l.ID == id })
	})
}

// Window says which letters the next snapshot should hold.
func (p *Page) Window() (offset, n int) { return p.first, p.lines }

// letter returns letter i of all, nil if the snapshot does not hold it.
func (p *Page) letter(i int) *monitor.Letter {
	if p.snap == nil {
		return nil
	}
	if i -= p.snap.View.LetterOffset; i < 0 || i >= len(p.snap.Letters) {
		return nil
	}
	return &p.snap.Letters[i]
}

// Selected returns the selected letter, nil if there is none in sight.
func (p *Page) Selected() *monitor.Letter { return p.letter(p.at) }

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

// Click selects the letter on line y of the sheet.
func (p *Page) Click(x, y int) {
	if i := p.first + y - p.rows.Y; p.rows.Has(x, y) && p.letter(i) != nil {
		p.Select(i - p.at)
	}
}

// Wheel moves the selection by n notches, down for n > 0.
func (p *Page) Wheel(_, _, n int) { p.Select(n) }

// Mark marks the selected letter, or takes its mark away, and goes to the next.
func (p *Page) Mark() {
	l := p.Selected()
	if l == nil {
		return
	}
	if _, on := p.marked[l.ID]; on {
		delete(p.marked, l.ID)
	} else {
		p.marked[l.ID] = l.Node
	}
	p.Select(1)
}

// Marked returns the IDs of the marked letters, oldest first.
func (p *Page) Marked() []uint64 { return slices.Sorted(maps.Keys(p.marked)) }

// Unmark takes all marks away, and reports whether there were any.
func (p *Page) Unmark() bool {
	any := len(p.marked) > 0
	clear(p.marked)
	return any
}
