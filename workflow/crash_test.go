package workflow

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// trail is the state of the crash tests: what a key has seen, and in which order.
type trail struct {
	N, Ticks, Told int
	Hash           uint64
	Timer          time.Time
}

func (s *trail) NextTimer() time.Time { return s.Timer }

func (s *trail) mix(vs ...uint64) {
	for _, v := range vs {
		s.Hash = (s.Hash ^ v) * 1099511628211
	}
}

// follow notes every data event and tick in the hash, and only counts feedback,
// which comes when it will.
var follow = StepFunc[int, trail](func(s trail, ev Event[int]) (trail, Action) {
	switch ev.Kind {
	case Control:
		s.Told++
		return s, "told"
	case Tick:
		s.Ticks++
		s.mix(1, uint64(ev.Time.UnixNano()))
		s.Timer = ev.Time.Add(7 * time.Second)
		return s, "tick"
	}
	if ev.Payload%10 == 9 {
		panic("on cue")
	}
	s.N = ev.Payload
	s.mix(2, uint64(ev.Time.UnixNano()), uint64(ev.Payload))
	if s.Timer.IsZero() {
		s.Timer = ev.Time.Add(5 * time.Second)
	}
	return s, "data"
})

// crashJournal is a journal whose disk is gone after a number of appends.
type crashJournal struct {
	MemoryJournal[int]
	mu      sync.Mutex
	left    int  // appends until the crash
	lostAck bool // the last one is durable, but nobody learns of it
	crashed chan struct{}
	ended   map[handling]bool // that the journal ever knew to be done
}

func (j *crashJournal) Append(ctx context.Context, records []Record[int]) (Position, error) {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.left == 0 {
		return 0, errCue
	}
	if j.left--; j.left == 0 {
		close(j.crashed)
		if !j.lostAck {
			return 0, errCue
		}
	}
	last, err := j.MemoryJournal.Append(ctx, records)
	for _, r := range records {
		if h, ok := r.ends(); ok {
			j.ended[h] = true
		}
	}
	if j.left == 0 {
		return 0, errCue
	}
	return last, err
}

// crashRun is a run of an engine through several crashes.
type crashRun struct {
	keys, events, shards int
	journal              *crashJournal
	saved                []byte // the newest snapshot
	known                map[handling]bool
	mu                   sync.Mutex
	called               map[handling]int
	letters              MemoryLetters[int, trail]
	whole                bool // it never crashed
	faults               []string
}

func (c *crashRun) fault(format string, a ...any) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.faults = append(c.faults, fmt.Sprintf(format, a...))
}

func (c *crashRun) handler(node string) Handler[int, trail] {
	return HandlerFunc[int, trail](func(_ context.Context, ev Event[int], s trail) error {
		h := handling{ev.ID, node}
		if c.known[h] {
			c.fault("%+v was done before the crash and ran again", h)
		}
		if ev.Kind == Data && s.N != ev.Payload {
			c.fault("%+v was handled with the state %+v", ev, s)
		}
		time.Sleep(time.Duration(ev.ID%5) * 3 * time.Millisecond)
		c.mu.Lock()
		defer c.mu.Unlock()
		c.called[h]++
		if ev.Payload%7 == 3 && c.called[h] == 1 {
			return errCue
		}
		return nil
	})
}

// once is a handler that the journal does not follow.
func (c *crashRun) once(_ context.Context, ev Event[int], _ trail) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	h := handling{ev.ID, "once"}
	if c.called[h]++; c.called[h] > 1 {
		c.faults = append(c.faults, fmt.Sprintf("%+v ran twice", h))
	}
	return nil
}

func (c *crashRun) workflow() *Workflow[int, trail] {
	w, err := New[int, trail]("follow").Step("follow", follow, "data", "tick", "told").
		Handler("act", c.handler("act"), &Effect[int, trail]{
			Queue: 2, Retry: Retry{MaxAttempts: 2, Initial: time.Millisecond},
			Outcome: func(ev Event[int], _ trail, err error) (int, bool) { return 0, ev.Payload%2 == 0 },
		}).
		Handler("tock", c.handler("tock"), &Effect[int, trail]{Lanes: 2, Queue: 1}).
		Handler("once", HandlerFunc[int, trail](c.once), &Effect[int, trail]{AtMostOnce: true, Queue: 3}).
		Edge("follow", "data", "act", "once").Edge("follow", "tick", "tock").Edge("follow", "told").Build()
	if err != nil {
		panic(err)
	}
	return w
}

func (c *crashRun) engine() (*Engine[int, trail], error) {
	cfg := Config[int, trail]{
		Shards: c.shards, Queue: 8, DrainTimeout: time.Millisecond, Journal: c.journal, DeadLetters: &c.letters,
	}
	if c.saved != nil {
		snap, err := ReadSnapshot(bytes.NewReader(c.saved), JSONCodec[int](), JSONCodec[trail]())
		if err != nil {
			return nil, err
		}
		cfg.Restore = &snap
	}
	return NewEngine(c.workflow(), cfg)
}

// moment is the time of a key's n-th event: a second apart, with pauses in which
// several ticks come due.
func moment(n int) time.Time { return start0.Add(time.Duration(n+n/8*30) * time.Second) }

