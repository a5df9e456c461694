package quality

import (
	"context"
	"slices"
	"testing"
	"time"

	"setpoint/sensors"
	"setpoint/sensors/sim"
)

// watch judges what a source pushes.
type watch struct {
	*testing.T
	streams map[string]*stream
}

func (w watch) Reject(sensors.Reject) {}

func (w watch) Settle(context.Context) error { return nil }

func (w watch) Reading(_ context.Context, r sensors.Reading) error {
	s, ok := w.streams[r.Sensor]
	if !ok {
		s = newStream(w.T, r.Unit, 0)
		w.streams[r.Sensor] = s
	}
	s.last = s.track.Judge(&s.rules, r.Time.UnixNano(), 0, r.Value, r.Quality, false)
	s.note()
	return nil
}

// Sound sensors in plants where much goes wrong: ovens that pass 85 °C, doors that
// stand open, compressors.
func TestNothingIsFoundWhereNothingIsWrongWithTheSensors(t *testing.T) {
	for _, scenario := range []string{"", "quiet", "fridge", "flood", "guide"} {
		source, err := sim.New(sim.Config{Scenario: scenario, Seed: 3, Length: time.Hour})
		if err != nil {
			t.Fatal(err)
		}
		w := watch{t, map[string]*stream{}}
		if err := source.Run(t.Context(), w); err != nil {
			t.Fatal(err)
		}
		for name, s := range w.streams {
			s.want()
			if s.gaps > 0 {
				t.Errorf("%s has %d gaps", name, s.gaps)
			}
		}
	}
}

func TestAThermometerThatIsStuckInThePlantIsFound(t *testing.T) {
	source, err := sim.New(sim.Config{Seed: 3, Length: time.Hour})
	if err != nil {
		t.Fatal(err)
	}
	w := watch{t, map[string]*stream{}}
	if err := source.Run(t.Context(), w); err != nil {
		t.Fatal(err)
	}
	for _, s := range w.streams {
		s.every, s.at = 250*time.Millisecond, s.track.Last
		s.feed(slices.Repeat([]float64{(s.track.Still.Lo + s.track.Still.Hi) / 2}, within(31*time.Minute, s.every))...).want(Flat)
	}
}
