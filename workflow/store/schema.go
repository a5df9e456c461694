package store

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/ncruces/go-sqlite3"
)

// applicationID marks our files, at byte 68.
const applicationID = 0x5e7b01d7

// ErrNewer is returned for a file that a newer program wrote. It is not touched.
var ErrNewer = errors.New("the file was written by a newer program")

// schema leads a file on: the text at n makes version n+1 of version n.
var schema = []string{`
CREATE TABLE state(
	one     INTEGER PRIMARY KEY CHECK (one = 1),
	id      INTEGER NOT NULL, -- of this file
	commits INTEGER NOT NULL, -- so far
	last    INTEGER NOT NULL, -- newest position in the journal
	floor   INTEGER NOT NULL, -- the journal begins after this position
	letters INTEGER NOT NULL  -- newest ID of a letter
);
CREATE TABLE keys(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
CREATE TABLE words(id INTEGER PRIMARY KEY, text TEXT NOT NULL UNIQUE); -- units and sources

CREATE TABLE journal(
	pos      INTEGER PRIMARY KEY,
	key      INTEGER REFERENCES keys,
	time     INTEGER, -- of a reading, ns since 1970; NULL: it is none
	value    REAL,    -- NULL: not a number, or infinite
	quality  INTEGER,
	unit     INTEGER REFERENCES words,
	event    INTEGER, -- its ID
	source   INTEGER REFERENCES words,
	delay    INTEGER, -- ns from time to when it was seen
	shard    INTEGER,
	shards   INTEGER,
	revision INTEGER,
	body     BLOB     -- the whole record if it does not fit the columns
);
CREATE TABLE readings(
	key     INTEGER NOT NULL REFERENCES keys,
	time    INTEGER NOT NULL, -- ns since 1970
	n       INTEGER NOT NULL, -- of the different values for that time
	value   REAL,
	quality INTEGER NOT NULL,
	unit    INTEGER REFERENCES words,
	PRIMARY KEY (key, time, n)
) WITHOUT ROWID;

CREATE TABLE snapshot(
	one      INTEGER PRIMARY KEY CHECK (one = 1),
	time     TEXT NOT NULL,
	position INTEGER NOT NULL,
	events   INTEGER NOT NULL, -- version of the payloads in body
	states   INTEGER NOT NULL, -- version of the states in body
	body     BLOB NOT NULL
);
CREATE TABLE letters(
	id       INTEGER PRIMARY KEY,
	time     TEXT NOT NULL,
	key      TEXT NOT NULL,
	node     TEXT NOT NULL,
	reason   TEXT NOT NULL,
	error    TEXT NOT NULL,
	attempts INTEGER NOT NULL,
	body     BLOB NOT NULL -- event, state and first failure
);
CREATE TABLE notes(
	topic TEXT NOT NULL,
	id    INTEGER NOT NULL,
	key   TEXT NOT NULL,
	time  INTEGER NOT NULL, -- ns since 1970
	body  TEXT NOT NULL,
	PRIMARY KEY (topic, id)
) WITHOUT ROWID;

CREATE VIEW merged AS
	SELECT key, time, value, quality, unit FROM readings
	UNION ALL
	SELECT key, time, value, quality, unit FROM (
		SELECT key, time, value, quality, unit, min(pos) FROM journal WHERE time IS NOT NULL GROUP BY key, time, value
	) AS j WHERE NOT EXISTS (SELECT 1 FROM readings AS r WHERE r.key = j.key AND r.time = j.time AND r.value IS j.value);
CREATE VIEW history AS
	SELECT k.name AS key,
		strftime('%Y-%m-%dT%H:%M:%S', (m.time - (m.time % 1000000000 + 1000000000) % 1000000000) / 1000000000, 'unixepoch')
			|| printf('.%09dZ', (m.time % 1000000000 + 1000000000) % 1000000000) AS time,
		m.value, m.quality, w.text AS unit
	FROM merged AS m JOIN keys AS k ON k.id = m.key LEFT JOIN words AS w ON w.id = m.unit;
`}

// version returns that of the file, if it is none of a newer program.
func version(c *conn, steps []string) (int64, error) {
	v, err := c.number("PRAGMA user_version")
	if err == nil && v > int64(len(steps)) {
		err = fmt.Errorf("%w: version %d, want at most %d", ErrNewer, v, len(steps))
	}
	return v, err
}

// migrate leads the file on to the newest version.
func migrate(c *conn, steps []string) error {
	is, err := version(c, steps)
	if err != nil {
		return err
	}
	for v := is; v < int64(len(steps)); v++ {
		err := c.inTransaction(func() error {
			return c.Exec(steps[v] + fmt.Sprintf(";PRAGMA user_version = %d", v+1))
		})
		if err != nil {
			return fmt.Errorf("migration to version %d: %w", v+1, err)
		}
	}
	return nil
}

// shape makes the extra views what they should be.
func shape(c *conn, views map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(views)) {
		quoted := sqlite3.QuoteIdentifier(name)
		want := "CREATE VIEW " + quoted + " AS " + views[name]
		same, err := c.number("SELECT count(*) FROM sqlite_schema WHERE type = 'view' AND name = ? AND sql = ?", name, want)
		if err != nil {
			return err
		}
		if same > 0 {
			continue
		}
		err = c.inTransaction(func() error { return c.Exec("DROP VIEW IF EXISTS " + quoted + ";" + want) })
		if err != nil {
			return fmt.Errorf("view %.80q: %w", name, err)
		}
	}
	return nil
}
