package workflow

import (
	"context"
	"strconv"
	"sync"
	"testing"
	"time"
)

// average is the state of the benchmarks: the band and a running average.
type average struct {
	band Action
	n    int
	mean float64
}

// classify is what a monitor of temperatures does for each reading.
var classify = StepFunc[float64, average](func(s average, ev Event[float64]) (average, Action) {
	s.n++
	s.mean += (ev.Payload - s.mean) / float64(s.n)
	switch {
	case ev.Payload > 80:
		s.band = "high"
	case ev.Payload < 20:
		s.band = "low"
	default:
		s.band = "normal"
	}
	return s, s.band
})

// classifier is a workflow of one step, with the handlers given.
func classifier(b testing.TB, h Handler[float64, average], o *Effect[float64, average]) *Workflow[float64, average] {
	b.Helper()
	g := New[float64, average]("classify").Step("classify", classify, "low", "normal", "high")
	var to []string
	if h != nil {
		g.Handler("act", h, o)
		to = append(to, "act")
	}
	w, err := g.Edge("classify", "low", to...).Edge("classify", "normal", to...).Edge("classify", "high", to...).Build()
	if err != nil {
		b.Fatal(err)
	}
	return w
}

// BenchmarkChannelHop is the yardstick: a bare channel between two goroutines
// that carries values of the size of an event.
func BenchmarkChannelHop(b *testing.B) {
	b.ReportAllocs()
	ch := make(chan Event[float64], 1024)
	var got int
	var wg sync.WaitGroup
	wg.Go(func() {
		for range ch {
			got++
		}
	})
	for b.Loop() {
		ch <- Event[float64]{Key: "boiler", Payload: 42}
	}
	close(ch)
	wg.Wait()
	if got != b.N {
		b.Fatalf("%d of %d came through", got, b.N)
	}
}

// BenchmarkFold leads events through emit, queue and fold: classify and average.
func BenchmarkFold(b *testing.B) {
	for _, keys := range []int{1, 1000} {
		b.Run("keys="+strconv.Itoa(keys), func(b *testing.B) {
			st := feed(b, classifier(b, nil, nil), Block, keys)
			if st.Folded != uint64(b.N) {
				b.Fatalf("%d of %d were folded", st.Folded, b.N)
			}
		})
	}
}

// BenchmarkDispatch is BenchmarkFold with a handler that does nothing.
func BenchmarkDispatch(b *testing.B) {
	idle := HandlerFunc[float64, average](func(context.Context, Event[float64], average) error { return nil })
	st := feed(b, classifier(b, idle, &Effect[float64, average]{Queue: 1024}), Block, 1)
	if st.Handled != uint64(b.N) {
		b.Fatalf("%d of %d were handled", st.Handled, b.N)
	}
}

// forgetful is a journal that keeps nothing.
type forgetful struct{ MemoryJournal[float64] }

func (*forgetful) Append(_ context.Context, records []Record[float64]) (Position, error) {
	return Position(len(records)), nil
}

// BenchmarkJournalled is BenchmarkFold and BenchmarkDispatch with a journal that
// costs nothing itself.
func BenchmarkJournalled(b *testing.B) {
	b.Run("fold", func(b *testing.B) {
		feedWith(b, classifier(b, nil, nil), Config[float64, average]{Journal: new(forgetful)}, 1)
	})
	b.Run("dispatch", func(b *testing.B) {
		idle := HandlerFunc[float64, average](func(context.Context, Event[float64], average) error { return nil })
		w := classifier(b, idle, &Effect[float64, average]{Queue: 1024})
		feedWith(b, w, Config[float64, average]{Journal: new(forgetful)}, 1)
	})
}

// BenchmarkSnapshot copies the states of 10,000 keys.
func BenchmarkSnapshot(b *testing.B) {
	e, err := NewEngine(classifier(b, nil, nil), Config[float64, average]{})
	if err != nil {
		b.Fatal(err)
	}
	for i := range 10_000 {
		e.shards[0].book.put(KeyState[average]{Key: "sensor-" + strconv.Itoa(i)})
	}
	b.ReportAllocs()
	for b.Loop() {
		if snap, err := e.Snapshot(b.Context()); err != nil || len(snap.Keys) != 10_000 {
			b.Fatal(err)
		}
	}
}

