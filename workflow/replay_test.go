package workflow

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"
)

// heard is what a handler was called with.
type heard struct {
	ev Event[int]
	s  delayed
}

// told returns delay's workflow with a handler that notes what it hears, by key.
func told(t *testing.T, notes map[string][]heard) *Workflow[int, delayed] {
	t.Helper()
	w := delay(t)
	w.nodes[1].handler = HandlerFunc[int, delayed](func(_ context.Context, ev Event[int], s delayed) error {
		notes[ev.Key] = append(notes[ev.Key], heard{ev, s})
		return nil
	})
	return w
}

// judged returns the workflow that judges the events of a revision: the payload that
// begins the delay is another in each.
func judged(w *Workflow[int, delayed], revision uint64) (*Workflow[int, delayed], error) {
	inner := w.nodes[0].step
	return w.With("delay", StepFunc[int, delayed](func(d delayed, ev Event[int]) (delayed, Action) {
		ev.Payload = max(0, ev.Payload-int(revision)+1)
		return inner(d, ev)
	}))
}

// TestAReplayKeepsToTheRulesOfTheRun records a run of several shards with ticks,
// late events, commands, swaps and keys that are forgotten.
func TestAReplayKeepsToTheRulesOfTheRun(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		live := map[string][]heard{}
		w := told(t, live)
		j := new(MemoryJournal[int])
		e, err := NewEngine(w, Config[int, delayed]{Shards: 3, Lateness: 9 * time.Second, Forget: 20 * time.Second, Journal: j})
		if err != nil {
			t.Fatal(err)
		}
		st, err := e.Run(t.Context(), SourceFunc[int](func(ctx context.Context, emit Emit[int]) error {
			for i := range 2000 {
				at, key := sec(i-2*(i%17)), fmt.Sprint("key ", (i*i+i/100)%11)
				errs := []error{emit(ctx, key, at, i%13%5)}
				switch i % 100 {
				case 30, 60:
					errs = append(errs, e.Inject(ctx, key, at, i%7))
				case 99:
					errs = append(errs, e.Advance(ctx, at))
				case 50:
					to, err := judged(w, e.Stats().Revision%4+1)
					if err == nil {
						_, err = e.Swap("delay", StepFunc[int, delayed](to.nodes[0].step), "test")
					}
					errs = append(errs, err)
				}
				if err := errors.Join(errs...); err != nil {
					return err
				}
			}
			return nil
		}))
		if err != nil || st.Late == 0 || st.Forgotten == 0 || st.Revision != 21 || st.Folded < 1500 {
			t.Fatalf("%v, %+v", err, st)
		}
		c := ReplayConfig[int, delayed]{
			Shards: 3, Lateness: 9 * time.Second, Forget: 20 * time.Second,
			Steps: func(revision uint64) (*Workflow[int, delayed], error) { return judged(w, (revision-1)%4+1) },
		}
		again := map[string][]heard{}
		for ev, f := range Replay(w, c, eventsOf(t, j)) {
			if !f.Result.Late {
				again[ev.Key] = append(again[ev.Key], heard{ev, f.State})
			}
		}
		if len(again) != len(live) || len(live) < 8 {
			t.Errorf("%d keys, want %d", len(again), len(live))
		}
		for key, want := range live {
			if !slices.Equal(again[key], want) {
				t.Errorf("%s: %d events, want %d", key, len(again[key]), len(want))
			}
		}
	})
}

func TestAReplayEndsWhereItHasNoSteps(t *testing.T) {
	w := plain(t, counting)
	evs := []Event[int]{{Key: "a", Payload: 1}, {Key: "a", Revision: 1, Payload: 1}, {Key: "a", Revision: 2}, {Key: "a"}}
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"by an error":    {errCue, "steps of revision 2: on cue"},
		"by no workflow": {nil, "steps of revision 2: there are none"},
	} {
		asked, n := 0, 0
		steps := func(revision uint64) (*Workflow[int, count], error) {
			if asked++; revision == 1 {
				return w, nil
			}
			return nil, c.err
		}
		for _, f := range Replay(w, ReplayConfig[int, count]{Steps: steps}, slices.Values(evs)) {
			if n++; n < 3 && (f.Result.Err != nil || f.State.n != n) {
				t.Errorf("%s: event %d: %+v", name, n, f)
			}
			if n == 3 && (f.Result.Err == nil || f.Result.Err.Error() != c.want) {
				t.Errorf("%s: got %v, want %s", name, f.Result.Err, c.want)
			}
		}
		if n != 3 || asked != 2 {
			t.Errorf("%s: %d events came, %d times steps were asked for", name, n, asked)
		}
	}
}

func TestAReplayEndsALoopOfFeedbackWhereTheRunDid(t *testing.T) {
	evs := []Event[int]{{Key: "a", Hops: 3, Payload: 1}, {Key: "a", Hops: 4, Payload: 1}, {Key: "a", Hops: 9, Payload: 1}}
	for hops, want := range map[uint8]int{0: 2, 3: 1, 9: 3} {
		folded := 0
		for _, f := range Replay(plain(t, counting), ReplayConfig[int, count]{MaxHops: hops}, slices.Values(evs)) {
			if f.Result.Err == nil {
				folded++
			} else if !errors.Is(f.Result.Err, ErrTooMany) {
				t.Error(f.Result.Err)
			}
		}
		if folded != want {
			t.Errorf("%d hops: %d were folded, want %d", hops, folded, want)
		}
	}
}
