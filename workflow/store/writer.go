package store

import (
	"fmt"
	"time"
)

// attempt is a transaction that is tried.
type attempt struct {
	ops     []op // at the head of the queue
	snap    *saving
	begun   time.Time
	hurry   bool   // somebody waits
	commits uint64 // in the file if it succeeds
	in      bool   // it is in the file
}

// run writes until the store is closed.
func (s *Store) run() {
	for s.wait() {
		if err := s.round(); err != nil {
			s.mu.Lock()
			s.failed(err)
			s.ring()
			s.mu.Unlock()
		}
	}
	close(s.done)
	s.mu.Lock()
	s.ring()
	s.mu.Unlock()
}

// idle is how long the writer waits when nothing is due.
const idle = time.Minute

// wait returns true when something is due, and false when the store is closed and
// there is nothing more to be tried.
func (s *Store) wait() bool {
	for {
		s.mu.Lock()
		due, more := s.due(time.Now())
		s.mu.Unlock()
		if !more || due <= 0 {
			return more
		}
		timer := time.NewTimer(due)
		select {
		case <-s.wake:
		case <-timer.C:
		}
		timer.Stop()
	}
}

// due returns when the writer has to do something, and false when it is to end. It
// is called with mu locked.
func (s *Store) due(now time.Time) (time.Duration, bool) {
	healthy := s.state == ""
	switch {
	case s.closed && (len(s.queue) == 0 && s.snap == nil || !healthy && s.tried || s.hole && s.snap == nil):
		return 0, false
	case s.closed, s.snap != nil, healthy && s.suspect.Load():
		s.tried = s.closed
		return 0, true
	case s.hole:
		return idle, true
	case s.hurry:
		return 0, true
	case !healthy:
		return s.retry.Sub(now), true
	case s.records >= maxGroup, s.upkeep.more:
		return 0, true
	case len(s.queue) > 0:
		return s.queue[0].at.Add(s.o.Window).Sub(now), true
	}
	return s.upkeep.due.Sub(now), true
}

// round makes one attempt to write what waits, then some upkeep.
func (s *Store) round() error {
	if err := s.ready(); err != nil {
		return err
	}
	if try := s.take(); try != nil {
		if err := s.write(try); err != nil {
			s.doubt(try, err)
			if !try.in {
				try.snap.end(err)
				return err
			}
		} else {
			s.settle(try)
		}
	}
	err := s.upkeep.slice(s)
	if err != nil {
		s.doubt(nil, err)
	}
	return err
}

// take returns what to write next, nil if there is nothing.
func (s *Store) take() *attempt {
	s.mu.Lock()
	defer s.mu.Unlock()
	try := &attempt{snap: s.snap, begun: time.Now(), hurry: s.hurry}
	s.snap, s.hurry = nil, false
	if s.hole && try.snap != nil && try.snap.position < s.need {
		try.snap.end(fmt.Errorf("snapshot at position %d: want one after %d, because of what was lost", try.snap.position, s.need))
		try.snap = nil
	}
	if s.hole && try.snap == nil {
		return nil
	}
	n := 0
	for records := 0; n < len(s.queue) && (records < maxBatch || try.snap != nil); n++ {
		records += s.queue[n].size()
	}
	if n == 0 && try.snap == nil && s.state == "" {
		return nil // in trouble even an empty transaction tells something
	}
	s.busy, try.ops = n, s.queue[:n:n]
	return try
}

// write makes a transaction of try.
func (s *Store) write(try *attempt) error {
	d := s.disk
	try.commits = d.commits + 1
	return d.commit(func() error {
		for i := range try.ops {
			o := &try.ops[i]
			for j := range o.rows {
				if err := d.add(&o.rows[j]); err != nil {
					return err
				}
				d.last = max(d.last, o.rows[j].pos)
			}
			if o.do == nil {
				continue
			}
			if err := o.do(d); err != nil {
				return err
			}
		}
		if try.snap == nil {
			return nil
		}
		return s.writeSnapshot(d, try.snap)
	})
}

// doubt closes the connection after an error and reads in the file whether try is
// in it all the same. If the file cannot be read it stays in doubt.
func (s *Store) doubt(try *attempt, why error) {
	s.disk.abandon()
	s.disk, s.crashed, s.unsure = nil, !empty(s.path+"-wal"), try
	if isDamage(why) {
		s.suspect.Store(true)
	}
	_ = s.ready() // why is told
}

// ready opens the file if it is not open, and finds out about an attempt in doubt.
func (s *Store) ready() (err error) {
	if s.suspect.Swap(false) {
		if s.disk != nil {
			s.disk.abandon()
			s.disk = nil
		}
		if err := s.renew(ErrDamaged); err != nil {
			s.suspect.Store(true)
			return err
		}
	}
	if s.disk != nil {
		return nil
	}
	d, err := s.open()
	if isDamage(err) {
		if err = s.renew(err); err == nil {
			d, err = s.open()
		}
	}
	if err != nil {
		return err
	}
	s.disk = d
	try := s.unsure
	if s.unsure = nil; try == nil {
		return nil
	}
	if try.in = d.state.id == s.lock.mark.store && d.commits == try.commits; try.in {
		s.settle(try)
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.busy = 0
	return nil
}

// renew begins a new file in place of a damaged one. It has no snapshot and no
// journal yet, and gets both from the next snapshot.
func (s *Store) renew(why error) error {
	if err := s.replace(why); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hole, s.need = true, max(s.need, s.durable)
	s.ring()
	return nil
}

// settle takes what is on disk off the queue and tells who wants to know.
func (s *Store) settle(try *attempt) {
	d := s.disk
	s.lock.mark = mark{store: d.state.id, commits: d.commits}
	s.lock.write(s.lock.mark)
	s.tell(try.ops)
	s.mu.Lock()
	n := len(try.ops)
	if n > 0 {
		s.written = try.ops[n-1].seq
	}
	for i := range try.ops {
		s.records -= try.ops[i].size()
	}
	rest := make([]op, len(s.queue)-n, max(len(s.queue)-n, cap(s.queue)/2))
	copy(rest, s.queue[n:])
	s.queue, s.busy = rest, 0
	s.durable = d.last
	s.hurry = s.hurry || try.hurry && len(s.queue) > 0
	if try.snap != nil {
		s.hole = false
	}
	s.recovered(time.Since(try.begun))
	s.ring()
	s.mu.Unlock()
	try.snap.end(nil)
}

// tell tells of the events in ops, in their order.
func (s *Store) tell(ops []op) {
	var kept []count
	flush := func(list []count, f func(string, int)) {
		for _, c := range list {
			if f != nil {
				f(c.source, c.n)
			}
		}
	}
	for i := range ops {
		for j := range ops[i].rows {
			if r := &ops[i].rows[j]; r.counts {
				kept = tally(kept, r.source, 1)
			}
		}
		if ops[i].lost != nil {
			flush(kept, s.o.Committed)
			flush(ops[i].lost, s.o.Lost)
			kept = nil
		}
	}
	flush(kept, s.o.Committed)
}
