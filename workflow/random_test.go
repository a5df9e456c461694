package workflow

import (
	"context"
	"fmt"
	"maps"
	"runtime"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// A plan is a random graph, with random faults and policies, and a random load.
// All that happens in it is decided by [dice].
type plan struct {
	steps    []planStep
	handlers []planHandler
	config   config
	lateness int // seconds
	sources  int
	events   int // of each source
	keys     int
	faults   int // in a hundred
	redrive  bool
	journal  bool
	seed     int
}

type planStep struct{ edges []planEdge }

type planEdge struct {
	next     int // 0: none
	handlers []int
}

type planHandler struct {
	effect  effect
	outcome bool
}

func drawPlan(t *rapid.T) (p plan) {
	number := func(name string, least, most int) int { return rapid.IntRange(least, most).Draw(t, name) }
	policies := []Overflow{Block, Block, DropOldest, DropNewest, Coalesce, Reject}
	p = plan{
		sources: number("sources", 1, 3), events: number("events", 1, 25), keys: number("keys", 1, 4),
		faults: rapid.SampledFrom([]int{0, 5, 30}).Draw(t, "faults"), redrive: rapid.Bool().Draw(t, "redrive"), journal: rapid.Bool().Draw(t, "journal"), seed: number("seed", 0, 1<<20),
		lateness: number("lateness", 0, 12),
		config: config{
			Shards: number("shards", 1, 3), Queue: number("queue", 1, 8), Overflow: rapid.SampledFrom(policies).Draw(t, "overflow"),
			MaxHops: uint8(number("hops", 1, 4)), DrainTimeout: time.Hour,
		},
	}
	p.config.Lateness = time.Duration(p.lateness) * time.Second
	for range number("handlers", 1, 5) {
		h := planHandler{effect{
			Lanes: number("lanes", 1, 3), Queue: number("lane's queue", 1, 4), Overflow: rapid.SampledFrom(policies).Draw(t, "lane's overflow"),
			Timeout: time.Duration(number("timeout", 0, 1)) * 10 * time.Millisecond,
			Retry:   Retry{MaxAttempts: number("attempts", 1, 3), Initial: time.Duration(number("wait", 0, 9)) * time.Millisecond},

			AtMostOnce: rapid.Bool().Draw(t, "at most once"), MaxAbandoned: number("abandoned", 1, 3),
		}, rapid.Bool().Draw(t, "outcome")}
		if h.effect.Timeout == 0 && p.faults > 0 { // what hangs there hangs until the drain is over
			p.config.DrainTimeout = time.Second
		}
		p.handlers = append(p.handlers, h)
	}
	steps := number("steps", 1, 4)
	for i := range steps {
		var s planStep
		for range number("edges", 1, 3) {
			e := planEdge{handlers: rapid.SliceOfNDistinct(rapid.IntRange(0, len(p.handlers)-1), 0, 3, rapid.ID).Draw(t, "to")}
			if i+1 < steps && rapid.Bool().Draw(t, "on") {
				e.next = number("next", i+1, steps-1)
			}
			s.edges = append(s.edges, e)
		}
		if i+1 < steps { // every step is reached
			s.edges[0].next = i + 1
		}
		p.steps = append(p.steps, s)
	}
	for h := range p.handlers { // and every handler
		e := &p.steps[h%steps].edges[0]
		if !slices.Contains(e.handlers, h) {
			e.handlers = append(e.handlers, h)
		}
	}
	return p
}

// dice returns a number below sides that is the same for the same rolls.
func (p *plan) dice(sides int, rolls ...int) int {
	return spread(fmt.Sprint(p.seed, rolls), sides)
}

func (p *plan) fault(rolls ...int) bool { return p.dice(100, rolls...) < p.faults }

// walk is what step i makes of a state and a payload; fault: 1 panics, 2 names no
// edge. Live steps and the model share no more than this.
func (p *plan) walk(i int, s count, payload int) (next count, edge, fault int) {
	next = count{s.n + 1, (s.sum*31 + payload + i) % 1_000_003}
	if p.fault(1, i, payload, s.n) {
		return next, 0, 1 + p.dice(2, 2, i, payload)
	}
	return next, p.dice(len(p.steps[i].edges), 3, i, payload, s.n), 0
}

// A trial is a plan under way, and what was seen of it.
type trial struct {
	*plan
	e *Engine[int, count]

	mu       sync.Mutex
	faulty   []string
	log      map[string][]Event[int] // what reached the first step, by key
	attempts map[string][]uint64     // what reached each handler, by handler and key
	told     uint64                  // outcomes that came back
}

func (r *trial) errorf(format string, a ...any) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.faulty = append(r.faulty, fmt.Sprintf(format, a...))
}

