package monitor

import (
	"context"
	"time"

	"setpoint/sensors"
	"setpoint/workflow"
)

type (
	event  = workflow.Event[Input]
	effect = workflow.Effect[Input, State]
)

// graph builds the workflow of the package comment.
func (m *Monitor) graph(c *classifier) (*workflow.Workflow[Input, State], error) {
	critical := []string{"critical", "record"}
	if m.cfg.UntilCritical {
		critical = append(critical, workflow.Stop)
	}
	// What an actuator is told is worth nothing a moment later: live, a full lane
	// drops its oldest order. A critical one is never dropped.
	act := effect{
		Queue: 1024, Outcome: m.acted, AtMostOnce: true, // an actuator's order is worth nothing after a crash
		Retry: workflow.Retry{MaxAttempts: 3, Initial: 100 * time.Millisecond, Max: 2 * time.Second},
	}
	if m.cfg.Stay { // only there somebody can let a handler hang
		act.Timeout = 2 * time.Second
	}
	urgent := act
	if m.cfg.Live {
		act.Overflow = workflow.DropOldest
	}
	return workflow.New[Input, State]("classify").
		Step("classify", c, actions...).
		Handler("normal", m.cues.wrap("normal", m.drive(sensors.Idle)), &act).
		Handler("high", m.cues.wrap("high", m.drive(sensors.Cool)), &act).
		Handler("low", m.cues.wrap("low", m.drive(sensors.Heat)), &act).
		Handler("critical", m.cues.wrap("critical", workflow.HandlerFunc[Input, State](m.critical)), &urgent).
		Handler("escalation", m.escalations.handler(), &effect{
			Lanes: 64, Queue: 16, Overflow: workflow.DropNewest, Waits: true, Outcome: m.escalations.outcome,
		}).
		Handler("record", workflow.HandlerFunc[Input, State](m.record), &effect{Queue: 1024, AtMostOnce: true}). // what it missed at a crash is told by reconcile
		Edge("classify", Normal, "normal", "record").
		Edge("classify", High, "high", "record").
		Edge("classify", Low, "low", "record").
		Edge("classify", Critical, critical...).
		Edge("classify", Bad, "record").
		Edge("classify", Noted, "record").
		Edge("classify", Escalate, "escalation", "record").
		Build()
}

// drive returns the handler that drives the actuator of the sensor's zone.
func (m *Monitor) drive(d sensors.Drive) workflow.Handler[Input, State] {
	return workflow.HandlerFunc[Input, State](func(_ context.Context, ev event, s State) error {
		m.actuate(ev, s, d)
		return nil
	})
}

// critical drives against the side on which the value left its band. The nested
// workflow is started by its outcome.
func (m *Monitor) critical(_ context.Context, ev event, s State) error {
	m.actuate(ev, s, against(s))
	return nil
}

func (m *Monitor) actuate(ev event, s State, d sensors.Drive) {
	if s.Drive == d {
		return
	}
	for _, a := range m.actuated {
		if a.Actuate(ev.Key, ev.Time, d) {
			return
		}
	}
	m.zones.Delete(ev.Key)
}

// wanted returns what the handlers want of the actuator in state s.
func wanted(s State) sensors.Drive {
	if s.Alarm.On() == 0 {
		return sensors.Idle
	}
	return against(s)
}

func against(s State) sensors.Drive {
	if k, ok := s.Set.Worst(s.Alarm.On(), s.Value); ok && k.Upper() {
		return sensors.Cool
	}
	return sensors.Heat
}

// acted is the outcome of the actuating handlers: what the actuator does now, and
// whether an escalation has to begin.
func (m *Monitor) acted(ev event, s State, err error) (Input, bool) {
	switch d := wanted(s); {
	case err != nil:
		return Input{}, false
	case s.Changes.Raised&severe != 0, s.calls:
		return Input{Kind: InputEscalate}, true
	case s.Drive != d && m.hasActuator(ev.Key):
		return Input{Kind: InputActed, Drive: d}, true
	}
	return Input{}, false
}

func (m *Monitor) hasActuator(sensor string) bool {
	_, ok := m.zones.Load(sensor)
	return ok
}
