// Package alarms is the page of the alarms: the list of those that are not plainly
// normal, the most urgent first, all that is known of the selected one, and whether
// a person can still follow them.
//
// A page holds a window of the list only, as the snapshot does, and owns nothing but
// what is selected, marked and open. Until a person selects an alarm, the most urgent
// one is selected; then the selection stays with the alarm, and when that one has
// left the list, with its place. While the hand is on the list it stays in any case:
// what a key does, it does to the alarm that the eye has seen, or to none.
package alarms

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
	Filter string // only alarms of sensors whose name contains it
	Typing bool   // the filter is being typed
	Hold   bool   // a hand is on the list

	snap   *monitor.Snapshot // nil before the first
	zone   *time.Location
	namer  display.Namer
	at     int              // the selected alarm, among all
	key    monitor.AlarmKey // its key; zero: whichever stands there
	chosen bool             // by a person
	first  int              // first line of the list, among all
	lines  int              // of the list
	full   bool             // the selected alarm alone is shown
	marked map[monitor.AlarmKey]bool
	rows   screen.Area // where the list was painted
	wide   int         // the widest name shown so far, so that columns stand still
}

// New returns a page that shows times in the clock of zone.
func New(zone *time.Location) *Page {
	return &Page{zone: zone, lines: 1, marked: map[monitor.AlarmKey]bool{}}
}

// Take shows s from now on.
func (p *Page) Take(s *monitor.Snapshot) {
	p.snap = s
	if i := slices.IndexFunc(s.Alarms, func(r monitor.AlarmRow) bool { return r.AlarmKey == p.key }); i >= 0 {
		p.at = s.AlarmsAt + i
	}
	if len(s.Alarms) == s.AlarmsN { // all of them are known: marks go with their alarms
		maps.DeleteFunc(p.marked, func(k monitor.AlarmKey, _ bool) bool {
			return !slices.ContainsFunc(s.Alarms, func(r monitor.AlarmRow) bool { return r.AlarmKey == k })
		})
	}
}

// settle keeps the selection among the alarms there are. One that has left the list
// stays selected while the hand is on it.
func (p *Page) settle() {
	if !p.chosen && !p.Hold {
		p.at, p.key = 0, monitor.AlarmKey{}
	}
	p.at = max(min(p.at, p.snap.AlarmsN-1), 0)
	switch r := p.row(p.at); {
	case r == nil || r.AlarmKey == p.key:
	case p.key == (monitor.AlarmKey{}) || !p.Hold:
		p.key = r.AlarmKey
	}
}

// Window says which alarms the next snapshot should hold, and whose detail.
func (p *Page) Window() (offset, n int, detail monitor.AlarmKey) { return p.first, p.lines, p.key }

// row returns alarm i of all, nil if the snapshot does not hold it.
func (p *Page) row(i int) *monitor.AlarmRow {
	if p.snap == nil {
		return nil
	}
	if i -= p.snap.AlarmsAt; i < 0 || i >= len(p.snap.Alarms) {
		return nil
	}
	return &p.snap.Alarms[i]
}

// Selected returns the selected alarm, nil if there is none in the list.
func (p *Page) Selected() *monitor.AlarmRow {
	if r := p.row(p.at); r != nil && r.AlarmKey == p.key {
		return r
	}
	return nil
}

// detailed returns what there is to say of the selected alarm, nil if that is not
// known yet.
func (p *Page) detailed() *monitor.AlarmDetail {
	if p.snap == nil || p.snap.Alarm == nil || p.snap.Alarm.AlarmKey != p.key {
		return nil
	}
	return p.snap.Alarm
}

// Select moves the selection by n lines. Below an alarm that has left the list is the
// one that has taken its place.
func (p *Page) Select(n int) {
	if p.snap == nil {
		return
	}
	if r := p.row(p.at); n > 0 && r != nil && r.AlarmKey != p.key && p.key != (monitor.AlarmKey{}) {
		n--
	}
	p.at, p.key, p.chosen = p.at+n, monitor.AlarmKey{}, true
	p.settle()
}

// follow scrolls the list so that the selected alarm is in sight.
func (p *Page) follow() {
	p.first = min(max(p.first, p.at-p.lines+1), p.at)
	p.first = max(min(p.first, p.snap.AlarmsN-p.lines), 0)
}

// SelectPages moves the selection by halves of the list's height.
func (p *Page) SelectPages(halves int) { p.Select(halves * max(p.lines/2, 1)) }

// Click selects the alarm on line y of the sheet.
func (p *Page) Click(x, y int) {
	if i := p.first + y - p.rows.Y; p.rows.Has(x, y) && p.row(i) != nil {
		p.Select(i - p.at)
	}
}

// Wheel moves the selection by n notches, down for n > 0.
func (p *Page) Wheel(_, _, n int) { p.Select(n) }

// Open shows the selected alarm alone, or for false the list again. It reports
// whether that changed anything.
func (p *Page) Open(full bool) bool {
	was := p.full
	p.full = full && (p.Selected() != nil || p.detailed() != nil)
	return p.full != was
}

// Full reports whether the selected alarm alone is shown.
func (p *Page) Full() bool { return p.full }

// Label names an alarm as it is shown.
func (p *Page) Label(k monitor.AlarmKey) display.Safe {
	return p.namer.Label(k.Sensor) + " " + word(k.Kind)
}
