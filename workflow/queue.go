package workflow

import (
	"context"
	"runtime"
	"strconv"
	"sync"
)

// Overflow says what happens to an event that comes to a full queue.
type Overflow uint8

// The policies. Whatever is lost is counted by its reason.
const (
	Block      Overflow = iota // the producer waits
	DropOldest                 // the oldest data event makes room
	DropNewest                 // the event that came is dropped
	Coalesce                   // it takes the place of its key's queued one, or waits if there is none
	Reject                     // it is refused with ErrFull
)

var overflowNames = [...]string{"block", "drop-oldest", "drop-newest", "coalesce", "reject"}

// String returns the policy's name, as ParseOverflow takes it.
func (o Overflow) String() string {
	if int(o) < len(overflowNames) {
		return overflowNames[o]
	}
	return "overflow " + strconv.Itoa(int(o))
}

// ParseOverflow returns the policy with the given name.
func ParseOverflow(name string) (Overflow, bool) {
	for i, n := range overflowNames {
		if n == name {
			return Overflow(i), true
		}
	}
	return 0, false
}

// element is what a queue holds.
type element interface {
	key() string
	keep() bool // never dropped, never coalesced
	wall() bool // nothing that comes later may take a place before it
}

// queue is a bounded queue with one consumer. Its counters change under its lock
// together with what they count, so the law holds for every queue at every
// instant:
//
//	offered = received + waiting + rejected
//	received = taken out of it for good + coalesced + droppedOldest + droppedNewest + n + inflight
type queue[T element] struct {
	mu       sync.Mutex
	ring     []T
	head, n  int
	held     int    // places right before head that are not free: the consumer has them
	first    uint64 // running number of the element at head
	capacity int
	inflight int  // taken by the consumer, not yet committed by it
	waiting  int  // producers held back
	sealed   bool // takes no more from outside
	closed   bool // takes no more

	// index finds the element of a key that a newer one may replace: its newest,
	// unless one that is kept or a wall came after it. It is built when the queue is
	// full and a producer coalesces, and thrown away once the queue is empty.
	index map[string]uint64

	room  chan struct{} // closed and replaced when held producers may try again
	ready chan struct{} // one slot: wakes the consumer
	idle  bool          // the consumer waits on ready

	shed func(T) // told of each element that the policy drops; nil: nobody

	offered, received, rejected             uint64
	coalesced, droppedOldest, droppedNewest uint64
	highWater                               int
}

func newQueue[T element](capacity int) *queue[T] {
	return &queue[T]{
		ring: make([]T, min(capacity, 64)), capacity: capacity,
		room: make(chan struct{}), ready: make(chan struct{}, 1),
	}
}

// push puts v into the queue, or does what policy says when it is full. With
// over it is put in even so, and even if the queue is sealed: feedback must never
// wait for the fold it came from.
func (q *queue[T]) push(ctx context.Context, v *T, policy Overflow, over bool) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.enter(ctx, v, policy, over)
}

// enter is push for one who has q.mu locked.
func (q *queue[T]) enter(ctx context.Context, v *T, policy Overflow, over bool) error {
	q.offered++
	if q.sealed && !over {
		q.rejected++
		return ErrClosed
	}
	for !q.closed && !over && q.n >= q.capacity {
		if done, err := q.overflow(v, policy); done {
			return err
		}
		if err := q.hold(ctx); err != nil {
			q.rejected++
			return err
		}
	}
	if q.closed {
		q.rejected++
		return ErrClosed
	}
	q.received++
	q.add(v)
	return nil
}

// tryPush is push for one who must not wait: where it would, it does nothing and
// reports false. A policy other than Block promises not to hold the fold back, so
// what must be kept is put in over the capacity then.
func (q *queue[T]) tryPush(v *T, policy Overflow) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.offered++
	switch {
	case q.closed:
		q.rejected++
		return true
	case q.n < q.capacity, policy != Block && (*v).keep():
		q.received++
		q.add(v)
		return true
	}
	done, _ := q.overflow(v, policy)
	if !done {
		q.offered--
	}
	return done
}

// overflow deals with v while the queue is full; false: v has to wait.
func (q *queue[T]) overflow(v *T, policy Overflow) (done bool, err error) {
	if (*v).keep() {
		return false, nil
	}
	switch policy {
	case DropOldest:
		q.received++
		if q.dropOldest() {
			q.add(v)
		} else {
			q.drop(*v)
		}
	case DropNewest:
		q.received++
		q.droppedNewest++
		q.drop(*v)
	case Coalesce:
		return q.coalesce(v), nil
	case Reject:
		q.rejected++
		q.drop(*v)
		return true, ErrFull
	default:
		return false, nil
	}
	return true, nil
}

