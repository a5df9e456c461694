package watch

import (
	"errors"
	"fmt"
	"math"
	"time"

	"setpoint/sensors/display"
	"setpoint/sensors/threshold"
	"setpoint/ui/screen"
	"setpoint/workflow/monitor"
)

// moved is a threshold that was moved here and has not come back in a snapshot:
// it is shown, and moved on from, as if it had, so that the hand is not slowed by
// the engine.
type moved struct {
	sensor string // "" if there is none
	kind   threshold.Kind
	value  float64
	since  time.Time // on the clock of Snapshot.Wall
}

// patience is how long a moved threshold is shown without the engine's consent.
const patience = 2 * time.Second

// settle forgets the move once a snapshot shows it, or has not for too long.
func (m *moved) settle(s *monitor.Snapshot, r *monitor.Row) {
	if m.sensor != "" && (r == nil || same(r.Set[m.kind].At, m.value) || s.Wall.Sub(m.since) > patience) {
		*m = moved{}
	}
}

// same reports whether two thresholds are at the same value, or both off.
func same(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }

// Refused takes back the last move, because the engine would not have it.
func (p *Page) Refused() { p.moved = moved{} }

// set returns the thresholds of r with the move that is under way.
func (p *Page) set(r *monitor.Row) threshold.Set {
	if p.moved.sensor == r.Name {
		return r.Set.With(p.moved.kind, p.moved.value)
	}
	return r.Set
}

// A Change is the command that moves a threshold, and where that was before;
// [threshold.Off] if it was off.
type Change struct {
	monitor.SetThreshold
	From float64
}

// Move moves the marked threshold of the selected sensor by n readable steps. One
// that is off is first put just outside of the values in sight.
func (p *Page) Move(n int) (Change, error) {
	if r := p.Row(); r != nil && p.set(r).On(p.cursor.kind) {
		return p.moveTo(r, p.cursor.kind, threshold.Move(p.set(r)[p.cursor.kind].At, r.Step, n))
	}
	return p.Switch(threshold.Off)
}

// Switch switches the marked threshold of the selected sensor off, or on again at
// back; if that is [threshold.Off] too, just outside of the values in sight.
func (p *Page) Switch(back float64) (Change, error) {
	r, k := p.Row(), p.cursor.kind
	if r == nil {
		return Change{}, errors.New("no sensor is selected")
	}
	if p.set(r).On(k) {
		return p.moveTo(r, k, threshold.Off)
	}
	if math.IsNaN(back) {
		back = outside(p.set(r), r, k)
	}
	if math.IsNaN(back) {
		return Change{}, fmt.Errorf("%s is off, and there is no reading to place it by", word(k))
	}
	return p.moveTo(r, k, back)
}

// Marked returns the selected sensor and its marked threshold.
func (p *Page) Marked() (sensor string, k threshold.Kind) { return p.Selected(), p.cursor.kind }

// Put selects a sensor and puts its threshold k at v.
func (p *Page) Put(sensor string, k threshold.Kind, v float64) (Change, error) {
	p.cursor.kind, p.cursor.sensor, p.cursor.loose = k, sensor, false
	if r := p.row(sensor); r != nil {
		return p.moveTo(r, k, v)
	}
	return Change{SetThreshold: monitor.SetThreshold{Sensor: sensor, Kind: k, Value: v}}, nil
}

// moveTo puts threshold k of r at v, unless it would cross another.
func (p *Page) moveTo(r *monitor.Row, k threshold.Kind, v float64) (Change, error) {
	from := p.set(r)[k].At
	if err := p.set(r).With(k, v).Validate(); err != nil {
		return Change{}, err
	}
	p.Pin()
	p.moved = moved{r.Name, k, v, p.snap.Wall}
	return Change{monitor.SetThreshold{Sensor: r.Name, Kind: k, Value: v}, from}, nil
}

// Moved says where the threshold of c now is.
func (p *Page) Moved(c monitor.SetThreshold) display.Safe {
	if math.IsNaN(c.Value) {
		return p.Label(c.Sensor) + " " + word(c.Kind) + " is off"
	}
	dec := 1
	if r := p.row(c.Sensor); r != nil {
		dec = screen.Decimals(r.Step)
	}
	return p.Label(c.Sensor) + " " + word(c.Kind) + " " + screen.Number(c.Value, dec, 12)
}

// outside returns a place for a threshold that is off: two steps outside of the
// values in sight and of the thresholds it may not cross. NaN if there are none.
func outside(set threshold.Set, r *monitor.Row, k threshold.Kind) float64 {
	edge, dir := r.Max, 1.0
	if !k.Upper() {
		edge, dir = r.Min, -1
	}
	for other := range threshold.Kinds {
		if v := set[other].At; set.On(other) && other != k && (other < k) == k.Upper() && (math.IsNaN(edge) || (v-edge)*dir > 0) {
			edge = v
		}
	}
	v := threshold.Move(edge, r.Step, int(2*dir))
	for other := range threshold.Kinds { // a worse one may be nearer than that
		if bound := set[other].At; set.On(other) && (other > k) == k.Upper() && other != k && (v-bound)*dir > 0 {
			v = bound
		}
	}
	return v
}

// word returns the word for threshold k inside a sentence.
func word(k threshold.Kind) display.Safe {
	return [...]display.Safe{"critical low", "low", "high", "critical"}[min(k, threshold.Critical)]
}
