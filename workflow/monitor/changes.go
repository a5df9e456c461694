package monitor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"setpoint/sensors/display"
	"setpoint/sensors/threshold"
)

// changesKept is how many lines of the journal are at hand.
const changesKept = 2000

// setThreshold moves a threshold of one sensor.
func (m *Monitor) setThreshold(ctx context.Context, c SetThreshold) error {
	in := Scope{Sensor: c.Sensor}
	if c.Kind >= threshold.Kinds {
		return fmt.Errorf("unknown %s", c.Kind)
	}
	m.moving.Lock()
	s, _ := m.judge.Load().settings.get(in, c.Kind)
	m.moving.Unlock()
	s.At = &c.Value
	return m.setRule(ctx, SetRule{Scope: in, Kind: c.Kind, Setting: s, By: c.By}, 0)
}

// setRule sets what is said of a threshold in a scope, as a new revision of the
// classifier. It takes back the change undoes, if that is not 0.
func (m *Monitor) setRule(ctx context.Context, c SetRule, undoes uint64) error {
	m.moving.Lock()
	defer m.moving.Unlock()
	if c.Kind >= threshold.Kinds {
		return fmt.Errorf("unknown %s", c.Kind)
	}
	now := &m.judge.Load().settings
	old, ok := now.get(c.Scope, c.Kind)
	if !ok {
		return fmt.Errorf("no group is named %s", display.Quote(c.Scope.Group))
	}
	next := *m.judge.Load()
	next.settings, next.known = now.with(c.Scope, c.Kind, c.Setting), new(known)
	before, after, unit, err := m.concerned(c.Scope, c.Kind, &next)
	if err != nil {
		return err
	}
	why := fmt.Sprintf("%s moved %s of %s from %s to %s",
		display.Quote(c.By), c.Kind, scopeName(c.Scope), level(before.At), level(after.At))
	revision, err := m.engine.Swap("classify", &next, why)
	if err != nil {
		return err
	}
	m.judge.Store(&next)
	change := Change{
		What: "threshold", By: c.By, Scope: c.Scope, Kind: c.Kind, Old: old, New: c.Setting, Before: before, After: after, Why: c.Why,
		Evidence: c.Evidence, Revision: revision, Until: c.Until, Undoes: undoes, Wall: time.Now(), CanUndo: true,
	}
	return m.tell(ctx, change, Alert{
		Kind: AlertMoved, Sensor: c.Scope.Sensor, Threshold: c.Kind, By: c.By,
		Old: before.At, New: after.At, Unit: unit, Revision: revision, Text: ruleWords(before, after),
	})
}

// concerned checks that next makes sense of every sensor that a scope holds, and
// returns what threshold k of the first of them was and will be.
func (m *Monitor) concerned(in Scope, k threshold.Kind, next *classifier) (before, after threshold.Rule, unit string, err error) {
	r := m.recorder
	r.mu.Lock()
	defer r.mu.Unlock()
	names := []string{in.Sensor}
	if in.Sensor == "" {
		names = names[:0]
		for name := range r.tracks {
			if in.Group == "" || next.settings.holds(in.Group, name) {
				names = append(names, name)
			}
		}
		slices.SortFunc(names, natural)
	}
	first := true
	for _, name := range names {
		t := r.tracks[name]
		if t == nil {
			return before, after, "", fmt.Errorf("no sensor is named %s", display.Quote(name))
		}
		was, is := m.judge.Load().set(name, t.state.Unit), next.set(name, t.state.Unit)
		if first {
			before, after, unit, first = was[k], is[k], t.state.Unit, false
		}
		asked := was // a person who moves a threshold across another one is told so
		asked[k] = is[k]
		if err := errors.Join(asked.Validate(), is.Validate()); err != nil {
			if in.Sensor == "" {
				err = fmt.Errorf("%s: %w", display.Quote(name), err)
			}
			return before, after, unit, err
		}
	}
	if in.Sensor == "" {
		err = next.settings.alone(in).Validate()
	}
	return before, after, unit, err
}

// tell lets a change of thresholds be known: through the workflow, so that the logs
// have it in its place.
func (m *Monitor) tell(ctx context.Context, c Change, a Alert) error {
	r := m.recorder
	r.mu.Lock()
	at := r.clock
	r.mu.Unlock()
	if at.IsZero() {
		at = time.Now()
	}
	c.Time, a.Time = at, at
	if key := c.Scope.Sensor; key != "" {
		err := m.engine.Inject(ctx, key, at, Input{Kind: InputNote, By: c.By, Note: &a, Change: &c})
		if err != nil {
			return fmt.Errorf("moved, but the alert log does not say so: %w", err)
		}
		return nil
	}
	r.mu.Lock()
	a.Sensor = scopeName(c.Scope)
	r.line(a)
	r.changed(c)
	r.mu.Unlock()
	m.wake()
	return nil
}

// timed reports whether c moved a threshold for a time.
func (c *Change) timed() bool { return c.What == "threshold" && !c.Until.IsZero() }

