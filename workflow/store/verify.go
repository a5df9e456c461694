package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"path/filepath"

	"github.com/ncruces/go-sqlite3"

	"setpoint/workflow"
)

// maxFindings is how many faults Verify tells of each kind.
const maxFindings = 20

// Report is what [Verify] looked at.
type Report struct {
	Bytes    int64 // of the file and its WAL
	Readings int
	Records  int // of the journal
	Letters  int
	Notes    int
}

// Verify reads all of the store in dir, beside whoever writes to it, and writes
// nothing: the checksums of the pages, the structure of the file, the references in
// it, that readings are there once and in the journal's bounds, and the snapshot.
// Its error tells all that is wrong; it Is [ErrDamaged], [ErrForeign], [ErrNewer] or
// [fs.ErrNotExist].
func Verify(ctx context.Context, dir string) (Report, error) {
	s, err := Open(dir, Options{ReadOnly: true})
	if err != nil {
		return Report{}, err
	}
	r := Report{Bytes: sizeOf(s.path)}
	err = s.read(ctx, func(c *conn) error {
		var faults []error
		if name, query := beside(s.dir, s.path); query != "" { // also the pages that nobody uses
			faults = append(faults, scan(s.path, 0, name == lenientVFS))
		}
		for _, check := range []func(*conn) error{integrity, references, invariants, wholeSnapshot, s.acknowledged, r.count} {
			if err := check(c); err != nil {
				faults = append(faults, err)
			}
		}
		return errors.Join(faults...)
	})
	return r, err
}

// integrity reads all pages and follows all of the file's structure.
func integrity(c *conn) error { return findings(c, "ok", "PRAGMA integrity_check") }

// references follows all references between tables.
func references(c *conn) error {
	return findings(c, "", `SELECT "table" || ' refers to nothing in ' || parent FROM pragma_foreign_key_check`)
}

// invariants checks what this package promises.
func invariants(c *conn) error {
	return findings(c, "", `
		SELECT 'the record at ' || pos || ' is beyond ' || last FROM journal JOIN state WHERE pos > last
		UNION ALL SELECT 'the journal begins after ' || floor || ', beyond ' || last FROM state WHERE floor > last
		UNION ALL SELECT 'the snapshot is at ' || position || ', beyond ' || last FROM snapshot JOIN state WHERE position > last
		UNION ALL SELECT 'the letter ' || l.id || ' is beyond ' || s.letters FROM letters AS l JOIN state AS s WHERE l.id > s.letters
		UNION ALL SELECT 'the reading of key ' || a.key || ' at ' || a.time || ' is there twice' FROM readings AS a JOIN readings AS b
			ON b.key = a.key AND b.time = a.time AND b.n < a.n AND b.value IS a.value WHERE a.n > 0`)
}

// findings returns the rows of a query as an error, but for what is in order.
func findings(c *conn, fine, sql string) error {
	var faults []error
	err := c.each(func(s *sqlite3.Stmt) bool {
		if text := s.ColumnText(0); text != fine {
			faults = append(faults, fmt.Errorf("%w: %.200q", ErrDamaged, text))
		}
		return len(faults) < maxFindings
	}, sql)
	return errors.Join(append(faults, err)...)
}

// wholeSnapshot reads the snapshot.
func wholeSnapshot(c *conn) error {
	body, versions, err := loadSnapshot(c)
	if err != nil || body == nil {
		return err
	}
	if _, err := workflow.ReadSnapshot(bytes.NewReader(body), raw(versions[0]), raw(versions[1])); err != nil {
		return fmt.Errorf("%w: %w", ErrDamaged, err)
	}
	return nil
}

// acknowledged checks that nothing is missing of which somebody was told.
func (s *Store) acknowledged(c *conn) error {
	m := readMark(filepath.Dir(s.path))
	st, err := readState(c)
	if err == nil && !m.clean && m.store == st.id && m.commits > st.commits && !taken(s.dir) {
		err = fmt.Errorf("%w: it has %d commits, want %d", ErrDamaged, st.commits, m.commits)
	}
	return err
}

func (r *Report) count(c *conn) error {
	for table, n := range map[string]*int{"merged": &r.Readings, "journal": &r.Records, "letters": &r.Letters, "notes": &r.Notes} {
		got, err := c.number("SELECT count(*) FROM " + table)
		if err != nil {
			return err
		}
		*n = int(got)
	}
	return nil
}
