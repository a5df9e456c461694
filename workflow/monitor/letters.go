package monitor

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
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
	away := m.engine.Claimed()
	var out []Letter
	for _, l := range all[min(from, len(all)):] {
		shown := letter(l)
		_, shown.Claimed = slices.BinarySearch(away, l.ID)
		out = append(out, shown)
	}
	return out
}

// letter returns l as it is shown.
func letter(l workflow.Letter[Input, State]) Letter {
	first := ""
	if l.First.Err != nil {
		first = l.First.Err.Error()
	}
	return Letter{
		ID: l.ID, At: l.At, Node: l.Node, Reason: l.Reason(), Err: l.Err.Error(), Attempts: l.Attempts,
		Redrives: int(l.Event.Redrives), Event: l.Event.ID, Sensor: l.Event.Key, Time: l.Event.Time,
		Payload: l.Event.Payload.words(), State: l.State.words(), Revision: l.Event.Revision,
		First: first, FirstAt: l.First.At,
	}
}

// letters does something with dead letters, and notes who had it done.
func (m *Monitor) letters(ctx context.Context, ids []uint64, what, by string, do func(context.Context, workflow.Filter) (int, error)) error {
	n, err := do(ctx, workflow.Filter{IDs: ids})
	m.cfg.Log.Info("dead letters "+what, "count", n, "by", by, "err", err)
	m.wake()
	switch {
	case err == nil && n == 0:
		return errors.New("no such dead letter, or it is on its way")
	case err != nil && n > 0:
		return fmt.Errorf("%d dead letters %s, and then: %w", n, what, err)
	}
	return err
}

// dryRun counts what a retry would send where.
func (m *Monitor) dryRun(ctx context.Context, c *DryRun) error {
	away := m.engine.Claimed() // first: what goes from there is in the list no more
	all, err := m.engine.Letters(ctx, workflow.Filter{IDs: c.IDs})
	if err != nil {
		return err
	}
	to := map[string]int{}
	for _, l := range all {
		if _, claimed := slices.BinarySearch(away, l.ID); claimed {
			c.Away++
			continue
		}
		to[l.Node]++
	}
	for _, n := range m.engine.Stats().Nodes {
		if to[n.Name] > 0 {
			c.To = append(c.To, Share{Node: n.Name, Step: n.Step, N: to[n.Name]})
		}
		delete(to, n.Name)
	}
	for _, name := range slices.Sorted(maps.Keys(to)) {
		c.To = append(c.To, Share{Node: name, Gone: true, N: to[name]})
	}
	return nil
}

// writeLetters writes dead letters to a file.
func (m *Monitor) writeLetters(ctx context.Context, c *WriteLetters) error {
	all, err := m.engine.Letters(ctx, workflow.Filter{IDs: c.IDs})
	switch {
	case err != nil:
		return err
	case len(all) == 0:
		return errors.New("no such dead letter")
	}
	c.N = len(all)
	c.Path, err = writeNew("letters", "jsonl", func(out io.Writer) error {
		var buf []byte
		for _, l := range all {
			shown := letter(l)
			buf = append(shown.AppendJSON(buf[:0]), '\n')
			if _, err := out.Write(buf); err != nil {
				return err
			}
		}
		return nil
	})
	return err
}

// AppendJSON appends l to dst as a JSON object, in which nothing is left that a
// terminal would obey.
func (l *Letter) AppendJSON(dst []byte) []byte {
	w := lines{buf: append(dst, '{')}
	w.count("id", l.ID)
	w.timed("at", l.At)
	w.text("node", l.Node)
	w.text("reason", l.Reason)
	w.text("error", l.Err)
	if l.First != "" {
		w.text("first_error", l.First)
		w.timed("first_at", l.FirstAt)
	}
	w.count("attempts", uint64(max(l.Attempts, 0)))
	w.count("redrives", uint64(max(l.Redrives, 0)))
	w.count("event", l.Event)
	w.count("revision", l.Revision)
	w.text("sensor", l.Sensor)
	w.timed("time", l.Time)
	w.text("payload", l.Payload)
	w.text("state", l.State)
	return append(w.buf, '}')
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
	case InputSilent:
		return "is it silent?"
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