// expire takes back the thresholds whose time is over.
func (m *Monitor) expire(ctx context.Context) {
	r := m.recorder
	var over []Change
	r.mu.Lock()
	for _, c := range r.changes {
		if c.timed() && !c.Undone && !c.Until.After(r.clock) {
			over = append(over, *c)
		}
	}
	r.mu.Unlock()
	for _, c := range over {
		if now, _ := m.judge.Load().settings.get(c.Scope, c.Kind); !now.Same(c.New) {
			r.over(c.ID) // somebody has moved it since, and means that
			continue
		}
		err := m.setRule(ctx, SetRule{
			Scope: c.Scope, Kind: c.Kind, Setting: r.lasting(c), By: "timer", Why: fmt.Sprintf("undo of %d", c.ID),
		}, c.ID)
		if err != nil && m.stuck != c.ID { // it is tried again
			m.stuck = c.ID
			m.cfg.Log.Error("timed threshold not taken back", "change", c.ID, "err", err)
		}
	}
}

// over marks a change whose time is over.
func (r *recorder) over(id uint64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.undone(id)
}

// undone marks a change as taken back; r.mu is locked.
func (r *recorder) undone(id uint64) {
	if i, ok := slices.BinarySearchFunc(r.changes, id, byID); ok {
		r.changes[i].Undone, r.changes[i].CanUndo = true, false
		r.keep.change(r.changes[i])
	}
}

func byID(c *Change, id uint64) int { return cmp.Compare(c.ID, id) }

// lasting returns what a timed change replaced or, where that was a timed one whose time
// is over, what that one replaced.
func (r *recorder) lasting(c Change) threshold.Setting {
	r.mu.Lock()
	defer r.mu.Unlock()
	to := c.Old
	for _, b := range slices.Backward(r.changes) {
		if b.ID < c.ID && b.timed() && b.Undone && b.Scope == c.Scope && b.Kind == c.Kind && b.New.Same(to) {
			to = b.Old
		}
	}
	return to
}

// undo takes a change back.
func (m *Monitor) undo(ctx context.Context, c Undo) error {
	old, err := m.recorder.changeOf(c.ID)
	if err != nil {
		return err
	}
	switch {
	case old.Undone:
		return fmt.Errorf("change %d is undone already", c.ID)
	case old.What == "threshold":
		return m.setRule(ctx, SetRule{
			Scope: old.Scope, Kind: old.Kind, Setting: old.Old, By: c.By, Why: fmt.Sprintf("undo of %d", c.ID),
		}, c.ID)
	case old.What == "shelve":
		return m.send(ctx, old.Scope.Sensor, Input{Kind: InputUnshelve, By: c.By},
			Change{What: "unshelve", By: c.By, Undoes: c.ID})
	case old.What == "out of service":
		return m.send(ctx, old.Scope.Sensor, Input{Kind: InputIn, By: c.By},
			Change{What: "back in service", By: c.By, Undoes: c.ID})
	}
	return fmt.Errorf("change %d (%s) cannot be undone", c.ID, old.What)
}

// changeOf returns a line of the journal.
func (r *recorder) changeOf(id uint64) (Change, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if i, ok := slices.BinarySearchFunc(r.changes, id, byID); ok {
		return *r.changes[i], nil
	}
	return Change{}, fmt.Errorf("the journal has no change %d", id)
}

// changed adds a line to the journal; r.mu is locked.
func (r *recorder) changed(c Change) {
	r.changeID++
	c.ID = r.changeID
	if c.What == "shelve" || c.What == "out of service" {
		c.CanUndo = true
	}
	r.undone(c.Undoes)
	if len(r.changes) >= changesKept {
		old := r.changes[:changesKept/4]
		pending := slices.DeleteFunc(slices.Clone(old), func(c *Change) bool { return !c.timed() || c.Undone })
		r.changes = slices.Concat(pending, r.changes[len(old):])
	}
	r.changes = append(r.changes, &c)
	r.keep.change(&c)
}

// holds reports whether the sensor is in the group of that name.
func (s *Settings) holds(group, sensor string) bool {
	return slices.ContainsFunc(s.Groups, func(g Group) bool { return g.Name == group && g.Holds(sensor) })
}

// alone returns the thresholds that the settings in a scope make by themselves: the
// sensors that they are for may be yet to come.
func (s *Settings) alone(in Scope) threshold.Set {
	set := s.Default.Over(threshold.None)
	switch i := slices.IndexFunc(s.Groups, func(g Group) bool { return g.Name == in.Group }); {
	case in.Sensor != "":
		own := s.Sensors[in.Sensor].Thresholds
		return own.Over(set)
	case in.Group != "" && i >= 0:
		return s.Groups[i].Thresholds.Over(set)
	}
	return set
}

// scopeName says what a scope is.
func scopeName(s Scope) string {
	switch {
	case s.Sensor != "":
		return display.Quote(s.Sensor)
	case s.Group != "":
		return "group " + display.Quote(s.Group)
	}
	return "all sensors"
}

// ruleWords says what else than the threshold's place has changed.
func ruleWords(a, b threshold.Rule) string {
	var text string
	add := func(name, from, to string) {
		if from != to {
			if text != "" {
				text += ", "
			}
			text += name + " " + from + " to " + to
		}
	}
	add("deadband", level(a.Deadband), level(b.Deadband))
	add("on-delay", a.OnDelay.String(), b.OnDelay.String())
	add("off-delay", a.OffDelay.String(), b.OffDelay.String())
	return text
}
