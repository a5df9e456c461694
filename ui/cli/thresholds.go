package cli

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"setpoint/sensors"
	"setpoint/sensors/display"
	"setpoint/sensors/threshold"
	"setpoint/ui/config"
	"setpoint/workflow/monitor"
)

// thresholds reads the thresholds, deadbands and delays, and puts them together with
// what the file says.
func (f *flags) thresholds() (errs []error) {
	scopes := &scopes{}
	for k := range threshold.Kinds {
		name := config.KindKey(k)
		for _, v := range f.at[k] {
			errs = append(errs, f.threshold(scopes, name, v, k, config.At)...)
		}
	}
	for field := config.Deadband; field < config.Fields; field++ {
		for _, v := range f.fields[field] {
			errs = append(errs, f.threshold(scopes, field.Key(0), v, threshold.Kinds, field)...)
		}
	}
	all := slices.Concat(f.o.Scopes, scopes.of["environment"], scopes.of["flag"])
	slices.SortStableFunc(all, func(a, b config.Scope) int { return int(a.Layer) - int(b.Layer) })
	f.o.Scopes, f.o.Settings = all, settings(all)
	return errs
}

// scopes are the scopes of the command line, by source, in the order in which their
// names first come.
type scopes struct{ of map[string][]config.Scope }

// named returns the scope for a sensor, or with "" for all.
func (s *scopes) named(source, sensor string) *config.Scope {
	if s.of == nil {
		s.of = map[string][]config.Scope{}
	}
	i := slices.IndexFunc(s.of[source], func(c config.Scope) bool { return c.Name == sensor })
	if i < 0 {
		c := config.Scope{Name: sensor, Source: source}
		if sensor != "" {
			c.Layer = config.Sensor
		}
		i = len(s.of[source])
		s.of[source] = append(s.of[source], c)
	}
	return &s.of[source][i]
}

// threshold reads one [SENSOR=]VALUE. The name may hold = itself: the last one
// counts.
func (f *flags) threshold(s *scopes, name, v string, k threshold.Kind, field config.Field) []error {
	source, sensor, value := "flag", "", v
	if !f.given(name) {
		source = "environment"
	}
	if i := strings.LastIndexByte(v, '='); i >= 0 {
		if sensor, value = v[:i], v[i+1:]; sensor == "" {
			return []error{fmt.Errorf("%s %s: want a sensor's name before the =", f.title(name), display.Quote(v))}
		}
		if err := sensors.CheckName(sensor); err != nil {
			return []error{fmt.Errorf("%s %s: %w", f.title(name), display.Quote(v), err)}
		}
	}
	if err := s.named(source, sensor).Set(k, field, value, 0); err != nil {
		return []error{fmt.Errorf("%s %s: %w", f.title(name), display.Quote(v), err)}
	}
	return nil
}

// settings puts together what scopes say.
func settings(scopes []config.Scope) monitor.Settings {
	s := monitor.Settings{Sensors: map[string]monitor.SensorSettings{}}
	for i := range scopes {
		c := &scopes[i]
		switch c.Layer {
		case config.All:
			lay(&s.Default, &c.Of)
		case config.Group:
			s.Groups = append(s.Groups, monitor.Group{Name: c.Name, Patterns: c.Patterns, SensorSettings: monitor.SensorSettings{
				Thresholds: c.Of, Advice: c.Advice, OutOfService: c.OutOfService, Kind: c.Kind, Flat: c.Flat, Stale: c.Stale,
				Adaptive: c.Adaptive,
			}})
		case config.Sensor:
			own := s.Sensors[c.Name]
			lay(&own.Thresholds, &c.Of)
			if c.Source != "flag" && c.Source != "environment" {
				said := own.Thresholds
				own = monitor.SensorSettings{
					Thresholds: said, Advice: c.Advice, OutOfService: c.OutOfService, Kind: c.Kind, Flat: c.Flat, Stale: c.Stale,
					Adaptive: c.Adaptive,
				}
			}
			s.Sensors[c.Name] = own
		}
	}
	return s
}

// lay sets in s what over says. A threshold of s that contradicts one that over sets
// is switched off, as in [threshold.Settings.Over]: --high 95 counts before a critical
// of 40 in the file.
func lay(s, over *threshold.Settings) {
	set := threshold.None
	for k, o := range over {
		r := &s[k]
		r.At, r.Deadband = cmp.Or(o.At, r.At), cmp.Or(o.Deadband, r.Deadband)
		r.OnDelay, r.OffDelay = cmp.Or(o.OnDelay, r.OnDelay), cmp.Or(o.OffDelay, r.OffDelay)
		if r.At != nil {
			set[k].At = *r.At
		}
	}
	for weak := range threshold.Kinds {
		for strong := range threshold.Kinds {
			if over[weak].At == nil && over[strong].At != nil && set.Crossed(weak, strong) {
				s[weak].At = new(threshold.Off)
			}
		}
	}
}
