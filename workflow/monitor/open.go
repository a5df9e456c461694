package monitor

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"setpoint/sensors"
	"setpoint/sensors/display"
	"setpoint/sensors/hwmon"
	"setpoint/sensors/replay"
	"setpoint/sensors/sim"
)

// OpenOptions is what the sources of a command line have in common.
type OpenOptions struct {
	Speed  float64       // +Inf: max
	Seed   uint64        // of simulations
	Length time.Duration // after which a simulation at full speed ends; 0: never
	Stdin  io.ReadCloser
	Follow bool // a store is read on and on
}

// Real reports whether a source named by spec measures in real time, whatever the
// speed asked for.
func real(spec string) bool { return spec == "-" || strings.HasPrefix(spec, "hwmon:") }

// Live reports whether the readings of these sources come with the wall clock's
// time.
func Live(specs []string, speed float64) bool {
	for _, s := range specs {
		if !real(s) && !(strings.HasPrefix(s, "sim:") && speed == 1) {
			return false
		}
	}
	return true
}

// EscalateAfter returns how long a critical alarm of these sources may stay
// unacknowledged: a minute, and less where everything is simulated and goes faster.
func EscalateAfter(specs []string) time.Duration {
	for _, s := range specs {
		if !strings.HasPrefix(s, "sim:") {
			return time.Minute
		}
	}
	return 15 * time.Second
}

// A UsageError is a word of the command line that cannot be understood.
type UsageError struct{ Err error }

// Error returns the fault.
func (e *UsageError) Error() string { return e.Err.Error() }

// Unwrap returns the fault.
func (e *UsageError) Unwrap() error { return e.Err }

// A SourceError is why a source cannot be opened.
type SourceError struct{ Err error }

// Error returns the fault.
func (e *SourceError) Error() string { return e.Err.Error() }

// Unwrap returns the fault.
func (e *SourceError) Unwrap() error { return e.Err }

// Lasting reports whether a source named by spec goes on in the next run where it is
// then, so that what came of it is worth keeping: neither a recording, which begins
// anew, nor a simulation or a pipe.
func Lasting(spec string) bool { return strings.HasPrefix(spec, "hwmon:") }

// Open opens the sources that specs name, or returns every fault.
func Open(specs []string, o OpenOptions) ([]sensors.Source, error) {
	var out []sensors.Source
	var errs []error
	seen := map[string]bool{}
	for _, spec := range specs {
		if seen[spec] {
			errs = append(errs, &UsageError{fmt.Errorf("source %s is there twice", display.Quote(display.Redact(spec)))})
			continue
		}
		seen[spec] = true
		s, err := open(spec, o)
		if err != nil {
			if _, usage := errors.AsType[*UsageError](err); !usage {
				err = &SourceError{err}
			}
			errs = append(errs, err)
			continue
		}
		out = append(out, s)
	}
	return out, errors.Join(errs...)
}

func open(spec string, o OpenOptions) (sensors.Source, error) {
	scheme, rest, isURL := strings.Cut(spec, ":")
	switch {
	case spec == "-":
		return replay.Stdin(o.Stdin), nil
	case isURL && scheme == "sim":
		return openSim(spec, o)
	case isURL && scheme == "hwmon":
		return hwmon.Open(rest)
	case isURL && scheme == "store":
		return &stored{dir: rest, follow: o.Follow}, nil
	}
	s, err := replay.Open(spec, o.Speed)
	if errors.Is(err, fs.ErrNotExist) && !strings.ContainsAny(spec, "./") {
		return nil, &UsageError{fmt.Errorf("%s is no source, command or file: want %s", display.Quote(display.Redact(spec)), nearest(spec))}
	}
	return s, err
}

func openSim(spec string, o OpenOptions) (sensors.Source, error) {
	scenario, n, rate, err := sim.Parse(spec)
	if err != nil {
		return nil, &UsageError{err}
	}
	c := sim.Config{Scenario: scenario, Sensors: n, Rate: rate, Seed: o.Seed, Speed: o.Speed}
	if math.IsInf(o.Speed, 0) {
		c.Length = o.Length
	}
	s, err := sim.New(c)
	if err != nil {
		return nil, &UsageError{err}
	}
	return s, nil
}

// nearest names what a word was probably meant to be.
func nearest(word string) string {
	known := map[string]string{"sim": "sim:", "hwmon": "hwmon:", "version": "version"}
	for _, scenario := range []string{"guide", "flood", "quiet", "fridge", "failing", "hanging"} {
		known[scenario] = "sim:" + scenario
		known["sim:"+scenario] = "sim:" + scenario
	}
	best, least := "sim:, hwmon:, a FILE or -", 3
	for _, k := range slices.Sorted(maps.Keys(known)) {
		if d := sensors.Distance(word, k); d < least {
			best, least = known[k], d
		}
	}
	return best
}
