// Package store keeps what a workflow must not forget in one SQLite file: the
// journal and the snapshot of its engine, the history of its readings, its dead
// letters, and notes. It knows nothing of what the readings mean.
//
// # Promises
//
//   - What is told to be on disk (by Options.Committed, Wait, Flush, Save) is there
//     once and right, whatever happens to the process or the power after that. It is
//     told only after a sync.
//   - Append does not wait for the disk. What was appended is on disk within
//     Options.Window (200 ms) and one commit, or as soon as 1,000 records wait. A
//     crash loses at most that: an end of the journal, of whole appends.
//   - Memory is bounded: 65,536 records wait at most. A slow disk holds Append back
//     then. While the disk is full or fails, the oldest records are discarded instead
//     and counted (Health.Lost, Options.Lost), and what is written is tried again
//     every second. After a failed sync the file is closed, opened and read again
//     before anything is believed.
//   - A journal with a gap is not replayed: once records were discarded, nothing is
//     written until a snapshot is saved that was taken after them
//     (Health.NeedsSnapshot). What was appended since goes with it.
//   - A damaged or cut file is never read as if it were right. It is set aside as
//     setpoint.db.corrupt-TIME and a new one begun, with a notice. That also happens
//     when something is missing that was told to be on disk, while the program ran or
//     when it crashed.
//   - A file that is not ours, or that a newer program wrote, is left as it is.
//   - One instance writes. The lock ends with its process. Others may read beside it,
//     and make no file for that.
//   - The folder made is 0700 and the files are 0600, whatever the umask.
//   - Readings are forgotten by age and by size, a slice at a time, and the file
//     shrinks. Age counts back from the newest reading or from now, whichever is
//     earlier, so that an old recording may be kept, too.
//
// # The file
//
// The program sqlite3 can read setpoint.db at any time (version 3.8.3 or newer):
//
//	history    view: key, time (ISO 8601, UTC), value, quality, unit of each reading
//	merged     view: the same by numbers, times in ns since 1970
//	readings   table: readings by key and time
//	journal    table: records in the order in which they came. Those that are readings
//	           have a time; they are moved to readings, many at once, when a snapshot
//	           holds them (up to state.floor)
//	keys       table: names of keys
//	words      table: units and sources
//	snapshot   table: the newest snapshot
//	letters    table: dead letters
//	notes      table: notes by topic and ID, their bodies as text
//	state      table: one row of bookkeeping
//
// A value that is not a number, or infinite, is NULL. The pages have checksums
// (https://sqlite.org/cksumvfs.html), which sqlite3 does not know. So reading is
// safe, but a change or a checkpoint by that program, while this one runs, looks like
// damage. When this program is not running, a checkpoint does no harm, but a change
// does. Remove setpoint.lock when an older copy of the file is put back.
//
// The file setpoint.lock says who writes, and how many commits were told of.
package store