func (r *trial) check() {
	if err := r.e.Stats().Check(); err != nil {
		r.errorf("%v", err)
	}
}

func pair(h int, key string) string { return fmt.Sprint(h, " ", key) }

func action(i int) Action { return Action(fmt.Sprint("to ", i)) }

// graph builds the plan's workflow; without watch its steps note nothing down.
func (r *trial) graph(watch bool) (*Workflow[int, count], error) {
	b := New[int, count]("step 0")
	for i, s := range r.steps {
		var emits []Action
		for a, e := range s.edges {
			var to []string
			if e.next > 0 {
				to = append(to, fmt.Sprint("step ", e.next))
			}
			for _, h := range e.handlers {
				to = append(to, fmt.Sprint("handler ", h))
			}
			emits = append(emits, action(a))
			b.Edge(fmt.Sprint("step ", i), action(a), to...)
		}
		b.Step(fmt.Sprint("step ", i), step(func(s count, ev Event[int]) (count, Action) {
			if watch && i == 0 {
				r.mu.Lock()
				r.log[ev.Key] = append(r.log[ev.Key], ev)
				r.mu.Unlock()
			}
			next, edge, fault := r.walk(i, s, ev.Payload)
			switch fault {
			case 1:
				panic("on cue")
			case 2:
				return next, "nowhere"
			}
			return next, action(edge)
		}), emits...)
	}
	for h, ph := range r.handlers {
		o := ph.effect
		if ph.outcome {
			o.Outcome = func(ev Event[int], _ count, _ error) (int, bool) {
				if r.fault(4, h, ev.Payload) {
					panic("on cue")
				}
				tell := r.dice(8, 5, h, ev.Payload) == 0
				if tell {
					r.mu.Lock()
					r.told++
					r.mu.Unlock()
				}
				return ev.Payload + 1, tell
			}
		}
		b.Handler(fmt.Sprint("handler ", h), handler(func(ctx context.Context, ev Event[int], _ count) error { return r.handle(ctx, h, ev) }), &o)
	}
	return b.Build()
}

func (r *trial) handle(ctx context.Context, h int, ev Event[int]) error {
	r.check()
	r.mu.Lock()
	key := pair(h, ev.Key)
	r.attempts[key] = append(r.attempts[key], ev.ID)
	n := len(r.attempts[key])
	r.mu.Unlock()
	time.Sleep(time.Duration(r.dice(3, 6, h, n)) * time.Millisecond)
	if !r.fault(7, h, ev.Payload, n) {
		return nil
	}
	switch r.dice(4, 8, h, n) {
	case 0:
		panic("on cue")
	case 1: // hangs until its timeout, or the end
		<-ctx.Done()
		return ctx.Err()
	case 2:
		return Permanent(errCue)
	}
	return errCue
}

// source emits rising times, but for a late event now and then.
func (r *trial) source(no int) Source[int] {
	return SourceFunc[int](func(ctx context.Context, emit Emit[int]) error {
		for i := range r.events {
			t := i
			if r.dice(6, 9, no, i) == 0 {
				t -= r.dice(20, 10, no, i)
			}
			key := fmt.Sprint("key ", r.dice(r.keys, 11, no, i))
			if err := emit(ctx, key, start0.Add(time.Duration(t)*time.Second), 1000*no+i); err != nil && err != ErrFull {
				return err
			}
			time.Sleep(time.Duration(r.dice(3, 12, no, i)) * time.Millisecond)
		}
		return nil
	})
}

