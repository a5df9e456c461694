// Package guard starts goroutines that cannot take the program down.
//
// A panic in a goroutine ends a Go program at once: the terminal stays in its
// full-screen mode and nothing is committed. So every goroutine of this program
// is started by [Go], which turns a panic into an error that somebody handles.
// No other package has a go statement; a test of this package sees to that.
package guard

import (
	"fmt"
	"runtime/debug"
	"strconv"
	"unicode/utf8"
)

// A PanicError is a panic, caught.
type PanicError struct {
	Where string // what was running: a constant of ours, no stranger's text
	Value any    // what it panicked with
	Stack []byte // where, as [debug.Stack] tells it; not part of Error
}

// maxValue is how much of a panic's value Error shows, in bytes.
const maxValue = 80

// Error returns one line. The panic's value is quoted and cut, because it can
// hold a stranger's text.
func (e *PanicError) Error() string {
	text, more := fmt.Sprint(e.Value), ""
	if len(text) > maxValue {
		n := maxValue
		for n > maxValue-utf8.UTFMax && !utf8.RuneStart(text[n]) {
			n--
		}
		text, more = text[:n], "…"
	}
	return "panic in " + e.Where + ": " + strconv.QuoteToGraphic(text) + more
}

// Unwrap returns the panic's value if it is an error, else nil.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// Go runs f in a goroutine of its own. If f panics, report gets a *[PanicError],
// in that goroutine; report is called at most once, never with nil, and must not
// panic. [runtime.Goexit] is no panic.
func Go(name string, report func(error), f func()) {
	go func() {
		if err := Catch(name, func() error { f(); return nil }); err != nil {
			report(err)
		}
	}()
}

// Catch runs f here and returns its error, or a *[PanicError] if it panics.
func Catch(where string, f func() error) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = &PanicError{Where: where, Value: v, Stack: debug.Stack()}
		}
	}()
	return f()
}
