package term

import (
	"errors"
	"syscall"

	tea "charm.land/bubbletea/v2"
)

// An End says why a run is over. The zero End is a program that quit by itself.
type End struct {
	Signal syscall.Signal // that ended it; SIGHUP also if the terminal vanished; 0 if none did
	Err    error          // a *[guard.PanicError], or what made the terminal fail
}

// Status returns the exit status: 1 after an error, 128 and the signal's number
// after a signal (129, 130, 131, 143), else 0.
func (e End) Status() int {
	switch {
	case e.Err != nil:
		return 1
	case e.Signal != 0:
		return 128 + int(e.Signal)
	}
	return 0
}

// endOf returns the End for what [tea.Program.Run] returned.
func endOf(err error, gone bool) End {
	switch {
	case gone:
		return End{Signal: syscall.SIGHUP}
	case errors.Is(err, tea.ErrInterrupted):
		return End{Signal: syscall.SIGINT}
	}
	return End{Err: err}
}
