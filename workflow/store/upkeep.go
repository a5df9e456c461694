package store

import (
	"errors"
	"fmt"
	"time"

	"github.com/ncruces/go-sqlite3"
)

// upkeep is what the writer does besides: it moves readings from the journal to
// their table, forgets old ones and gives pages back. It does so in slices between
// two commits, so that a commit never waits for long.
type upkeep struct {
	due    time.Time // when to look for old readings
	more   bool      // there is more to do at once
	cutoff int64     // ns: older ones are forgotten
	key    int64     // whose turn it is; 0: nobody's
	newest int64     // ns, of any reading
}

const (
	upkeepPause = time.Minute
	keysAtOnce  = 1000 // that are looked at in a slice
)

// begin finds out how new the readings are.
func (u *upkeep) begin(d *disk) (err error) {
	u.due = time.Now().Add(upkeepPause)
	u.newest, err = d.number("SELECT max(t) FROM (SELECT (SELECT max(time) FROM readings WHERE key = k.id) AS t FROM keys AS k" +
		" UNION ALL SELECT max(time) FROM journal)")
	return err
}

// slice does a part of what there is to do. The store's disk is open.
func (u *upkeep) slice(s *Store) error {
	d := s.disk
	u.more = false
	for _, part := range []func(*disk, *Options) error{u.move, u.forget, u.shrink} {
		if err := part(d, &s.o); err != nil {
			return err
		}
	}
	if d.wal < s.o.walPages() {
		return nil
	}
	d.wal = 0
	_, _, err := d.WALCheckpoint("main", sqlite3.CHECKPOINT_PASSIVE)
	if errors.Is(err, sqlite3.BUSY) {
		return nil
	}
	return err
}

// move moves the readings of a slice of records that a snapshot holds from the
// journal to their table, if there are so many. In their order few pages are
// written, however many keys take turns.
func (u *upkeep) move(d *disk, o *Options) error {
	first, err := d.number("SELECT min(pos) FROM journal")
	if err != nil || first == 0 || int64(d.floor)-first < int64(o.slice)-1 {
		return err
	}
	u.more = true
	upTo := first + int64(o.slice) - 1
	if err := d.Exec("PRAGMA synchronous = NORMAL"); err != nil { // nobody waits; the next commit syncs it, too
		return err
	}
	err = d.inTransaction(func() error {
		all, err := d.number("SELECT count(*) FROM journal WHERE pos <= ? AND time IS NOT NULL", upTo)
		if err != nil {
			return err
		}
		n, err := d.run(moveFirst, upTo)
		for more := n < all; more && err == nil; more = n > 0 {
			n, err = d.run(moveOthers, upTo)
		}
		if err != nil {
			return err
		}
		u.newest, err = d.number("SELECT max(?, coalesce(max(time), 0)) FROM journal WHERE pos <= ?", u.newest, upTo)
		if err == nil {
			_, err = d.run("DELETE FROM journal WHERE pos <= ?", upTo)
		}
		return err
	})
	if err != nil {
		return err
	}
	return d.Exec("PRAGMA synchronous = FULL")
}

// A key has one value for most times. Of other values for the same time one is moved
// in a turn.
const (
	moveFirst = `INSERT INTO readings(key, time, n, value, quality, unit)
		SELECT key, time, 0, value, quality, unit FROM journal WHERE pos <= ? AND time IS NOT NULL ORDER BY key, time, pos
		ON CONFLICT DO NOTHING`
	moveOthers = `INSERT INTO readings(key, time, n, value, quality, unit)
		SELECT key, time, (SELECT max(n) + 1 FROM readings AS r WHERE r.key = j.key AND r.time = j.time), value, quality, unit
		FROM journal AS j WHERE pos <= ? AND time IS NOT NULL
			AND NOT EXISTS (SELECT 1 FROM readings AS r WHERE r.key = j.key AND r.time = j.time AND r.value IS j.value)
		ORDER BY key, time, pos
		ON CONFLICT DO NOTHING`
)

// forget removes old readings, some keys at a time, and the pages they leave.
func (u *upkeep) forget(d *disk, o *Options) error {
	if now := time.Now(); u.key == 0 {
		if now.Before(u.due) {
			return nil
		}
		if err := u.plan(d, o, now); err != nil {
			return err
		}
	}
	u.more = true
	for range keysAtOnce {
		n, err := d.run(`DELETE FROM readings WHERE key = ?1 AND time < ?2
			AND time <= coalesce((SELECT time FROM readings WHERE key = ?1 ORDER BY time LIMIT 1 OFFSET ?3), ?2)`, u.key, u.cutoff, o.slice)
		if err != nil {
			return err
		}
		if n >= int64(o.slice) {
			return nil // there may be more of this key
		}
		if u.key, err = d.number("SELECT min(id) FROM keys WHERE id > ?", u.key); err != nil || u.key == 0 {
			break
		}
	}
	if u.key != 0 {
		return nil
	}
	_, err := d.run("DELETE FROM notes WHERE time < ?", u.cutoff)
	return err
}

// plan decides what is too old. A recording of a year ago is as old as its newest
// reading, so it can be kept as well.
func (u *upkeep) plan(d *disk, o *Options, now time.Time) error {
	newest := min(now.UnixNano(), u.newest)
	u.cutoff = newest - int64(o.Retention)
	used, err := d.number("SELECT (SELECT page_count FROM pragma_page_count) - (SELECT freelist_count FROM pragma_freelist_count)")
	if err != nil {
		return err
	}
	if over := float64(used*pageSize) - 0.9*float64(o.MaxBytes); over > 0.05*float64(o.MaxBytes) {
		oldest, err := d.number("SELECT min(t) FROM (SELECT (SELECT min(time) FROM readings WHERE key = k.id) AS t FROM keys AS k)")
		if err != nil {
			return err
		}
		share := over / float64(used*pageSize)
		u.cutoff = max(u.cutoff, oldest+int64(share*float64(newest-oldest))+1)
	}
	u.key, err = d.number("SELECT min(id) FROM keys")
	u.due = now.Add(upkeepPause)
	return err
}

// vacuumPages is how many pages are given back at once.
const vacuumPages = 1000

// shrink gives free pages back once they are more than a twentieth of the file.
func (u *upkeep) shrink(d *disk, o *Options) error {
	free, err := d.number("PRAGMA freelist_count")
	if err != nil {
		return err
	}
	count, err := d.number("PRAGMA page_count")
	if err != nil || free <= max(count/20, min(1024, o.MaxBytes/pageSize/20)) {
		return err
	}
	u.more = true
	return d.Exec(fmt.Sprintf("PRAGMA incremental_vacuum(%d)", vacuumPages))
}
