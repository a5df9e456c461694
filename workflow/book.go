package workflow

import (
	"container/heap"
	"time"
)

// book holds the states of keys. Live runs and replays fold through it.
type book[E, S any] struct {
	w        *Workflow[E, S]
	lateness time.Duration
	maxHops  uint8
	states   map[string]*entry[S]

	timed  bool // S is Timed
	timers timers

	silence   time.Duration // after which a key is forgotten; 0: never
	swept     time.Time     // when that was last looked for
	forgotten uint64
}

type entry[S any] struct {
	s         S
	watermark time.Time // newest event time of the key's data
	timer     time.Time // the one in the heap; zero: none
}

func newBook[E, S any](w *Workflow[E, S], lateness, silence time.Duration, maxHops uint8) book[E, S] {
	var s S
	_, timed := any(&s).(Timed)
	return book[E, S]{
		w: w, lateness: lateness, silence: silence, maxHops: maxHops, timed: timed,
		states: map[string]*entry[S]{},
	}
}

// fold leads ev into the state of its key, unless it is late or has gone round
// the loop of feedback too often.
func (b *book[E, S]) fold(ev *Event[E], r *Result) *entry[S] {
	if ev.Hops > b.maxHops {
		*r = Result{node: b.w.first, Err: ErrTooMany}
		return nil
	}
	e, known := b.states[ev.Key]
	if !known {
		e = new(entry[S])
	}
	if ev.Kind == Data && ev.Redrives == 0 && ev.Time.Before(e.watermark) && ev.Time.Before(e.watermark.Add(-b.lateness)) {
		*r = Result{Late: true}
		return e
	}
	s := b.w.fold(e.s, ev, r)
	if r.Err == nil {
		b.commit(ev, e, s, known, r)
	}
	return e
}

// put makes k the state of its key.
func (b *book[E, S]) put(k KeyState[S]) {
	b.states[k.Key] = &entry[S]{k.State, k.Watermark, k.Timer}
	if !k.Timer.IsZero() {
		heap.Push(&b.timers, timer{k.Timer, k.Key})
	}
}

// state returns the state of a key, zero if it has none.
func (b *book[E, S]) state(key string) (s S) {
	if e := b.states[key]; e != nil {
		return e.s
	}
	return s
}

// commit makes s the state of the key of ev.
func (b *book[E, S]) commit(ev *Event[E], e *entry[S], s S, known bool, r *Result) {
	before := e.s
	e.s = s
	if b.timed {
		next := any(&e.s).(Timed).NextTimer()
		if ev.Kind == Tick && !next.IsZero() && !next.After(ev.Time) {
			*r, e.s = Result{node: r.node, Action: r.Action, Err: ErrTimer}, before
			e.timer = time.Time{} // or it would be asked for for ever
			return
		}
		if !next.Equal(e.timer) {
			if e.timer = next; !next.IsZero() {
				heap.Push(&b.timers, timer{next, ev.Key})
				b.prune()
			}
		}
	}
	if !known {
		b.states[ev.Key] = e
	}
	if ev.Kind == Data && ev.Time.After(e.watermark) {
		e.watermark = ev.Time
	}
}

// prune forgets the timers that were moved since, once they are most of them: without
// [Engine.Advance] nobody takes them out.
func (b *book[E, S]) prune() {
	if len(b.timers) <= 2*len(b.states)+1024 {
		return
	}
	b.timers = b.timers[:0]
	for key, e := range b.states {
		if !e.timer.IsZero() {
			b.timers = append(b.timers, timer{e.timer, key})
		}
	}
	heap.Init(&b.timers)
}

// due returns the tick that has to be folded before ev, if there is one: of the
// key of ev, or for a tick for all the earliest of any key.
func (b *book[E, S]) due(ev *Event[E]) (tick Event[E], ok bool) {
	if !b.timed || ev.Kind == Control {
		return tick, false
	}
	if ev.Key != "" || ev.Kind != Tick {
		e := b.states[ev.Key]
		if e == nil || e.timer.IsZero() || e.timer.After(ev.Time) || ev.Time.Before(e.watermark.Add(-b.lateness)) {
			return tick, false
		}
		return Event[E]{Key: ev.Key, Source: "timer", Time: e.timer, Seen: ev.Seen, Kind: Tick}, true
	}
	for len(b.timers) > 0 {
		t := b.timers[0]
		if t.at.After(ev.Time) {
			return tick, false
		}
		if e := b.states[t.key]; e != nil && e.timer.Equal(t.at) {
			return Event[E]{Key: t.key, Source: "timer", Time: t.at, Seen: ev.Seen, Kind: Tick}, true
		}
		heap.Pop(&b.timers) // it was moved since
	}
	return tick, false
}

// tickRoom is how many IDs are left free before each event of a [Timed] state, for
// the ticks it brings. What would be more comes with the next event.
const tickRoom = 1 << 16

// room returns how far the IDs of events lie apart.
func (b *book[E, S]) room() uint64 {
	if b.timed {
		return tickRoom
	}
	return 1
}

// tick returns the next tick that ev brings, n of which are folded already. Its ID
// depends on nothing but ev and n, so that it is the same when ev is folded again.
func (b *book[E, S]) tick(ev *Event[E], n uint64) (tick Event[E], ok bool) {
	if !b.timed || n+1 >= tickRoom {
		return tick, false
	}
	tick, ok = b.due(ev)
	tick.ID, tick.Revision = ev.ID-min(ev.ID, tickRoom)+n+1, ev.Revision
	return tick, ok
}

// isForAll reports whether ev is no event of a key, but says that time has come.
func isForAll[E any](ev *Event[E]) bool { return ev.Kind == Tick && ev.Key == "" }

// sweep forgets the keys that have been silent for too long at the given time. All
// keys are looked at, so it does so only now and then.
func (b *book[E, S]) sweep(now time.Time) {
	if b.silence <= 0 || now.Sub(b.swept) < b.silence/8 {
		return
	}
	b.swept = now
	for key, e := range b.states {
		f, asks := any(&e.s).(Forgettable)
		if now.Sub(e.watermark) > b.silence && e.timer.IsZero() && (!asks || f.Forgettable()) {
			delete(b.states, key)
			b.forgotten++
		}
	}
}

// timers is a heap, the earliest first and of equal ones by key. It may hold times
// that their key no longer waits for.
type timers []timer

type timer struct {
	at  time.Time
	key string
}

func (t timers) Len() int      { return len(t) }
func (t timers) Swap(i, j int) { t[i], t[j] = t[j], t[i] }
func (t *timers) Push(x any)   { *t = append(*t, x.(timer)) }

func (t timers) Less(i, j int) bool {
	if t[i].at.Equal(t[j].at) {
		return t[i].key < t[j].key
	}
	return t[i].at.Before(t[j].at)
}

func (t *timers) Pop() any {
	last := (*t)[len(*t)-1]
	*t = (*t)[:len(*t)-1]
	return last
}
