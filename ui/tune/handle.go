package tune

import (
	"errors"
	"math"
	"slices"
	"time"

	"setpoint/sensors/threshold"
)

// A Handle is the part of a threshold that the hand moves.
type Handle uint8

// The handles, in the order in which they are shown.
const (
	On       Handle = iota // where the alarm begins
	Edge                   // where it ends
	OnDelay                // how long it takes to begin
	OffDelay               // how long it takes to end
	handles
)

// String returns what the handle is called.
func (h Handle) String() string {
	return [...]string{"on", "off edge", "on-delay", "off-delay", "handle"}[min(h, handles)]
}

// NextHandle takes the next handle, for n < 0 the one before.
func (p *Page) NextHandle(n int) {
	p.handle = Handle((int(p.handle) + n + int(handles)) % int(handles))
}

// Handle returns the handle that the hand is on.
func (p *Page) Handle() Handle { return p.handle }

// rungs are the delays that moving goes through. Three of them are about ten times
// as long.
var rungs = []time.Duration{
	0, time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second, 15 * time.Second, 30 * time.Second,
	time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute,
	time.Hour, 2 * time.Hour, 4 * time.Hour, 8 * time.Hour, 12 * time.Hour,
	24 * time.Hour, 48 * time.Hour, 7 * 24 * time.Hour, 14 * 24 * time.Hour, threshold.MaxDelay,
}

// rung returns the delay n rungs from d, up for n > 0.
func rung(d time.Duration, n int) time.Duration {
	if n >= 10 || n <= -10 {
		n = n * 3 / 10
	}
	i, exact := slices.BinarySearch(rungs, d)
	if !exact && n > 0 {
		n-- // the next longer one is at i already
	}
	return rungs[min(max(i+n, 0), len(rungs)-1)]
}

// errUnknown says that a threshold cannot be moved yet.
var errUnknown = errors.New("what is in force is not known yet")

// Move moves the handle by n readable steps, up for n > 0, and says why if it cannot.
// Beyond ten steps delays move in proportion.
func (p *Page) Move(n int) error {
	if !p.known() {
		return errUnknown
	}
	r, step := p.Rule(), p.asks.quick.Step
	switch p.handle {
	case On:
		if math.IsNaN(r.At) {
			r.At = p.outside()
		} else {
			r.At = threshold.Move(r.At, step, n)
		}
	case Edge:
		if p.key.Kind.Upper() {
			n = -n
		}
		r.Deadband = max(threshold.Move(r.Deadband, fine(step), n), 0)
	case OnDelay:
		r.OnDelay = rung(r.OnDelay, n)
	case OffDelay:
		r.OffDelay = rung(r.OffDelay, n)
	}
	return p.put(r, false)
}

// fine returns the step of a deadband, which is at most half of the threshold's.
func fine(step float64) float64 { return threshold.Step(25 * step) }

// outside returns where a threshold that is off is put: just outside of the values in
// the chart; at 0 if there are none.
func (p *Page) outside() float64 {
	lo, hi := p.asks.all.lo, p.asks.all.hi
	at, n := hi, 2
	if !p.key.Kind.Upper() {
		at, n = lo, -2
	}
	if math.IsNaN(at) || math.IsInf(at, 0) {
		return 0
	}
	return threshold.Move(at, p.asks.quick.Step, n)
}
