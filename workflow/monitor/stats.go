package monitor

import (
	"bytes"
	"context"
	"os"
	"runtime"
	"strconv"
	"time"
)

// watchStats writes a line of statistics now and then, until ctx is done.
func (m *Monitor) watchStats(ctx context.Context) {
	ticker := time.NewTicker(m.cfg.Stats)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case now := <-ticker.C:
			m.lines.stats(now, m)
		}
	}
}

// stats writes how the process and the engine do.
func (l *lines) stats(at time.Time, m *Monitor) {
	if l == nil {
		return
	}
	f := m.engine.Stats()
	var accepted uint64
	for _, i := range m.intakes {
		accepted += i.accepted.Load()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.begin("stats")
	l.time(at)
	l.count("rss", resident())
	l.count("goroutines", uint64(runtime.NumGoroutine()))
	l.count("queue", f.Queued)
	l.count("accepted", accepted)
	l.count("folded", f.Folded)
	l.count("dropped", f.Coalesced+f.DroppedOldest+f.DroppedNewest)
	l.count("letters", f.Kept)
	if s := m.storeStatus(); s != nil {
		l.text("store", s.State)
		l.count("store_bytes", uint64(s.Bytes))
		l.count("store_pending", uint64(s.Pending))
		l.count("store_lost", s.Lost)
	}
	l.end()
	_ = l.flush() // kept in l.err, which summary returns
}

// resident returns the memory of the process that is in RAM, in bytes; where the
// system does not tell, what the runtime has taken from it.
func resident() uint64 {
	if b, err := os.ReadFile("/proc/self/statm"); err == nil {
		if f := bytes.Fields(b); len(f) > 1 {
			if pages, err := strconv.ParseUint(string(f[1]), 10, 64); err == nil {
				return pages * uint64(os.Getpagesize())
			}
		}
	}
	var s runtime.MemStats
	runtime.ReadMemStats(&s)
	return s.Sys
}
