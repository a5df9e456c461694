package watch

import (
	"time"

	"setpoint/sensors/display"
	"setpoint/sensors/threshold"
	"setpoint/ui/screen"
	"setpoint/workflow/monitor"
)

// scene is what the parts of the page are painted from.
type scene struct {
	snap  *monitor.Snapshot // nil before the first
	zone  *time.Location
	namer display.Namer
	wide  need // what the rows shown so far asked of the columns, which so stand still
}

// Label returns a sensor's name as it is shown, unlike that of any other.
func (s *scene) Label(sensor string) display.Safe { return s.namer.Label(sensor) }

// row returns what is known of a sensor, nil if the snapshot does not hold it.
func (s *scene) row(sensor string) *monitor.Row {
	if s.snap == nil {
		return nil
	}
	for i := range s.snap.Rows {
		if s.snap.Rows[i].Name == sensor {
			return &s.snap.Rows[i]
		}
	}
	if c := s.snap.Chart; c != nil && c.Row.Name == sensor {
		return &c.Row
	}
	return nil
}

// needs measures the rows in sight for the list.
func (s *scene) needs(a screen.Area, marked threshold.Kind) need {
	const mostUnit = 5
	n := &s.wide
	n.marked = marked
	for i := range s.snap.Rows {
		r := &s.snap.Rows[i]
		n.unit = max(n.unit, min(display.Width(unitOf(a, r.Unit)), mostUnit))
		n.critLow = n.critLow || r.Set.On(threshold.CriticalLow)
		n.name = max(n.name, display.Width(s.Label(r.Name)))
	}
	return *n
}

// why says why there is no sensor to show; "" if there is one.
func (s *scene) why(filter string) display.Safe {
	switch {
	case s.snap == nil:
		return "starting"
	case len(s.snap.Names) > 0:
		return ""
	case s.snap.Sensors > 0:
		return "no sensor matches " + display.Text(display.Quote(filter))
	}
	why, sep := display.Safe("waiting for the first reading"), display.Safe(" of ")
	for i := range s.snap.Sources {
		why += sep + display.Text(s.snap.Sources[i].Name)
		sep = ", "
	}
	return why
}
