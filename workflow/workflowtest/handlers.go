package workflowtest

import (
	"context"
	"slices"
	"sync"

	"setpoint/workflow"
)

// A Handler does on cue what handlers do when something is wrong, and remembers
// the events it was called with. It may be shared by engines.
type Handler[E, S any] struct {
	fault    func() error // what a wrong attempt does
	released chan struct{}
	once     sync.Once

	mu    sync.Mutex
	left  int // attempts that will go wrong; below 0: all
	calls []workflow.Event[E]
}

func newHandler[E, S any](n int, fault func() error) *Handler[E, S] {
	return &Handler[E, S]{left: n, fault: fault, released: make(chan struct{})}
}

// Failing returns a handler whose first n attempts, of whatever events, return err
// (n < 0: all until it is released). With n = 0 it always succeeds.
func Failing[E, S any](n int, err error) *Handler[E, S] {
	return newHandler[E, S](n, func() error { return err })
}

// Panicking returns a handler whose first n attempts panic (n < 0: all until it is
// released).
func Panicking[E, S any](n int) *Handler[E, S] {
	return newHandler[E, S](n, func() error { panic("on cue") })
}

// Hanging returns a handler that heeds nothing, not even its context, until it is
// released. Release it before the test ends, or its goroutine stays.
func Hanging[E, S any]() *Handler[E, S] {
	h := newHandler[E, S](-1, nil)
	h.fault = func() error { <-h.released; return nil }
	return h
}

// Handle remembers ev, and goes wrong if it is to.
func (h *Handler[E, S]) Handle(_ context.Context, ev workflow.Event[E], _ S) error {
	h.mu.Lock()
	h.calls = append(h.calls, ev)
	wrong := h.left != 0
	if h.left > 0 {
		h.left--
	}
	h.mu.Unlock()
	select {
	case <-h.released:
		return nil
	default:
	}
	if !wrong {
		return nil
	}
	return h.fault()
}

// Release ends whatever is wrong.
func (h *Handler[E, S]) Release() { h.once.Do(func() { close(h.released) }) }

// Calls returns the events of all attempts so far.
func (h *Handler[E, S]) Calls() []workflow.Event[E] {
	h.mu.Lock()
	defer h.mu.Unlock()
	return slices.Clone(h.calls)
}
