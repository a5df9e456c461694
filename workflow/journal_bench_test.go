package workflow

import (
	"context"
	"sync/atomic"
	"testing"
)

// countingJournal counts records and keeps none: what is left is the engine's part.
type countingJournal struct {
	MemoryJournal[float64]
	records atomic.Uint64
}

func (c *countingJournal) Append(_ context.Context, records []Record[float64]) (Position, error) {
	return Position(c.records.Add(uint64(len(records)))), nil
}

// BenchmarkJournalledHandlers leads each event to two handlers that cost nothing.
func BenchmarkJournalledHandlers(b *testing.B) {
	for name, once := range map[string]bool{"at least once": false, "at most once": true} {
		b.Run(name, func(b *testing.B) {
			cheap := HandlerFunc[float64, average](func(context.Context, Event[float64], average) error { return nil })
			o := &Effect[float64, average]{Queue: 1024, AtMostOnce: once}
			w, err := New[float64, average]("classify").Step("classify", classify, "low", "normal", "high").
				Handler("one", cheap, o).Handler("two", cheap, o).Edge("classify", "low", "one", "two").
				Edge("classify", "normal", "one", "two").Edge("classify", "high", "one", "two").Build()
			if err != nil {
				b.Fatal(err)
			}
			j := new(countingJournal)
			st := feedWith(b, w, Config[float64, average]{Journal: j}, 100)
			if st.Handled != 2*uint64(b.N) || once && j.records.Load() != uint64(b.N) {
				b.Fatalf("%d handled, %d records for %d events", st.Handled, j.records.Load(), b.N)
			}
			b.ReportMetric(float64(j.records.Load())/float64(b.N), "records/op")
		})
	}
}
