package alarm

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"reflect"
	"runtime"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"setpoint/sensors/threshold"
)

// A plain keeps everything that it is fed, and counts when it is asked.
type plain struct {
	start, end int64
	raises     []plainRaise
	on         map[Key]int   // its newest raise, by index
	unseen     map[Key]int64 // since when
	unack      int64
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

// flooded walks second by second: every time here is a whole one.
func (p *plain) flooded(t int64) (state Flood, percent float64) {
	from := max(p.start, t-int64(day))
	sum := int64(0)
	for s := p.start; s <= t; s += 1e9 {
		n := p.within(s, FloodTime)
		switch {
		case state.On && n < floodEnd:
			state.On, state.To = false, s
		case !state.On && n >= floodBegin:
			state = Flood{On: true, From: s}
		}
		if state.On && s >= from && s < t {
			sum += 1e9
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
		if f.Count() != 0 {
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

func TestFloodBeginsAndEnds(t *testing.T) {
	var h Hygiene
	minute := func(n float64) int64 { return at(60 * n) }
	raise := func(n float64, sensor int) { h.Raised(Key{fmt.Sprint(sensor), threshold.High}, minute(n), LowPriority) }
	for i := range 10 {
		raise(float64(i)/2, i)
	}
	if f := h.Figures(minute(9)).Flood; f != (Flood{}) {
		t.Fatalf("ten in ten minutes: %+v, want no flood", f)
	}
	raise(9, 10)
	raise(9.5, 11)
	if f, want := h.Figures(minute(10)).Flood, (Flood{On: true, From: minute(9), Alarms: 12}); f != want {
		t.Fatalf("flood %+v, want %+v", f, want)
	}
	// The fifth newest alarm is the one of minute 3.5.
	if f := h.Figures(minute(13.4)).Flood; !f.On {
		t.Fatal("five in ten minutes, and the flood is over")
	}
	want := Flood{From: minute(9), To: minute(13.5), Alarms: 12}
	if f := h.Figures(minute(13.5)).Flood; f != want {
		t.Fatalf("flood %+v, want %+v", f, want)
	}
	if f := h.Figures(minute(60)); f.Flood != want || f.Rows[2].Value != 7.5 || f.Rows[2].Verdict != OverAim {
		t.Fatalf("flood %+v, %+v, want %+v and 4.5 of 60 minutes", f.Flood, f.Rows[2], want)
	}
	raise(60, 12)
	if f := h.Figures(minute(60)); f.Flood != want {
		t.Fatalf("flood %+v, want %+v", f.Flood, want)
	}
	if f := h.Figures(minute(24*60 + 14)); f.Flood != (Flood{}) || f.Rows[2].Value != 0 {
		t.Fatalf("a day later %+v, %+v", f.Flood, f.Rows[2])
	}
}

func TestVerdicts(t *testing.T) {
	verdicts := func(h *Hygiene, t int64) (list []string) {
		for _, r := range h.Figures(t).Rows {
			list = append(list, r.Name+" "+r.Verdict.String())
		}
		return list
	}
	quiet := Hygiene{Start: at(0)}
	quiet.Raised(Key{"a", threshold.High}, at(0), Unset)
	want := []string{
		"alarms an hour ok", "alarms a day ok", "in flood ok", "chattering ok", "fleeting ok", "standing ok",
		"top ten not judged", "medium priority not judged", "high priority not judged",
	}
	if got := verdicts(&quiet, at(60)); !slices.Equal(got, want) {
		t.Errorf("one alarm: %q, want %q", got, want)
	}
	var loud Hygiene
	for i := range 300 {
		k := Key{fmt.Sprint(i % 12), threshold.Critical}
		loud.Raised(k, at(10*float64(i)), Unset)
		loud.Cleared(k, at(10*float64(i)+5))
	}
	for i := range 5 {
		loud.Raised(Key{"standing " + fmt.Sprint(i), threshold.Low}, at(3000), LowPriority)
	}
	want = []string{
		"alarms an hour too much", "alarms a day too much", "in flood over aim", "chattering ok", "fleeting over aim",
		"standing ok", "top ten too much", "medium priority ok", "high priority over aim",
	}
	if got := verdicts(&loud, at(3001)); !slices.Equal(got, want) {
		t.Errorf("a flood: %q, want %q", got, want)
	}
	f := loud.Figures(at(3001))
	if len(f.Top) != 10 || f.Top[0].Alarms != 25 || f.Top[0].Key != (Key{"0", threshold.Critical}) {
		t.Errorf("top ten %+v", f.Top)
	}
	if f.Priorities != [...]int{0, 5, 0, 300} {
		t.Errorf("priorities %v", f.Priorities)
	}
	if got := verdicts(&loud, at(3000)+int64(day)+1)[5]; got != "standing over aim" {
		t.Errorf("a day later: %s", got)
	}
}

func TestHygieneTakesNothingTwice(t *testing.T) {
	var h Hygiene
	k := Key{"a", threshold.High}
	h.Cleared(k, at(0))
	h.Acknowledged(k, at(0))
	h.Raised(k, at(1), Unset)
	h.Raised(k, at(2), Unset)
	h.Cleared(k, at(0)) // a time that falls
	h.Cleared(k, at(3))
	h.Acknowledged(k, at(4))
	h.Acknowledged(k, at(5))
	f := h.Figures(at(0))
	if f.Metrics.AlarmCount != 1 || f.Metrics.MaximumUnAck != 3*time.Second || len(h.Open) != 0 || f.To != at(4) {
		t.Errorf("metrics %+v, open %v, to %d", f.Metrics, h.Open, f.To)
	}
}

func TestKeysSurviveText(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := Key{rapid.String().Draw(t, "sensor"), threshold.Kind(rapid.IntRange(0, Count-1).Draw(t, "kind"))}
		b, _ := want.MarshalText()
		var got Key
		if err := got.UnmarshalText(b); err != nil || got != want {
			t.Fatalf("%+v came back as %+v, error %v", want, got, err)
		}
	})
	var k Key
	if err := k.UnmarshalText([]byte("warm a")); err == nil {
		t.Errorf("a kind that is none gives %+v", k)
	}
}

// flood raises every alarm of n sensors once a second, and clears it.
func flood(h *Hygiene, n, rounds int) {
	for r := range rounds {
		for i := range n {
			k := Key{names[i], threshold.Critical}
			h.Raised(k, at(float64(r)), Unset)
			h.Cleared(k, at(float64(r)))
		}
	}
}

var names = func() (list []string) {
	for i := range 10_000 {
		list = append(list, fmt.Sprintf("oven-%d", i))
	}
	return list
}()

func TestAFloodOfTenThousandSensorsIsBounded(t *testing.T) {
	var h Hygiene
	heap := func() uint64 {
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return m.HeapAlloc
	}
	before := heap()
	flood(&h, len(names), 20)
	if grown := int64(heap()) - int64(before); grown > 8<<20 {
		t.Errorf("a flood of 200000 alarms takes %d bytes, want at most 8 MB", grown)
	}
	f := h.Figures(at(20))
	if f.Count() != 200_000 || len(h.Past) != MaxPast || f.Rows[1].Value != MaxPast || f.From != at(18) || !f.Flood.On || f.Flood.Alarms != 200_000 {
		t.Errorf("%d alarms, %d kept from %d, flood %+v", f.Count(), len(h.Past), f.From, f.Flood)
	}
}

func BenchmarkHygiene(b *testing.B) {
	b.Run("alarm in a flood", func(b *testing.B) {
		var h Hygiene
		flood(&h, len(names), 2)
		b.ReportAllocs()
		for b.Loop() {
			flood(&h, 1, 1)
		}
	})
	for _, n := range []int{100, 1000, MaxPast} {
		b.Run(fmt.Sprint("figures of ", n), func(b *testing.B) {
			var h Hygiene
			for i := range n {
				flood(&h, 1+i%200, 1)
			}
			h.Past = h.Past[len(h.Past)-n:]
			b.ReportAllocs()
			for b.Loop() {
				h.Figures(h.Newest)
			}
		})
	}
}
