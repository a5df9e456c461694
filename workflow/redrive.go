package workflow

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"time"
)

// maxRefusals is how many errors Redrive and Drop join: of ten thousand letters
// all may be refused, for the same reason.
const maxRefusals = 8

// Letters returns the dead letters that f chooses, oldest first.
func (e *Engine[E, S]) Letters(ctx context.Context, f Filter) ([]Letter[E, S], error) {
	return e.post.list(ctx, f)
}

// Redrive sends the events of the letters chosen by f again, oldest first, and
// returns how many it has handed over. An event that failed at a
// handler goes to that handler only, with the state it had, under its own ID. One
// that failed in the fold is admitted anew, as caused by the first one and with no
// hops; it is never late. Both wait for room, and are not dropped by any policy.
//
// A letter of the fold leaves the store once its event is admitted, one of a handler
// once that is done with it, and if it fails again, once the new letter is stored. So a
// crash in between sends it twice rather than never. Until then nobody else can take
// it: two calls at the same time share the letters. With dryRun it is only told how
// many there are.
//
// The error joins those of letters that stay, of which one is ErrClosed or the
// cause of ctx if that ended it.
func (e *Engine[E, S]) Redrive(ctx context.Context, f Filter, dryRun bool) (int, error) {
	letters, err := e.post.claim(ctx, f, dryRun)
	if err != nil || dryRun {
		return len(letters), err
	}
	return e.take(ctx, letters, func(l *claimed[E, S]) error {
		if l.sent {
			return nil
		}
		err := e.handOver(ctx, l)
		l.sent = err == nil
		return err
	})
}

// Drop removes the letters chosen by f for good, and returns how many.
func (e *Engine[E, S]) Drop(ctx context.Context, f Filter) (int, error) {
	letters, err := e.post.claim(ctx, f, false)
	if err != nil {
		return 0, err
	}
	return e.take(ctx, letters, func(*claimed[E, S]) error { return nil })
}

// Claimed returns the IDs of the letters that are on their way, or being dropped, in
// order: nobody else can take them.
func (e *Engine[E, S]) Claimed() []uint64 { return e.post.claimed() }

// take does do with each letter and removes it.
func (e *Engine[E, S]) take(ctx context.Context, letters []claimed[E, S], do func(*claimed[E, S]) error) (n int, err error) {
	defer e.touch()
	var errs []error
	for i, l := range letters {
		err := context.Cause(ctx)
		if err == nil {
			err = do(&l)
		}
		if errors.Is(err, ErrClosed) || ctx.Err() != nil && !l.sent {
			e.post.release(letters[i:]...)
			return n, errors.Join(append(errs, err)...)
		}
		switch {
		case err != nil:
			e.post.release(l)
		case !l.away:
			err = e.post.remove(context.WithoutCancel(ctx), l)
		}
		if err == nil {
			n++
		}
		if err != nil && len(errs) < maxRefusals {
			errs = append(errs, fmt.Errorf("letter %d: %w", l.ID, err))
		}
	}
	return n, errors.Join(errs...)
}

// handOver puts the event of l where it failed.
func (e *Engine[E, S]) handOver(ctx context.Context, l *claimed[E, S]) error {
	if err := e.beginHandOver(); err != nil {
		return err
	}
	defer e.endHandOver()
	i := slices.IndexFunc(e.nodes, func(n node[E, S]) bool { return n.name == l.Node })
	if i < 0 {
		return fmt.Errorf("no node is named %q any more", l.Node)
	}
	ev := l.Event
	ev.Redrives = min(ev.Redrives, math.MaxUint8-1) + 1
	if lanes := e.lanes[i]; lanes != nil {
		l.away = true
		t := &task[E, S]{ev: ev, s: l.State, since: time.Now(), letter: l.ID}
		return lanes[spread(ev.Key, len(lanes))].q.push(ctx, t, Block, false)
	}
	if ev.ID != 0 {
		ev.Cause = ev.ID
	}
	ev.Hops = 0
	return e.admit(ctx, &item[E, S]{ev: ev}, Block)
}

// beginHandOver keeps the drain from ending before endHandOver; once it has begun
// nothing is handed over any more.
func (e *Engine[E, S]) beginHandOver() error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.closing {
		return ErrClosed
	}
	e.handing++
	e.handed++
	return nil
}

func (e *Engine[E, S]) endHandOver() {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.handing--
	e.quiet.ring()
}
