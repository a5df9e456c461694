// Package hwmon reads the temperature sensors of a Linux machine: those of its
// hardware monitors (hwmon/hwmon*/temp*_input) and its thermal zones
// (thermal/thermal_zone*/temp) under /sys/class, all in thousandths of a °C.
//
// # Promises
//
//   - The sensors are those found when the run began. One whose file cannot be read
//     is rejected once, and read again as soon as that goes. When the files of all
//     are gone, the source fails: it is worth running again.
//   - A value that no such sensor can measure is pushed as bad, not left out.
//   - A sensor whose driver declares no thresholds suggests that all are off: the
//     program's defaults are for rooms, and every processor is above them.
package hwmon

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"time"

	"setpoint/sensors"
)

const (
	scheme = "hwmon:"

	// class is where Linux keeps its classes of devices.
	class = "/sys/class"

	// Hotter or colder than this is a fault of the sensor, not a temperature.
	lowest, highest = -100, 250
)

// A Source reads the sensors of a machine.
type Source struct {
	name     string
	dir      string // for errors
	fsys     fs.FS
	interval time.Duration
	sensors  []sensor
}

// A sensor is where a temperature is read.
type sensor struct {
	sensors.Sensor
	path string
}

// New returns a source that reads the sensors in fsys, a file system like that
// under /sys/class, every interval; 0 means every second. If it holds no sensor,
// Run says so.
func New(fsys fs.FS, interval time.Duration) *Source {
	if interval <= 0 {
		interval = time.Second
	}
	return &Source{name: scheme, dir: class, fsys: fsys, interval: interval, sensors: find(fsys)}
}

// Open returns a source that reads the sensors under dir every second; "" means
// /sys/class. It is an error if there are none.
func Open(dir string) (*Source, error) {
	root := cmp.Or(dir, class)
	s := New(os.DirFS(root), 0)
	s.name, s.dir = scheme+dir, root
	if len(s.sensors) == 0 {
		return nil, s.none()
	}
	return s, nil
}

func (s *Source) none() error {
	return fmt.Errorf("no temperature sensors under %s: want hwmon/hwmon*/temp*_input or thermal/thermal_zone*/temp, as on Linux",
		quote(s.dir))
}

// Name returns the source as a user writes it.
func (s *Source) Name() string { return s.name }

// Sensors returns the sensors that were found, with the thresholds that their
// drivers declare.
func (s *Source) Sensors() []sensors.Sensor {
	list := make([]sensors.Sensor, len(s.sensors))
	for i, sensor := range s.sensors {
		list[i] = sensor.Sensor
	}
	return list
}

// Run reads every sensor at once and then every interval, until ctx is done or
// the sink refuses a reading. If the sink is slow, whole rounds are left out.
func (s *Source) Run(ctx context.Context, sink sensors.Sink) error {
	list := find(s.fsys) // a device may have come back under another number
	if len(list) == 0 {
		return s.none()
	}
	unreadable := make([]bool, len(list))
	ticker := time.NewTicker(s.interval)
	defer ticker.Stop()
	for {
		if err := s.round(ctx, sink, list, unreadable); err != nil {
			return err
		}
		select {
		case <-ticker.C:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Every returns how far apart the readings of a sensor are.
func (s *Source) Every() time.Duration { return s.interval }

// round reads every sensor once. It keeps in unreadable which could not be read,
// so that a sensor that stays so is rejected once and not every second. It fails when
// there is nothing left to read.
func (s *Source) round(ctx context.Context, sink sensors.Sink, list []sensor, unreadable []bool) error {
	gone := 0
	for i, sensor := range list {
		if err := ctx.Err(); err != nil {
			return err
		}
		value, err := readValue(s.fsys, sensor.path)
		was := unreadable[i]
		unreadable[i] = err != nil
		if err != nil {
			if errors.Is(err, fs.ErrNotExist) {
				gone++
			}
			if !was {
				sink.Reject(sensors.Reject{Source: s.name, Reason: fmt.Sprintf("sensor %s: %v", quote(sensor.Name), err)})
			}
			continue
		}
		if err := sink.Reading(ctx, reading(sensor.Name, value)); err != nil {
			return err
		}
	}
	if gone == len(list) {
		return s.none()
	}
	return nil
}

func reading(name string, value float64) sensors.Reading {
	r := sensors.Reading{Sensor: name, Time: time.Now().Round(0), Value: value, Unit: sensors.DegC}
	if !plausible(value) {
		r.Quality = sensors.Bad
	}
	return r
}

func plausible(v float64) bool { return v >= lowest && v <= highest }

// find returns the sensors in fsys, with unique names.
func find(fsys fs.FS) []sensor {
	list := slices.Concat(hardware(fsys), zones(fsys))
	taken := make(map[string]bool, len(list))
	for i := range list {
		name := list[i].Name
		for n := 2; taken[list[i].Name]; n++ {
			list[i].Name = fmt.Sprintf("%s %d", name, n)
		}
		taken[list[i].Name] = true
	}
	return list
}
