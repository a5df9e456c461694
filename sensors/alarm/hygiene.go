package alarm

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"setpoint/sensors/threshold"
)

// A Key names an alarm.
type Key struct {
	Sensor string
	Kind   threshold.Kind
}

// MarshalText returns the kind, a space and the sensor's name.
func (k Key) MarshalText() ([]byte, error) { return []byte(k.Kind.String() + " " + k.Sensor), nil }

// UnmarshalText reads what MarshalText writes.
func (k *Key) UnmarshalText(b []byte) error {
	kind, sensor, _ := strings.Cut(string(b), " ")
	for i := range threshold.Kind(Count) {
		if i.String() == kind {
			*k = Key{sensor, i}
			return nil
		}
	}
	return fmt.Errorf("alarm %.80q: want a kind, a space and a sensor", b)
}

// Hygiene remembers enough of the alarms of all sensors to tell whether a person can
// still follow them: what was raised in the last day, and what is on or not
// acknowledged. It is fed in the order of event time with what was announced (not
// with what was suppressed); a time that falls counts as the newest one. [Hygiene.Figures]
// are the answer.
//
// The zero Hygiene begins with the first alarm; set Start where it should begin
// earlier. Its memory is bounded by [MaxPast] and the number of alarms there are. All of
// it is in exported fields, so that it survives a restart as JSON.
type Hygiene struct {
	Start, Newest int64 // Unix ns
	Count         uint64
	MostInAnHour  int
	LongestUnack  time.Duration // of those that have been acknowledged
	Past          []Raise       // of the last day, oldest first
	Open          map[Key]Open
	Flood         Flood
	Floods        []Flood // of the last day, apart from Flood
}

// MaxPast is how many alarms are remembered; of more a day, only the newest count.
const MaxPast = 1 << 14

// A Raise is an alarm of the past.
type Raise struct {
	Key      Key
	At       int64 // Unix ns
	Priority Priority
	Fleeting bool // it was over in less than [FleetingTime]
}

// Open is an alarm that is on or unacknowledged.
type Open struct {
	On       bool
	Raised   int64  // when it was raised last, in Unix ns
	Nth      uint64 // by Hygiene.Count
	Unacked  bool
	Unseen   int64 // when it was unacknowledged first, in Unix ns
	Priority Priority
}

// A Flood is more alarms than a person can follow: it begins with the 11th alarm in
// ten minutes, and ends when there are fewer than five in the last ten.
type Flood struct {
	On       bool
	From, To int64 // Unix ns; To is 0 while it is on
	Alarms   int   // those that began it included
}

// The bounds of what is bad, by ISA-18.2 and EEMUA 191.
const (
	FleetingTime = 10 * time.Second // gone sooner: fleeting
	StandingTime = 24 * time.Hour   // on for longer: standing
	ChatterTime  = time.Minute      // raised three times in it: chattering
	FloodTime    = 10 * time.Minute

	chatterCount = 3
	floodBegin   = 11
	floodEnd     = 5
	day          = 24 * time.Hour
)

// Raised takes an alarm that was raised at t (Unix ns). One that is on already is not
// raised again.
func (h *Hygiene) Raised(k Key, t int64, p Priority) {
	o := h.Open[k]
	if o.On {
		return
	}
	t = h.pass(t)
	h.Count++
	o.On, o.Raised, o.Nth, o.Priority = true, t, h.Count, p.For(k.Kind)
	if !o.Unacked {
		o.Unacked, o.Unseen = true, t
	}
	if h.Open == nil {
		h.Open = map[Key]Open{}
	}
	h.Open[k] = o
	if len(h.Past) >= MaxPast {
		h.Past = h.Past[len(h.Past)-MaxPast+1:]
	}
	h.Past = append(h.Past, Raise{Key: k, At: t, Priority: o.Priority})
	h.MostInAnHour = max(h.MostInAnHour, h.since(t-int64(time.Hour)))
	switch n := len(h.Past) - floodBegin; {
	case h.Flood.On:
		h.Flood.Alarms++
	case n >= 0 && h.Past[n].At > t-int64(FloodTime):
		h.Flood = Flood{On: true, From: t, Alarms: floodBegin}
	}
}

// Cleared takes an alarm that was back to normal at t (Unix ns).
func (h *Hygiene) Cleared(k Key, t int64) {
	o, ok := h.Open[k]
	if !ok || !o.On {
		return
	}
	t = h.pass(t)
	forgotten := h.Count - uint64(len(h.Past))
	if t-o.Raised < int64(FleetingTime) && o.Nth > forgotten && o.Nth <= h.Count {
		h.Past[o.Nth-forgotten-1].Fleeting = true
	}
	o.On = false
	h.put(k, o)
}

// Acknowledged takes an alarm that somebody saw at t (Unix ns). Shelving one and taking its
// sensor out of service count as that, too.
func (h *Hygiene) Acknowledged(k Key, t int64) {
	o, ok := h.Open[k]
	if !ok || !o.Unacked {
		return
	}
	t = h.pass(t)
	h.LongestUnack = max(h.LongestUnack, time.Duration(t-o.Unseen))
	o.Unacked = false
	h.put(k, o)
}

func (h *Hygiene) put(k Key, o Open) {
	if o.On || o.Unacked {
		h.Open[k] = o
		return
	}
	delete(h.Open, k)
}

// pass lets time pass until t, and returns it or the newest time if that is later.
func (h *Hygiene) pass(t int64) int64 {
	t = max(t, h.Newest)
	h.Newest = t
	if h.Start == 0 {
		h.Start = t
	}
	if was := h.Flood; was.On {
		if h.Flood = h.flood(t); !h.Flood.On {
			h.Floods = append(h.Floods, h.Flood)
			h.Flood = Flood{}
		}
	}
	h.Past = h.Past[len(h.Past)-h.since(t-int64(day)):]
	h.Floods = slices.DeleteFunc(h.Floods, func(f Flood) bool { return f.To <= t-int64(day) })
	return t
}

// since returns how many of the past alarms were raised after t.
func (h *Hygiene) since(t int64) int {
	i, _ := slices.BinarySearchFunc(h.Past, t+1, func(r Raise, t int64) int {
		if r.At < t {
			return -1
		}
		return 1
	})
	return len(h.Past) - i
}

// Flooded reports whether there are more alarms than a person can follow at t (Unix ns).
func (h *Hygiene) Flooded(t int64) bool { return h.flood(t).On }

// flood returns the flood as it stands at t.
func (h *Hygiene) flood(t int64) Flood {
	f := h.Flood
	if !f.On {
		return f
	}
	if n := len(h.Past) - floodEnd; n < 0 || h.Past[n].At+int64(FloodTime) <= t {
		f.On, f.To = false, t
		if n >= 0 {
			f.To = h.Past[n].At + int64(FloodTime)
		}
	}
	return f
}
