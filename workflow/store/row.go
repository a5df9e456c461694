package store

import (
	"math"
	"time"

	"github.com/ncruces/go-sqlite3"

	"setpoint/workflow"
)

// Value is what a payload that is a reading holds.
type Value struct {
	Value   float64
	Quality uint8
	Unit    string
}

// row is a record on its way to the journal's table.
type row struct {
	pos           workflow.Position
	reading       bool
	key, source   string
	time, delay   int64 // ns
	value         Value
	event         uint64
	shard, shards int
	revision      uint64
	body          []byte // nil: the columns tell it all
	counts        bool   // it is an event of its source
}

// nanos returns t in ns since 1970, if it is within the 584 years that fit.
func nanos(t time.Time) (int64, bool) {
	ns := t.UnixNano()
	return ns, time.Unix(0, ns).Equal(t)
}

// finite reports whether a column can tell v exactly.
func finite(v float64) bool {
	return !math.IsNaN(v) && !math.IsInf(v, 0) && (v != 0 || !math.Signbit(v))
}

// newRow returns the row for r.
func newRow[E any](r *workflow.Record[E], f *Form[E]) (w row, err error) {
	ev := &r.Event
	w = row{counts: r.Kind == workflow.RecordEvent, source: ev.Source}
	if f.Split != nil && w.counts && ev.Kind == workflow.Data {
		w.value, w.reading = f.Split(ev.Payload)
	}
	if w.reading {
		w.time, w.reading = nanos(ev.Time)
	}
	if w.reading {
		w.key, w.event, w.shard, w.shards, w.revision = ev.Key, ev.ID, r.Shard, r.Shards, ev.Revision
		w.delay = int64(ev.Seen.Sub(ev.Time))
	}
	if !w.reading || !fits(r, w.delay) || !finite(w.value.Value) {
		w.body, err = packRecord(r, f)
	}
	return w, err
}

// fits reports whether the columns can tell all of r but for its payload.
func fits[E any](r *workflow.Record[E], delay int64) bool {
	ev := &r.Event
	return r.Node == "" && r.Why == "" && ev.Cause == 0 && ev.Hops == 0 && ev.Redrives == 0 && ev.ID <= math.MaxInt64 &&
		ev.Revision <= math.MaxInt64 && ev.Time.Add(time.Duration(delay)).Equal(ev.Seen)
}

const insertRow = "INSERT INTO journal(pos, key, time, value, quality, unit, event, source, delay, shard, shards, revision, body)" +
	" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

// add inserts w.
func (d *disk) add(w *row) error {
	s := d.insert
	err := s.ClearBindings()
	if err == nil && w.body != nil {
		err = s.BindBlob(13, w.body)
	}
	if err == nil && w.reading {
		err = d.bindReading(s, w)
	}
	if err == nil {
		err = s.BindInt64(1, int64(w.pos))
	}
	if err == nil {
		err = s.Exec()
	}
	return err
}

func (d *disk) bindReading(s *sqlite3.Stmt, w *row) error {
	key, err := d.id(d.keys, "INSERT INTO keys(name) VALUES (?)", w.key)
	if err != nil {
		return err
	}
	if err := d.bindWord(s, 6, w.value.Unit); err != nil {
		return err
	}
	if finite(w.value.Value) || w.value.Value == 0 { // else NULL
		if err := s.BindFloat(4, w.value.Value); err != nil {
			return err
		}
	}
	columns := [...]struct {
		i int
		v int64
	}{{2, key}, {3, w.time}, {5, int64(w.value.Quality)}}
	for _, c := range columns {
		if err := s.BindInt64(c.i, c.v); err != nil {
			return err
		}
	}
	if w.body != nil {
		return nil
	}
	if err := d.bindWord(s, 8, w.source); err != nil {
		return err
	}
	rest := [...]int64{int64(w.event), -1, w.delay, int64(w.shard), int64(w.shards), int64(w.revision)}
	for i, v := range rest {
		if i == 1 {
			continue // the source
		}
		if err := s.BindInt64(7+i, v); err != nil {
			return err
		}
	}
	return nil
}

// bindWord binds the number of a word; NULL stands for the empty one.
func (d *disk) bindWord(s *sqlite3.Stmt, i int, word string) error {
	if word == "" {
		return nil
	}
	id, err := d.id(d.words, "INSERT INTO words(text) VALUES (?)", word)
	if err != nil {
		return err
	}
	return s.BindInt64(i, id)
}
