package term

import (
	"syscall"
	"time"

	"golang.org/x/sys/unix"

	"setpoint/workflow/guard"
)

// A state says whose the terminal is.
type state uint8

const (
	shown     state = iota // ours
	leaving                // on its way to the shell
	hidden                 // the shell's: we are stopped or in the background
	returning              // on its way back
)

// settling is left to the renderer that was stopped: one of Bubble Tea v2.1.1 stops
// its ticker a moment after it said that it has ended, and the ticker is used again.
const settling = 20 * time.Millisecond

// goAway begins to give the terminal back. It is done beside the watching, because
// it waits for the renderer, which may wait for the terminal.
func (s *session) goAway() {
	if s.state == shown {
		s.move(leaving, s.program.ReleaseTerminal)
	}
}

// comeBack begins to take the terminal again, if it is ours to take: a process in
// the background that touches its modes is stopped.
func (s *session) comeBack() {
	if s.state == hidden && s.foreground() {
		s.move(returning, func() error {
			time.Sleep(settling)
			return s.program.RestoreTerminal()
		})
	}
}

func (s *session) move(to state, f func() error) {
	s.state = to
	guard.Go("job control", s.Fail, func() {
		if err := f(); err != nil && !s.out.gone() {
			s.Fail(err)
		}
		s.moved <- struct{}{}
	})
}

// arrive completes the move that is under way.
func (s *session) arrive() {
	if s.state == returning {
		s.state = shown
		return
	}
	s.state = hidden
	s.stop()
	s.comeBack()
}

// stop stops the process group, as the terminal does on ctrl+z in a program that
// does not catch it, and returns once it was continued. Where our group leads the
// session there is no shell that could continue us, and nothing is stopped; the
// kernel ignores SIGTSTP there in the same way.
func (s *session) stop() {
	leader, err := unix.Getsid(0)
	if err != nil || leader == unix.Getpgrp() {
		return
	}
	select {
	case <-s.continued: // an old one
	default:
	}
	_ = syscall.Kill(0, syscall.SIGSTOP)
	select {
	case <-s.continued:
	case <-time.After(time.Second): // the kernel does not stop the first process of a container
	}
}

// foreground reports whether we are in the terminal's foreground, or it is not our
// controlling terminal.
func (s *session) foreground() bool {
	group, err := unix.IoctlGetInt(s.out.fd, unix.TIOCGPGRP)
	return err != nil || group == unix.Getpgrp()
}