// dropOldest drops the oldest droppable element; the few that must be kept and
// stand before it move up by one. false: there is none but the one that came.
func (q *queue[T]) dropOldest() bool {
	q.droppedOldest++
	for i := range q.n {
		if (*q.at(i)).keep() {
			continue
		}
		q.drop(*q.at(i))
		if key := (*q.at(i)).key(); q.index != nil && q.index[key] == q.first+uint64(i) {
			delete(q.index, key)
		}
		for j := i; j > 0; j-- {
			*q.at(j) = *q.at(j - 1)
		}
		q.skip()
		return true
	}
	return false
}

func (q *queue[T]) drop(v T) {
	if q.shed != nil {
		q.shed(v)
	}
}

// coalesce puts v in the place of its key's newest queued element, if that does
// not lead it past a kept element of its key or past a wall.
func (q *queue[T]) coalesce(v *T) bool {
	if q.index == nil {
		q.index = make(map[string]uint64, q.n)
		for i := range q.n {
			q.note(i)
		}
	}
	no, ok := q.index[(*v).key()]
	if !ok || no < q.first {
		return false
	}
	q.drop(*q.at(int(no - q.first)))
	*q.at(int(no - q.first)) = *v
	q.received++
	q.coalesced++
	return true
}

// note enters the element at place i into the index.
func (q *queue[T]) note(i int) {
	switch e := *q.at(i); {
	case e.wall():
		clear(q.index)
	case e.keep():
		delete(q.index, e.key())
	default:
		q.index[e.key()] = q.first + uint64(i)
	}
}

// hold waits until there may be room. It is called and returns with q.mu locked.
func (q *queue[T]) hold(ctx context.Context) error {
	q.waiting++
	room := q.room
	q.mu.Unlock()
	var err error
	select {
	case <-room:
	case <-ctx.Done():
		err = context.Cause(ctx)
	}
	q.mu.Lock()
	q.waiting--
	return err
}

// at returns the element at place i, counted from the oldest.
func (q *queue[T]) at(i int) *T {
	i += q.head
	if i >= len(q.ring) {
		i -= len(q.ring)
	}
	return &q.ring[i]
}

// add appends v and wakes the consumer.
func (q *queue[T]) add(v *T) {
	if q.n+q.held == len(q.ring) {
		q.grow()
	}
	*q.at(q.n) = *v
	q.n++
	if q.index != nil {
		q.note(q.n - 1)
	}
	q.highWater = max(q.highWater, q.n)
	q.wake()
}

// wake wakes the consumer if it waits. It is called with q.mu locked.
func (q *queue[T]) wake() {
	if q.idle {
		q.idle = false
		q.ready <- struct{}{} // has room: only an idle consumer is woken, once
	}
}

// grow moves the elements to a new ring and leaves the old one to the consumer. It is
// a larger one, unless the old one would do were it not for places held.
// yield lets producers come first: who is waited for need not be woken.
func (q *queue[T]) yield() {
	q.mu.Unlock()
	runtime.Gosched()
	q.mu.Lock()
}

func (q *queue[T]) grow() {
	size := max(len(q.ring), 8)
	if size < 2*(q.capacity+batchSize) || q.n > size/2 {
		size *= 2
	}
	ring := make([]T, size)
	for i := range q.n {
		ring[i] = *q.at(i)
	}
	q.ring, q.head, q.held = ring, 0, 0
}

// skip removes the oldest element. Its place is free only when those before it are.
func (q *queue[T]) skip() {
	var zero T
	*q.at(0) = zero
	q.forward(1)
	if q.held > 0 {
		q.held++
	}
}

func (q *queue[T]) forward(k int) {
	if q.head += k; q.head >= len(q.ring) {
		q.head -= len(q.ring)
	}
	q.n -= k
	q.first += uint64(k)
}

// take returns the oldest elements, at most limit of them, where they stand: so
// nothing is copied while producers wait for the lock. They are the consumer's, to be
// cleared by it, until it takes again, and in flight until it commits them by lowering
// inflight. Producers are woken when there is room for some, for waking them costs
// more than an event. It is called with q.mu locked.
func (q *queue[T]) take(limit int) []T {
	k := min(limit, q.n, len(q.ring)-q.head)
	taken := q.ring[q.head : q.head+k]
	q.forward(k)
	q.held = k
	q.inflight += k
	if q.n == 0 {
		q.index = nil
	}
	if room := q.capacity - q.n; q.waiting > 0 && room >= min(max(q.capacity/2, 1), 4*max(limit, 4)) {
		close(q.room)
		q.room = make(chan struct{})
	}
	return taken
}

// seal refuses what comes from outside from now on. Who is held back already
// still gets in: so once the queue is empty and nobody is held, it stays empty but
// for feedback.
func (q *queue[T]) seal() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.sealed = true
}

// close refuses everything from now on; what is queued stays.
func (q *queue[T]) close() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.closed {
		return
	}
	q.closed = true
	close(q.room)
	q.room = make(chan struct{})
	q.wake()
}

// depth returns how many elements are in the queue's care: queued, in flight or
// held back before it.
func (q *queue[T]) depth() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.n + q.inflight + q.waiting
}
