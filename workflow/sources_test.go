package workflow

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"setpoint/workflow/guard"
)

// named is a source with a name and a policy of its own.
type named struct {
	SourceFunc[int]
	name   string
	policy Overflow
}

func (n named) Name() string       { return n.name }
func (n named) Overflow() Overflow { return n.policy }

func TestASourceThatFailsStopsNoOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		failing := named{name: "bad", SourceFunc: func(context.Context, Emit[int]) error { return errCue }}
		panicking := SourceFunc[int](func(context.Context, Emit[int]) error { panic("on cue") })
		late := SourceFunc[int](func(ctx context.Context, emit Emit[int]) error {
			time.Sleep(time.Hour)
			return emit(ctx, "a", start0, 1)
		})
		e := engine(t, plain(t, counting), config{})
		st, err := e.Run(t.Context(), failing, panicking, late)
		if st.Folded != 1 {
			t.Errorf("%d events came from the source that did not fail", st.Folded)
		}
		failed, is := errors.AsType[*SourceError](err)
		if !is || failed.Source != "bad" || !errors.Is(err, errCue) || failed.Error() != "source bad: on cue" {
			t.Errorf("Run returned %v", err)
		}
		if _, is := errors.AsType[*guard.PanicError](err); !is {
			t.Errorf("the panic is lost: %v", err)
		}
		want := []string{"bad failed on cue", `source 2 failed panic in source: "on cue"`, "source 3 ended <nil>"}
		for i, s := range st.Sources {
			if got := fmt.Sprint(s.Name, " ", s.State, " ", s.Err); got != want[i] {
				t.Errorf("got %s, want %s", got, want[i])
			}
		}
	})
}

func TestASourceThatHangsDoesNotKeepTheRunFromEnding(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		hanging := SourceFunc[int](func(context.Context, Emit[int]) error { <-release; return errCue })
		r := launch(t, engine(t, plain(t, counting), config{}), hanging, emitting("a", 1, 2, 3))
		synctest.Wait()
		begin := time.Now()
		st := r.end()
		if took := time.Since(begin); took != sourceGrace || st.Abandoned != 1 || st.Folded != 3 || st.Sources[0].State != SourceRunning {
			t.Errorf("it took %v, abandoned %d, folded %d", took, st.Abandoned, st.Folded)
		}
		close(release)
	})
}

func TestASourceThatGoesOnForEverIsCutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var last error
		rude := SourceFunc[int](func(ctx context.Context, emit Emit[int]) error {
			for last == nil {
				last = emit(context.WithoutCancel(ctx), "a", start0, 1)
				time.Sleep(time.Millisecond)
			}
			return nil
		})
		r := launch(t, engine(t, plain(t, counting), config{DrainTimeout: 2 * time.Second}), rude)
		synctest.Wait()
		begin := time.Now()
		st := r.end()
		if took := time.Since(begin); took != 2*time.Second || st.Abandoned != 1 {
			t.Errorf("it took %v, abandoned %d", took, st.Abandoned)
		}
		time.Sleep(time.Second)
		synctest.Wait()
		if last != ErrClosed {
			t.Errorf("its last emit returned %v", last)
		}
	})
}

func TestASourceMayHaveAPolicyOfItsOwn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		full := 0
		src := named{name: "live", policy: Reject, SourceFunc: func(ctx context.Context, emit Emit[int]) error {
			for range 10 { // two may be taken, and two may wait
				if err := emit(ctx, "a", start0, 1); err == ErrFull {
					full++
				}
			}
			return nil
		}}
		hold := make(chan struct{})
		slow := step(func(s count, _ Event[int]) (count, Action) { <-hold; return s, "act" })
		r := launch(t, engine(t, plain(t, slow), config{Queue: 2}), src)
		synctest.Wait()
		close(hold)
		if st := r.end(); full < 6 || st.Rejected != uint64(full) {
			t.Errorf("refused %d, counted %d", full, st.Rejected)
		}
	})
}

// TestAChannelLosesNothingThatSendAccepted has many senders at work while the
// channel is closed or the run is cancelled, against a handler that is slower.
func TestAChannelLosesNothingThatSendAccepted(t *testing.T) {
	for name, cancelled := range map[string]bool{"closed": false, "cancelled": true} {
		t.Run(name, func(t *testing.T) {
			for capacity := range 10 {
				synctest.Test(t, func(t *testing.T) { sendAndEnd(t, capacity, cancelled) })
			}
		})
	}
}

// sendAndEnd ends a run when its 300th event was accepted.
func sendAndEnd(t *testing.T, capacity int, cancelled bool) {
	src, sender := NewChannel[int](capacity)
	slow := handler(func(context.Context, Event[int], count) error { time.Sleep(time.Millisecond); return nil })
	e := engine(t, acting(t, slow, effect{Queue: 2}), config{Queue: 2})
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	end := sender.Close
	if cancelled {
		end = cancel
	}
	var accepted atomic.Int64
	var senders sync.WaitGroup
	for s := range 8 {
		senders.Go(func() {
			err := error(nil)
			for i := 0; err == nil; i++ {
				if err = sender.Send(t.Context(), fmt.Sprint(s), start0, i); err == nil && accepted.Add(1) == 300 {
					end()
				}
			}
			if err != ErrClosed {
				t.Error(err)
			}
		})
	}
	st, err := e.Run(ctx, src)
	senders.Wait()
	if cancelled != errors.Is(err, context.Canceled) || !cancelled && err != nil {
		t.Errorf("Run returned %v", err)
	}
	if st.Handled != uint64(accepted.Load()) || accepted.Load() < 300 {
		t.Errorf("%d were handled, %d accepted", st.Handled, accepted.Load())
	}
}

func TestSendHeedsItsContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		src, sender := NewChannel[int](1)
		if err := sender.Send(t.Context(), "a", start0, 1); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeoutCause(t.Context(), time.Second, errCue)
		defer cancel()
		if err := sender.Send(ctx, "a", start0, 2); err != errCue {
			t.Errorf("Send returned %v", err)
		}
		sender.Close()
		sender.Close()
		if err := sender.Send(t.Context(), "a", start0, 3); err != ErrClosed {
			t.Errorf("after Close Send returned %v", err)
		}
		st, err := engine(t, plain(t, counting), config{}).Run(t.Context(), src)
		if err != nil || st.Folded != 1 {
			t.Errorf("folded %d, %v", st.Folded, err)
		}
	})
}
