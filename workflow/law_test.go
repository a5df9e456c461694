package workflow

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// count is the state of the tests: how many events, and the sum of their payloads.
type count struct{ n, sum int }

var errCue = errors.New("on cue")

// cues is a workflow whose payloads say what is to happen to them.
func cues(t testing.TB, o Effect[int, count]) *Workflow[int, count] {
	t.Helper()
	step := StepFunc[int, count](func(s count, ev Event[int]) (count, Action) {
		s.n++
		s.sum += ev.Payload
		switch ev.Payload % 16 {
		case 13:
			panic("on cue")
		case 14:
			return s, "nowhere"
		}
		return s, "act"
	})
	handler := HandlerFunc[int, count](func(ctx context.Context, ev Event[int], _ count) error {
		switch ev.Payload % 16 {
		case 9:
			return errCue
		case 10:
			panic("on cue")
		case 11: // hangs until its timeout
			<-ctx.Done()
			return ctx.Err()
		}
		return nil
	})
	w, err := New[int, count]("judge").
		Step("judge", step, "act").
		Handler("act", handler, &o).
		Edge("judge", "act", "act").
		Build()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

// TestLawHoldsAtEveryInstant probes the law from outside while producers, failing
// and hanging handlers and every policy are at work.
func TestLawHoldsAtEveryInstant(t *testing.T) {
	for _, policy := range []Overflow{Block, DropOldest, DropNewest, Coalesce, Reject} {
		t.Run(policy.String(), func(t *testing.T) {
			w := cues(t, Effect[int, count]{
				Timeout: 200 * time.Microsecond, Lanes: 3, Queue: 4, Overflow: policy,
				Retry: Retry{MaxAttempts: 2, Initial: 50 * time.Microsecond},
				Outcome: func(ev Event[int], _ count, err error) (int, bool) {
					return 1, err != nil || ev.Payload%5 == 0
				},
			})
			e, err := NewEngine(w, Config[int, count]{
				Shards: 2, Queue: 16, Overflow: policy, Lateness: time.Second,
				DeadLetters: &MemoryLetters[int, count]{Limit: 100},
			})
			if err != nil {
				t.Fatal(err)
			}
			ctx, cancel := context.WithCancel(t.Context())
			var sources []Source[int]
			gate := make(chan struct{}, 64) // a probe lets producers go on, so that load is bounded
			for p := range 8 {
				sources = append(sources, flood(p, gate))
			}
			var prober sync.WaitGroup
			prober.Go(func() {
				defer cancel()
				for i := range 10_000 {
					for range 8 {
						select {
						case gate <- struct{}{}:
						default:
						}
					}
					if err := e.Stats().Check(); err != nil {
						t.Errorf("probe %d: %v", i, err)
						return
					}
				}
			})
			st, err := e.Run(ctx, sources...)
			if !errors.Is(err, context.Canceled) {
				t.Errorf("Run returned %v, want the cancellation", err)
			}
			prober.Wait()
			if err := st.Check(); err != nil {
				t.Error(err)
			}
			if st.Queued+st.Open+st.Waiting != 0 {
				t.Errorf("after the drain %d are queued, %d open, %d waiting", st.Queued, st.Open, st.Waiting)
			}
			if st.Letters != st.DeadFold+st.DeadHandler {
				t.Errorf("%d letters for %d dead events", st.Letters, st.DeadFold+st.DeadHandler)
			}
			if st.Folded == 0 || st.DeadFold == 0 || st.DeadHandler == 0 || st.Late == 0 {
				t.Errorf("something never happened: %+v", st)
			}
		})
	}
}

// flood emits eight events for each token until it is stopped: many keys, some
// events late.
func flood(p int, gate <-chan struct{}) Source[int] {
	return SourceFunc[int](func(ctx context.Context, emit Emit[int]) error {
		start := time.Unix(1_700_000_000, 0)
		for i := 0; ; i++ {
			if i%8 == 0 {
				select {
				case <-gate:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
			at := start.Add(time.Duration(i) * time.Second)
			if i%50 == 49 {
				at = at.Add(-time.Hour)
			}
			err := emit(ctx, fmt.Sprint("key-", (i+p)%20), at, i)
			if err != nil && !errors.Is(err, ErrFull) {
				return err
			}
		}
	})
}
