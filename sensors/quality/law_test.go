package quality

import (
	"encoding/json"
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"setpoint/sensors"
)

// A given reading is what Judge is handed.
type given struct {
	at, arrived int64
	v           float64
	declared    sensors.Quality
	manual      bool
}

func (g given) to(t Tracker, r *Rules) (Tracker, Verdict) {
	d := t.Judge(r, g.at, g.arrived, g.v, g.declared, g.manual)
	return t, d
}

// readings draws a stream in the order of its times, with everything in it that
// sensors do: runs, noise, jumps, holes, nonsense.
var readings = rapid.Custom(func(t *rapid.T) []given {
	at, level := start, 20.0
	every := rapid.SampledFrom(rates).Draw(t, "every")
	live := rapid.Bool().Draw(t, "live")
	list := make([]given, rapid.IntRange(1, 150).Draw(t, "readings"))
	for i := range list {
		switch rapid.IntRange(0, 9).Draw(t, "event") {
		case 0:
			level += rapid.Float64Range(-50, 50).Draw(t, "jump")
		case 1:
			at += int64(every) * rapid.Int64Range(0, 40).Draw(t, "hole")
		case 2:
			at -= int64(every) // the same instant again
		}
		at += int64(every)
		g := given{at: at, v: level + rapid.SampledFrom([]float64{0, 0, 0.0625, -0.0625, 0.3}).Draw(t, "step")}
		if live {
			g.arrived = at + rapid.Int64Range(-5e9, 90e9).Draw(t, "delay")
		}
		switch rapid.IntRange(0, 19).Draw(t, "fault") {
		case 0:
			g.v = rapid.SampledFrom([]float64{math.NaN(), math.Inf(-1), 85, -127, 999, -300, 1e308, -1e308}).Draw(t, "nonsense")
		case 1:
			g.declared = rapid.SampledFrom([]sensors.Quality{sensors.Suspect, sensors.Bad}).Draw(t, "declared")
		case 2:
			g.manual = true
		}
		list[i] = g
	}
	return list
})

func rulesFor(t *rapid.T) *Rules {
	return &Rules{
		Kind: KindOf(rapid.SampledFrom([]string{"", "°C", "%RH", "hPa"}).Draw(t, "unit"), ""),
		Rate: rapid.SampledFrom([]float64{0, 1}).Draw(t, "rate"),
		Flat: rapid.SampledFrom([]time.Duration{0, time.Second}).Draw(t, "flat"),
	}
}

func TestEqualReadingsGiveEqualTrackersAcrossARestart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rules, list := rulesFor(t), readings.Draw(t, "readings")
		stop := rapid.IntRange(0, len(list)).Draw(t, "restart")
		var a, b Tracker
		for i, g := range list {
			if i == stop {
				b = restored(t, b)
			}
			var va, vb Verdict
			a, va = g.to(a, rules)
			b, vb = g.to(b, rules)
			if a != b || va != vb {
				t.Fatalf("reading %d: %+v and %+v, trackers equal: %v", i, va, vb, a == b)
			}
		}
	})
}

// restored returns what is left of a tracker that was written down.
func restored(t *rapid.T, a Tracker) (b Tracker) {
	text, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &b); err != nil {
		t.Fatal(err)
	}
	if a != b {
		t.Fatalf("%+v\nis restored as\n%+v", a, b)
	}
	return b
}

func TestAStreamOfDuplicatesIsTheStream(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rules, list := rulesFor(t), readings.Draw(t, "readings")
		list = slices.DeleteFunc(list, func(g given) bool { return g.manual })
		var a, b Tracker
		for i, g := range list {
			var va, vb, again Verdict
			a, va = g.to(a, rules)
			b, vb = g.to(b, rules)
			if i > 0 && g.at < list[i-1].at {
				continue // a late one is not known when it comes again
			}
			g.arrived = 0 // when it comes again does not matter
			b, again = g.to(b, rules)
			if a != b || va != vb || !again.Drop || again.State != Duplicate || again.Learn {
				t.Fatalf("reading %d: %+v and %+v, again %+v, trackers equal: %v", i, va, vb, again, a == b)
			}
		}
	})
}

func TestNoFindingMendsAnother(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rules, list := rulesFor(t), readings.Draw(t, "readings")
		var track Tracker
		for i, g := range list {
			_, had := g.to(track, rules)
			worse := g
			worse.declared = max(g.declared, rapid.SampledFrom([]sensors.Quality{sensors.Suspect, sensors.Bad}).Draw(t, "worse"))
			if _, got := worse.to(track, rules); got.Grade != max(had.Grade, worse.declared) || got.Learn {
				t.Fatalf("reading %d: %+v, but %+v when it is declared %v", i, had, got, worse.declared)
			}
			if had.Grade < g.declared || !sensors.Finite(g.v) && had.Grade != sensors.Bad {
				t.Fatalf("reading %d is %v: %+v", i, had.Grade, g)
			}
			if had.Learn && had.Grade != sensors.Good || had.Drop && had.Learn {
				t.Fatalf("reading %d is learned: %+v", i, had)
			}
			if _, off := g.to(track, &Rules{Kind: rules.Kind, Flat: -1, Ahead: -1, Behind: -1}); off.Grade > had.Grade {
				t.Fatalf("reading %d is better with more checks: %+v, without them %+v", i, had, off)
			}
			track, _ = g.to(track, rules)
		}
	})
}

func TestWhoIsStaleStaysStale(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rules := rulesFor(t)
		var track Tracker
		for _, g := range readings.Draw(t, "readings") {
			track, _ = g.to(track, rules)
		}
		at := track.StaleAt(rules, start)
		for _, from := range []int64{0, start} {
			state := func(now int64) State { return track.Silence(rules, from, now).State }
			edge := track.StaleAt(rules, from)
			if track.Any && (state(edge-1) != Good || state(edge) != Stale || state(edge+math.MaxInt32) != Stale) {
				t.Fatalf("%v, %v, %v around %d", state(edge-1), state(edge), state(edge+math.MaxInt32), edge)
			}
			if edge > at {
				t.Fatalf("stale at %d if watched from %d, but at %d from later on", edge, from, at)
			}
		}
		later := track
		later.Judge(rules, track.Last+1, track.Seen+1, 20, sensors.Good, false)
		if track.Any && later.Pace.Every == track.Pace.Every && later.StaleAt(rules, start) < at && track.Pace.Count < math.MaxUint8 {
			t.Fatalf("a reading more makes it stale sooner: %d, not %d", later.StaleAt(rules, start), at)
		}
		if track.Hold(rules) < 10*time.Second {
			t.Fatalf("a reading holds for %v only", track.Hold(rules))
		}
	})
}
