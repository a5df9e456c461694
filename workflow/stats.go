package workflow

import (
	"errors"
	"fmt"
	"time"
)

// Stats is a picture of an engine. The counters satisfy the accounting law at
// every instant; Check tells whether they do.
//
//	Offered    = Received + Waiting + Rejected
//	Received   = Folded + Coalesced + DroppedOldest + DroppedNewest + Late + DeadFold + Queued
//	Dispatched = Handled + DeadHandler + Shed + Open
//	Letters    = Stored + Lost
type Stats struct {
	Offered  uint64 // events that somebody tried to put in
	Received uint64 // admitted, or dropped and counted
	Waiting  uint64 // held back by a full queue right now
	Rejected uint64 // refused: full, closed, or the producer gave up waiting

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

	Revision  uint64
	Keys      int       // keys with a state
	Capacity  int       // of the event queues
	HighWater int       // most that was ever queued
	Abandoned int       // handler attempts and sources that did not return
	Fold      Quantiles // from the hand-over by the producer to the committed state
	Nodes     []NodeStats
	Sources   []SourceStats
}

// SourceStats is how one source does.
type SourceStats struct {
	Name string
	Done bool
	Err  error // why it failed, nil if it has not
}

// NodeStats is how one node does.
type NodeStats struct {
	Name string
	Step bool // else it is a handler

	Passed uint64 // events that left a step, whatever by

	Dispatched, Handled, Dead, Shed, Open uint64
	Retries                               uint64
	Abandoned                             uint64
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
	for _, n := range s.Nodes {
		equal("handler "+n.Name, n.Dispatched, n.Handled, n.Dead, n.Shed, n.Open)
	}
	return errors.Join(errs...)
}