// meddle probes the law and redrives letters until done is closed, less often once
// most must be over.
func (r *trial) meddle(ctx context.Context, done <-chan struct{}) {
	pause := time.Millisecond
	for i := 0; ; i++ {
		if i == 100 {
			pause = 200 * time.Millisecond
		}
		for range 5 {
			r.check()
			runtime.Gosched()
		}
		if r.redrive && i%8 == 7 {
			_, _ = r.e.Redrive(ctx, Filter{Limit: 1 + i%3}, false)
			_, _ = r.e.Drop(ctx, Filter{Limit: i % 2, Reason: ReasonPanic})
		}
		select {
		case <-done:
			return
		case <-time.After(pause):
		}
	}
}

func (r *trial) run(t *testing.T) {
	w, err := r.graph(true)
	if r.journal {
		r.config.Journal = new(MemoryJournal[int])
	}
	if err == nil {
		r.e, err = NewEngine(w, r.config)
	}
	if err != nil {
		r.errorf("%v", err)
		return
	}
	// Where something may hang for ever the end of the sources does not come either.
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	done := make(chan struct{})
	var meddlers sync.WaitGroup
	for range 2 {
		meddlers.Go(func() { r.meddle(ctx, done) })
	}
	var sources []Source[int]
	for i := range r.sources {
		sources = append(sources, r.source(i))
	}
	st, err := r.e.Run(ctx, sources...)
	if err != nil && ctx.Err() == nil {
		r.errorf("Run returned %v", err)
	}
	close(done)
	meddlers.Wait()
	r.verify(t.Context(), st)
}

// verify compares what was seen with a model that takes one event after the other.
func (r *trial) verify(ctx context.Context, st Stats) {
	r.check()
	letters, err := r.e.Letters(ctx, Filter{})
	st.Kept, st.Redriven, st.DroppedLetters = 0, 0, 0 // letters can be dropped after the end
	if now := r.e.Stats(); err != nil || int(now.Kept) != len(letters) || now.Folded != st.Folded || now.Handled != st.Handled {
		r.errorf("%d letters, %v, after %+v", len(letters), err, now)
	}
	if st.Queued+st.Open+st.Waiting != 0 || st.Letters != st.DeadFold+st.DeadHandler || st.Lost != 0 {
		r.errorf("at the end %+v", st)
	}
	var folded uint64
	for _, key := range slices.Sorted(maps.Keys(r.log)) {
		s, sent, n := r.model(r.log[key])
		folded += n
		if live, ok := r.e.State(key); live != s || ok != (n > 0) {
			r.errorf("%s: the state is %+v, want %+v", key, live, s)
		}
		if got := r.replay(r.log[key]); got != s {
			r.errorf("%s: replayed to %+v, want %+v", key, got, s)
		}
		for h := range r.handlers {
			r.verifyHandler(h, key, sent[h])
		}
	}
	if folded != st.Folded {
		r.errorf("%d were folded, want %d", st.Folded, folded)
	}
	cut := r.journal && r.config.DrainTimeout < time.Hour // then some outcomes come after the restart
	if st.Outcomes != r.told && !(cut && st.Outcomes < r.told) {
		r.errorf("%d outcomes came back, want %d", st.Outcomes, r.told)
	}
	if r.journal {
		r.restore(st)
	}
}

// restore brings another engine to where the run ended. All that the journal followed is
// done, unless the drain has cut it off; of the rest it knows nothing.
func (r *trial) restore(st Stats) {
	w, err := r.graph(false)
	if err != nil {
		r.errorf("%v", err)
		return
	}
	cfg := r.config
	cfg.DeadLetters = nil
	again, err := NewEngine(w, cfg)
	if err != nil {
		r.errorf("%v", err)
		return
	}
	for key := range r.log {
		live, was := r.e.State(key)
		if s, is := again.State(key); s != live || is != was {
			r.errorf("%s: restored to %+v, want %+v", key, s, live)
		}
	}
	got := again.Stats()
	if r.config.DrainTimeout == time.Hour && got.Dispatched+got.Letters > 0 || got.Check() != nil {
		r.errorf("done, and done again: %+v", got)
	}
	for h, ph := range r.handlers {
		i := slices.IndexFunc(got.Nodes, func(n NodeStats) bool { return n.Name == fmt.Sprint("handler ", h) })
		if ph.effect.AtMostOnce && got.Nodes[i].Dispatched > 0 {
			r.errorf("handler %d runs again: %+v", h, got.Nodes[i])
		}
	}
	r.verifyJournal(st)
}

