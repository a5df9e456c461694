package monitor

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
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
	if m.cfg.ReadOnly {
		return errors.New("this instance only looks: it changes nothing")
	}
	switch c := c.(type) {
	case SetThreshold:
		return m.setThreshold(ctx, c)
	case SetRule:
		return m.setRule(ctx, c, 0)
	case Undo:
		return m.undo(ctx, c)
	case Shelve:
		return m.shelve(ctx, c)
	case Unshelve:
		return m.send(ctx, c.Sensor, Input{Kind: InputUnshelve, Alarms: c.Kinds, By: c.By},
			Change{What: "unshelve", By: c.By, Text: kindWords(c.Kinds)})
	case TakeOut:
		if c.Reason == "" {
			return errors.New("out of service wants a reason")
		}
		return m.send(ctx, c.Sensor, Input{Kind: InputOut, Text: c.Reason, By: c.By},
			Change{What: "out of service", By: c.By, Why: c.Reason})
	case PutBack:
		return m.send(ctx, c.Sensor, Input{Kind: InputIn, By: c.By}, Change{What: "back in service", By: c.By})
	case GiveVerdict:
		return m.verdict(c)
	case WriteSettings:
		return m.writeSettings(ctx, c)
	case AcceptBaseline:
		return m.woken(m.recorder.accept(c))
	case AddLabel:
		return m.woken(m.recorder.label(c.Label))
	case StartShadow:
		return m.woken(m.recorder.startShadow(c))
	case StopShadow:
		return m.woken(m.recorder.stopShadow(c))
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
	case *DryRun:
		return m.dryRun(ctx, c)
	case *WriteLetters:
		return m.writeLetters(ctx, c)
	case *WriteGraph:
		return m.writeGraph(c)
	case *WriteRules:
		return m.writeRules(c)
	case DropLetters:
		return m.letters(ctx, c.IDs, "dropped", c.By, m.engine.Drop)
	}
	return fmt.Errorf("unknown command %T", c)
}

func level(v float64) string {
	if math.IsNaN(v) {
		return "off"
	}
	return strconv.FormatFloat(v, 'g', -1, 64)
}

func (m *Monitor) acknowledge(ctx context.Context, c Acknowledge) error {
	for _, name := range c.Sensors {
		in := Input{Kind: InputAck, Alarms: c.Kinds, By: c.By}
		if err := m.send(ctx, name, in, Change{What: "acknowledge", By: c.By, Text: kindWords(c.Kinds)}); err != nil {
			return err
		}
	}
	return nil
}

func (m *Monitor) shelve(ctx context.Context, c Shelve) error {
	if c.For < 0 || c.For > MaxShelf {
		return fmt.Errorf("shelve for %v: want at most %v; what is longer is out of service", c.For, MaxShelf)
	}
	_, at, err := m.find(c.Sensor)
	if err != nil {
		return err
	}
	in := Input{Kind: InputShelve, Alarms: c.Kinds, By: c.By}
	change := Change{What: "shelve", By: c.By, Text: kindWords(c.Kinds) + ", once"}
	if c.For > 0 {
		in.Until, change.Until = at.Add(c.For).UnixNano(), at.Add(c.For)
		change.Text = kindWords(c.Kinds) + ", for " + c.For.String()
	}
	return m.send(ctx, c.Sensor, in, change)
}

// send lets a command enter the workflow as an event of its sensor.
func (m *Monitor) send(ctx context.Context, sensor string, in Input, c Change) error {
	_, at, err := m.find(sensor)
	if err != nil {
		return err
	}
	c.Time, c.Wall, c.Scope = at, time.Now(), Scope{Sensor: sensor}
	in.Change = &c
	return m.engine.Inject(ctx, sensor, at, in)
}

// kindWords lists the alarms in l, in words.
func kindWords(l threshold.Latches) string {
	if l == 0 {
		return "all alarms"
	}
	var names []string
	for _, k := range kindsIn(l) {
		names = append(names, strings.ReplaceAll(k.String(), "_", " "))
	}
	return strings.Join(names, ", ")
}

// verdict notes what people say of an alarm.
func (m *Monitor) verdict(c GiveVerdict) error {
	if c.Verdict > False {
		return fmt.Errorf("unknown verdict %d", c.Verdict)
	}
	return m.woken(m.recorder.verdict(c))
}

// woken asks for a snapshot of what a command changed, and returns its error.
func (m *Monitor) woken(err error) error {
	m.wake()
	return err
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
	if !slices.Contains(Disturbable, c.Handler) {
		return fmt.Errorf("handler %s cannot be disturbed: want %s", display.Quote(c.Handler), strings.Join(Disturbable, ", "))
	}
	if !slices.Contains([]HandlerFault{Sound, Slow, Failing, Hanging}, c.Fault) {
		return fmt.Errorf("unknown fault of a handler %s", display.Quote(string(c.Fault)))
	}
	m.cues.set(c.Handler, c.Fault)
	m.cfg.Log.Info("handler disturbed", "handler", c.Handler, "fault", c.Fault, "by", c.By)
	m.wake()
	return nil
}

// disturbanceSize returns how far a fault throws a value: past the highest
// threshold, whatever the unit.
func disturbanceSize(s State) float64 {
	size := 5 * max(s.Max-s.Min, 1)
	for _, r := range s.Set {
		if d := r.At - s.Value; d > 0 {
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
