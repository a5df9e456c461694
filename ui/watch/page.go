// Package watch is the main page: the sensors, worst first, the past of the
// selected one with its thresholds, the alert log, which is always in sight where
// there is room for it, and how the engine does.
//
// The page paints what a [monitor.Snapshot] holds and says by [Page.View] what the
// next one should hold. It owns nothing but what is selected, marked and zoomed;
// the selection stays with the sensor, not with the line. Nothing is ever wider or
// taller than the area it is given, and an empty place says why it is empty.
package watch

import (
	"slices"
	"time"

	"setpoint/sensors/threshold"
	"setpoint/ui/chart"
	"setpoint/ui/screen"
	"setpoint/workflow/monitor"
)

// A Page is the state of the page. Make one with [New].
type Page struct {
	Filter string // only sensors whose name contains it
	Typing bool   // the filter is being typed
	Hold   bool   // the rows keep their order
	Window Window
	WhatIf WhatIf // of the move that is being made

	scene
	layout Layout
	cursor cursor
	want   monitor.View // the sizes that the last painting found
	spots  spots
	moved  moved
	engine engine
	alert  int // newest alerts scrolled past
}

// cursor is where the hand is.
type cursor struct {
	sensor string // selected; "" until a person selects one: the first
	kind   threshold.Kind
	first  int  // first line of the list, in the order of the names
	loose  bool // the list was scrolled away from the selected sensor
}

// spots is where things were painted, for the mouse.
type spots struct {
	rows, alerts, chart screen.Area
	grid                grid // of the rows
	geometry            chart.Geometry
	drag                bool    // a threshold hangs on the mouse
	from                float64 // and hung there when the mouse took hold of it
}

// New returns a page that shows times in the clock of zone.
func New(zone *time.Location) *Page {
	return &Page{scene: scene{zone: zone}, cursor: cursor{kind: threshold.High}}
}

// Take shows s from now on.
func (p *Page) Take(s *monitor.Snapshot) {
	p.snap = s
	p.engine.take(s)
	p.moved.settle(s, p.row(p.moved.sensor))
}

// Draw paints the page.
func (p *Page) Draw(a screen.Area) {
	sensors := 0
	if p.snap != nil {
		sensors = p.snap.Sensors
	}
	p.layout = Plan(a.W, a.H, sensors)
	p.spots.rows, p.spots.alerts, p.spots.chart = screen.Area{}, screen.Area{}, screen.Area{}
	p.want = monitor.View{}
	part := func(r Rect, draw func(screen.Area)) {
		if r.Shown() {
			draw(a.Sub(r.X, r.Y, r.W, r.H))
		}
	}
	part(p.layout.List, p.list)
	part(p.layout.Chart, p.chart)
	part(p.layout.Alerts, p.alerts)
	part(p.layout.Flow, p.engine.draw)
}

// View says what the next snapshot should hold, in the sizes that Draw found.
func (p *Page) View() monitor.View {
	v := p.want
	v.Offset = p.cursor.first
	v.AlertOffset = p.alert
	v.Span, v.Until = p.Window.span, p.Window.until
	v.Filter, v.Selected, v.Hold = p.Filter, p.cursor.sensor, p.Hold
	return v
}

// Selected returns the selected sensor, or the first if that one is not among
// those that pass the filter; "" if none does.
func (p *Page) Selected() string {
	if p.snap == nil || len(p.snap.Names) == 0 {
		return ""
	}
	return p.snap.Names[p.index()]
}

// index returns where the selected sensor stands among the names.
func (p *Page) index() int { return max(slices.Index(p.snap.Names, p.cursor.sensor), 0) }

// Row returns what is known of the selected sensor, nil if nothing is.
func (p *Page) Row() *monitor.Row { return p.row(p.Selected()) }
