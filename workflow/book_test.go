package workflow

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

// delayed is a state with an on-delay: it is on once the payload has been 1 for
// ten seconds.
type delayed struct {
	since time.Time
	on    bool
}

func (d delayed) NextTimer() time.Time {
	if d.since.IsZero() || d.on {
		return time.Time{}
	}
	return d.since.Add(10 * time.Second)
}

func delay(t *testing.T) *Workflow[int, delayed] {
	t.Helper()
	st := StepFunc[int, delayed](func(d delayed, ev Event[int]) (delayed, Action) {
		switch {
		case ev.Kind == Tick:
			d.on = true
		case ev.Payload == 0:
			d = delayed{}
		case d.since.IsZero():
			d.since = ev.Time
		}
		return d, "told"
	})
	w, err := New[int, delayed]("delay").Step("delay", st, "told").Edge("delay", "told", "hear").
		Handler("hear", HandlerFunc[int, delayed](func(context.Context, Event[int], delayed) error { return nil }), nil).Build()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// said writes what happened to keys as "key@seconds:kind:on".
func said(ev Event[int], d delayed) string {
	return fmt.Sprintf("%s@%v:%d:%v", ev.Key, ev.Time.Sub(start0).Seconds(), ev.Kind, d.on)
}

func sec(n int) time.Time { return start0.Add(time.Duration(n) * time.Second) }

func TestATickComesAtItsTimeBeforeTheEventThatBringsIt(t *testing.T) {
	evs := []Event[int]{
		{Key: "a", Time: sec(0), Payload: 1},
		{Key: "b", Time: sec(1), Payload: 1},
		{Key: "a", Time: sec(30), Payload: 0},
		{Kind: Tick, Time: sec(60)}, // for all: b is silent
	}
	var got []string
	for ev, f := range Replay(delay(t), ReplayConfig[int, delayed]{}, slices.Values(evs)) {
		got = append(got, said(ev, f.State))
	}
	want := "a@0:0:false b@1:0:false a@10:2:true a@30:0:false b@11:2:true"
	if strings.Join(got, " ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
}

func TestTicksAreTheSameLiveAndReplayed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		e, err := NewEngine(delay(t), Config[int, delayed]{Lateness: time.Hour, Forget: time.Minute})
		if err != nil {
			t.Fatal(err)
		}
		src := SourceFunc[int](func(ctx context.Context, emit Emit[int]) error {
			for i, p := range []int{1, 1, 0, 1, 1, 1, 0, 1} {
				if err := emit(ctx, fmt.Sprint(i%3), sec(7*i), p); err != nil {
					return err
				}
			}
			return e.Advance(ctx, sec(62))
		})
		st, err := e.Run(t.Context(), src)
		if err != nil || st.Check() != nil {
			t.Fatal(err, st.Check())
		}
		// Three keys: 0 at 0, 21, 42(off); 1 at 7, 28, 49; 2 at 14(off), 35.
		if ticks := st.Folded - 8 - 1; ticks != 3 || st.Offered != 12 || st.Handled != 11 {
			t.Errorf("%d ticks, offered %d, handled %d", ticks, st.Offered, st.Handled)
		}
		for key, on := range map[string]bool{"0": false, "1": true, "2": true} {
			if s, ok := e.State(key); !ok || s.on != on {
				t.Errorf("key %s is %v, want %v", key, s.on, on)
			}
		}
	})
}

func TestATimerThatDoesNotMoveOnIsADeadLetter(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stuck := StepFunc[int, delayed](func(d delayed, ev Event[int]) (delayed, Action) {
			d.since = start0
			return d, "told"
		})
		w, err := delay(t).With("delay", stuck)
		if err != nil {
			t.Fatal(err)
		}
		e, _ := NewEngine(w, Config[int, delayed]{})
		st, err := e.Run(t.Context(), emittingAt("a", 0, 20, 40))
		letters, _ := e.Letters(t.Context(), Filter{})
		if err != nil || st.Check() != nil || st.DeadFold != 2 || letters[0].Err != ErrTimer || letters[0].Event.Kind != Tick {
			t.Errorf("%v, %v, letters %v", err, st.Check(), letters)
		}
	})
}

// emittingAt is a source of payloads 1 at the given seconds.
func emittingAt(key string, seconds ...int) Source[int] {
	return SourceFunc[int](func(ctx context.Context, emit Emit[int]) error {
		for _, s := range seconds {
			if err := emit(ctx, key, sec(s), 1); err != nil {
				return err
			}
		}
		return nil
	})
}

// pinned is a state that must not be forgotten while it is not zero.
type pinned int

func (p pinned) Forgettable() bool { return p == 0 }

func TestSilentKeysAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		st := StepFunc[int, pinned](func(_ pinned, ev Event[int]) (pinned, Action) { return pinned(ev.Payload), "ok" })
		w, err := New[int, pinned]("keep").Step("keep", st, "ok").Edge("keep", "ok").Build()
		if err != nil {
			t.Fatal(err)
		}
		e, _ := NewEngine(w, Config[int, pinned]{Forget: time.Minute})
		src := SourceFunc[int](func(ctx context.Context, emit Emit[int]) error {
			for key, p := range map[string]int{"old": 0, "held": 1} {
				if err := emit(ctx, key, sec(0), p); err != nil {
					return err
				}
			}
			if err := emit(ctx, "young", sec(30), 0); err != nil {
				return err
			}
			return e.Advance(ctx, sec(61))
		})
		stats, err := e.Run(t.Context(), src)
		if err != nil || stats.Keys != 2 || stats.Forgotten != 1 {
			t.Errorf("%v, %d keys, %d forgotten", err, stats.Keys, stats.Forgotten)
		}
		if _, ok := e.State("old"); ok {
			t.Error("the silent key is still known")
		}
	})
}

func TestMovedTimersAreForgottenWithoutAnAdvance(t *testing.T) {
	w, err := New[int, waiting]("count").
		Step("count", StepFunc[int, waiting](func(s waiting, ev Event[int]) (waiting, Action) {
			if ev.Kind == Tick {
				return waiting{}, "on"
			}
			return waiting{ev.Time.Add(time.Hour)}, "on"
		}), "on").
		Edge("count", "on").
		Build()
	if err != nil {
		t.Fatal(err)
	}
	e, err := NewEngine(w, Config[int, waiting]{})
	if err != nil {
		t.Fatal(err)
	}
	start := time.Unix(1e9, 0)
	_, err = e.Run(t.Context(), SourceFunc[int](func(ctx context.Context, emit Emit[int]) error {
		for i := range 100_000 {
			if err := emit(ctx, "k", start.Add(time.Duration(i)*time.Second), i); err != nil {
				return err
			}
		}
		return nil
	}))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(e.shards[0].book.timers); n > 2000 {
		t.Errorf("%d timers are remembered for one key", n)
	}
}

// waiting is a state that asks for a tick.
type waiting struct{ next time.Time }

func (w *waiting) NextTimer() time.Time { return w.next }
