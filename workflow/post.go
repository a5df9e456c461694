package workflow

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"setpoint/workflow/guard"
)

// post hands dead letters to the store, takes them out again, and keeps the books
// of both.
type post[E, S any] struct {
	store DeadLetters[E, S]

	mu                     sync.Mutex
	produced, stored, lost uint64
	found, kept            uint64 // in the store at the beginning, and now
	redriven, dropped      uint64

	// claims keeps a letter from being taken twice: false while somebody is at it,
	// true when its event was sent but the store would not remove it. A claim ends
	// only after the removal, and nobody lists meanwhile.
	claiming sync.Mutex
	claims   map[uint64]bool
}

// claimed is a letter that nobody else will take.
type claimed[E, S any] struct {
	Letter[E, S]
	sent bool // already: it has only to be removed
	away bool // a lane removes it
}

func newPost[E, S any](store DeadLetters[E, S]) (*post[E, S], error) {
	p := &post[E, S]{store: store, claims: map[uint64]bool{}}
	list, err := p.list(context.Background(), Filter{})
	p.found, p.kept = uint64(len(list)), uint64(len(list))
	return p, err
}

// put counts l before it stores it, so that nobody can take it out uncounted.
func (p *post[E, S]) put(ctx context.Context, l Letter[E, S]) error {
	p.mu.Lock()
	p.produced++
	p.stored++
	p.kept++
	p.mu.Unlock()
	err := p.ask(func() error { return p.store.Put(ctx, l) })
	if err != nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.stored--
		p.kept--
		p.lost++
	}
	return err
}

// ask calls the store, which may fail or panic.
func (p *post[E, S]) ask(f func() error) error {
	if err := guard.Catch("store of dead letters", f); err != nil {
		return fmt.Errorf("store of dead letters: %w", err)
	}
	return nil
}

func (p *post[E, S]) list(ctx context.Context, f Filter) (list []Letter[E, S], err error) {
	err = p.ask(func() (err error) {
		list, err = p.store.List(ctx, f)
		return err
	})
	return list, err
}

// claim returns the letters chosen by f that nobody else is at, and claims them,
// unless it is only to look.
func (p *post[E, S]) claim(ctx context.Context, f Filter, look bool) (free []claimed[E, S], err error) {
	p.claiming.Lock()
	defer p.claiming.Unlock()
	limit := f.Limit
	f.Limit = 0 // of those that are free
	all, err := p.list(ctx, f)
	for _, l := range all {
		if limit > 0 && len(free) == limit {
			break
		}
		sent, taken := p.claims[l.ID]
		if taken && !sent {
			continue
		}
		free = append(free, claimed[E, S]{Letter: l, sent: sent})
		if !look {
			p.claims[l.ID] = false
		}
	}
	return free, err
}

// claimed returns the letters that somebody is at, in order.
func (p *post[E, S]) claimed() []uint64 {
	p.claiming.Lock()
	defer p.claiming.Unlock()
	var ids []uint64
	for id, sent := range p.claims {
		if !sent {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

// release gives up claims.
func (p *post[E, S]) release(letters ...claimed[E, S]) {
	p.claiming.Lock()
	defer p.claiming.Unlock()
	for _, l := range letters {
		if delete(p.claims, l.ID); l.sent {
			p.claims[l.ID] = true
		}
	}
}

// remove takes a claimed letter out of the store and counts it.
func (p *post[E, S]) remove(ctx context.Context, l claimed[E, S]) error {
	defer func() { p.release(l) }()
	err := p.ask(func() error { return p.store.Remove(ctx, l.ID) })
	if err != nil {
		return err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.kept--
	if l.sent {
		p.redriven++
	} else {
		p.dropped++
	}
	l.sent = false
	return nil
}

// replace removes the letter that was claimed for a handler, which is done with its
// event. If a new letter of it was lost, the old one stays.
func (p *post[E, S]) replace(id uint64, lost error) {
	old := claimed[E, S]{Letter: Letter[E, S]{ID: id}, sent: lost == nil}
	if lost != nil {
		p.release(old)
		return
	}
	_ = p.remove(context.Background(), old) // else it stays claimed as sent, to be removed by the next Redrive
}

// add adds the books to st.
func (p *post[E, S]) add(st *Stats) {
	p.mu.Lock()
	defer p.mu.Unlock()
	st.Letters, st.Stored, st.Lost = p.produced, p.stored, p.lost
	st.Found, st.Kept, st.Redriven, st.DroppedLetters = p.found, p.kept, p.redriven, p.dropped
}
