package config

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"setpoint/sensors"
	"setpoint/sensors/display"
	"setpoint/sensors/threshold"
)

// A Change sets one figure of one scope in the file, or takes it out.
type Change struct {
	Layer Layer
	Name  string // of the group, which must be there, or the sensor; "" for [All]
	Kind  threshold.Kind
	Field Field // if it is not [At], Kind may be [threshold.Kinds]: of all thresholds

	Value  float64       // of At ([threshold.Off] switches it off) and Deadband
	Delay  time.Duration // of OnDelay and OffDelay
	Remove bool          // so that a lower layer counts
}

// check says what is wrong with c.
func (c *Change) check() error {
	switch {
	case c.Layer > Sensor, c.Field >= Fields, c.Kind > threshold.Kinds, c.Field == At && c.Kind == threshold.Kinds:
		return errors.New("no such figure")
	case c.Layer == All && c.Name != "":
		return fmt.Errorf("name %s: want none for all sensors", display.Quote(c.Name))
	case c.Layer != All && sensors.CheckName(c.Name) != nil:
		return sensors.CheckName(c.Name)
	case c.Remove:
		return nil
	}
	text := c.text()
	if err := new(Scope).Set(c.Kind, c.Field, text, 0); err != nil {
		return fmt.Errorf("%s %s: %w", c.Field.Key(c.Kind), text, err)
	}
	return nil
}

// text returns the figure as the file has it.
func (c *Change) text() string {
	switch {
	case c.Field > Deadband:
		return delayText(c.Delay)
	case c.Field == At && math.IsNaN(c.Value):
		return "off"
	case math.Abs(c.Value) >= 1e-6 && math.Abs(c.Value) < 1e15 || c.Value == 0:
		return strconv.FormatFloat(c.Value, 'f', -1, 64)
	}
	return strconv.FormatFloat(c.Value, 'g', -1, 64)
}

// delayText writes d as a person does: 90s, 2m, 1h30m.
func delayText(d time.Duration) string {
	if d > 0 && d < 2*time.Minute && d%time.Second == 0 {
		return strconv.Itoa(int(d/time.Second)) + "s"
	}
	text := d.String()
	if strings.HasSuffix(text, "m0s") {
		text = strings.TrimSuffix(text, "0s")
	}
	if strings.HasSuffix(text, "h0m") {
		text = strings.TrimSuffix(text, "0m")
	}
	return text
}

// path returns the keys that lead to what c changes, as far as its field.
func (c *Change) path() []string {
	switch c.Layer {
	case Group:
		return []string{"groups", c.Name, c.Field.Key(c.Kind)}
	case Sensor:
		return []string{"sensors", c.Name, c.Field.Key(c.Kind)}
	}
	return []string{c.Field.Key(c.Kind)}
}

// apply returns t with c.
func (c *Change) apply(t *text) (*text, error) {
	if c.Layer == Group && t.root.at([]string{"groups", c.Name}) == nil {
		return nil, fmt.Errorf("group %s: want one that is in the file", display.Quote(c.Name))
	}
	path, value := c.path(), ""
	if !c.Remove {
		value = c.text()
	}
	if c.Field == At {
		return t.put(path, value)
	}
	kinds := []threshold.Kind{c.Kind}
	n := t.root.at(path)
	switch {
	case c.Kind < threshold.Kinds && n != nil && n.form == scalar:
		return t.put(path, spread(n.text, c.Kind, value))
	case c.Kind < threshold.Kinds && (n == nil || n.form == null) && value != "":
		return t.put(path, "{"+KindKey(c.Kind)+": "+value+"}")
	case c.Kind < threshold.Kinds:
	case n == nil || n.form != mapping:
		return t.put(path, value)
	default:
		kinds = []threshold.Kind{threshold.CriticalLow, threshold.Low, threshold.High, threshold.Critical}
	}
	for _, k := range kinds {
		next, err := t.put(append(slices.Clone(path), KindKey(k)), value)
		if err != nil {
			return nil, err
		}
		t = next
	}
	return t, nil
}

// spread writes the value that all thresholds have as one for each, where that of
// threshold k is another or, with "", none.
func spread(all string, k threshold.Kind, other string) string {
	var parts []string
	for i := range threshold.Kinds {
		v := all
		if i == k {
			v = other
		}
		if v != "" {
			parts = append(parts, KindKey(i)+": "+v)
		}
	}
	return "{" + strings.Join(parts, ", ") + "}"
}