// BenchmarkSnapshotHold is how long a snapshot keeps a shard from folding that has
// 100,000 keys.
func BenchmarkSnapshotHold(b *testing.B) {
	e, err := NewEngine(classifier(b, nil, nil), Config[float64, average]{})
	if err != nil {
		b.Fatal(err)
	}
	s := e.shards[0]
	for i := range 100_000 {
		s.book.put(KeyState[average]{Key: "sensor-" + strconv.Itoa(i)})
	}
	b.ReportAllocs()
	var snap Snapshot[float64, average]
	for b.Loop() {
		snap.Shards, snap.Keys = nil, snap.Keys[:0]
		if s.snapshot(&snap); len(snap.Keys) != 100_000 {
			b.Fatalf("%d keys", len(snap.Keys))
		}
	}
}

// BenchmarkStuckHandler is BenchmarkFold with a handler that hangs till the end
// and sheds what it cannot take.
func BenchmarkStuckHandler(b *testing.B) {
	stuck := HandlerFunc[float64, average](func(ctx context.Context, _ Event[float64], _ average) error {
		<-Draining(ctx)
		return nil
	})
	st := feed(b, classifier(b, stuck, &Effect[float64, average]{Overflow: DropNewest}), Block, 1)
	if st.Folded != uint64(b.N) {
		b.Fatalf("%d of %d were folded", st.Folded, b.N)
	}
}

// feed runs an engine over b.N events; the time taken is that from the first emit
// to the end of the run.
func feed(b *testing.B, w *Workflow[float64, average], policy Overflow, keys int) Stats {
	b.Helper()
	return feedWith(b, w, Config[float64, average]{Overflow: policy}, keys)
}

func feedWith(b *testing.B, w *Workflow[float64, average], c Config[float64, average], keys int) Stats {
	b.Helper()
	b.ReportAllocs()
	names := make([]string, keys)
	for i := range names {
		names[i] = "sensor-" + strconv.Itoa(i)
	}
	e, err := NewEngine(w, c)
	if err != nil {
		b.Fatal(err)
	}
	start := time.Unix(1_700_000_000, 0)
	b.ResetTimer()
	st, err := e.Run(b.Context(), SourceFunc[float64](func(ctx context.Context, emit Emit[float64]) error {
		at, k := start, 0
		for i := range b.N {
			if err := emit(ctx, names[k], at, float64(i%100)); err != nil {
				return err
			}
			at = at.Add(1)
			if k++; k == keys {
				k = 0
			}
		}
		return nil
	}))
	b.StopTimer()
	if err != nil {
		b.Fatal(err)
	}
	return st
}

// BenchmarkShards folds events of 64 keys from two producers by a step that works
// for about two microseconds, on one shard and on two.
func BenchmarkShards(b *testing.B) {
	busy := StepFunc[float64, average](func(s average, ev Event[float64]) (average, Action) {
		for range 1000 {
			s.mean += (ev.Payload - s.mean) / 64
		}
		s.n++
		return s, "normal"
	})
	for _, shards := range []int{1, 2} {
		b.Run("shards="+strconv.Itoa(shards), func(b *testing.B) {
			w, err := New[float64, average]("work").Step("work", busy, "normal").Edge("work", "normal").Build()
			if err != nil {
				b.Fatal(err)
			}
			e, err := NewEngine(w, Config[float64, average]{Shards: shards})
			if err != nil {
				b.Fatal(err)
			}
			half := func(from int) Source[float64] {
				return SourceFunc[float64](func(ctx context.Context, emit Emit[float64]) error {
					for i := from; i < b.N; i += 2 {
						if err := emit(ctx, strconv.Itoa(i%64), time.Unix(int64(i), 0), 42); err != nil {
							return err
						}
					}
					return nil
				})
			}
			b.ReportAllocs()
			b.ResetTimer()
			st, err := e.Run(b.Context(), half(0), half(1))
			if err != nil || st.Folded != uint64(b.N) {
				b.Fatalf("%d of %d folded, %v", st.Folded, b.N, err)
			}
		})
	}
}
