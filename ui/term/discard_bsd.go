//go:build darwin || dragonfly || freebsd || netbsd || openbsd

package term

import "golang.org/x/sys/unix"

// discard throws away what was written to the terminal and not read yet.
func discard(fd int) error {
	const write = 2 // FWRITE of <sys/fcntl.h>
	return unix.IoctlSetPointerInt(fd, unix.TIOCFLUSH, write)
}
