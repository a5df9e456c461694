package watch

// Rect is a part of the page, in cells from its top left; one without a width or
// a height is left out.
type Rect struct{ X, Y, W, H int }

// Shown reports whether r is on the page.
func (r Rect) Shown() bool { return r.W > 0 && r.H > 0 }

// A Layout says where the parts of the page are.
type Layout struct {
	List, Chart, Alerts, Flow Rect
	Boxed                     bool // parts in boxes, side by side; else below each other
}

// The sizes at which the page changes. They are those of the whole terminal, whose
// first line, and second where there are tabs, are the header and whose last
// is the footer.
const (
	smallW, smallH = 60, 16  // below: the list alone
	chartH         = 20      // below: no chart
	wideW, wideH   = 120, 32 // from here on side by side
	flowW, flowH   = 160, 45 // from here on with the flow
	flowLines      = 13
)

// Plan lays out a page of w by h cells for the given number of sensors.
func Plan(w, h, sensors int) Layout {
	w, h = max(w, 0), max(h, 0)
	switch {
	case w < smallW || h < smallH-2:
		return Layout{List: Rect{0, 0, w, h}}
	case w < wideW || h < wideH-3:
		return stacked(w, h, sensors)
	}
	return beside(w, h, sensors)
}

// stacked puts the parts below each other. The list takes what its sensors need,
// within a share of the page.
func stacked(w, h, sensors int) Layout {
	alerts := min(max(h/5, 4), 12)
	if h < chartH-2 {
		return Layout{List: Rect{0, 0, w, h - alerts}, Alerts: Rect{0, h - alerts, w, alerts}}
	}
	list := min(max(sensors, 3)+2, (h-alerts)*11/20)
	return Layout{
		List:   Rect{0, 0, w, list},
		Chart:  Rect{0, list, w, h - alerts - list},
		Alerts: Rect{0, h - alerts, w, alerts},
	}
}

// beside puts the chart below the list, as wide as that, and the alerts beside
// them; where the list needs the whole width, beside the chart alone.
func beside(w, h, sensors int) Layout {
	right := min(max(w*4/10, 58), 100)
	left := w - right
	list := min(max(sensors, 1)+3, h*6/10)
	l := Layout{
		Boxed:  true,
		List:   Rect{0, 0, w, list},
		Chart:  Rect{0, list, left, h - list},
		Alerts: Rect{left, list, right, h - list},
	}
	if w < flowW {
		return l
	}
	l.List.W, l.Alerts.Y, l.Alerts.H = left, 0, h
	if h >= flowH-3 {
		l.Alerts.H = h - flowLines
		l.Flow = Rect{left, h - flowLines, right, flowLines}
	}
	return l
}
