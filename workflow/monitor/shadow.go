package monitor

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"setpoint/sensors"
	"setpoint/sensors/alarm"
	"setpoint/sensors/display"
	"setpoint/sensors/threshold"
	"setpoint/workflow"
)

// A Shadow is a threshold that runs beside the one in force, and notifies nobody: it
// shows what it would have raised.
type Shadow struct {
	AlarmKey
	Rule     threshold.Rule
	By       string // a person's text
	From, To time.Time
	New      int  // alarms that it raised
	Now      int  // alarms that the threshold in force raised meanwhile
	On       bool // it is on
	Over     bool

	latch alarm.Latch
	last  int64 // newest reading judged
}

// StartShadow lets a threshold run beside the one in force.
type StartShadow struct {
	Sensor string
	Kind   threshold.Kind
	Rule   threshold.Rule
	For    time.Duration // an hour, a day, a week
	By     string
}

// StopShadow ends it.
type StopShadow struct {
	Sensor string
	Kind   threshold.Kind
}

func (StartShadow) command() {}
func (StopShadow) command()  {}

// shadowsKept is how many shadows there may be.
const shadowsKept = 100

func (r *recorder) startShadow(c StartShadow) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.tracks[c.Sensor]
	switch {
	case t == nil:
		return fmt.Errorf("no sensor is named %s", display.Quote(c.Sensor))
	case c.Kind >= threshold.Kinds:
		return fmt.Errorf("unknown %s", c.Kind)
	case c.For <= 0:
		return errors.New("a shadow wants a time to run")
	case len(r.shadows) >= shadowsKept:
		return fmt.Errorf("%d shadows run already: stop one first", shadowsKept)
	}
	r.dropShadow(AlarmKey{c.Sensor, c.Kind})
	r.shadows = append(r.shadows, &Shadow{
		AlarmKey: AlarmKey{c.Sensor, c.Kind}, Rule: c.Rule, By: c.By, From: r.clock, To: r.clock.Add(c.For),
	})
	return nil
}

func (r *recorder) dropShadow(k AlarmKey) (was bool) {
	n := len(r.shadows)
	r.shadows = slices.DeleteFunc(r.shadows, func(s *Shadow) bool { return s.AlarmKey == k })
	return len(r.shadows) < n
}

func (r *recorder) stopShadow(c StopShadow) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !r.dropShadow(AlarmKey(c)) {
		return fmt.Errorf("no shadow of %s %s runs", display.Quote(c.Sensor), c.Kind)
	}
	return nil
}

// shadow lets the shadows of a sensor judge what is judged, and count what was raised
// meanwhile; r.mu is locked.
func (r *recorder) shadow(t *track, ev event, st *State) {
	at, v := ev.Time, st.Value
	reading := ev.Kind == workflow.Data && st.Quality != sensors.Bad && st.Time.Equal(at)
	for _, s := range r.shadows {
		if s.Sensor != t.name || s.Over {
			continue
		}
		if s.Over = at.After(s.To); s.Over {
			continue
		}
		if st.Changes.Raised.Has(s.Kind) {
			s.Now++
		}
		if !reading {
			continue
		}
		set := threshold.None
		set[s.Kind] = s.Rule
		was, ns := s.latch.Cond.On(), at.UnixNano()
		if s.last > 0 {
			s.latch = s.latch.Pass(&s.Rule, s.last, ns, int64(st.Hold))
		}
		was2 := s.latch.Cond.On()
		s.latch = s.latch.Judge(&set, s.Kind, ns, v)
		s.last, s.On = ns, s.latch.Cond.On()
		if !was && was2 || !was2 && s.On {
			s.New++
		}
	}
}
