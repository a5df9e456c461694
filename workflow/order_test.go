package workflow

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"
)

// TestOrderOfAKeyIsKept has many producers, each with keys of its own whose
// payloads rise, and looks in the fold and in the handler whether they still do.
func TestOrderOfAKeyIsKept(t *testing.T) {
	for _, policy := range []Overflow{Block, DropOldest, DropNewest, Coalesce, Reject} {
		t.Run(policy.String(), func(t *testing.T) {
			watch := &orderWatch{last: map[string]int{}}
			fold := step(func(s count, ev Event[int]) (count, Action) {
				if ev.Payload <= s.n {
					panic(fmt.Sprintf("%s: %d after %d", ev.Key, ev.Payload, s.n))
				}
				return count{n: ev.Payload}, "act"
			})
			w, err := New[int, count]("fold").Step("fold", fold, "act").Handler("act", watch, &effect{
				Lanes: 3, Queue: 8, Overflow: policy, Retry: Retry{MaxAttempts: 3},
			}).Edge("fold", "act", "act").Build()
			if err != nil {
				t.Fatal(err)
			}
			e := engine(t, w, config{Shards: 3, Queue: 16, Overflow: policy})
			var sources []Source[int]
			for p := range 4 {
				sources = append(sources, rising(p))
			}
			st, err := e.Run(t.Context(), sources...)
			if err != nil {
				t.Error(err)
			}
			if st.DeadFold != 0 || st.DeadHandler != 0 {
				l, _ := e.Letters(t.Context(), Filter{})
				t.Errorf("%d letters, the first: %v", len(l), l[0].Err)
			}
			if err := st.Check(); err != nil {
				t.Error(err)
			}
			if st.Nodes[1].Retries == 0 || watch.seen == 0 {
				t.Error("nothing was retried")
			}
			if policy == Block && st.Handled != 4*2000 {
				t.Errorf("%d of 8000 were handled", st.Handled)
			}
		})
	}
}

// rising emits rising payloads, the time included, for five keys of its own.
func rising(p int) Source[int] {
	return SourceFunc[int](func(ctx context.Context, emit Emit[int]) error {
		for i := range 2000 {
			err := emit(ctx, fmt.Sprint(p, "-", i%5), start0.Add(time.Duration(i)), i+1)
			if err != nil && err != ErrFull {
				return err
			}
		}
		return nil
	})
}

// orderWatch is a handler that fails now and then at the first attempt, and for
// good if the order of a key is broken.
type orderWatch struct {
	mu   sync.Mutex
	last map[string]int
	seen int
}

func (o *orderWatch) Handle(_ context.Context, ev Event[int], _ count) error {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.seen++
	again := ev.Payload == o.last[ev.Key]
	if ev.Payload < o.last[ev.Key] {
		return Permanent(fmt.Errorf("%s: %d after %d", ev.Key, ev.Payload, o.last[ev.Key]))
	}
	o.last[ev.Key] = ev.Payload
	if ev.Payload%7 == 0 && !again {
		return errCue
	}
	return nil
}
