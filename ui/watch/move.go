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
	if m.sensor != "" && (r == nil || r.Set.At[m.kind] == m.value || s.Wall.Sub(m.since) > patience) {
		*m = moved{}
	}
}

// Refused takes back the last move, because the engine would not have it.
func (p *Page) Refused() { p.moved = moved{} }

// set returns the thresholds of r with the move that is under way.
func (p *Page) set(r *monitor.Row) threshold.Set {
	if p.moved.sensor == r.Name {
		return r.Set.With(p.moved.kind, p.moved.value)
	}
	return r.Set
}

// Move moves the marked threshold of the selected sensor by n readable steps, and
// returns the command that does it. One that is off is first put just outside of
// the values in sight.
func (p *Page) Move(n int) (monitor.SetThreshold, error) {
	r := p.Row()
	if r == nil {
		return monitor.SetThreshold{}, errors.New("no sensor is selected")
	}
	k := p.cursor.kind
	v := threshold.Move(p.set(r).At[k], r.Step, n)
	if !p.set(r).On(k) {
		v = outside(p.set(r), r, k)
	}
	return p.moveTo(r, k, v)
}

// moveTo puts threshold k of r at v, unless it would cross another.
func (p *Page) moveTo(r *monitor.Row, k threshold.Kind, v float64) (monitor.SetThreshold, error) {
	if math.IsNaN(v) {
		return monitor.SetThreshold{}, fmt.Errorf("%s is off, and there is no reading to place it by", word(k))
	}
	if err := p.set(r).With(k, v).Validate(); err != nil {
		return monitor.SetThreshold{}, err
	}
	p.moved = moved{r.Name, k, v, p.snap.Wall}
	return monitor.SetThreshold{Sensor: r.Name, Kind: k, Value: v}, nil
}

// Moved says where the threshold of c now is.
func (p *Page) Moved(c monitor.SetThreshold) display.Safe {
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
		if v := set.At[other]; set.On(other) && other != k && (other < k) == k.Upper() && (math.IsNaN(edge) || (v-edge)*dir > 0) {
			edge = v
		}
	}
	v := threshold.Move(edge, r.Step, int(2*dir))
	for other := range threshold.Kinds { // a worse one may be nearer than that
		if bound := set.At[other]; set.On(other) && (other > k) == k.Upper() && other != k && (v-bound)*dir > 0 {
			v = bound
		}
	}
	return v
}

// word returns the word for threshold k inside a sentence.
func word(k threshold.Kind) display.Safe {
	return [...]display.Safe{"critical low", "low", "high", "critical"}[min(k, threshold.Critical)]
}
