package term

import "golang.org/x/sys/unix"

// discard throws away what was written to the terminal and not read yet.
func discard(fd int) error { return unix.IoctlSetInt(fd, unix.TCFLSH, unix.TCOFLUSH) }
