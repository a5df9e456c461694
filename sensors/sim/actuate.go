package sim

import (
	"sync"
	"time"

	"setpoint/sensors"
)

// An order tells a zone's actuator what to do from an event time on.
type order struct {
	at      time.Time
	drive   sensors.Drive
	waiting bool
}

// A mailbox holds the newest order for each sensor until the next step. Orders
// are told apart by event time, not by arrival, so it does not matter which of
// several goroutines came first.
type mailbox struct {
	mu      sync.Mutex
	orders  []order // indexed by sensor
	waiting []int   // the sensors whose order waits
}

// Actuate drives the zone of the named sensor from the event time at on, but not
// before its newest reading and, if at lies ahead of the simulation, from its
// next reading on. Of several orders within one step the one with the latest
// event time counts, and of equal ones the last. It reports false for a sensor
// that has no actuator, and for one that there is not.
func (s *Source) Actuate(sensor string, at time.Time, d sensors.Drive) bool {
	i, ok := s.index[sensor]
	if !ok || s.scenario.script != nil {
		return false
	}
	m := &s.mail
	m.mu.Lock()
	defer m.mu.Unlock()
	o := &m.orders[i]
	switch {
	case !o.waiting:
		m.waiting = append(m.waiting, i)
	case at.Before(o.at):
		return true
	}
	*o = order{at, d, true}
	return true
}

// deliver empties the mailbox into the given function.
func (m *mailbox) deliver(to func(sensor int, o order)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, i := range m.waiting {
		to(i, m.orders[i])
		m.orders[i].waiting = false
	}
	m.waiting = m.waiting[:0]
}
