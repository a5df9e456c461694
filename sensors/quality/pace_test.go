package quality

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"setpoint/sensors"
)

func TestIntervalAndHold(t *testing.T) {
	for every, hold := range map[time.Duration]time.Duration{
		100 * time.Microsecond: 10 * time.Second, 250 * time.Millisecond: 10 * time.Second, time.Second: 10 * time.Second,
		5 * time.Second: 25 * time.Second, time.Minute: 5 * time.Minute, time.Hour: 5 * time.Hour, 24 * time.Hour: 120 * time.Hour,
	} {
		s := newStream(t, "", every).feed(noisy(20, 1, 300)...)
		if got := s.track.Interval(); got != max(every, time.Millisecond) {
			t.Errorf("every %v: interval %v", every, got)
		}
		if got := s.track.Hold(&s.rules); got != hold {
			t.Errorf("every %v: holds for %v, want %v", every, got, hold)
		}
		if s.gaps > 0 {
			t.Errorf("every %v: %d gaps", every, s.gaps)
		}
	}
}

func TestHoldWhileLittleIsKnown(t *testing.T) {
	s := newStream(t, "", 5*time.Minute)
	for i, want := range []time.Duration{1, 1, 25, 25, 25, 25} {
		if got := s.track.Hold(&s.rules); got != want*time.Minute {
			t.Errorf("after %d readings it holds for %v, want %v", i, got, want*time.Minute)
		}
		s.feed(20)
	}
	if s.track.Interval() != 5*time.Minute {
		t.Errorf("interval %v after %d intervals", s.track.Interval(), 5)
	}
}

func TestHoldAsTheRulesSay(t *testing.T) {
	s := newStream(t, "", 2*time.Second).feed(repeat(1, 20)...)
	for _, c := range []struct {
		rules Rules
		want  time.Duration
	}{
		{Rules{}, 10 * time.Second},
		{Rules{StaleLeast: time.Minute}, time.Minute},
		{Rules{StaleTimes: 10}, 20 * time.Second},
		{Rules{StaleTimes: 10, StaleLeast: time.Second}, 20 * time.Second},
		{Rules{StaleTimes: math.MaxInt}, math.MaxInt64},
		{Rules{Stale: time.Hour, StaleTimes: 9}, time.Hour},
		{Rules{Stale: time.Second}, time.Second},
	} {
		if got := s.track.Hold(&c.rules); got != c.want {
			t.Errorf("%+v: holds for %v, want %v", c.rules, got, c.want)
		}
	}
}

func TestASensorFallsSilent(t *testing.T) {
	var rules Rules
	from := start
	sec := func(n int64) int64 { return start + n*int64(time.Second) }
	s := newStream(t, "", time.Second).feed(repeat(1, 20)...) // until 20 s
	for sentence, c := range map[string]struct {
		track     Tracker
		from, now int64
		want      State
		grade     sensors.Quality
	}{
		"never seen, and young":               {Tracker{}, from, sec(59), Waiting, sensors.Good},
		"never seen, and too old":             {Tracker{}, from, sec(60), Waiting, sensors.Bad},
		"just seen":                           {s.track, from, sec(20), Good, sensors.Good},
		"quiet":                               {s.track, from, sec(29), Good, sensors.Good},
		"too quiet":                           {s.track, from, sec(30), Stale, sensors.Bad},
		"after a restart everything is young": {s.track, sec(1000), sec(1009), Good, sensors.Good},
		"but only for a while":                {s.track, sec(1000), sec(1010), Stale, sensors.Bad},
	} {
		got := c.track.Silence(&rules, c.from, c.now)
		if got.State != c.want || got.Grade != c.grade {
			t.Errorf("%s: %v (%v), want %v (%v)", sentence, got.State, got.Grade, c.want, c.grade)
		}
		if (got.Reason() == "") != (c.want == Good) {
			t.Errorf("%s: the reason is %q", sentence, got.Reason())
		}
	}
}

// silent feeds readings that follow each other as next says and returns how many of
// them came when the sensor was already stale.
func silent(s *stream, n int, next func(i int) time.Duration) (stale int) {
	for i := range n {
		s.every = next(i)
		if s.track.Silence(&s.rules, start, s.at+int64(s.every)).State == Stale {
			stale++
		}
		s.feed(float64(i))
	}
	return stale
}

func TestSensorsWithoutARhythmDoNotFlicker(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for sentence, c := range map[string]struct {
		next func(i int) time.Duration
		most int // stale readings of 2000, all of them among the first
	}{
		"changes by chance, twice an hour": {func(int) time.Duration { return time.Duration(r.ExpFloat64() * float64(30*time.Minute)) }, 4},
		"a second while it moves, then ten minutes": {func(i int) time.Duration {
			if i%60 == 59 {
				return 10 * time.Minute
			}
			return time.Second
		}, 3},
		"a third is lost on the radio": {func(int) time.Duration {
			d := 5 * time.Second
			for r.IntN(3) == 0 {
				d += 5 * time.Second
			}
			return d
		}, 2},
		"jitter of half an interval": {func(int) time.Duration { return 30*time.Second + time.Duration(r.Int64N(int64(30*time.Second))) }, 0},
	} {
		s := newStream(t, "", 0)
		if got := silent(s, 2000, c.next); got > c.most {
			t.Errorf("%s: %d times stale, want at most %d", sentence, got, c.most)
		}
		if s.gaps > 40 {
			t.Errorf("%s: %d gaps", sentence, s.gaps)
		}
	}
}

