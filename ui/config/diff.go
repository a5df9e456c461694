package config

import (
	"time"

	"setpoint/sensors/threshold"
)

// Diff returns the changes that make of old, what a scope says of threshold k, now.
func Diff(layer Layer, name string, k threshold.Kind, old, now threshold.Setting) (out []Change) {
	levels := []struct {
		f        Field
		old, now *float64
	}{{At, old.At, now.At}, {Deadband, old.Deadband, now.Deadband}}
	for _, l := range levels {
		if (threshold.Setting{At: l.old}).Same(threshold.Setting{At: l.now}) {
			continue
		}
		c := Change{Layer: layer, Name: name, Kind: k, Field: l.f, Remove: l.now == nil}
		if l.now != nil {
			c.Value = *l.now
		}
		out = append(out, c)
	}
	delays := []struct {
		f        Field
		old, now *time.Duration
	}{{OnDelay, old.OnDelay, now.OnDelay}, {OffDelay, old.OffDelay, now.OffDelay}}
	for _, d := range delays {
		if (threshold.Setting{OnDelay: d.old}).Same(threshold.Setting{OnDelay: d.now}) {
			continue
		}
		c := Change{Layer: layer, Name: name, Kind: k, Field: d.f, Remove: d.now == nil}
		if d.now != nil {
			c.Delay = *d.now
		}
		out = append(out, c)
	}
	return out
}
