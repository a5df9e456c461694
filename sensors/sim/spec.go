package sim

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"setpoint/sensors"
)

// scheme begins the name of every simulated source.
const scheme = "sim:"

// Parse reads "sim:[scenario][?sensors=N&rate=HZ]": sensors 1 to 10000, rate 0.001
// to 100000 readings per second of each sensor. What is left out is 0, the
// scenario's own. The error names every fault, and the known scenario that is
// nearest to an unknown one.
func Parse(spec string) (scenario string, sensors int, rate float64, err error) {
	rest, ok := strings.CutPrefix(spec, scheme)
	if !ok {
		return "", 0, 0, fmt.Errorf("source %s: want sim:[scenario][?sensors=N&rate=HZ]", quote(spec))
	}
	scenario, query, _ := strings.Cut(rest, "?")
	sensors, rate, err = parseQuery(query)
	if err = errors.Join(checkSpec(scenario, sensors, rate), err); err != nil {
		return "", 0, 0, err
	}
	return scenario, sensors, rate, nil
}

// parseQuery reads "sensors=N&rate=HZ"; both may be left out. A value with a
// fault is returned as 0.
func parseQuery(query string) (sensors int, rate float64, err error) {
	if query == "" {
		return 0, 0, nil
	}
	var errs []error
	seen := map[string]bool{}
	for pair := range strings.SplitSeq(query, "&") {
		key, value, _ := strings.Cut(pair, "=")
		if seen[key] {
			errs = append(errs, fmt.Errorf("%s is given twice: want it once", quote(key)))
			continue
		}
		seen[key] = true
		switch key {
		case "sensors":
			sensors, err = parseSensors(value)
		case "rate":
			rate, err = parseRate(value)
		default:
			err = fmt.Errorf("%s: want sensors=N or rate=HZ", quote(pair))
		}
		errs = append(errs, err)
	}
	return sensors, rate, errors.Join(errs...)
}

func parseSensors(value string) (int, error) {
	n, err := strconv.Atoi(value)
	if err != nil || n < 1 || n > maxSensors {
		return 0, fmt.Errorf("sensors=%s: want 1 to %d", quote(value), maxSensors)
	}
	return n, nil
}

func parseRate(value string) (float64, error) {
	rate, err := strconv.ParseFloat(value, 64)
	if err != nil || !(rate >= minRate && rate <= maxRate) {
		return 0, fmt.Errorf("rate=%s: want %g to %d readings per second", quote(value), minRate, maxRate)
	}
	return rate, nil
}

// checkSpec returns every fault of a scenario with so many sensors at that rate,
// where 0 is the scenario's own.
func checkSpec(scenario string, sensors int, rate float64) error {
	var errs []error
	if s, ok := scenarios[scenario]; !ok {
		errs = append(errs, unknown(scenario))
	} else if s.script != nil && (sensors != 0 || rate != 0) {
		errs = append(errs, fmt.Errorf("%s%s is always the same: leave out sensors and rate", scheme, scenario))
	}
	if sensors < 0 || sensors > maxSensors {
		errs = append(errs, fmt.Errorf("sensors %d: want 1 to %d", sensors, maxSensors))
	}
	if rate != 0 && !(rate >= minRate && rate <= maxRate) {
		errs = append(errs, fmt.Errorf("rate %g: want %g to %d readings per second", rate, minRate, maxRate))
	}
	return errors.Join(errs...)
}

// unknown returns the error for a scenario that there is not.
func unknown(scenario string) error {
	known := slices.Sorted(maps.Keys(scenarios))
	named := known[1:] // the plant, which comes first, has no name to mistype
	nearest := slices.MinFunc(named, func(a, b string) int {
		return sensors.Distance(a, scenario) - sensors.Distance(b, scenario)
	})
	list := make([]string, len(known))
	for i, name := range known {
		list[i] = scheme + name
	}
	return fmt.Errorf("scenario %s is not known, the nearest is %q: want one of %s",
		quote(scenario), nearest, strings.Join(list, " "))
}

// quote makes a stranger's text fit for an error.
func quote(s string) string {
	if len(s) > 80 {
		return strconv.Quote(s[:80]) + "..."
	}
	return strconv.Quote(s)
}
