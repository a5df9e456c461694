package monitor

import (
	"math"
	"math/rand/v2"
	"sync"
	"sync/atomic"
	"time"

	"setpoint/sensors"
)

// faults disturbs readings on their way in, as the operator asked for.
type faults struct {
	n     atomic.Int32 // how many are armed: the intake asks for each reading
	mu    sync.Mutex
	armed map[string]*disturbance
	seed  uint64
	count uint64 // armed so far
}

// disturbance is a fault at work on one sensor. It begins with the sensor's next
// reading.
type disturbance struct {
	kind  Fault
	size  float64 // how far off, in the sensor's unit
	begun time.Time
	held  float64 // the value a stuck sensor keeps
	left  int     // readings it still acts on, for those that count readings
	rng   *rand.Rand
}

// How long the faults last.
const (
	faultTime   = time.Minute
	dropoutTime = 20 * time.Second
	skewBy      = 30 * time.Second
	lateBy      = 10 * time.Minute
	nanReadings = 3
	burstLength = 100
)

func newFaults(seed uint64) *faults {
	return &faults{armed: map[string]*disturbance{}, seed: seed}
}

// arm lets f act on the sensor's next readings; it takes the place of another one.
func (d *faults) arm(sensor string, f Fault, size float64) {
	d.mu.Lock()
	defer d.mu.Unlock()
	left := 1
	if f == NaN {
		left = nanReadings
	}
	d.count++
	d.armed[sensor] = &disturbance{kind: f, size: size, left: left, rng: rand.New(rand.NewPCG(d.seed, d.count))}
	d.n.Store(int32(len(d.armed)))
}

// on returns the fault that acts on a sensor, "" if none does.
func (d *faults) on(sensor string) Fault {
	if d.n.Load() == 0 {
		return ""
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if f := d.armed[sensor]; f != nil {
		return f.kind
	}
	return ""
}

// disturb returns what becomes of r.
func (d *faults) disturb(r sensors.Reading) []sensors.Reading {
	d.mu.Lock()
	defer d.mu.Unlock()
	f := d.armed[r.Sensor]
	if f == nil {
		return []sensors.Reading{r}
	}
	if f.begun.IsZero() {
		f.begun, f.held = r.Time, r.Value
	}
	out, over := f.act(r)
	if over {
		delete(d.armed, r.Sensor)
		d.n.Store(int32(len(d.armed)))
	}
	return out
}

// act returns what the fault makes of r, and whether it is over.
func (f *disturbance) act(r sensors.Reading) (out []sensors.Reading, over bool) {
	age := r.Time.Sub(f.begun)
	last := f.duration() > 0 && age >= f.duration()
	if last {
		return []sensors.Reading{r}, true
	}
	f.left--
	switch f.kind {
	case Spike:
		r.Value += f.size
	case StepFault:
		r.Value += f.size / 2
	case Ramp:
		r.Value += f.size * float64(age) / float64(faultTime)
	case Stuck:
		r.Value = f.held
	case Noise:
		r.Value += f.size / 4 * f.rng.NormFloat64()
	case NaN:
		r.Value, r.Quality = math.NaN(), sensors.Bad
	case Dropout:
		return nil, false
	case Skew:
		r.Time = r.Time.Add(skewBy)
	case Duplicate:
		return []sensors.Reading{r, r}, true
	case Late:
		late := r
		late.Time = r.Time.Add(-lateBy)
		return []sensors.Reading{r, late}, true
	case Burst:
		for i := range burstLength {
			b := r
			b.Time = r.Time.Add(time.Duration(i-burstLength) * time.Millisecond)
			out = append(out, b)
		}
		return append(out, r), true
	}
	return []sensors.Reading{r}, f.duration() == 0 && f.left <= 0
}

// duration returns how long the fault lasts in event time, 0 if it counts
// readings.
func (f *disturbance) duration() time.Duration {
	switch f.kind {
	case StepFault, Ramp, Stuck, Noise:
		return faultTime
	case Dropout, Skew:
		return dropoutTime
	}
	return 0
}
