package store

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"setpoint/workflow"
)

// errLost is returned to who waits for a record that was discarded.
var errLost = errors.New("the record was discarded, because the disk did not write for too long")

// errHole is returned to who waits for the disk while it waits for a snapshot.
var errHole = errors.New("records were discarded, nothing is written before the next snapshot")

// op is a change that waits for the disk.
type op struct {
	seq  uint64
	at   time.Time
	rows []row             // records, or
	do   func(*disk) error // another change, or
	lost []count           // events of records that were discarded
}

// count is a number of events of a source.
type count struct {
	source string
	n      int
}

// tally adds n events of a source to list.
func tally(list []count, source string, n int) []count {
	for i := range list {
		if list[i].source == source {
			list[i].n += n
			return list
		}
	}
	return append(list, count{source, n})
}

// size is what an op counts for in the buffer.
func (o *op) size() int {
	if o.do != nil {
		return 1
	}
	return len(o.rows)
}

// add appends records to the journal and returns the position of the last.
func (s *Store) add(ctx context.Context, rows []row) (workflow.Position, error) {
	return s.push(ctx, op{rows: rows})
}

// push puts a change at the end of the queue, once there is room for it.
func (s *Store) push(ctx context.Context, o op) (workflow.Position, error) {
	if ctx.Err() != nil {
		return 0, context.Cause(ctx)
	}
	n := o.size()
	err := s.await(ctx, func() (bool, error) {
		switch {
		case s.o.ReadOnly:
			return true, ErrReadOnly
		case s.dead != nil:
			return true, s.dead
		case s.closed:
			return true, ErrClosed
		}
		room := func() bool { return s.records == 0 || s.records+n <= s.o.buffer }
		for !room() && (s.state != "" || s.hole) && s.discard() {
			continue
		}
		if !room() {
			return false, nil
		}
		s.enqueue(o)
		return true, nil
	})
	if err != nil {
		return 0, err
	}
	return o.last(s), nil
}

// last returns the position that push tells.
func (o *op) last(s *Store) workflow.Position {
	if n := len(o.rows); n > 0 {
		return o.rows[n-1].pos
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.last
}

// enqueue puts o at the end of the queue. It is called with mu locked.
func (s *Store) enqueue(o op) {
	if o.do == nil && len(o.rows) == 0 {
		return
	}
	for i := range o.rows {
		s.last++
		o.rows[i].pos = s.last
	}
	s.seq++
	o.seq, o.at = s.seq, time.Now()
	s.queue = append(s.queue, o)
	before := s.records
	s.records += o.size()
	if before == 0 || before < maxGroup && s.records >= maxGroup {
		s.prod()
	}
}

// discard gives up the oldest records that are not being written; other changes
// only when there are no records. It reports whether it could. It is called with mu
// locked.
func (s *Store) discard() bool {
	free := s.queue[s.busy:]
	i := slices.IndexFunc(free, func(o op) bool { return len(o.rows) > 0 })
	if i < 0 {
		i = slices.IndexFunc(free, func(o op) bool { return o.do != nil })
	}
	if i < 0 {
		return false
	}
	o := &free[i]
	s.lost += uint64(o.size())
	s.records -= o.size()
	var lost []count
	if i > 0 && free[i-1].lost != nil { // the gap grows
		lost = free[i-1].lost
	}
	for _, r := range o.rows {
		if r.counts {
			lost = tally(lost, r.source, 1)
		}
	}
	if len(o.rows) > 0 {
		if !s.hole || s.from == 0 {
			s.from = o.rows[0].pos
		}
		s.to = o.rows[len(o.rows)-1].pos
		s.hole, s.need = true, s.to
	}
	o.rows, o.do, o.lost = nil, nil, append([]count{}, lost...)
	if i > 0 && free[i-1].lost != nil {
		s.queue = slices.Delete(s.queue, s.busy+i-1, s.busy+i)
	}
	return true
}

// ring wakes all who await something. It is called with mu locked.
func (s *Store) ring() {
	close(s.changed)
	s.changed = make(chan struct{})
}

// prod wakes the writer.
func (s *Store) prod() {
	select {
	case s.wake <- struct{}{}:
	default:
	}
}

// await calls f with mu locked, again whenever something changed, until it returns
// true or an error.
func (s *Store) await(ctx context.Context, f func() (bool, error)) error {
	for {
		s.mu.Lock()
		ok, err := f()
		changed := s.changed
		s.mu.Unlock()
		if ok || err != nil {
			return err
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// Flush returns when everything that was appended and put is on disk. It fails when
// ctx is done, when an attempt to write fails (it is made again, whether somebody
// waits or not), and where records were discarded.
func (s *Store) Flush(ctx context.Context) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	s.mu.Lock()
	seq, fails := s.seq, s.fails
	s.hurry = s.hurry || s.written < seq
	s.mu.Unlock()
	s.prod()
	return s.await(ctx, func() (bool, error) {
		switch {
		case s.written >= seq:
			return true, nil
		case s.dead != nil:
			return true, s.dead
		case s.hole:
			return true, errHole
		case s.fails > fails:
			return true, s.err
		case s.gone():
			return true, ErrClosed
		}
		return false, nil
	})
}

// gone reports whether the writer has ended.
func (s *Store) gone() bool {
	select {
	case <-s.done:
		return true
	default:
		return false
	}
}

// Wait returns when the record at a position is on disk, and asks for that at once. It
// waits however often it takes. It fails when ctx is done, when that record was
// discarded, and when the store is closed.
func (s *Store) Wait(ctx context.Context, pos workflow.Position) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	s.mu.Lock()
	s.hurry = s.hurry || s.durable < pos
	s.mu.Unlock()
	s.prod()
	return s.await(ctx, func() (bool, error) {
		switch {
		case s.from <= pos && pos <= s.to && s.from > 0:
			return true, errLost
		case s.durable >= pos:
			return true, nil
		case s.dead != nil:
			return true, s.dead
		case s.gone():
			return true, ErrClosed
		case pos > s.last:
			return true, fmt.Errorf("position %d: want at most %d", pos, s.last)
		}
		return false, nil
	})
}
