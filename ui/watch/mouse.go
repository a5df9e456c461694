package watch

import "setpoint/sensors/threshold"

// Click selects the sensor on line y of the sheet, marks the threshold at column
// x, or takes hold of the threshold line of the chart that passes there.
func (p *Page) Click(x, y int) {
	s := &p.spots
	s.drag = false
	switch {
	case p.snap == nil:
	case s.rows.Has(x, y):
		if i := p.cursor.first + y - s.rows.Y; i < len(p.snap.Names) {
			p.cursor.sensor, p.cursor.loose = p.snap.Names[i], false
		}
		if c := s.grid.find(x - s.rows.X); c >= colCritLow && c <= colCritical {
			p.cursor.kind = threshold.Kind(c - colCritLow)
		}
	case s.chart.Has(x, y):
		p.grab(y)
	}
}

// grab takes hold of the threshold on line y of the chart, the marked one first.
func (p *Page) grab(y int) {
	r := p.Row()
	if r == nil || p.snap.Chart == nil || p.snap.Chart.Row.Name != r.Name {
		return // the chart is still that of another sensor
	}
	set := p.set(r)
	for i := range threshold.Kinds {
		k := (p.cursor.kind + i) % threshold.Kinds
		if set.On(k) && p.spots.geometry.Line(set[k].At) == y {
			p.cursor.kind, p.spots.drag, p.spots.from = k, true, set[k].At
			p.Pin()
			return
		}
	}
}

// Drag moves the threshold that the mouse holds to line y of the sheet, and lets go
// of it if drop is set. The change is the one since the mouse took hold; ok is
// false if there is nothing to move.
func (p *Page) Drag(y int, drop bool) (c Change, ok bool, err error) {
	r := p.Row()
	held := p.spots.drag && r != nil
	p.spots.drag = held && !drop
	if !held || drop {
		return c, false, nil
	}
	v := threshold.Move(p.spots.geometry.Value(y), r.Step, 0)
	if v == p.set(r)[p.cursor.kind].At {
		return c, false, nil
	}
	c, err = p.moveTo(r, p.cursor.kind, v)
	c.From = p.spots.from
	return c, true, err
}

// Wheel turns the wheel by n notches, down for n > 0, over x, y: it scrolls the
// list or the alert log, or zooms the chart.
func (p *Page) Wheel(x, y, n int) {
	const lines = 3
	switch {
	case p.snap == nil:
	case p.spots.alerts.Has(x, y):
		p.alert = min(max(p.alert+n*lines, 0), max(p.snap.AlertN-1, 0))
	case p.spots.chart.Has(x, y):
		p.Window.Zoom(p.snap, n)
	case p.spots.rows.Has(x, y):
		p.cursor.loose = true
		p.cursor.first = min(max(p.cursor.first+n*lines, 0), max(len(p.snap.Names)-p.spots.rows.H, 0))
	}
}
