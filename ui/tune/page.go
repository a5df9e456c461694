// Package tune is the page on which a threshold is moved: it shows at once what the
// one in force (NOW) and another one (NEW) would have done on the recorded past.
//
// The page is about one threshold of one sensor. It holds NEW of each threshold that
// was touched, until that is applied or discarded; nothing is applied by looking. What
// it shows comes from answers to questions, which somebody else asks beside the screen:
// [Page.Question] for the figures and, once the hand rests, [Page.More] and [Page.Advice]
// for what takes longer. While an answer is awaited the old figures stay. The page neither waits nor counts time.
package tune

import (
	"time"

	"setpoint/sensors/display"
	"setpoint/sensors/threshold"
	"setpoint/ui/screen"
	"setpoint/workflow/monitor"
)

// A Page is the state of the page. Make one with [New].
type Page struct {
	snap   *monitor.Snapshot // nil before the first
	zone   *time.Location
	namer  display.Namer
	key    monitor.AlarmKey // the threshold that is tuned
	drafts map[monitor.AlarmKey]*draft
	handle Handle
	scope  level
	asks   asks
	window window
	alarm  int64 // when the selected alarm of NEW was raised, in Unix ns; 0: none is
	plain  bool  // the curve is not shown
	spots  spots
}

// New returns a page that shows times in the clock of zone.
func New(zone *time.Location) *Page {
	return &Page{zone: zone, drafts: map[monitor.AlarmKey]*draft{}, key: monitor.AlarmKey{Kind: threshold.High}, asks: asks{budget: 1}}
}

// Open turns to threshold k of a sensor.
func (p *Page) Open(sensor string, k threshold.Kind) {
	key := monitor.AlarmKey{Sensor: sensor, Kind: min(k, threshold.Critical)}
	if key == p.key {
		return
	}
	if sensor != p.key.Sensor {
		p.scope, p.window = ofSensor, window{}
	}
	p.key, p.alarm = key, 0
	p.asks.forget()
	p.ask()
}

// Sensor returns the sensor whose threshold is tuned, "" before one was chosen.
func (p *Page) Sensor() string { return p.key.Sensor }

// Key returns the threshold that is tuned.
func (p *Page) Key() monitor.AlarmKey { return p.key }

// Label returns the sensor's name as it is shown.
func (p *Page) Label() display.Safe { return p.namer.Label(p.key.Sensor) }

// Name returns the threshold that is tuned, in words.
func (p *Page) Name() display.Safe { return p.Label() + " " + Word(p.key.Kind) }

// Turn turns to the next threshold of the sensor, for n < 0 to the one before.
func (p *Page) Turn(n int) {
	p.Open(p.key.Sensor, threshold.Kind(min(max(int(p.key.Kind)+n, 0), int(threshold.Critical))))
}

// Take shows s from now on, and asks again if what was answered is too old.
func (p *Page) Take(s *monitor.Snapshot) {
	p.snap = s
	p.asks.age(s)
}

// ToggleCurve shows the curve, or hides it.
func (p *Page) ToggleCurve() { p.plain = !p.plain }

// Click chooses the handle on line y of the sheet, or takes hold of the line of NEW.
func (p *Page) Click(x, y int) {
	s := &p.spots
	s.drag = false
	switch at := y - s.handles.Y; {
	case s.handles.Has(x, y):
		p.handle = Handle(at)
	case s.trace.Has(x, y) && s.geometry.Line(p.Rule().At) == y:
		p.handle, s.drag, s.moved = On, true, false
	}
}

// Drag moves the line that the mouse holds to line y of the sheet, as one step from
// where the mouse took hold of it, and lets go of it if drop is set.
func (p *Page) Drag(y int, drop bool) {
	s := &p.spots
	if s.drag = s.drag && p.known() && !drop; !s.drag {
		return
	}
	r := p.Rule()
	r.At = threshold.Move(s.geometry.Value(y), p.asks.quick.Step, 0)
	if !same(r, p.Rule()) && p.put(r, s.moved) == nil {
		s.moved = true
	}
}

// Wheel moves the handle by n notches, down for n > 0.
func (p *Page) Wheel(_, _, n int) { p.Select(n) }

// Select moves the handle by n steps, down for n > 0.
func (p *Page) Select(n int) { p.Move(-n) }

// SelectPages moves the handle by ten steps for each half of a page.
func (p *Page) SelectPages(halves int) { p.Move(-10 * halves) }

// spots is where things were painted, for the mouse.
type spots struct {
	handles, trace screen.Area
	geometry       geometry
	drag, moved    bool // the line of NEW hangs on the mouse; and has been moved by it
}
