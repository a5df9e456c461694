package monitor

// An acker knows how many records of a source are on disk. It is guarded by the
// intake's mu.
type acker struct {
	durable uint64   // readings on disk
	rejects []reject // that are not told yet, oldest first
	told    uint64   // records
	decided uint64   // rejects before what is durable
	lost    bool     // a reading was not kept: nothing after it can be told
}

// reject is so many rejected records in a row, after so many readings.
type reject struct{ after, n uint64 }

// rejected notes a record that was rejected after so many readings.
func (a *acker) rejected(after uint64) {
	if n := len(a.rejects); n > 0 && a.rejects[n-1].after == after {
		a.rejects[n-1].n++
		return
	}
	a.rejects = append(a.rejects, reject{after, 1})
}

// committed notes that n more readings are on disk. It returns how many of the
// source's first records are dealt with, and whether that is news.
func (a *acker) committed(n int) (records uint64, news bool) {
	a.durable += uint64(n)
	for len(a.rejects) > 0 && a.rejects[0].after <= a.durable {
		a.decided += a.rejects[0].n
		a.rejects = a.rejects[1:]
	}
	records = a.durable + a.decided
	news = records > a.told && !a.lost
	if news {
		a.told = records
	}
	return records, news
}

// committed is told by the store that n more events of a source are on disk.
func (m *Monitor) committed(source string, n int) {
	if !m.cfg.Acks {
		return
	}
	for _, i := range m.intakes {
		if i.Name() != source {
			continue
		}
		i.mu.Lock()
		records, news := i.acks.committed(n)
		i.mu.Unlock()
		if news {
			m.lines.ack(source, records)
		}
	}
}

// lost is told by the store that n events of a source will never be on disk.
func (m *Monitor) lost(source string, _ int) {
	for _, i := range m.intakes {
		if i.Name() == source {
			i.mu.Lock()
			i.acks.lost = true
			i.mu.Unlock()
		}
	}
}
