package monitor

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"setpoint/sensors/display"
	"setpoint/sensors/threshold"
	"setpoint/workflow"
)

// Do carries out a command, or says why it cannot be. It may wait while the
// engine's queue is full, but not for longer than a second.
func (m *Monitor) Do(c Command) error {
	ctx, cancel := context.WithTimeoutCause(context.Background(), time.Second, errors.New("the engine is too busy: try again"))
	defer cancel()
	switch c := c.(type) {
	case SetThreshold:
		return m.setThreshold(ctx, c)
	case Acknowledge:
		return m.acknowledge(ctx, c)
	case InjectFault:
		return m.injectFault(ctx, c)
	case Pause:
		m.gate.set(c.On)
		m.wake()
		return nil
	case Step:
		if !m.gate.step() {
			return errors.New("the sources are not paused: a step is for a pause")
		}
		return nil
	case DisturbHandler:
		return m.disturb(c)
	case RetryLetters:
		return m.letters(ctx, c.IDs, "retried", c.By, func(ctx context.Context, f workflow.Filter) (int, error) {
			return m.engine.Redrive(ctx, f, false)
		})
	case DropLetters:
		return m.letters(ctx, c.IDs, "dropped", c.By, m.engine.Drop)
	}
	return fmt.Errorf("unknown command %T", c)
}

func (m *Monitor) setThreshold(ctx context.Context, c SetThreshold) error {
	m.moving.Lock()
	defer m.moving.Unlock()
	if c.Kind >= threshold.Kinds {
		return fmt.Errorf("unknown %s", c.Kind)
	}
	t, at, err := m.find(c.Sensor)
	if err != nil {
		return err
	}
	old := m.classifier.set(c.Sensor, t.Unit)
	moved := old.With(c.Kind, c.Value)
	if err := moved.Validate(); err != nil {
		return err
	}
	next := m.classifier.with(c.Sensor, moved)
	why := fmt.Sprintf("%s moved %s of %s from %s to %s",
		display.Quote(c.By), c.Kind, display.Quote(c.Sensor), level(old.At[c.Kind]), level(c.Value))
	revision, err := m.engine.Swap("classify", next, why)
	if err != nil {
		return err
	}
	m.classifier = next
	err = m.note(ctx, at, Alert{
		Kind: AlertMoved, Sensor: c.Sensor, Threshold: c.Kind, By: c.By,
		Old: old.At[c.Kind], New: c.Value, Unit: t.Unit, Revision: revision,
	})
	if err != nil {
		return fmt.Errorf("moved, but the alert log does not say so: %w", err)
	}
	return nil
}

func level(v float64) string {
	if math.IsNaN(v) {
		return "off"
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

func (m *Monitor) acknowledge(ctx context.Context, c Acknowledge) error {
	for _, name := range c.Sensors {
		_, at, err := m.find(name)
		if err != nil {
			return err
		}
		if err := m.engine.Inject(ctx, name, at, Input{Kind: InputAck, Note: &Alert{By: c.By}}); err != nil {
			return err
		}
	}
	return nil
}

func (m *Monitor) injectFault(ctx context.Context, c InjectFault) error {
	if !slices.Contains(Faults, c.Fault) {
		return fmt.Errorf("unknown fault %s", display.Quote(string(c.Fault)))
	}
	if m.done() != "" {
		return errors.New("no more readings come: a fault has nothing to act on")
	}
	s, at, err := m.find(c.Sensor)
	if err != nil {
		return err
	}
	m.faults.arm(c.Sensor, c.Fault, disturbanceSize(s))
	return m.note(ctx, at, Alert{Kind: AlertInjected, Sensor: c.Sensor, By: c.By, Text: string(c.Fault)})
}

// disturb lets a handler misbehave, or behave again.
func (m *Monitor) disturb(c DisturbHandler) error {
	if !slices.Contains([]string{"normal", "high", "low", "critical"}, c.Handler) {
		return fmt.Errorf("handler %s cannot be disturbed: want normal, high, low or critical", display.Quote(c.Handler))
	}
	if !slices.Contains([]HandlerFault{Sound, Slow, Failing, Hanging}, c.Fault) {
		return fmt.Errorf("unknown fault of a handler %s", display.Quote(string(c.Fault)))
	}
	m.cues.set(c.Handler, c.Fault)
	m.cfg.Log.Info("handler disturbed", "handler", c.Handler, "fault", c.Fault, "by", c.By)
	m.wake()
	return nil
}

// letters does something with dead letters, and notes who had it done.
func (m *Monitor) letters(ctx context.Context, ids []uint64, what, by string, do func(context.Context, workflow.Filter) (int, error)) error {
	n, err := do(ctx, workflow.Filter{IDs: ids})
	m.cfg.Log.Info("dead letters "+what, "count", n, "by", by, "err", err)
	m.wake()
	if err == nil && n == 0 {
		return errors.New("no such dead letter")
	}
	return err
}

// disturbanceSize returns how far a fault throws a value: past the highest
// threshold, whatever the unit.
func disturbanceSize(s State) float64 {
	size := 5 * max(s.Max-s.Min, 1)
	for _, at := range s.Set.At {
		if d := at - s.Value; d > 0 {
			size = max(size, 1.3*d)
		}
	}
	return size
}

func (m *Monitor) note(ctx context.Context, at time.Time, a Alert) error {
	a.Time = at
	return m.engine.Inject(ctx, a.Sensor, at, Input{Kind: InputNote, Note: &a})
}

// find returns the state of a sensor and the time on the readings' clock.
func (m *Monitor) find(sensor string) (State, time.Time, error) {
	r := m.recorder
	r.mu.Lock()
	defer r.mu.Unlock()
	t := r.tracks[sensor]
	if t == nil {
		return State{}, time.Time{}, fmt.Errorf("no sensor is named %s", display.Quote(sensor))
	}
	at := r.clock
	if at.IsZero() {
		at = time.Now()
	}
	return t.state, at, nil
}
