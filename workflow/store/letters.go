package store

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/ncruces/go-sqlite3"

	"setpoint/workflow"
)

// maxLetters is how many dead letters are kept, besides those sent again.
const maxLetters = 10_000

// EngineLetters are the dead letters of an engine in a [Store]. They are in memory
// as well, so that they are at hand while the disk does not write. They are durable
// within the window of the journal; it is a [workflow.Flusher].
type EngineLetters[E, S any] struct {
	s      *Store
	f      Form[E]
	states workflow.Codec[S]

	mu      sync.Mutex
	loaded  bool
	letters map[uint64]workflow.Letter[E, S]
}

// Letters returns the dead letters of s. It is called once for a store.
func Letters[E, S any](s *Store, f Form[E], states workflow.Codec[S]) *EngineLetters[E, S] {
	return &EngineLetters[E, S]{s: s, f: f, states: states}
}

// Put keeps l. It fails with [workflow.ErrLettersFull] when there are ten thousand,
// and when something in it cannot be encoded.
func (x *EngineLetters[E, S]) Put(ctx context.Context, l workflow.Letter[E, S]) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := x.load(ctx); err != nil {
		return err
	}
	if len(x.letters) >= maxLetters && l.Event.Redrives == 0 {
		return workflow.ErrLettersFull
	}
	body, err := x.pack(&l)
	if err != nil {
		return err
	}
	x.s.mu.Lock()
	x.s.letters++
	l.ID = x.s.letters
	x.s.mu.Unlock()
	_, err = x.s.push(ctx, op{do: func(d *disk) error {
		d.state.letters = max(d.state.letters, l.ID)
		_, err := d.run("INSERT OR REPLACE INTO letters(id, time, key, node, reason, error, attempts, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
			l.ID, l.At.UTC().Format(time.RFC3339Nano), l.Event.Key, l.Node, l.Reason(), text(l.Err), l.Attempts, body)
		return err
	}})
	if err == nil {
		x.letters[l.ID] = l
	}
	return err
}

func text(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// List returns the letters that f chooses, oldest first.
func (x *EngineLetters[E, S]) List(ctx context.Context, f workflow.Filter) (list []workflow.Letter[E, S], _ error) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := x.load(ctx); err != nil {
		return nil, err
	}
	for _, id := range slices.Sorted(maps.Keys(x.letters)) {
		if f.Limit > 0 && len(list) == f.Limit {
			break
		}
		if l := x.letters[id]; l.Matches(f) {
			list = append(list, l)
		}
	}
	return list, nil
}

// Remove forgets the letters with the given IDs.
func (x *EngineLetters[E, S]) Remove(ctx context.Context, ids ...uint64) error {
	x.mu.Lock()
	defer x.mu.Unlock()
	if err := x.load(ctx); err != nil {
		return err
	}
	ids = slices.Clone(ids)
	_, err := x.s.push(ctx, op{do: func(d *disk) error {
		for _, id := range ids {
			if _, err := d.run("DELETE FROM letters WHERE id = ?", id); err != nil {
				return err
			}
		}
		return nil
	}})
	if err != nil {
		return err
	}
	for _, id := range ids {
		delete(x.letters, id)
	}
	return nil
}

// Flush returns when all letters are on disk as they are here.
func (x *EngineLetters[E, S]) Flush(ctx context.Context) error { return x.s.Flush(ctx) }

// load reads the letters if that was not done, or if somebody else writes them. It
// is called with mu locked.
func (x *EngineLetters[E, S]) load(ctx context.Context) error {
	if x.loaded {
		return nil
	}
	letters, fault := map[uint64]workflow.Letter[E, S]{}, error(nil)
	err := x.s.read(ctx, func(c *conn) error {
		return c.each(func(s *sqlite3.Stmt) bool {
			l := workflow.Letter[E, S]{
				ID: uint64(s.ColumnInt64(0)), Node: s.ColumnText(1), Attempts: s.ColumnInt(4),
				Err: workflow.RecallError(s.ColumnText(2), s.ColumnText(3)),
			}
			fault = x.unpack(s.ColumnRawBlob(5), &l)
			letters[l.ID] = l
			return fault == nil
		}, "SELECT id, node, reason, error, attempts, body FROM letters")
	})
	if err := errors.Join(err, fault); err != nil {
		return err
	}
	x.letters, x.loaded = letters, !x.s.o.ReadOnly
	return nil
}

// pack packs what the columns do not tell.
func (x *EngineLetters[E, S]) pack(l *workflow.Letter[E, S]) ([]byte, error) {
	var p packer
	p.time(l.At)
	p.time(l.First.At)
	p.text(text(l.First.Err))
	if err := packEvent(&p, &l.Event, &x.f, false); err != nil {
		return nil, err
	}
	state, err := x.states.Encode(l.State)
	if err != nil {
		return nil, err
	}
	p.uint(uint64(x.states.Version))
	p.text(string(state))
	return p, nil
}

func (x *EngineLetters[E, S]) unpack(b []byte, l *workflow.Letter[E, S]) (err error) {
	u := unpacker{b: b}
	l.At, l.First.At = u.time(), u.time()
	if first := u.text(); first != "" {
		l.First.Err = workflow.RecallError("", first)
	}
	l.Event = unpackEvent(&u, &x.f)
	version, state := u.int(), u.text()
	if u.err == nil && len(u.b) > 0 {
		u.fail()
	}
	if u.err != nil {
		return u.err
	}
	l.State, err = x.states.Recall(version, []byte(state))
	return err
}
