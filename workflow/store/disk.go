package store

import (
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"

	"github.com/ncruces/go-sqlite3"

	"setpoint/workflow"
)

// state is the row of that name.
type state struct {
	id, commits, letters uint64
	last, floor          workflow.Position
}

// disk is the connection of the writer.
type disk struct {
	*conn
	state       // as it was committed, or is about to be
	keys, words map[string]int64
	insert      *sqlite3.Stmt // of a row of the journal
	wal         int           // pages in the WAL
}

// create makes a new file under another name and then gives it its own.
func create(path, vfsName string, steps []string, last workflow.Position) error {
	temp := path + ".new"
	if err := os.Remove(temp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := private(temp); err != nil {
		return err
	}
	c, err := dial(temp, vfsName, "", sqlite3.OPEN_READWRITE|sqlite3.OPEN_CREATE)
	if err != nil {
		return err
	}
	defer c.close()
	if _, err := c.FileControl("main", sqlite3.FCNTL_RESERVE_BYTES, sumSize); err != nil {
		return err
	}
	err = c.Exec(fmt.Sprintf("PRAGMA journal_mode = MEMORY; PRAGMA page_size = %d; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA application_id = %d;"+
		"PRAGMA checksum_verification = OFF", pageSize, applicationID))
	if err != nil {
		return err
	}
	if err := migrate(c, steps); err != nil {
		return err
	}
	id := rand.Int64N(1<<62) + 1
	if _, err := c.run("INSERT INTO state VALUES (1, ?, 0, ?, ?, 0)", id, uint64(last), uint64(last)); err != nil {
		return err
	}
	if err := os.Rename(temp, path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// syncDir makes the names in a directory durable, where that can be done.
func syncDir(dir string) error {
	f, err := os.Open(dir)
	if err != nil {
		return err
	}
	_ = f.Sync() // not every system can
	return f.Close()
}

// openDisk opens a file that sniff knows, leads it on to the newest version and
// makes durable what a crash left in the WAL.
func openDisk(path string, o *Options) (*disk, error) {
	if err := errors.Join(private(path+"-wal"), private(path+"-shm"), os.Chmod(path, 0o600)); err != nil {
		return nil, err
	}
	c, err := dial(path, o.vfs, "", sqlite3.OPEN_READWRITE)
	if err != nil {
		return nil, err
	}
	d := &disk{conn: c, keys: map[string]int64{}, words: map[string]int64{}}
	if err := d.prepare(o); err != nil {
		d.close()
		return nil, err
	}
	return d, nil
}

func (d *disk) prepare(o *Options) error {
	if _, err := version(d.conn, o.steps); err != nil {
		return err
	}
	err := d.Exec(fmt.Sprintf("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -16000; PRAGMA journal_size_limit = %d",
		o.walPages()*pageSize))
	if err != nil {
		return err
	}
	if err := d.WALAutoCheckpoint(0); err != nil {
		return err
	}
	if _, _, err := d.WALCheckpoint("main", sqlite3.CHECKPOINT_TRUNCATE); err != nil && !errors.Is(err, sqlite3.BUSY) {
		return err
	}
	if err := migrate(d.conn, o.steps); err != nil {
		return err
	}
	if err := shape(d.conn, o.Views); err != nil {
		return err
	}
	d.WALHook(func(_ *sqlite3.Conn, _ string, pages int) error {
		d.wal = pages
		return nil
	})
	if d.insert, err = d.stmt(insertRow); err != nil {
		return err
	}
	return d.load()
}

// load reads what the writer has to know.
func (d *disk) load() (err error) {
	if d.state, err = readState(d.conn); err != nil {
		return err
	}
	for table, names := range map[string]map[string]int64{"SELECT id, name FROM keys": d.keys, "SELECT id, text FROM words": d.words} {
		err := d.each(func(s *sqlite3.Stmt) bool {
			names[s.ColumnText(1)] = s.ColumnInt64(0)
			return true
		}, table)
		if err != nil {
			return err
		}
	}
	return nil
}

func readState(c *conn) (st state, err error) {
	found := false
	err = c.each(func(s *sqlite3.Stmt) bool {
		found = true
		st = state{
			id: uint64(s.ColumnInt64(0)), commits: uint64(s.ColumnInt64(1)), letters: uint64(s.ColumnInt64(4)),
			last: workflow.Position(s.ColumnInt64(2)), floor: workflow.Position(s.ColumnInt64(3)),
		}
		return true
	}, "SELECT id, commits, last, floor, letters FROM state")
	if err == nil && !found {
		err = fmt.Errorf("%w: it has no state", ErrDamaged)
	}
	return st, err
}

// commit makes all changes and counts the commit. After an error the disk is to be
// closed: nobody knows then whether they are in the file.
func (d *disk) commit(change func() error) error {
	return d.inTransaction(func() error {
		if err := change(); err != nil {
			return err
		}
		d.commits++
		_, err := d.run("UPDATE state SET commits = ?, last = ?, floor = ?, letters = ?",
			d.commits, uint64(d.last), uint64(d.floor), d.letters)
		return err
	})
}

// id returns the number of a name in one of the two tables of names.
func (d *disk) id(names map[string]int64, insert, name string) (int64, error) {
	if id, ok := names[name]; ok {
		return id, nil
	}
	if _, err := d.run(insert, name); err != nil {
		return 0, err
	}
	id := d.LastInsertRowID()
	names[name] = id
	return id, nil
}

// abandon closes a connection that failed without writing anything more.
func (d *disk) abandon() {
	_, _ = d.Config(sqlite3.DBCONFIG_NO_CKPT_ON_CLOSE, true) // at worst it fails again
	d.close()
}

// isDamage reports whether err says that the file is damaged.
func isDamage(err error) bool {
	return errors.Is(err, ErrDamaged) || errors.Is(err, sqlite3.CORRUPT) || errors.Is(err, sqlite3.NOTADB) ||
		errors.Is(err, sqlite3.IOERR_DATA) || errors.Is(err, sqlite3.IOERR_SHORT_READ)
}
