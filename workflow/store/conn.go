package store

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"time"

	"github.com/ncruces/go-sqlite3"
)

// conn is a connection that keeps its statements. It is used by one goroutine.
type conn struct {
	*sqlite3.Conn
	stmts map[string]*sqlite3.Stmt
}

// dial opens the file at path through the VFS of the given name. The query is more
// of the file's URI.
func dial(path, vfsName, query string, flags sqlite3.OpenFlag) (*conn, error) {
	escaped := url.URL{Path: filepath.ToSlash(path)}
	c, err := sqlite3.OpenFlags("file:"+escaped.EscapedPath()+"?vfs="+vfsName+query, flags|sqlite3.OPEN_URI)
	if err != nil {
		return nil, err
	}
	d := &conn{c, map[string]*sqlite3.Stmt{}}
	err = errors.Join(
		d.Exec("PRAGMA checksum_verification = OFF"), // our VFS does it
		d.BusyTimeout(busyTimeout),
		d.Exec("PRAGMA trusted_schema = OFF; PRAGMA foreign_keys = OFF; PRAGMA temp_store = MEMORY"))
	if err != nil {
		d.close()
		return nil, err
	}
	return d, nil
}

// busyTimeout is how long somebody else may hold a lock on the file.
const busyTimeout = time.Second

// close finalizes all statements and closes the connection.
func (c *conn) close() {
	for _, s := range c.stmts {
		_ = s.Close() // tells the statement's last error again
	}
	clear(c.stmts)
	c.SetInterrupt(context.Background())
	_ = c.Conn.Close() // fails only when a statement is left
}

// stmt returns the statement with its arguments bound. It is to be reset, or run by
// Exec, before it is used again.
func (c *conn) stmt(sql string, args ...any) (*sqlite3.Stmt, error) {
	s := c.stmts[sql]
	if s == nil {
		var err error
		if s, _, err = c.PrepareFlags(sql, sqlite3.PREPARE_PERSISTENT); err != nil {
			return nil, err
		}
		c.stmts[sql] = s
	}
	for i, arg := range args {
		if err := bind(s, i+1, arg); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func bind(s *sqlite3.Stmt, i int, arg any) error {
	switch v := arg.(type) {
	case nil:
		return s.BindNull(i)
	case int:
		return s.BindInt(i, v)
	case int64:
		return s.BindInt64(i, v)
	case uint64:
		return s.BindInt64(i, int64(v))
	case float64:
		return s.BindFloat(i, v)
	case string:
		return s.BindText(i, v)
	case []byte:
		if v == nil {
			v = []byte{}
		}
		return s.BindBlob(i, v)
	}
	return fmt.Errorf("argument %d is of type %T: %w", i, arg, errors.ErrUnsupported)
}

// run runs a statement that yields no rows and returns how many it changed.
func (c *conn) run(sql string, args ...any) (int64, error) {
	s, err := c.stmt(sql, args...)
	if err != nil {
		return 0, err
	}
	if err := s.Exec(); err != nil {
		return 0, err
	}
	return c.Changes(), nil
}

// each calls f with each row of a query until f returns false.
func (c *conn) each(f func(*sqlite3.Stmt) bool, sql string, args ...any) error {
	s, err := c.stmt(sql, args...)
	if err != nil {
		return err
	}
	for s.Step() && f(s) {
		continue
	}
	return errors.Join(s.Err(), s.Reset())
}

// number returns the number in the only row of a query, 0 for NULL or no row.
func (c *conn) number(sql string, args ...any) (n int64, err error) {
	err = c.each(func(s *sqlite3.Stmt) bool {
		n = s.ColumnInt64(0)
		return false
	}, sql, args...)
	return n, err
}

// inTransaction runs f between BEGIN and COMMIT. After an error the transaction is
// as good as rolled back: the connection is to be closed.
func (c *conn) inTransaction(f func() error) error {
	if err := c.Exec("BEGIN IMMEDIATE"); err != nil {
		return err
	}
	if err := f(); err != nil {
		return err
	}
	return c.Exec("COMMIT")
}
