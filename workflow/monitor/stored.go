package monitor

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"time"

	"setpoint/sensors"
	"setpoint/sensors/display"
	"setpoint/workflow"
	"setpoint/workflow/store"
)

// stored is the readings that a state directory holds, as a source.
type stored struct {
	dir    string
	follow bool // until the context is done
}

// Name returns the source as the user wrote it.
func (s *stored) Name() string { return "store:" + s.dir }

// Sensors returns what the sources of the store have told of their sensors.
func (s *stored) Sensors() (list []sensors.Sensor) {
	st, err := store.Open(s.dir, store.Options{ReadOnly: true})
	if err != nil {
		return nil // Run tells
	}
	defer st.Close()
	notes, err := st.Notes(context.Background(), topicDeclared, sensorsMost)
	if err != nil {
		return nil
	}
	for _, n := range notes {
		var one sensors.Sensor
		if json.Unmarshal(n.Body, &one) == nil {
			one.Name = n.Key
			list = append(list, one)
		}
	}
	return list
}

// sensorsMost is how many sensors a store is asked for.
const sensorsMost = 1 << 20

// lookEvery is how often a store that somebody else writes to is looked at.
const lookEvery = 500 * time.Millisecond

// laggard is how much older than the newest readings those that are added later may
// be: sensors take turns, and the clocks of some are slow.
const laggard = time.Minute

// Run pushes the readings in the order of their times, and those that are added later
// as they come.
func (s *stored) Run(ctx context.Context, sink sensors.Sink) error {
	st, err := store.Open(s.dir, store.Options{ReadOnly: true})
	if err != nil {
		return &StoreError{err}
	}
	defer st.Close()
	newest := map[string]time.Time{} // of each sensor
	var from time.Time
	for {
		began := time.Now()
		if err := s.look(ctx, st, from, newest, sink); err != nil || !s.follow {
			return err
		}
		from = since(newest, time.Now())
		wait := time.NewTimer(max(lookEvery, 4*time.Since(began))) // the readings of a minute are read again
		select {
		case <-wait.C:
		case <-ctx.Done():
			wait.Stop()
			return ctx.Err()
		}
	}
}

// look pushes the readings from a time on that are newer than the newest of their
// sensors, or all of them the first time.
func (s *stored) look(ctx context.Context, st *store.Store, from time.Time, newest map[string]time.Time, sink sensors.Sink) error {
	for r, err := range st.History(ctx, "", from, time.Time{}) {
		if err != nil {
			return &StoreError{err}
		}
		if !from.IsZero() && !r.Time.After(newest[r.Key]) {
			continue
		}
		newest[r.Key] = r.Time
		if err := sink.Reading(ctx, reading(r)); err != nil {
			return err
		}
	}
	return nil
}

// since returns from when on to look for readings next. A clock that is ahead of now
// says nothing of the other sensors.
func since(newest map[string]time.Time, now time.Time) (from time.Time) {
	for _, t := range newest {
		if t.After(now) {
			t = now
		}
		if t = t.Add(-laggard); t.After(from) {
			from = t
		}
	}
	return from
}

func reading(r store.Reading) sensors.Reading {
	return sensors.Reading{
		Sensor: r.Key, Time: r.Time, Value: r.Value.Value, Unit: r.Unit, Quality: sensors.Quality(r.Quality),
	}
}

// WriteHistory writes the readings that a state directory holds as JSON lines: of the
// sensors in only (none: of all), from a time and before another (zero: no bound).
func WriteHistory(ctx context.Context, out io.Writer, dir string, only []string, from, to time.Time) error {
	st, err := store.Open(dir, store.Options{ReadOnly: true})
	if err != nil {
		return &StoreError{err}
	}
	defer st.Close()
	w := bufio.NewWriterSize(out, 1<<16)
	var buf []byte
	for r, err := range some(ctx, st, only, from, to) {
		if err != nil {
			return &StoreError{err}
		}
		buf = append(buf[:0], `{"time":"`...)
		buf = r.Time.UTC().AppendFormat(buf, "2006-01-02T15:04:05.000000000Z")
		buf = append(buf, `","sensor":`...)
		buf = display.AppendJSON(buf, r.Key)
		buf = append(buf, `,"value":`...)
		if sensors.Finite(r.Value.Value) {
			buf = strconv.AppendFloat(buf, r.Value.Value, 'g', -1, 64)
		} else {
			buf = append(buf, "null"...)
		}
		buf = append(buf, `,"quality":`...)
		buf = strconv.AppendQuote(buf, sensors.Quality(r.Quality).String())
		if r.Unit != "" {
			buf = append(buf, `,"unit":`...)
			buf = display.AppendJSON(buf, r.Unit)
		}
		if _, err := w.Write(append(buf, '}', '\n')); err != nil {
			return err
		}
	}
	return w.Flush()
}

// some yields the readings of the named sensors, one sensor after the other, or of
// all by time.
func some(ctx context.Context, st *store.Store, only []string, from, to time.Time) iter.Seq2[store.Reading, error] {
	if len(only) == 0 {
		return st.History(ctx, "", from, to)
	}
	return func(yield func(store.Reading, error) bool) {
		for _, name := range only {
			for r, err := range st.History(ctx, name, from, to) {
				if !yield(r, err) {
					return
				}
			}
		}
	}
}

// StoredLetters returns the dead letters that a state directory holds, oldest first:
// those with the given IDs, or all.
func StoredLetters(ctx context.Context, dir string, ids []uint64) ([]Letter, error) {
	st, err := store.Open(dir, store.Options{ReadOnly: true})
	if err != nil {
		return nil, &StoreError{err}
	}
	defer st.Close()
	list, err := store.Letters(st, form, states).List(ctx, workflow.Filter{IDs: ids})
	if err != nil {
		return nil, &StoreError{err}
	}
	for _, id := range ids {
		if !slices.ContainsFunc(list, func(l workflow.Letter[Input, State]) bool { return l.ID == id }) {
			return nil, fmt.Errorf("no dead letter has the number %d", id)
		}
	}
	var out []Letter
	for _, l := range list {
		out = append(out, letter(l))
	}
	return out, nil
}

// HandleLetters sends the dead letters of a state directory again, or throws them
// away, and returns when that is done: those with the given IDs, or all.
func HandleLetters(ctx context.Context, c Config, redrive bool, ids []uint64, by string) (*Summary, error) {
	if there, err := StoredLetters(ctx, c.State, ids); err != nil || len(there) == 0 {
		return new(Summary), err
	}
	var m *Monitor
	c.Sources = []sensors.Source{deed(func(ctx context.Context, sink sensors.Sink) error {
		var err error
		if redrive {
			err = m.Do(RetryLetters{IDs: ids, By: by})
		} else {
			err = m.Do(DropLetters{IDs: ids, By: by})
		}
		if err == nil {
			err = sink.Settle(ctx)
		}
		return err
	})}
	m, err := New(c)
	if err != nil {
		return nil, err
	}
	return m.Run(ctx)
}

// A deed is a source that does something once.
type deed func(context.Context, sensors.Sink) error

// Name returns what the source is called.
func (deed) Name() string { return "letters" }

// Run does it.
func (d deed) Run(ctx context.Context, sink sensors.Sink) error { return d(ctx, sink) }
