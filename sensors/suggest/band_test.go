package suggest

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"testing"
	"time"
	"unsafe"

	"setpoint/sensors"
	"setpoint/sensors/threshold"
)

// a run is what a Band has done on readings at equal steps.
type run struct {
	Band
	alarms int   // raised
	first  int   // the reading that raised the first; -1: none
	lines  int   // the reading that brought the first line; -1: none
	at     int64 // Unix ns of the next reading
}

// watch folds n readings, one each step, and counts the Band's own alarms.
func (r *run) watch(n int, step time.Duration, value func(i int) float64) {
	if r.at == 0 {
		r.at = start.UnixNano()
	}
	r.alarms, r.first, r.lines = 0, -1, -1
	for i := range n {
		was := r.On()
		r.Fold(r.at, value(i), sensors.Good)
		r.at += int64(step)
		if r.On()&^was != 0 {
			if r.alarms++; r.first < 0 {
				r.first = i
			}
		}
		if low, _ := r.Lines(); r.lines < 0 && low == low {
			r.lines = i
		}
	}
}

// The same settings at steps from a second to an hour, on 6 hours to 2 years.
func TestBandFindsShiftsAndLittleElseAtEveryStep(t *testing.T) {
	for sentence, c := range map[string]struct {
		step time.Duration
		n    int
	}{
		"6 hours at 1 s":   {time.Second, 6 * 3600},
		"6 hours at 5 s":   {5 * time.Second, 6 * 720},
		"2 days at 1 min":  {time.Minute, 2 * 1440},
		"60 days at 5 min": {5 * time.Minute, 60 * 288},
		"60 days at 1 h":   {time.Hour, 60 * 24},
		"2 years at 1 h":   {time.Hour, 2 * 8766},
	} {
		t.Run(sentence, func(t *testing.T) {
			alarms, weeks := 0, 0.0
			for seed := range uint64(5) {
				draw := rand.New(rand.NewPCG(seed, 9))
				w := wander(draw, 4)
				value := func(int) float64 { return 20 + w() + 0.5*draw.NormFloat64() }
				var r run
				r.watch(c.n, c.step, value)
				alarms += r.alarms
				weeks += float64(c.n) * float64(c.step) / week
				if r.lines < 0 || r.lines > c.n*15/100 {
					t.Errorf("seed %d: first lines after %d of %d readings", seed, r.lines, c.n)
				}
				if r.On() != 0 {
					continue
				}
				if r.watch(max(c.n/20, 30), c.step, func(i int) float64 { return value(i) + 6 }); r.first < 0 {
					t.Errorf("seed %d: a shift by five standard deviations was not found", seed)
				}
			}
			if float64(alarms) > max(1, 0.2*weeks) {
				t.Errorf("%d false alarms in %.1f weeks", alarms, weeks)
			}
		})
	}
}

func TestBandDoesNotLearnFromTheFaultItBeginsIn(t *testing.T) {
	for _, step := range []time.Duration{5 * time.Second, time.Minute, 5 * time.Minute} {
		n := int(4 * time.Hour / step) // the fault
		value := noise(4)
		var r run
		r.watch(7*n, step, func(i int) float64 { return value(i) + 40*math.Exp(-3*float64(i)/float64(n)) })
		low, high := r.Lines()
		if low < 10 || high > 35 || low > 18.5 || high < 21.5 {
			t.Errorf("%v: lines %g and %g about 20 with noise 1", step, low, high)
		}
		if r.alarms > 1 {
			t.Errorf("%v: %d alarms", step, r.alarms)
		}
		if r.watch(n, step, func(i int) float64 { return value(i) + 20 }); r.first < 0 {
			t.Errorf("%v: the next fault was not found", step)
		}
	}
}

func TestBandLearnsNothingFrom(t *testing.T) {
	value := noise(5)
	var taught run
	taught.watch(5000, time.Minute, value)
	for sentence, c := range map[string]struct {
		v float64
		q sensors.Quality
	}{
		"bad readings":       {30, sensors.Bad},
		"suspect readings":   {22, sensors.Suspect},
		"not a number":       {math.NaN(), sensors.Good},
		"infinity":           {math.Inf(-1), sensors.Good},
		"what none measures": {math.MaxFloat64, sensors.Good},
	} {
		r := taught
		low, high := r.Lines()
		for range 2000 {
			r.Fold(r.at, c.v, c.q)
			r.at += int64(time.Minute)
		}
		if l, h := r.Lines(); l != low || h != high {
			t.Errorf("%s: lines %g and %g, were %g and %g", sentence, l, h, low, high)
		}
	}
	r := taught
	r.watch(600, time.Minute, func(i int) float64 { return value(i) + 30 })
	low, high := r.Lines()
	if r.first < 0 {
		t.Fatal("no alarm")
	}
	r.watch(3000, time.Minute, func(i int) float64 { return value(i) + 30 })
	if l, h := r.Lines(); l != low || h != high {
		t.Errorf("while its alarm is on: lines %g and %g, were %g and %g", l, h, low, high)
	}
	if r.Moved() != 1 {
		t.Error("the baseline has moved up, and no finding says so")
	}
	r.Relearn()
	r.watch(3000, time.Minute, func(i int) float64 { return value(i) + 30 })
	if l, h := r.Lines(); l < 40 || h > 60 || r.Moved() != 0 {
		t.Errorf("accepted: lines %g and %g about 50, moved %d", l, h, r.Moved())
	}
}

