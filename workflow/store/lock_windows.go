package store

import (
	"os"

	"golang.org/x/sys/windows"
)

// tryLock locks a byte far behind the end of f for as long as it is open, alone or
// with others.
func tryLock(f *os.File, alone bool) error {
	var how uint32 = windows.LOCKFILE_FAIL_IMMEDIATELY
	if alone {
		how |= windows.LOCKFILE_EXCLUSIVE_LOCK
	}
	err := windows.LockFileEx(windows.Handle(f.Fd()), how, 0, 1, 0, &windows.Overlapped{OffsetHigh: 1})
	if err == windows.ERROR_LOCK_VIOLATION {
		return errTaken
	}
	return err
}
