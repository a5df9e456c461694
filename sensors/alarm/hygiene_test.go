package alarm

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"reflect"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"setpoint/sensors/threshold"
)

// A plain keeps everything that it is fed, and counts when it is asked.
type plain struct {
	start  int64
	raises []plainRaise
	on     map[Key]int   // its newest raise, by index
	unseen map[Key]int64 // since when
	unack  int64
}

type plainRaise struct {
	key         Key
	at, cleared int64 // cleared: 0 while on
	p           Priority
}

func (p *plain) feed(deed int, k Key, t int64, pr Priority) {
	i, on := p.on[k]
	since, unseen := p.unseen[k]
	switch {
	case deed == 0 && !on:
		p.on[k] = len(p.raises)
		p.raises = append(p.raises, plainRaise{k, t, 0, pr})
		if !unseen {
			p.unseen[k] = t
		}
	case deed == 1 && on:
		p.raises[i].cleared = t
		delete(p.on, k)
	case deed == 2 && unseen:
		p.unack = max(p.unack, t-since)
		delete(p.unseen, k)
	default:
		return
	}
	if p.start == 0 {
		p.start = t
	}
}

// within counts the alarms that were raised in the time d up to t.
func (p *plain) within(t int64, d time.Duration) (n int) {
	for _, r := range p.raises {
		if r.at > t-int64(d) && r.at <= t {
			n++
		}
	}
	return n
}

// flooded counts at every time at which the count can change, up to t.
func (p *plain) flooded(t int64) (state Flood, percent float64) {
	changes := []int64{t}
	for _, r := range p.raises {
		changes = append(changes, min(r.at, t), min(r.at+int64(FloodTime), t))
	}
	slices.Sort(changes)
	from, last, sum := max(p.start, t-int64(day)), p.start, int64(0)
	for _, s := range changes {
		if state.On {
			sum += max(0, s-max(last, from))
		}
		last = s
		switch n := p.within(s, FloodTime); {
		case state.On && n < floodEnd:
			state.On, state.To = false, s
		case !state.On && n >= floodBegin:
			state = Flood{On: true, From: s}
		}
	}
	if !state.On && state.To <= from {
		state = Flood{}
	}
	return state, 100 * float64(sum) / float64(max(t-from, 1))
}

func (p *plain) rows(t int64) map[string]float64 {
	var chattering, fleeting, standing, hour int
	counts, mostInAnHour := map[Key]int{}, 0
	bad := map[Key]bool{}
	priorities := [HighPriority + 1]int{}
	for i, r := range p.raises {
		if r.at > t-int64(time.Hour) {
			hour++
		}
		mostInAnHour = max(mostInAnHour, p.within(r.at, time.Hour))
		if r.cleared == 0 && t-r.at > int64(StandingTime) {
			standing++
		}
		if r.at <= t-int64(day) {
			continue
		}
		counts[r.key]++
		priorities[r.p]++
		if r.cleared > 0 && r.cleared-r.at < int64(FleetingTime) {
			fleeting++
		}
		n := 0
		for _, q := range p.raises[:i+1] {
			if q.key == r.key && q.at > r.at-int64(ChatterTime) && q.at > t-int64(day) {
				n++
			}
		}
		bad[r.key] = bad[r.key] || n >= chatterCount
	}
	for _, b := range bad {
		if b {
			chattering++
		}
	}
	most := slices.Sorted(maps.Values(counts))
	top := 0
	for _, n := range most[max(0, len(most)-10):] {
		top += n
	}
	all := p.within(t, day)
	of := func(n int) float64 { return 100 * float64(n) / float64(max(all, 1)) }
	_, flooded := p.flooded(t)
	return map[string]float64{
		"alarms an hour": float64(hour), "alarms a day": float64(all), "in flood": flooded,
		"chattering": float64(chattering), "fleeting": float64(fleeting), "standing": float64(standing),
		"top ten": of(top), "medium priority": of(priorities[MediumPriority]), "high priority": of(priorities[HighPriority]),
		"most in an hour": float64(mostInAnHour),
	}
}

func TestHygieneEqualsAPlainCount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var h Hygiene
		p := &plain{on: map[Key]int{}, unseen: map[Key]int64{}}
		now := int64(1e15)
		sensors := rapid.IntRange(1, 14).Draw(t, "sensors")
		for range rapid.IntRange(1, 60).Draw(t, "bursts") {
			for range rapid.IntRange(0, 14).Draw(t, "events") {
				now += int64(rapid.SampledFrom([]int{0, 1, 4, 9, 10, 20, 30}).Draw(t, "seconds")) * 1e9
				k := Key{fmt.Sprint(rapid.IntRange(1, sensors).Draw(t, "sensor")), threshold.High}
				deed := rapid.IntRange(0, 2).Draw(t, "deed")
				pr := Priority(rapid.IntRange(1, 3).Draw(t, "priority"))
				switch deed {
				case 0:
					h.Raised(k, now, pr)
				case 1:
					h.Cleared(k, now)
				case 2:
					h.Acknowledged(k, now)
				}
				p.feed(deed, k, now, pr)
			}
			now += int64(rapid.SampledFrom([]int{0, 30, 300, 600, 3600, 30000}).Draw(t, "pause")) * 1e9
			if rapid.IntRange(0, 19).Draw(t, "restart") == 0 {
				h = restarted(t, h)
			}
		}
		compareHygiene(t, &h, p, now)
	})
}

// restarted returns h after it was written and read.
func restarted(t *rapid.T, h Hygiene) (read Hygiene) {
	b, err := json.Marshal(h)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(b, &read); err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(read.Open, h.Open) || !slices.Equal(read.Past, h.Past) || read.Flood != h.Flood {
		t.Fatalf("%+v came back as %+v", h, read)
	}
	return read
}

func compareHygiene(t *rapid.T, h *Hygiene, p *plain, now int64) {
	f := h.Figures(now)
	if p.start == 0 {
		if f.Metrics.AlarmCount != 0 {
			t.Fatalf("%+v of nothing", f)
		}
		return
	}
	want := p.rows(now)
	for _, r := range f.Rows {
		if math.Abs(r.Value-want[r.Name]) > 1e-9 {
			t.Fatalf("%s: %g, want %g", r.Name, r.Value, want[r.Name])
		}
	}
	flood, _ := p.flooded(now)
	if f.Flood.On != flood.On || f.Flood.From != flood.From || f.Flood.To != flood.To {
		t.Fatalf("flood %+v, want %+v", f.Flood, flood)
	}
	unack := p.unack
	for _, since := range p.unseen {
		unack = max(unack, now-since)
	}
	m := Metrics{
		uint64(len(p.raises)), p.start, want["alarms an hour"], want["most in an hour"],
		float64(len(p.raises)) / max(1, time.Duration(now-p.start).Hours()), time.Duration(unack),
	}
	if f.Metrics != m {
		t.Fatalf("metrics %+v, want %+v", f.Metrics, m)
	}
	if len(h.Open) != len(union(p.on, p.unseen)) {
		t.Fatalf("%d alarms are remembered as open, want %d", len(h.Open), len(union(p.on, p.unseen)))
	}
}

func union(a map[Key]int, b map[Key]int64) map[Key]bool {
	u := map[Key]bool{}
	for k := range a {
		u[k] = true
	}
	for k := range b {
		u[k] = true
	}
	return u
}

// Count returns how many alarms the figures are of.
func (f *Figures) Count() int { return int(f.Metrics.AlarmCount) }