func TestBandKeepsItsBoundsAndItsDailyStep(t *testing.T) {
	value := noise(6)
	r := run{Band: Band{Lowest: 19.5, Highest: 20.5, Daily: 0.25}}
	r.watch(20*1440, time.Minute, value)
	if low, high := r.Lines(); low != 19.5 || high != 20.5 {
		t.Errorf("lines %g and %g, want the bounds", low, high)
	}
	r.Lowest, r.Highest = 0, 0
	low, high := r.Lines()
	r.watch(1440, time.Minute, func(i int) float64 { return value(i) + 1.5 })
	if l, h := r.Lines(); math.Abs(l-low) > 0.2501 || math.Abs(h-high) > 0.2501 || h == high {
		t.Errorf("lines %g and %g, a day before %g and %g", l, h, low, high)
	}
}

func TestBandFollowsTheDayOnlyWhereThereIsOne(t *testing.T) {
	value := noise(7)
	for size, want := range map[float64]int{0: 0, 0.5: 0, 4: 1} {
		var r run
		r.watch(15*288, 5*time.Minute, func(i int) float64 { return value(i) + size*math.Sin(float64(i)*2*math.Pi/288) })
		if r.pick != want {
			t.Errorf("a cycle of %g in noise 1: profile %d, explained %.2f", size, r.pick, r.usual.explained())
		}
		noon, night := r.Usual(start.Add(6*time.Hour).UnixNano()), r.Usual(start.Add(18*time.Hour).UnixNano())
		if want == 1 && math.Abs(noon-night-2*size) > 1 {
			t.Errorf("usual %g and %g, want %g apart", noon, night, 2*size)
		}
	}
}

func TestBandOfAConstantHasNoLines(t *testing.T) {
	var r run
	if r.watch(5000, time.Minute, func(int) float64 { return 7 }); r.lines >= 0 || r.alarms > 0 {
		t.Errorf("lines from reading %d, %d alarms", r.lines, r.alarms)
	}
	if set := r.Set(); set.On(threshold.High) || set.On(threshold.Low) || set.Validate() != nil {
		t.Errorf("set %v", set)
	}
}

func TestBandIsAValueOfAFewKilobytes(t *testing.T) {
	var b Band
	if size := unsafe.Sizeof(b); size > 4096 {
		t.Errorf("%d bytes", size)
	}
	value := noise(8)
	now := start.UnixNano()
	if n := testing.AllocsPerRun(2000, func() { now += 1e9; b.Fold(now, value(0), sensors.Good) }); n > 0 {
		t.Errorf("%g allocations a reading", n)
	}
}

// FuzzBand: whatever is folded, the lines are none, or finite and in order.
func FuzzBand(f *testing.F) {
	f.Add(int64(0), []byte("any readings, nine bytes each: a step and a value"))
	f.Add(int64(math.MinInt64), []byte{})
	seed := make([]byte, 0, 9000)
	for i := range 1000 {
		seed = append(seed, 20)
		seed = binary.LittleEndian.AppendUint64(seed, math.Float64bits(20+math.Sin(float64(i))))
	}
	f.Add(int64(1e18), seed)
	f.Fuzz(func(t *testing.T, now int64, in []byte) {
		var b Band
		for ; len(in) >= 9; in = in[9:] {
			now += int64(1) << (in[0] & 63)
			b.Fold(now, math.Float64frombits(binary.LittleEndian.Uint64(in[1:])), sensors.Quality(in[0]>>6&1))
			low, high := b.Lines()
			if (low == low) != (high == high) || low > high || math.IsInf(low, 0) || math.IsInf(high, 0) {
				t.Fatalf("lines %g and %g", low, high)
			}
			if b.drawn && low != low {
				t.Fatal("lines are lost")
			}
			if set := b.Set(); b.drawn && low < high && set.Validate() != nil {
				t.Fatal(set.Validate())
			}
		}
	})
}

func BenchmarkBand(b *testing.B) {
	var band Band
	value := noise(1)
	now := int64(0)
	b.ReportAllocs()
	for b.Loop() {
		now += 1e9
		band.Fold(now, value(0), sensors.Good)
	}
}
