package store

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"time"
)

// ErrForeign is returned for a file that is not ours. It is not touched.
var ErrForeign = errors.New("the file is not a store of this program")

// ErrDamaged is returned for a file that was ours and is damaged.
var ErrDamaged = errors.New("the file is damaged")

// magic is how a database file begins.
const magic = "SQLite format 3\x00"

// headerSize is the length of the header of a database file.
const headerSize = 100

// sniff looks at a file without SQLite. It returns an error that Is fs.ErrNotExist
// also when the file is empty, ErrForeign, or ErrDamaged.
func sniff(path string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if info, err := f.Stat(); err != nil {
		return err
	} else if !info.Mode().IsRegular() {
		return fmt.Errorf("%w: it is no regular file", ErrForeign)
	}
	var page [pageSize]byte
	n, err := io.ReadFull(f, page[:])
	switch {
	case n == 0 && err == io.EOF:
		return fs.ErrNotExist
	case err != nil && !errors.Is(err, io.ErrUnexpectedEOF):
		return err
	case n < headerSize && n >= len(magic) && string(page[:len(magic)]) == magic:
		return fmt.Errorf("%w: it is cut after %d bytes", ErrDamaged, n)
	case strangeness(page[:n]) > 1:
		return ErrForeign
	case n < pageSize:
		return fmt.Errorf("%w: it is cut after %d bytes", ErrDamaged, n)
	case binary.BigEndian.Uint16(page[16:]) != pageSize || page[20] != sumSize:
		return fmt.Errorf("%w: its header makes no sense", ErrDamaged)
	}
	return nil
}

// strangeness counts the bytes of the header by which a file is told that are not
// as in ours: one of them may be damage.
func strangeness(b []byte) (n int) {
	if len(b) < headerSize {
		return headerSize
	}
	for i := range len(magic) {
		if b[i] != magic[i] {
			n++
		}
	}
	id := binary.BigEndian.AppendUint32(nil, applicationID)
	for i := range id {
		if b[68+i] != id[i] {
			n++
		}
	}
	return n
}

// setAside renames a file and what belongs to it, and returns its new name.
func setAside(path string, at time.Time) (string, error) {
	aside := path + ".corrupt-" + at.UTC().Format("20060102T150405Z")
	for n, base := 2, aside; ; n++ {
		if _, err := os.Lstat(aside); errors.Is(err, fs.ErrNotExist) {
			break
		}
		aside = fmt.Sprint(base, "-", n)
	}
	var errs []error
	done := func(err error) {
		if !errors.Is(err, fs.ErrNotExist) {
			errs = append(errs, err)
		}
	}
	if empty(path + "-wal") {
		done(os.Remove(path + "-wal"))
	} else {
		done(os.Rename(path+"-wal", aside+"-wal"))
	}
	done(os.Rename(path, aside))
	done(os.Remove(path + "-shm")) // an index of the WAL
	return aside, errors.Join(errs...)
}

// private makes a file that SQLite will write to, so that only its owner may read
// it, whatever the umask.
func private(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return err
	}
	return errors.Join(f.Chmod(0o600), f.Close())
}

// empty reports whether there is nothing in a file, or no file.
func empty(path string) bool {
	info, err := os.Stat(path)
	return err != nil || info.Size() == 0
}

// scan verifies the checksums of the file's pages from the beginning, as far as it
// comes within the limit (0: all), and its length. It may not be written meanwhile.
func scan(path string, limit time.Duration, lenient bool) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	begun := time.Now()
	return pages(f, func(off int64, page []byte) (bool, error) {
		if off == 0 {
			want := int64(binary.BigEndian.Uint32(page[28:])) * pageSize
			if info, err := f.Stat(); err != nil || info.Size() < want {
				return false, errors.Join(err, fmt.Errorf("%w: it is shorter than %d bytes", ErrDamaged, want))
			}
		}
		if !verified(page, lenient) {
			return false, fmt.Errorf("%w: wrong checksum of the page at %d", ErrDamaged, off)
		}
		return limit == 0 || off%(1<<20) != 0 || time.Since(begun) < limit, nil
	})
}

// resum puts checksums on the pages that have none, because a program without
// checksums did our checkpoint.
func resum(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return err
	}
	changed := false
	err = pages(f, func(off int64, page []byte) (bool, error) {
		sum := page[pageSize-sumSize:]
		if binary.LittleEndian.Uint64(sum) != 0 || checksum(page) == 0 {
			return true, nil
		}
		changed = true
		binary.LittleEndian.PutUint64(sum, checksum(page))
		_, err := f.WriteAt(page, off)
		return true, err
	})
	if err == nil && changed {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// pages calls f with each whole page of a file until f returns false or an error.
func pages(in io.ReaderAt, f func(off int64, page []byte) (bool, error)) error {
	buf := make([]byte, 1<<20)
	for off := int64(0); ; off += int64(len(buf)) {
		n, err := in.ReadAt(buf, off)
		for i := 0; i+pageSize <= n; i += pageSize {
			if more, err := f(off+int64(i), buf[i:i+pageSize]); err != nil || !more {
				return err
			}
		}
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
