package store

import (
	"cmp"
	"context"
	"iter"
	"time"

	"github.com/ncruces/go-sqlite3"

	"setpoint/workflow"
)

// Form says how payloads are kept. Those that are readings go into columns of their
// own, the others are bytes.
type Form[E any] struct {
	Codec workflow.Codec[E]
	Split func(E) (Value, bool) // the value of a payload that is a reading; nil: none is
	Join  func(Value) E         // what Split took apart
}

// EventJournal is a journal in a [Store]. It is a [workflow.Flusher]: a crash loses
// at most what was appended within Options.Window and one commit.
type EventJournal[E any] struct {
	s *Store
	f Form[E]
}

// Journal returns the journal of s. There is one in a store, so all journals of s
// are the same.
func Journal[E any](s *Store, f Form[E]) *EventJournal[E] { return &EventJournal[E]{s, f} }

// Append adds records without waiting for the disk, unless 65,536 are waiting for
// it already. While the disk refuses to take any, the oldest of them are discarded;
// see [Health]. It fails when ctx is done, when a payload cannot be encoded, and
// when the store is closed or read-only.
func (j *EventJournal[E]) Append(ctx context.Context, records []workflow.Record[E]) (workflow.Position, error) {
	rows := make([]row, len(records))
	for i := range records {
		var err error
		if rows[i], err = newRow(&records[i], &j.f); err != nil {
			return 0, err
		}
	}
	return j.s.add(ctx, rows)
}

// Flush returns when all that was appended is on disk, or an attempt to write it
// failed. Where records were discarded it returns at once: nothing is written then
// but with the next snapshot, which also says which positions were given.
func (j *EventJournal[E]) Flush(ctx context.Context) error {
	if j.s.Health().NeedsSnapshot {
		return nil
	}
	return j.s.Flush(ctx)
}

// Truncate forgets the records up to a position. Their readings stay in the history.
func (j *EventJournal[E]) Truncate(ctx context.Context, upTo workflow.Position) error {
	_, err := j.s.push(ctx, op{do: func(d *disk) error {
		d.floor = max(d.floor, min(upTo, d.last))
		return nil
	}})
	if err != nil {
		return err
	}
	return j.s.Flush(ctx)
}

const selectRows = `SELECT j.pos, j.body, k.name, j.time, j.value, j.quality, u.text, j.event, s.text, j.delay, j.shard, j.shards, j.revision
	FROM journal AS j LEFT JOIN keys AS k ON k.id = j.key LEFT JOIN words AS u ON u.id = j.unit LEFT JOIN words AS s ON s.id = j.source
	WHERE j.pos > ? AND j.pos <= ? ORDER BY j.pos`

// Read yields the records after a position, those that wait being written first.
// Who lingers over them keeps the WAL from being recycled.
func (j *EventJournal[E]) Read(ctx context.Context, after workflow.Position) iter.Seq2[workflow.Record[E], error] {
	return func(yield func(workflow.Record[E], error) bool) {
		more := true
		err := j.s.Flush(ctx)
		if err == nil {
			err = j.s.read(ctx, func(c *conn) error {
				return j.read(c, after, func(r workflow.Record[E]) bool {
					more = yield(r, nil)
					return more
				})
			})
		}
		if err != nil && more {
			yield(workflow.Record[E]{}, err)
		}
	}
}

func (j *EventJournal[E]) read(c *conn, after workflow.Position, yield func(workflow.Record[E]) bool) error {
	st, err := readState(c)
	if err != nil || after >= st.last {
		return err
	}
	var fault error
	err = c.each(func(s *sqlite3.Stmt) bool {
		var r workflow.Record[E]
		r, fault = j.record(s)
		return fault == nil && yield(r)
	}, selectRows, uint64(max(after, st.floor)), uint64(st.last))
	return cmp.Or(fault, err)
}

// record returns the record of the row at which s is.
func (j *EventJournal[E]) record(s *sqlite3.Stmt) (r workflow.Record[E], err error) {
	if body := s.ColumnRawBlob(1); body != nil {
		r, err = unpackRecord(body, &j.f)
		r.Position = workflow.Position(s.ColumnInt64(0))
		return r, err
	}
	if j.f.Join == nil {
		return r, errForm
	}
	at := time.Unix(0, s.ColumnInt64(3)).UTC()
	return workflow.Record[E]{
		Position: workflow.Position(s.ColumnInt64(0)), Kind: workflow.RecordEvent, Shard: s.ColumnInt(10), Shards: s.ColumnInt(11),
		Event: workflow.Event[E]{
			ID: uint64(s.ColumnInt64(7)), Revision: uint64(s.ColumnInt64(12)), Key: s.ColumnText(2), Source: s.ColumnText(8),
			Time: at, Seen: at.Add(time.Duration(s.ColumnInt64(9))),
			Payload: j.f.Join(Value{s.ColumnFloat(4), uint8(s.ColumnInt(5)), s.ColumnText(6)}),
		},
	}, nil
}
