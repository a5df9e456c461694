package ui

import (
	"time"

	"setpoint/ui/action"
	"setpoint/ui/alarms"
	"setpoint/ui/flow"
	"setpoint/ui/journal"
	"setpoint/ui/letters"
	"setpoint/ui/screen"
	"setpoint/ui/tune"
	"setpoint/ui/watch"
	"setpoint/workflow/monitor"
)

// The pages by name.
const (
	onWatch   = "Watch"
	onTune    = "Tune"
	onAlarms  = "Alarms"
	onFlow    = "Flow"
	onLetters = "Letters"
	onJournal = "Journal"
)

// tabs are the pages and the key of each, in the order in which they are shown.
var tabs = []struct{ key, name string }{
	{"1", onWatch}, {"2", onTune}, {"3", onAlarms}, {"4", onFlow}, {"5", onLetters}, {"6", onJournal},
}

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
	tune    *tune.Page
	alarms  *alarms.Page
	flow    *flow.Page
	letters *letters.Page
	journal *journal.Page
	at      int           // of tabs
	from    int           // of tabs: where Tune was turned to
	spots   []screen.Area // where the tabs were painted
}

func newPages(zone *time.Location) pages {
	return pages{
		watch: watch.New(zone), tune: tune.New(zone), alarms: alarms.New(zone), flow: flow.New(zone), letters: letters.New(zone), journal: journal.New(zone),
	}
}

// name returns the name of the page that is shown.
func (p *pages) name() string { return tabs[p.at].name }

// turnTo turns to the page called name.
func (p *pages) turnTo(name string) {
	for i, t := range tabs {
		if t.name == name {
			p.at = i
		}
	}
}

// shown returns the page that is shown.
func (p *pages) shown() page {
	switch p.name() {
	case onTune:
		return p.tune
	case onAlarms:
		return p.alarms
	case onFlow:
		return p.flow
	case onJournal:
		return p.journal
	case onLetters:
		return p.letters
	}
	return p.watch
}

// show lets every page show s, so that turning to one takes no time.
func (p *pages) show(s *monitor.Snapshot) {
	for _, each := range []page{p.watch, p.tune, p.alarms, p.flow, p.letters, p.journal} {
		each.Take(s)
	}
}

// view says what the next snapshot should hold: what Watch shows always, and what
// the others list while they are looked at.
func (p *pages) view() monitor.View {
	v := p.watch.View()
	switch p.name() {
	case onTune:
		v.Changes = tune.ChangesWanted
	case onAlarms:
		v.AlarmsOffset, v.Alarms, v.Alarm = p.alarms.Window()
		v.AlarmFilter = p.alarms.Filter
	case onLetters:
		v.LetterOffset, v.Letters = p.letters.Window()
	case onJournal:
		v.ChangeOffset, v.Changes = p.journal.Window()
	}
	return v
}

// turning is the actions that turn to a page.
func turning() action.List[*Model] {
	var out action.List[*Model]
	for i, t := range tabs {
		out = append(out, action.Action[*Model]{Keys: []string{t.key}, Help: "page " + t.name, Do: plain(func(m *Model) { m.at = i })})
	}
	return append(out, action.Action[*Model]{Not: onTune, Keys: []string{"tab"}, Help: "next page", Do: plain(func(m *Model) { m.at = (m.at + 1) % len(tabs) })})
}
