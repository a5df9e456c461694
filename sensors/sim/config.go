package sim

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"setpoint/sensors"
)

// A Config says what is simulated. The zero Config is the plant, endless, as fast
// as it goes.
type Config struct {
	Scenario string        // "" is the plant; see [Parse]
	Seed     uint64        // of everything that looks like chance
	Speed    float64       // simulated seconds per second, 0.001 to 1e6; 0, less, or +Inf: max, without waiting
	Start    time.Time     // of the simulated time; zero: now at a finite speed, the start of 2026 at max
	Sensors  int           // how many, up to 10000; 0: the scenario's own number
	Rate     float64       // readings per second of each sensor, 0.001 to 100000; 0: the scenario's own
	Length   time.Duration // of simulated time, gaps not counted; 0: endless
}

// The bounds of a Config.
const (
	maxSensors = 10_000
	minRate    = 0.001
	maxRate    = 100_000
	minSpeed   = 0.001
	maxSpeed   = 1e6
)

// forever is how long an endless run lasts: what a [time.Duration] can hold, with
// room for as long a gap.
const forever = 100 * 365 * 24 * time.Hour

// maxStart is where a run starts at max speed if nobody says otherwise: a fixed
// instant, so that one seed gives one run.
var maxStart = time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)

// A Source is a simulation that can be run. Each Run starts the plant anew; only the
// scenarios in which the source itself is at fault remember how often it was run.
type Source struct {
	config   Config
	scenario scenario
	sensors  []sensors.Sensor
	index    map[string]int // of a sensor's name in sensors
	runs     int            // that were begun
	mail     mailbox
}

// New returns the simulation of c, or an error that names every fault of it.
func New(c Config) (*Source, error) {
	if err := c.validate(); err != nil {
		return nil, err
	}
	s := &Source{config: c, scenario: scenarios[c.Scenario]}
	s.sensors = s.scenario.describe(c.Sensors)
	s.index = make(map[string]int, len(s.sensors))
	for i, sensor := range s.sensors {
		s.index[sensor.Name] = i
	}
	s.mail.orders = make([]order, len(s.sensors))
	return s, nil
}

func (c Config) validate() error {
	errs := []error{checkSpec(c.Scenario, c.Sensors, c.Rate)}
	if math.IsNaN(c.Speed) || c.Speed > 0 && !c.max() && (c.Speed < minSpeed || c.Speed > maxSpeed) {
		errs = append(errs, fmt.Errorf("speed %g: want %g to %.0f, or max", c.Speed, minSpeed, maxSpeed))
	}
	if c.Length < 0 {
		errs = append(errs, fmt.Errorf("length %v: want 0 or more", c.Length))
	}
	return errors.Join(errs...)
}

// max reports whether the simulation runs without waiting.
func (c Config) max() bool { return c.Speed <= 0 || math.IsInf(c.Speed, 1) }

// Name returns the source as a user writes it, such as "sim:guide".
func (s *Source) Name() string {
	var query []string
	if n := s.config.Sensors; n != 0 {
		query = append(query, "sensors="+strconv.Itoa(n))
	}
	if rate := s.config.Rate; rate != 0 {
		query = append(query, "rate="+strconv.FormatFloat(rate, 'g', -1, 64))
	}
	name := scheme + s.config.Scenario
	if len(query) == 0 {
		return name
	}
	return name + "?" + strings.Join(query, "&")
}

// Sensors returns what is known of the sensors before they report: their names,
// unit and suggested thresholds, in the order of their numbers.
func (s *Source) Sensors() []sensors.Sensor {
	return append([]sensors.Sensor(nil), s.sensors...)
}