// verifyJournal holds the journal to one record for each event that was to be folded,
// and none of what it does not follow.
func (r *trial) verifyJournal(st Stats) {
	var events uint64
	for rec, err := range r.config.Journal.Read(context.Background(), 0) {
		if err != nil {
			r.errorf("%v", err)
		}
		if rec.Kind == RecordEvent {
			events++
		}
		for h, ph := range r.handlers {
			if rec.Kind == RecordDone && ph.effect.AtMostOnce && rec.Node == fmt.Sprint("handler ", h) {
				r.errorf("the journal follows handler %d: %+v", h, rec)
			}
		}
	}
	if want := st.Folded + st.Late + st.DeadFold; events != want {
		r.errorf("%d events are in the journal, want %d", events, want)
	}
}

// model folds the events of a key and returns its state, what is sent to each
// handler, and how many were folded.
func (r *trial) model(evs []Event[int]) (s count, sent [][]uint64, folded uint64) {
	sent = make([][]uint64, len(r.handlers))
events:
	for _, ev := range evs {
		next, to := s, []int(nil)
		for i := 0; ; {
			var edge, fault int
			if next, edge, fault = r.walk(i, next, ev.Payload); fault > 0 {
				continue events
			}
			e := r.steps[i].edges[edge]
			to = append(to, e.handlers...)
			if i = e.next; i == 0 {
				break
			}
		}
		s = next
		folded++
		for _, h := range to {
			sent[h] = append(sent[h], ev.ID)
		}
	}
	return s, sent, folded
}

func (r *trial) replay(evs []Event[int]) (s count) {
	w, err := r.graph(false)
	if err != nil {
		r.errorf("%v", err)
		return s
	}
	for ev, f := range Replay(w, ReplayConfig[int, count]{Lateness: r.config.Lateness}, slices.Values(evs)) {
		if f.Result.Late {
			r.errorf("%s: event %d is late in the replay", ev.Key, ev.ID)
		}
		s = f.State
	}
	return s
}

// verifyHandler looks whether a handler saw the events of a key in order, and all
// of them if none may be dropped and none was left over.
func (r *trial) verifyHandler(h int, key string, want []uint64) {
	var got []uint64
	for _, id := range r.attempts[pair(h, key)] {
		if !slices.Contains(got, id) { // else it is tried or sent again
			got = append(got, id)
		}
	}
	want = slices.Compact(want) // a path may lead to a handler twice
	switch {
	case !slices.IsSorted(got):
		r.errorf("handler %d, %s: the order was %d", h, key, got)
	case slices.ContainsFunc(got, func(id uint64) bool { return !slices.Contains(want, id) }):
		r.errorf("handler %d, %s: got %d, want %d", h, key, got, want)
	case r.handlers[h].effect.Overflow == Block && r.config.DrainTimeout == time.Hour && !slices.Equal(got, want):
		r.errorf("handler %d, %s: got %d of %d", h, key, got, want)
	}
}

// TestRandomGraphsKeepEveryRule runs random graphs under random faults, policies
// and loads, with and without a journal, while others look and redrive, and holds
// them to the accounting law, the order of a key and the model of the states. From
// the journal another engine is brought to the same end.
func TestRandomGraphsKeepEveryRule(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := drawPlan(rt)
		r := &trial{plan: &p, log: map[string][]Event[int]{}, attempts: map[string][]uint64{}}
		synctest.Test(t, r.run)
		if len(r.faulty) > 0 {
			rt.Fatalf("%d faults, the first: %s", len(r.faulty), r.faulty[0])
		}
	})
}
