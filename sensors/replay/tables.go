package replay

import (
	"fmt"
	"unicode/utf8"

	"setpoint/sensors"
)

const (
	maxSensors = 200_000 // distinct names in one run
	maxUnits   = 1_000   // units kept so that they need not be copied again
	maxUnit    = 64      // bytes of a unit
)

// tables keep one copy of each name and unit, so that a reading allocates nothing.
type tables struct {
	sensors, units map[string]string
}

func newTables() tables {
	return tables{sensors: map[string]string{}, units: map[string]string{}}
}

// sensor returns the name b, or why it names no sensor here.
func (t tables) sensor(b []byte) (string, error) {
	if s, ok := t.sensors[string(b)]; ok {
		return s, nil
	}
	s := string(b)
	if err := sensors.CheckName(s); err != nil {
		return "", fmt.Errorf("sensor %s: %w", quote(b), err)
	}
	if len(t.sensors) >= maxSensors {
		return "", fmt.Errorf("sensor %s: more than %d sensors", quote(b), maxSensors)
	}
	t.sensors[s] = s
	return s, nil
}

// unit returns the unit b, which may be empty, or why it is none.
func (t tables) unit(b []byte) (string, error) {
	if len(b) == 0 {
		return "", nil
	}
	if s, ok := t.units[string(b)]; ok {
		return s, nil
	}
	if len(b) > maxUnit || !utf8.Valid(b) {
		return "", fmt.Errorf("unit %s: want up to %d bytes of UTF-8", quote(b), maxUnit)
	}
	s := string(b)
	if len(t.units) < maxUnits {
		t.units[s] = s
	}
	return s, nil
}
