package store

import (
	"encoding/binary"
	"errors"
	"syscall"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/vfs"
)

// The names under which the VFS is registered: the one verifies every page, the
// other lets pages without a checksum pass.
const (
	strictVFS  = "workflow-store"
	lenientVFS = "workflow-store-lenient"
)

func init() {
	under, _ := vfs.Find("os").(vfs.VFSFilename)
	vfs.Register(strictVFS, sums{under: under})
	vfs.Register(lenientVFS, sums{under: under, lenient: true})
}

const (
	pageSize = 4096
	sumSize  = 8 // at the end of each page
)

// sums is a VFS that verifies the checksum of each page of the database file that
// is read. The checksums are those of SQLite's checksum VFS, and the library puts
// them on the pages that it writes.
//
// A page that SQLite gets has zeros in place of the checksum. So has then what it
// writes to the WAL, and the file when a program without checksums (such as sqlite3)
// does our checkpoint, as it does after a crash. That tells such a page from a
// damaged one; [resum] mends it.
type sums struct {
	under   vfs.VFSFilename
	lenient bool
}

func (v sums) Open(name string, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	return v.under.Open(name, flags)
}

func (v sums) Delete(name string, syncDir bool) error { return v.under.Delete(name, syncDir) }

func (v sums) Access(name string, flags vfs.AccessFlag) (bool, error) {
	return v.under.Access(name, flags)
}

func (v sums) FullPathname(name string) (string, error) { return v.under.FullPathname(name) }

func (v sums) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	f, flags, err := v.under.OpenFilename(name, flags)
	if err != nil {
		return f, flags, err
	}
	file, ok := f.(diskFile)
	switch {
	case !ok:
		return nil, flags, errors.Join(sqlite3.CANTOPEN, f.Close())
	case flags&vfs.OPEN_MAIN_DB == 0:
		return plainFile{file}, flags, nil
	}
	return &summedFile{plainFile{file}, v.lenient}, flags, nil
}

// diskFile is what the VFS below opens.
type diskFile interface {
	vfs.FileLockState
	vfs.FileHasMoved
	vfs.FileSizeHint
	vfs.FilePersistWAL
	vfs.FilePowersafeOverwrite
	vfs.FileSharedMemory
}

// plainFile says that the disk is full whichever call finds out.
type plainFile struct{ diskFile }

func (f plainFile) WriteAt(p []byte, off int64) (int, error) {
	n, err := f.diskFile.WriteAt(p, off)
	return n, full(err)
}

func (f plainFile) Truncate(size int64) error { return full(f.diskFile.Truncate(size)) }

func (f plainFile) Sync(flags vfs.SyncFlag) error { return full(f.diskFile.Sync(flags)) }

func full(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return vfs.SystemError(err, sqlite3.FULL)
	}
	return err
}

type summedFile struct {
	plainFile
	lenient bool
}

// ReadAt reads, and verifies what is a page. No other read of that size is in order,
// but for one behind the end.
func (f *summedFile) ReadAt(p []byte, off int64) (int, error) {
	n, err := f.diskFile.ReadAt(p, off)
	if len(p) < pageSize || n == 0 {
		return n, err
	}
	if n != pageSize || off%pageSize != 0 || !verified(p, f.lenient) {
		return 0, sqlite3.IOERR_DATA
	}
	clear(p[pageSize-sumSize:])
	return n, err
}

// DeviceCharacteristics demands that whole pages are read.
func (f *summedFile) DeviceCharacteristics() vfs.DeviceCharacteristic {
	return f.diskFile.DeviceCharacteristics() &^ vfs.IOCAP_SUBPAGE_READ
}

// verified reports whether the checksum of a page is right, or may be missing.
func verified(page []byte, lenient bool) bool {
	sum := binary.LittleEndian.Uint64(page[pageSize-sumSize:])
	return sum == checksum(page) || lenient && sum == 0
}

// checksum returns that of a page, by the formula of https://sqlite.org/cksumvfs.html.
func checksum(page []byte) uint64 {
	var s1, s2 uint32
	for b := page[:pageSize-sumSize]; len(b) >= 8; b = b[8:] {
		s1 += binary.LittleEndian.Uint32(b) + s2
		s2 += binary.LittleEndian.Uint32(b[4:]) + s1
	}
	return uint64(s2)<<32 | uint64(s1)
}
