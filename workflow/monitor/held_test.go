package monitor

import (
	"context"
	"errors"
	"io"
	"testing"
	"testing/synctest"
)

func TestAWriterWaitsWhileNobodyReads(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		r, w := io.Pipe()
		h := newHeld(w, func(context.Context) error { return nil }, func(err error) { t.Error(err) })
		line := make([]byte, heldMost/4)
		written := 0
		done := make(chan error)
		go func() {
			for range 40 {
				if _, err := h.Write(line); err != nil {
					done <- err
					return
				}
				written++
			}
			done <- nil
		}()
		synctest.Wait()
		if written > 10 {
			t.Errorf("%d lines of %d bytes wait", written, len(line))
		}
		read := make(chan int64)
		go func() { n, _ := io.Copy(io.Discard, r); read <- n }()
		if err := <-done; err != nil {
			t.Error(err)
		}
		if err := errors.Join(h.Close(), h.Close(), w.Close()); err != nil {
			t.Error(err)
		}
		if n := <-read; n != int64(40*len(line)) {
			t.Errorf("%d bytes came out", n)
		}
	})
}
