package alarm

import (
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"setpoint/sensors/threshold"
)

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

func TestAWindowDoesNotHoldItsBeginning(t *testing.T) {
	for sentence, c := range map[string]struct {
		alarms int
		every  float64
		flood  bool
		chat   int
	}{
		"eleven in ten minutes":                  {11, 60, false, 0},
		"eleven in a second less":                {11, 59.9, true, 0},
		"three of the same in a minute":          {3, 30, false, 0},
		"three of the same in a second less":     {3, 29.5, false, 1},
		"two in a second are no chattering":      {2, 1, false, 0},
		"ten of the same in ten seconds chatter": {10, 1, false, 1},
	} {
		t.Run(sentence, func(t *testing.T) {
			var h Hygiene
			k := Key{"a", threshold.High}
			for i := range c.alarms {
				h.Raised(k, at(float64(i)*c.every), Unset)
				h.Cleared(k, at(float64(i)*c.every))
			}
			f := h.Figures(0)
			if f.Flood.On != c.flood || len(f.Chattering) != c.chat {
				t.Errorf("flood %t, chattering %v, want %t, %d", f.Flood.On, f.Chattering, c.flood, c.chat)
			}
		})
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
	if f.Metrics.AlarmCount != 200_000 || len(h.Past) != MaxPast || f.Rows[1].Value != MaxPast || f.From != at(18) || !f.Flood.On || f.Flood.Alarms != 200_000 {
		t.Errorf("%d alarms, %d kept from %d, flood %+v", f.Metrics.AlarmCount, len(h.Past), f.From, f.Flood)
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
