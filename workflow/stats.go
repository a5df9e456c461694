package workflow

import (
	"errors"
	"fmt"
	"sync"
	"time"
)

// Stats is a picture of an engine. The counters satisfy the accounting law at
// every instant; Check tells whether they do.
//
//	Offered    = Received + Waiting + Rejected
//	Received   = Folded + Coalesced + DroppedOldest + DroppedNewest + Late + DeadFold + Queued
//	Dispatched = Handled + DeadHandler + Shed + Open
//	Letters    = Stored + Lost
//	Found + Stored = Kept + Redriven + DroppedLetters
//	Outcomes <= Offered, Handled + DeadHandler + Open
type Stats struct {
	Offered  uint64 // events that somebody tried to put in
	Received uint64 // admitted, or dropped and counted
	Waiting  uint64 // held back by a full queue right now
	Rejected uint64 // refused: full, closed, or the producer gave up waiting
	Outcomes uint64 // of Offered: the feedback that handlers' outcomes brought

	Folded        uint64 // led through the steps, the state committed
	Coalesced     uint64 // replaced in the queue by a newer one of the key
	DroppedOldest uint64
	DroppedNewest uint64
	Late          uint64 // older than the key's newest by more than the lateness
	DeadFold      uint64 // invalid, unrouted, a panic in a step, too many hops
	Queued        uint64 // waiting to be folded or being folded

	Dispatched  uint64 // sent to handlers
	Handled     uint64
	DeadHandler uint64 // failed for good, timed out, shut down
	Shed        uint64 // dropped before a handler by its policy
	Open        uint64 // queued for a handler, running, or waiting to be retried

	Letters uint64 // dead letters produced
	Stored  uint64
	Lost    uint64 // that the store would not take

	Found          uint64 // letters that were in the store when the engine was made
	Kept           uint64 // that are in it now
	Redriven       uint64 // that left it by Redrive
	DroppedLetters uint64 // that left it by Drop

	Replayed      uint64 // events that were folded again when the engine was made
	JournalErrors uint64 // batches that the journal would not take, each try counted

	Revision  uint64
	Keys      int           // keys with a state
	Forgotten uint64        // keys whose state was let go after a silence
	Capacity  int           // of the event queues
	HighWater int           // most that was ever queued
	Abandoned int           // handler attempts and sources that did not return
	Oldest    time.Duration // how long the oldest of the Queued has been here; 0: there is none
	Fold      Quantiles     // from the hand-over by the producer to the committed state
	Nodes     []NodeStats
	Sources   []SourceStats
}

// SourceStats is how one source does.
type SourceStats struct {
	Name     string
	State    string // one of SourceRunning, SourceStale, ...
	Admitted uint64
	Restarts int
	Last     time.Time // when it last emitted, or began to run
	Err      error     // its newest failure, nil if it never failed

	MostRestarts int           // it may be started so often within Window
	Window       time.Duration // 0: it is never started again
	Failures     int           // within Window, the newest included; 0 unless it is restarting
	Again        time.Time     // when it is started again; zero unless it is restarting
}

// NodeStats is how one node does.
type NodeStats struct {
	Name string
	Step bool // else it is a handler

	Passed uint64 // events that left a step, whatever by

	Dispatched, Handled, Dead, Shed, Open uint64
	Retries                               uint64
	Refused                               uint64    // of Dead: by the breaker, or for too many hanging attempts
	Abandoned                             uint64    // attempts that did not return in time
	Hanging                               int       // of these, the ones that have not returned yet
	Latency                               Quantiles // of a handler: from dispatch to its end
}

// Quantiles of a latency.
type Quantiles struct {
	P50, P90, P99, P999, Max time.Duration
	N                        int64 // how many were measured
}

// Check returns an error that names every equation of the law that does not hold.
func (s Stats) Check() error {
	var errs []error
	equal := func(name string, left uint64, right ...uint64) {
		var sum uint64
		for _, r := range right {
			sum += r
		}
		if left != sum {
			errs = append(errs, fmt.Errorf("%s: %d is not %d = the sum of %d", name, left, sum, right))
		}
	}
	equal("offered", s.Offered, s.Received, s.Waiting, s.Rejected)
	equal("received", s.Received, s.Folded, s.Coalesced, s.DroppedOldest, s.DroppedNewest, s.Late, s.DeadFold, s.Queued)
	equal("dispatched", s.Dispatched, s.Handled, s.DeadHandler, s.Shed, s.Open)
	equal("letters", s.Letters, s.Stored, s.Lost)
	equal("stored", s.Found+s.Stored, s.Kept, s.Redriven, s.DroppedLetters)
	if most := min(s.Offered, s.Handled+s.DeadHandler+s.Open); s.Outcomes > most {
		errs = append(errs, fmt.Errorf("outcomes: %d are more than %d", s.Outcomes, most))
	}
	for _, n := range s.Nodes {
		equal("handler "+n.Name, n.Dispatched, n.Handled, n.Dead, n.Shed, n.Open)
	}
	return errors.Join(errs...)
}

// Stats returns a picture of the engine; see [Stats.Check]. Its latencies may be
// up to half a second older than its counters.
func (e *Engine[E, S]) Stats() Stats { return e.stats(500 * time.Millisecond) }

func (e *Engine[E, S]) stats(staleness time.Duration) Stats {
	var st Stats
	st.Nodes = make([]NodeStats, len(e.nodes))
	for _, s := range e.shards {
		s.add(&st)
	}
	for i := range e.nodes {
		n := &st.Nodes[i]
		n.Name, n.Step = e.nodes[i].name, e.nodes[i].step != nil
		for _, l := range e.lanes[i] {
			l.add(&st, n)
		}
	}
	e.post.add(&st)
	st.Replayed, st.JournalErrors = e.replayed, e.journalErrors.Load()
	e.measure(&st, staleness)
	e.mu.Lock()
	defer e.mu.Unlock()
	st.Revision = e.revision
	st.Abandoned += e.abandoned
	now := time.Now()
	for _, s := range e.sources {
		st.Sources = append(st.Sources, s.stats(now))
	}
	return st
}

// measured is what the latencies were when they were last worked out.
type measured struct {
	mu    sync.Mutex
	at    time.Time
	fold  Quantiles
	nodes []Quantiles
}

// measure fills in the quantiles of all latencies. They are the dear part of
// Stats, so they are worked out anew only when they are older than staleness.
func (e *Engine[E, S]) measure(st *Stats, staleness time.Duration) {
	m := &e.measured
	m.mu.Lock()
	defer m.mu.Unlock()
	if now := time.Now(); m.nodes == nil || now.Sub(m.at) >= staleness {
		m.at = now
		m.fold, m.nodes = e.quantiles()
	}
	st.Fold = m.fold
	for i, q := range m.nodes {
		st.Nodes[i].Latency = q
	}
}

func (e *Engine[E, S]) quantiles() (fold Quantiles, nodes []Quantiles) {
	var all latency
	for _, s := range e.shards {
		s.mu.Lock()
		all.merge(&s.lat)
		s.mu.Unlock()
	}
	for _, lanes := range e.lanes {
		var lat latency
		for _, l := range lanes {
			l.q.mu.Lock()
			lat.merge(&l.lat)
			l.q.mu.Unlock()
		}
		nodes = append(nodes, lat.quantiles())
	}
	return all.quantiles(), nodes
}
