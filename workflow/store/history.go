package store

import (
	"context"
	"iter"
	"math"
	"time"

	"github.com/ncruces/go-sqlite3"
)

// A Reading is one of the readings in the history.
type Reading struct {
	Key  string
	Time time.Time
	Value
}

// KeyInfo is what is kept of a key.
type KeyInfo struct {
	Key         string
	Readings    int
	First, Last time.Time
}

// The readings of one key, or of all. Those in the journal are few.
const (
	oneKeyMoved = `SELECT m.key, m.time, m.value, m.quality, w.text, ?1 FROM readings AS m LEFT JOIN words AS w ON w.id = m.unit
		WHERE m.key = (SELECT id FROM keys WHERE name = ?1) AND m.time >= ?2 AND m.time < ?3 ORDER BY m.time, m.n`
	oneKeyArrived = `SELECT m.key, m.time, m.value, m.quality, w.text, ?1 FROM journal AS m LEFT JOIN words AS w ON w.id = m.unit
		WHERE m.key = (SELECT id FROM keys WHERE name = ?1) AND m.time >= ?2 AND m.time < ?3 ORDER BY m.time, m.pos`
	allMoved = `SELECT m.key, m.time, m.value, m.quality, w.text, k.name
		FROM keys AS k CROSS JOIN readings AS m ON m.key = k.id LEFT JOIN words AS w ON w.id = m.unit
		WHERE ?1 = '' AND m.time >= ?2 AND m.time < ?3 ORDER BY m.time, m.key, m.n`
	allArrived = `SELECT m.key, m.time, m.value, m.quality, w.text, k.name
		FROM journal AS m CROSS JOIN keys AS k ON k.id = m.key LEFT JOIN words AS w ON w.id = m.unit
		WHERE ?1 = '' AND m.time >= ?2 AND m.time < ?3 ORDER BY m.time, m.key, m.pos`
)

// History yields the readings of a key ("": of all) from a time and before another
// (zero: no bound), by time. A reading that arrived twice is there once, another
// value for the same time as well. What waits for the disk is not there yet. It ends
// after an error. Who lingers over it keeps the WAL from being recycled.
func (s *Store) History(ctx context.Context, key string, from, to time.Time) iter.Seq2[Reading, error] {
	return func(yield func(Reading, error) bool) {
		more := true
		err := s.read(ctx, func(c *conn) error {
			moved, arrived := oneKeyMoved, oneKeyArrived
			if key == "" {
				moved, arrived = allMoved, allArrived
			}
			return merge(c, moved, arrived, []any{key, bound(from, math.MinInt64), bound(to, math.MaxInt64)}, func(r Reading) bool {
				more = yield(r, nil)
				return more
			})
		})
		if err != nil && more {
			yield(Reading{}, err)
		}
	}
}

// bound returns t in ns since 1970, or what is given for the zero time.
func bound(t time.Time, zero int64) int64 {
	switch ns, ok := nanos(t); {
	case t.IsZero():
		return zero
	case ok:
		return ns
	case t.Year() < 1970:
		return math.MinInt64
	}
	return math.MaxInt64
}

// cursor is at a row of one of the queries above.
type cursor struct {
	*sqlite3.Stmt
	key, time int64
	ok        bool // there is a row
}

func (c *cursor) next() error {
	if c.ok = c.Step(); c.ok {
		c.key, c.time = c.ColumnInt64(0), c.ColumnInt64(1)
	}
	return c.Err()
}

func (c *cursor) before(o *cursor) bool {
	return c.ok && (!o.ok || c.time < o.time || c.time == o.time && c.key <= o.key)
}

// reading returns what is in the row.
func (c *cursor) reading(key string) Reading {
	v := math.NaN()
	if c.ColumnType(2) != sqlite3.NULL {
		v = c.ColumnFloat(2)
	}
	return Reading{key, time.Unix(0, c.time).UTC(), Value{v, uint8(c.ColumnInt(3)), c.ColumnText(4)}}
}

// merge yields the rows of two queries in their common order, each value for a time
// of a key once.
func merge(c *conn, moved, arrived string, args []any, yield func(Reading) bool) error {
	var cursors [2]*cursor
	for i, sql := range []string{moved, arrived} {
		s, err := c.stmt(sql, args...)
		if err != nil {
			return err
		}
		cursors[i] = &cursor{Stmt: s}
		if err := cursors[i].next(); err != nil {
			return err
		}
	}
	a, b := cursors[0], cursors[1]
	var key, at int64
	var name string
	var seen []float64 // for that time of the key
	for a.ok || b.ok {
		first := b
		if a.before(b) {
			first = a
		}
		if first.key != key {
			name = first.ColumnText(5)
		}
		if first.key != key || first.time != at {
			key, at, seen = first.key, first.time, seen[:0]
		}
		if r := first.reading(name); !contains(seen, r.Value.Value) {
			seen = append(seen, r.Value.Value)
			if !yield(r) {
				return nil
			}
		}
		if err := first.next(); err != nil {
			return err
		}
	}
	return nil
}

// contains reports whether v is in list, where NaN equals NaN.
func contains(list []float64, v float64) bool {
	for _, w := range list {
		if v == w || math.IsNaN(v) && math.IsNaN(w) {
			return true
		}
	}
	return false
}

// Newest returns the newest n readings of a key, or of each key if it is "": key by
// key, oldest first. What waits for the disk is not there yet.
func (s *Store) Newest(ctx context.Context, key string, n int) (list []Reading, err error) {
	err = s.read(ctx, func(c *conn) error {
		keys := []string{key}
		if key == "" {
			if keys, err = names(c); err != nil {
				return err
			}
		}
		arrived, err := arrivals(c)
		if err != nil {
			return err
		}
		for _, key := range keys {
			if list, err = newest(c, list, key, n, arrived[key]); err != nil {
				return err
			}
		}
		return nil
	})
	return list, err
}

// EachNewest calls f with the newest readings of each key, as many as most wants of it:
// 0 leaves it out. It ends with the first error of f.
func (s *Store) EachNewest(ctx context.Context, most func(key string) int, f func(key string, list []Reading) error) error {
	return s.read(ctx, func(c *conn) error {
		keys, err := names(c)
		if err != nil {
			return err
		}
		arrived, err := arrivals(c)
		if err != nil {
			return err
		}
		for _, key := range keys {
			n := most(key)
			if n <= 0 {
				continue
			}
			list, err := newest(c, nil, key, n, arrived[key])
			if err == nil {
				err = f(key, list)
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

func names(c *conn) (list []string, err error) {
	err = c.each(func(s *sqlite3.Stmt) bool {
		list = append(list, s.ColumnText(0))
		return true
	}, "SELECT name FROM keys ORDER BY name")
	return list, err
}

// Keys returns what is kept of each key, by name. It looks at all readings.
func (s *Store) Keys(ctx context.Context) (list []KeyInfo, err error) {
	err = s.read(ctx, func(c *conn) error {
		return c.each(func(s *sqlite3.Stmt) bool {
			list = append(list, KeyInfo{
				s.ColumnText(0), s.ColumnInt(1), time.Unix(0, s.ColumnInt64(2)).UTC(), time.Unix(0, s.ColumnInt64(3)).UTC(),
			})
			return true
		}, `SELECT k.name, sum(n), min(first), max(last) FROM (
			SELECT key, count(*) AS n, min(time) AS first, max(time) AS last FROM merged GROUP BY key
		) AS m JOIN keys AS k ON k.id = m.key GROUP BY k.id ORDER BY k.name`)
	})
	return list, err
}
