package monitor

import (
	"context"
	"fmt"
	"strings"

	"setpoint/sensors"
	"setpoint/sensors/threshold"
	"setpoint/workflow"
)

// lettersShown returns the dead letters that v asks for.
func (m *Monitor) lettersShown(v View) []Letter {
	from := max(v.LetterOffset, 0)
	all, err := m.engine.Letters(context.Background(), workflow.Filter{Limit: from + v.Letters})
	if err != nil {
		m.cfg.Log.Error("list dead letters", "err", err)
		return nil
	}
	var out []Letter
	for _, l := range all[min(from, len(all)):] {
		out = append(out, letter(l))
	}
	return out
}

// letter returns l as it is shown.
func letter(l workflow.Letter[Input, State]) Letter {
	return Letter{
		ID: l.ID, At: l.At, Node: l.Node, Reason: l.Reason(), Err: l.Err.Error(), Attempts: l.Attempts,
		Redrives: int(l.Event.Redrives), Event: l.Event.ID, Sensor: l.Event.Key, Time: l.Event.Time,
		Payload: l.Event.Payload.words(), State: l.State.words(), Revision: l.Event.Revision,
	}
}

// words says what the input is.
func (in Input) words() string {
	switch in.Kind {
	case InputReading:
		return strings.TrimSpace(fmt.Sprintf("reading %s %s, %s", level(in.Value), in.Unit, in.Quality))
	case InputAck:
		return "acknowledgement"
	case InputActed:
		return "actuator is " + in.Drive.String()
	case InputShelve:
		return "shelve"
	case InputUnshelve:
		return "unshelve"
	case InputOut:
		return "out of service"
	case InputIn:
		return "back in service"
	case InputResumed:
		return "watched again"
	case InputEscalate:
		return "start the escalation"
	case InputAnswered:
		return "the escalation ended"
	case InputEscalated:
		return "nobody acknowledged in time"
	}
	return "a line of the alert log"
}

// words says how the sensor stands.
func (s State) words() string {
	status, _ := s.status()
	parts := []string{status.String()}
	for _, k := range kindsIn(s.Alarm.On()) {
		parts = append(parts, fmt.Sprintf("%s on at %s", k, level(s.Set[k].At)))
	}
	if s.Alarm.Unacked() != 0 {
		parts = append(parts, "unacknowledged")
	}
	if s.Drive != sensors.Idle {
		parts = append(parts, s.Drive.String())
	}
	return fmt.Sprintf("%s; %d judged, mean %s", strings.Join(parts, ", "), s.Count, level(threshold.Move(s.Mean(), 0.01, 0)))
}
