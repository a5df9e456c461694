package workflow
import ("testing";"time";"context")
func BenchmarkTmpConsumer(b *testing.B) {
	e, _ := NewEngine(classifier(b, nil, nil), Config[float64, average]{})
	s := e.shards[0]
	start := time.Unix(1_700_000_000, 0)
	var evs [batchSize]item[float64, average]
	for i := range evs { evs[i].ev = Event[float64]{Key: "sensor-0", Source: "x", Time: start.Add(time.Duration(i)), Seen: time.Now(), Payload: float64(i)} }
	for i := 0; i < b.N; i += batchSize {
		s.batch = evs
		s.taken = batchSize
		s.foldBatch()
		s.commit()
	}
}
func BenchmarkTmpProducer(b *testing.B) {
	e, _ := NewEngine(classifier(b, nil, nil), Config[float64, average]{Queue: 1024})
	s := e.shards[0]
	emit := e.emitter(SourceFunc[float64](nil), "x")
	start := time.Unix(1_700_000_000, 0)
	ctx := context.Background()
	for i := 0; i < b.N; i++ {
		if s.q.n == 64 { s.q.head, s.q.n = 0, 0 }
		emit(ctx, "sensor-0", start, 4)
	}
}
func BenchmarkTmpTake(b *testing.B) {
	e, _ := NewEngine(classifier(b, nil, nil), Config[float64, average]{Queue: 1024})
	s := e.shards[0]
	for i := 0; i < b.N; i+=64 {
		s.q.head, s.q.n = 0, 64
		s.q.take(s.batch[:])
	}
}
