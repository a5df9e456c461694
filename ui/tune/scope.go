package tune

import (
	"math"

	"setpoint/sensors/display"
	"setpoint/sensors/threshold"
	"setpoint/workflow/monitor"
)

// A level is how wide a threshold is set.
type level uint8

const (
	ofSensor level = iota
	ofGroup
	ofAll
	levels
)

// Scope returns for which sensors NEW would be set.
func (p *Page) Scope() monitor.Scope {
	switch {
	case p.scope == ofGroup && p.known():
		return monitor.Scope{Group: p.asks.quick.Group}
	case p.scope == ofAll:
		return monitor.Scope{}
	}
	return monitor.Scope{Sensor: p.key.Sensor}
}

// NextScope takes the next wider scope, at last the sensor again.
func (p *Page) NextScope() {
	p.scope = (p.scope + 1) % levels
	if p.scope == ofGroup && (!p.known() || p.asks.quick.Group == "") {
		p.scope = ofAll
	}
	p.ask()
}

// ScopeName says for which sensors NEW would be set.
func (p *Page) ScopeName() display.Safe {
	switch s := p.Scope(); {
	case s.Sensor != "":
		return p.Label()
	case s.Group != "":
		return "group " + display.Text(s.Group)
	}
	return "all sensors"
}

// said returns what a scope says of the threshold; NaN if nothing.
func (p *Page) said(l level) float64 {
	g := p.asks.quick.Groups
	return [...]float64{g.Sensor, g.Group, g.Default}[min(l, ofAll)]
}

// Inheritable reports whether the scope says anything that could be taken back.
func (p *Page) Inheritable() bool {
	if !p.known() {
		return false
	}
	if p.scope == ofSensor {
		return p.asks.quick.Own != threshold.Setting{}
	}
	return !math.IsNaN(p.said(p.scope))
}

// Setting returns what is to be said of the threshold in the scope so that NEW is in
// force. Of a single sensor that is what it says already and what NEW has otherwise, so
// that the rest is still inherited; of more of them all of NEW.
func (p *Page) Setting() threshold.Setting {
	r := p.Rule()
	if p.scope != ofSensor || !p.known() {
		return threshold.Setting{At: &r.At, Deadband: &r.Deadband, OnDelay: &r.OnDelay, OffDelay: &r.OffDelay}
	}
	s, now := p.asks.quick.Own, p.asks.quick.Now
	if r.At != now.At && (r.At == r.At || now.At == now.At) {
		s.At = &r.At
	}
	if r.Deadband != now.Deadband {
		s.Deadband = &r.Deadband
	}
	if r.OnDelay != now.OnDelay {
		s.OnDelay = &r.OnDelay
	}
	if r.OffDelay != now.OffDelay {
		s.OffDelay = &r.OffDelay
	}
	return s
}
