package ui

import (
	"time"

	"setpoint/ui/action"
	"setpoint/ui/flow"
	"setpoint/ui/letters"
	"setpoint/ui/screen"
	"setpoint/ui/watch"
	"setpoint/workflow/monitor"
)

// The pages by name.
const (
	onWatch   = "Watch"
	onFlow    = "Flow"
	onLetters = "Letters"
)

// tabs are the pages and the key of each, in the order in which they are shown.
var tabs = []struct{ key, name string }{{"1", onWatch}, {"4", onFlow}, {"5", onLetters}}

// A page shows one side of the newest snapshot.
type page interface {
	Take(s *monitor.Snapshot)
	Draw(a screen.Area)
	Select(n int)           // moves the selection by n lines
	SelectPages(halves int) // by halves of what is in sight
	Click(x, y int)         // on the sheet
	Wheel(x, y, n int)      // n notches, down for n > 0
}

// pages is all of them, and which one is shown.
type pages struct {
	watch   *watch.Page
	flow    *flow.Page
	letters *letters.Page
	at      int           // of tabs
	spots   []screen.Area // where the tabs were painted
}

func newPages(zone *time.Location) pages {
	return pages{watch: watch.New(zone), flow: flow.New(zone), letters: letters.New(zone)}
}

// name returns the name of the page that is shown.
func (p *pages) name() string { return tabs[p.at].name }

// shown returns the page that is shown.
func (p *pages) shown() page {
	switch p.name() {
	case onFlow:
		return p.flow
	case onLetters:
		return p.letters
	}
	return p.watch
}

// show lets every page show s, so that turning to one takes no time.
func (p *pages) show(s *monitor.Snapshot) {
	p.watch.Take(s)
	p.flow.Take(s)
	p.letters.Take(s)
}

// view says what the next snapshot should hold: what Watch shows always, and the
// dead letters while they are looked at.
func (p *pages) view() monitor.View {
	v := p.watch.View()
	if p.name() == onLetters {
		v.LetterOffset, v.Letters = p.letters.Window()
	}
	return v
}

// turning is the actions that turn to a page.
func turning() action.List[*Model] {
	var out action.List[*Model]
	for i, t := range tabs {
		out = append(out, action.Action[*Model]{Keys: []string{t.key}, Help: "page " + t.name, Do: plain(func(m *Model) { m.at = i })})
	}
	return append(out, action.Action[*Model]{Keys: []string{"tab"}, Help: "next page", Do: plain(func(m *Model) { m.at = (m.at + 1) % len(tabs) })})
}