// source emits the rest of a key's events.
func (c *crashRun) source(e *Engine[int, trail], key string) Source[int] {
	return SourceFunc[int](func(ctx context.Context, emit Emit[int]) error {
		s, _ := e.State(key)
		for n := s.N + 1; n <= c.events; n++ {
			if err := emit(ctx, key, moment(n), n); err != nil {
				return err
			}
			if n%5 == 0 {
				time.Sleep(time.Millisecond)
			}
		}
		return nil
	})
}

// save keeps a snapshot of e, if the disk is still there, and truncates the journal.
func (c *crashRun) save(e *Engine[int, trail]) {
	snap, err := e.Snapshot(context.Background())
	var b bytes.Buffer
	if err == nil {
		err = WriteSnapshot(&b, snap, JSONCodec[int](), JSONCodec[trail]())
	}
	c.journal.mu.Lock()
	defer c.journal.mu.Unlock()
	if err != nil || c.journal.left == 0 {
		return
	}
	c.saved = b.Bytes()
	_ = c.journal.Truncate(context.Background(), snap.Position)
}

// live runs an engine until it crashes after so many appends (below 0: to the end).
func (c *crashRun) live(appends int, lostAck bool, snapshots []int) (*Engine[int, trail], Stats) {
	c.journal.left, c.journal.lostAck, c.journal.crashed = appends, lostAck, make(chan struct{})
	c.known = map[handling]bool{}
	for h := range c.journal.ended {
		c.known[h] = true
	}
	e, err := c.engine()
	if err != nil {
		c.fault("%v", err)
		return nil, Stats{}
	}
	var sources []Source[int]
	for k := range c.keys {
		sources = append(sources, c.source(e, fmt.Sprint("key-", k)))
	}
	ctx, cancel := context.WithCancelCause(context.Background())
	sources = append(sources, SourceFunc[int](func(ctx context.Context, _ Emit[int]) error { <-ctx.Done(); return nil }))
	var wg sync.WaitGroup
	wg.Go(func() {
		for _, ms := range snapshots {
			time.Sleep(time.Duration(ms) * time.Millisecond)
			c.save(e)
		}
	})
	wg.Go(func() {
		select {
		case <-c.journal.crashed:
		case <-time.After(time.Minute):
		}
		cancel(errOver)
	})
	st, err := e.Run(ctx, sources...)
	wg.Wait()
	if !errors.Is(err, errOver) {
		c.fault("run: %v", err)
	}
	if err := st.Check(); err != nil || st.Queued+st.Open+st.Waiting != 0 {
		c.fault("%v: %+v", err, st)
	}
	return e, st
}

// check compares where the run came to with one that was never interrupted.
func (c *crashRun) check(e *Engine[int, trail]) {
	handled := map[string]int{}
	for h := range c.called {
		handled[h.node]++
	}
	var events []Event[int]
	for n := range c.events {
		events = append(events, Event[int]{Key: "key", Time: moment(n + 1), Payload: n + 1})
	}
	var want trail
	data := 0
	for ev, f := range Replay(c.workflow(), ReplayConfig[int, trail]{}, slices.Values(events)) {
		want = f.State
		if ev.Kind == Data && f.Result.Err == nil {
			data++
		}
	}
	want.Told = c.events / 2
	for k := range c.keys {
		got, _ := e.State(fmt.Sprint("key-", k))
		if got.Timer = got.Timer.Local(); got != want {
			c.fault("key %d: got %+v, want %+v", k, got, want)
		}
	}
	if c.whole && handled["once"] != c.keys*data || handled["once"] > c.keys*data {
		c.fault("%d were handled at most once, want %d events", handled["once"], c.keys*data)
	}
	if handled["act"] != c.keys*data || handled["tock"] != c.keys*want.Ticks {
		c.fault("%v were handled, want %d events and %d ticks", handled, c.keys*data, c.keys*want.Ticks)
	}
}

// TestAfterACrashEventsAreFoldedOnceAndHandledAtLeastOnce pulls the plug at random
// moments, with and without snapshots, and goes on from what was durable. What the
// journal does not follow runs at most once.
func TestAfterACrashEventsAreFoldedOnceAndHandledAtLeastOnce(t *testing.T) {
	replayed := uint64(0)
	rapid.Check(t, func(rt *rapid.T) {
		c := &crashRun{
			keys: rapid.IntRange(1, 4).Draw(rt, "keys"), events: rapid.IntRange(1, 60).Draw(rt, "events"),
			shards: rapid.IntRange(1, 3).Draw(rt, "shards"), journal: &crashJournal{ended: map[handling]bool{}},
			called: map[handling]int{},
		}
		crashes := rapid.SliceOfN(rapid.IntRange(1, 40), 0, 5).Draw(rt, "appends before each crash")
		c.whole = len(crashes) == 0
		acks := rapid.SliceOfN(rapid.Bool(), len(crashes), len(crashes)).Draw(rt, "acknowledgement lost")
		snapshots := rapid.SliceOfN(rapid.IntRange(0, 30), 0, 4).Draw(rt, "milliseconds between snapshots")
		synctest.Test(t, func(*testing.T) {
			for i, appends := range crashes {
				_, st := c.live(appends, acks[i], snapshots)
				replayed += st.Replayed
			}
			if e, _ := c.live(-1, false, snapshots); e != nil {
				c.check(e)
			}
		})
		if len(c.faults) > 0 {
			rt.Fatalf("%d faults, the first: %s", len(c.faults), c.faults[0])
		}
	})
	if replayed == 0 {
		t.Error("nothing was ever folded again")
	}
}
