package monitor

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"setpoint/sensors/threshold"
	"setpoint/workflow"
	"setpoint/workflow/store"
)

// movesKept is how many moves of thresholds a restart takes up: they are few, and kept
// apart from the journal of changes, which forgets.
const movesKept = 1 << 16

// revised returns what base becomes by the changes of thresholds that people made up
// to a revision. A change counts only while what it replaced is still what the
// configuration says: who has edited that since means it. What was written to the
// configuration file is for that to say.
func (m *Monitor) revised(base *classifier, revision uint64) *classifier {
	next := *base
	expected := map[changed]threshold.Setting{}
	var written uint64 // up to this revision
	for _, c := range m.moves {
		if c.What == "write" {
			written = max(written, c.Revision)
		}
	}
	for _, c := range m.moves {
		pending := c.timed() && !c.Undone // not for the file
		if c.What == "write" || c.Revision <= written && !pending || c.Revision > revision {
			continue
		}
		at := changed{c.Scope, c.Kind}
		was, known := expected[at]
		if !known {
			was, _ = base.settings.get(c.Scope, c.Kind)
		}
		if _, ok := next.settings.get(c.Scope, c.Kind); !ok || !was.Same(c.Old) {
			continue
		}
		moved := next.settings.with(c.Scope, c.Kind, c.New)
		if moved.alone(c.Scope).Validate() != nil {
			continue // it contradicts what was edited since
		}
		expected[at], next.settings = c.New, moved
	}
	return &next
}

// changed is a place where a threshold is set.
type changed struct {
	in   Scope
	kind threshold.Kind
}

// resettle has the states of a snapshot judged by what is said of thresholds now: the
// configuration may have been edited since.
func (m *Monitor) resettle(base *classifier, snap *workflow.Snapshot[Input, State]) {
	if snap == nil {
		return
	}
	c := m.revised(base, snap.Revision)
	for i := range snap.Keys {
		k := &snap.Keys[i]
		s := &k.State
		s.Set = c.set(k.Key, s.Unit)
		c.lines(s)
		s.Timer = c.timer(s)
		k.Timer = s.NextTimer()
	}
}

// recallChanges reads the journal, and what was moved ever.
func (m *Monitor) recallChanges(ctx context.Context, s *store.Store) (err error) {
	if m.moves, err = readChanges(ctx, s, topicMoved, movesKept); err != nil {
		return err
	}
	list, err := readChanges(ctx, s, topicChange, changesKept)
	if err != nil {
		return err
	}
	undone := map[uint64]bool{}
	for _, c := range m.moves {
		undone[c.Undoes] = true
	}
	r := m.recorder
	for _, c := range m.moves { // those that are yet to be taken back
		if c.timed() && !undone[c.ID] && (len(list) == 0 || c.ID < list[0].ID) {
			r.changes = append(r.changes, c)
		}
	}
	r.changes = append(r.changes, list...)
	for _, c := range slices.Concat(m.moves, list) {
		r.changeID = max(r.changeID, c.ID)
	}
	return nil
}

// readChanges returns the newest changes of a topic, oldest first.
func readChanges(ctx context.Context, s *store.Store, topic string, most int) (list []*Change, err error) {
	notes, err := s.Notes(ctx, topic, most)
	if err != nil {
		return nil, fmt.Errorf("journal of changes: %w", err)
	}
	for _, n := range notes {
		c := new(Change)
		if err := json.Unmarshal(n.Body, c); err != nil {
			return nil, fmt.Errorf("change %d: %w", n.ID, err)
		}
		c.ID = n.ID
		list = append(list, c)
	}
	return list, nil
}

// peek takes over the thresholds that people have moved from a store that somebody
// else writes to.
func (m *Monitor) peek(dir string) error {
	s, err := store.Open(dir, store.Options{ReadOnly: true})
	if err != nil {
		return &StoreError{err}
	}
	defer s.Close()
	if err := m.recallChanges(context.Background(), s); err != nil {
		return &StoreError{err}
	}
	m.judge.Store(m.revised(m.judge.Load(), ^uint64(0)))
	return nil
}
