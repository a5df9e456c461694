//go:build unix

package store

import (
	"os"

	"golang.org/x/sys/unix"
)

// tryLock locks f for as long as it is open, alone or with others.
func tryLock(f *os.File, alone bool) error {
	how := unix.LOCK_SH
	if alone {
		how = unix.LOCK_EX
	}
	err := unix.Flock(int(f.Fd()), how|unix.LOCK_NB)
	if err == unix.EWOULDBLOCK {
		return errTaken
	}
	return err
}
