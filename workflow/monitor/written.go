package monitor

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"setpoint/sensors/threshold"
)

// A Written is what is said of a threshold in a scope, for the configuration file.
type Written struct {
	Scope Scope
	Kind  threshold.Kind
	Old   threshold.Setting // what the file says now
	New   threshold.Setting
}

// WriteSettings writes the thresholds that people have moved to the configuration
// file.
type WriteSettings struct{ By string }

func (WriteSettings) command() {}

// Unwritten returns what people have moved, and the configuration file does not say.
func (m *Monitor) Unwritten() []Written {
	m.moving.Lock()
	defer m.moving.Unlock()
	return m.unwritten()
}

// unwritten is Unwritten with m.moving locked.
func (m *Monitor) unwritten() (list []Written) {
	now := &m.judge.Load().settings
	for _, in := range now.places() {
		for k := range threshold.Kinds {
			was, _ := m.base.get(in, k)
			if is, _ := now.get(in, k); !is.Same(was) && !m.recorder.timed(in, k, is) {
				list = append(list, Written{in, k, was, is})
			}
		}
	}
	return list
}

// places lists where something is or can be said: for all, for groups, for sensors.
func (s *Settings) places() []Scope {
	list := []Scope{{}}
	for i := range s.Groups {
		list = append(list, Scope{Group: s.Groups[i].Name})
	}
	for _, name := range slices.SortedFunc(maps.Keys(s.Sensors), natural) {
		list = append(list, Scope{Sensor: name})
	}
	return list
}

// timed reports whether what is set of threshold k in a scope is to be taken back: that
// is not for the file.
func (r *recorder) timed(in Scope, k threshold.Kind, is threshold.Setting) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return slices.ContainsFunc(r.changes, func(c *Change) bool {
		return c.timed() && !c.Undone && c.Scope == in && c.Kind == k && c.New.Same(is)
	})
}

func (m *Monitor) writeSettings(ctx context.Context, c WriteSettings) error {
	if m.cfg.Write == nil {
		return errors.New("there is no configuration file to write")
	}
	m.moving.Lock()
	defer m.moving.Unlock()
	list := m.unwritten()
	if len(list) == 0 {
		return errors.New("the configuration file says it all already")
	}
	file, err := m.cfg.Write(list)
	if err != nil {
		return err
	}
	for _, w := range list {
		m.base = m.base.with(w.Scope, w.Kind, w.New)
	}
	r := m.recorder
	r.mu.Lock()
	at := r.clock
	r.mu.Unlock()
	if at.IsZero() {
		at = time.Now()
	}
	r.mu.Lock()
	r.changed(Change{Time: at, Wall: time.Now(), What: "write", By: c.By, Text: file, Revision: m.engine.Stats().Revision})
	r.mu.Unlock()
	m.wake()
	return context.Cause(ctx)
}