func TestBatchesDoNotFlicker(t *testing.T) {
	s, stale := newStream(t, "", time.Second), 0
	for i := range 600 {
		at := start + int64(i)*int64(time.Second)
		arrived := start + int64(i/30*30+30)*int64(time.Second)
		if i%30 == 0 && s.track.Silence(&s.rules, start, arrived).State == Stale {
			stale++
		}
		s.last = s.track.Judge(&s.rules, at, arrived, float64(i), sensors.Good, false)
		s.note()
	}
	if stale > 3 || s.gaps > 0 {
		t.Errorf("stale %d times, %d gaps: want at most 3 and none", stale, s.gaps)
	}
	s.want()
}

func TestOneOutageChangesNothing(t *testing.T) {
	s := newStream(t, "", time.Second).feed(noisy(1, 1, 100)...)
	s.pass(time.Hour).feed(1).pass(time.Hour).feed(1)
	if got := s.track.Hold(&s.rules); got != 10*time.Second || s.gaps != 2 {
		t.Errorf("holds for %v with %d gaps, want 10s with 2", got, s.gaps)
	}
}

func TestAChangedRateIsLearned(t *testing.T) {
	s := newStream(t, "", time.Second).feed(noisy(1, 1, 500)...)
	s.every = time.Minute
	if got := silent(s, 600, func(int) time.Duration { return time.Minute }); got > 3 || s.gaps > 3 {
		t.Errorf("a minute instead of a second: stale %d times, %d gaps", got, s.gaps)
	}
	s.every = time.Second
	s.feed(noisy(1, 1, 3*block)...)
	if got := s.track.Interval(); got != time.Second {
		t.Errorf("a second instead of a minute: interval %v", got)
	}
	s.feed(noisy(1, 1, 600)...)
	if got := s.track.Hold(&s.rules); got != 10*time.Second {
		t.Errorf("a second instead of a minute: holds for %v", got)
	}
}

func TestLateReadingsAndCorrectionsAreSignsOfLife(t *testing.T) {
	s := newStream(t, "", time.Second).feed(repeat(1, 20)...)
	s.track.Judge(&s.rules, s.at-5e9, s.at+60e9, 1, sensors.Good, false)
	s.track.Judge(&s.rules, s.at, s.at+69e9, 2, sensors.Good, false)
	if got := s.track.Silence(&s.rules, start, s.at+70e9).State; got != Good {
		t.Errorf("%v, want good", got)
	}
	s.track.Judge(&s.rules, s.at, s.at+100e9, 2, sensors.Good, false)
	s.track.Judge(&s.rules, s.at+100e9, s.at+100e9, 2, sensors.Good, true)
	if got := s.track.Silence(&s.rules, start, s.at+100e9).State; got != Stale {
		t.Errorf("%v: the same again, and what a person typed, are none", got)
	}
}

func TestASensorThatSendsNonsenseIsNotSilent(t *testing.T) {
	s := newStream(t, "", time.Second).feed(repeat(math.NaN(), 100)...)
	if got := s.track.Silence(&s.rules, start, s.at+1).State; got != Good || s.track.Interval() != time.Second {
		t.Errorf("%v, interval %v", got, s.track.Interval())
	}
}

func TestNoiseIsTheDeviationOfNormalNoise(t *testing.T) {
	for _, every := range rates {
		s := newStream(t, "", every)
		sum := 0.0
		for chunk := range slices.Chunk(noisy(20, 0.5, 4000), 100) {
			s.feed(chunk...)
			sum += s.track.Noise()
			if got := s.track.Noise(); got < 0.3 || got > 0.8 {
				t.Errorf("noise %g, want about 0.5", got)
			}
		}
		if mean := sum / 40; math.Abs(mean-0.5) > 0.05 {
			t.Errorf("noise %g on average, want 0.5", mean)
		}
		delete(s.found, Spike)
		s.want()
	}
	suspect := newStream(t, "", time.Second).feed(noisy(20, 0.5, 100)...).track
	noise := suspect.Noise()
	for i, v := range noisy(20, 5, 200) {
		suspect.Judge(&Rules{}, start+int64(200+i)*1e9, 0, v, sensors.Suspect, false)
	}
	if got := suspect.Noise(); got != noise {
		t.Errorf("suspect readings made %g of a noise of %g", got, noise)
	}
	s := newStream(t, "", time.Second).feed(repeat(20, 30)...).feed(20.0625, 20, 20, 20.125, 20.125)
	if s.track.Noise() != 0 || s.track.Step() != 0.0625 {
		t.Errorf("noise %g, step %g, want 0 and 0.0625", s.track.Noise(), s.track.Step())
	}
}
