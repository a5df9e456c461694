package store

import (
	"context"
	"slices"
	"time"

	"github.com/ncruces/go-sqlite3"
)

// A Note is something of which the newest version is kept, such as an alarm.
type Note struct {
	ID    uint64 // of its own in its topic
	Topic string
	Key   string
	Time  time.Time // within the years 1678 to 2262
	Body  []byte    // text, such as JSON
}

// Put keeps n instead of the one with its topic and ID, in order with the journal.
// It does not wait. A store that takes nothing more drops it.
func (s *Store) Put(n Note) {
	n.Body = slices.Clone(n.Body)
	change := op{do: func(d *disk) error {
		_, err := d.run("INSERT OR REPLACE INTO notes(topic, id, key, time, body) VALUES (?, ?, ?, ?, ?)",
			n.Topic, n.ID, n.Key, n.Time.UnixNano(), string(n.Body))
		return err
	}}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.o.ReadOnly || s.closed || s.dead != nil {
		return
	}
	for s.records >= 2*s.o.buffer && s.discard() {
		continue
	}
	s.enqueue(change)
}

// Notes returns the newest notes of a topic, by ID, the oldest of them first. Those
// that wait are written before.
func (s *Store) Notes(ctx context.Context, topic string, newest int) (list []Note, err error) {
	if err := s.Flush(ctx); err != nil {
		return nil, err
	}
	err = s.read(ctx, func(c *conn) error {
		return c.each(func(s *sqlite3.Stmt) bool {
			list = append(list, Note{
				ID: uint64(s.ColumnInt64(0)), Topic: topic, Key: s.ColumnText(1),
				Time: time.Unix(0, s.ColumnInt64(2)).UTC(), Body: []byte(s.ColumnText(3)),
			})
			return true
		}, "SELECT id, key, time, body FROM notes WHERE topic = ? ORDER BY id DESC LIMIT ?", topic, newest)
	})
	slices.Reverse(list)
	return list, err
}
