package store

import (
	"math"
	"slices"
	"time"

	"github.com/ncruces/go-sqlite3"
)

// arrivals returns the readings that are in the journal, by key and time.
func arrivals(c *conn) (map[string][]Reading, error) {
	list := map[string][]Reading{}
	err := c.each(func(s *sqlite3.Stmt) bool {
		at := cursor{Stmt: s, time: s.ColumnInt64(1)}
		r := at.reading(s.ColumnText(5))
		list[r.Key] = append(list[r.Key], r)
		return true
	}, allArrived, "", math.MinInt64, math.MaxInt64)
	return list, err
}

// newest appends the newest n readings of a key to list, given those that are in
// the journal.
func newest(c *conn, list []Reading, key string, n int, arrived []Reading) ([]Reading, error) {
	var own []Reading
	err := c.each(func(s *sqlite3.Stmt) bool {
		at := cursor{Stmt: s, time: s.ColumnInt64(0)}
		own = append(own, at.reading(key))
		return true
	}, `SELECT m.time, 0, m.value, m.quality, w.text FROM readings AS m LEFT JOIN words AS w ON w.id = m.unit
		WHERE m.key = (SELECT id FROM keys WHERE name = ?) ORDER BY m.time DESC, m.n DESC LIMIT ?`, key, n)
	slices.Reverse(own)
	own = append(own, arrived...)
	slices.SortStableFunc(own, func(a, b Reading) int { return a.Time.Compare(b.Time) })
	own = once(own)
	return append(list, own[max(0, len(own)-n):]...), err
}

// once leaves each value for a time once in a list that is sorted by time.
func once(list []Reading) []Reading {
	var at time.Time
	var seen []float64
	return slices.DeleteFunc(list, func(r Reading) bool {
		if !r.Time.Equal(at) {
			at, seen = r.Time, seen[:0]
		}
		again := contains(seen, r.Value.Value)
		seen = append(seen, r.Value.Value)
		return again
	})
}
