package quality

import (
	"math"
	"testing"
	"time"

	"setpoint/sensors"
)

func TestAConstantSensorIsGoodForEver(t *testing.T) {
	for _, every := range rates {
		for _, v := range []float64{20, 0, -18.5, 84.9} {
			s := newStream(t, "°C", every).feed(repeat(v, 5000)...)
			s.want()
			if s.track.Noise() != 0 || s.track.Step() != 0 || !s.last.Learn {
				t.Errorf("noise %g, step %g, learn %v", s.track.Noise(), s.track.Step(), s.last.Learn)
			}
		}
	}
}

func TestAStuckSensor(t *testing.T) {
	for _, every := range rates {
		t.Run(every.String(), func(t *testing.T) {
			window := max(30*time.Minute, flatReadings*every)
			s := newStream(t, "", every).feed(noisy(20, 0.3, within(4*window, every))...).forget()
			noise := s.track.Noise()
			s.feed(repeat(20.1, within(window, every))...).want()
			s.feed(20.1).want(Flat)
			if s.last.Grade != sensors.Suspect || s.last.Learn {
				t.Errorf("at first it is %v, learn %v", s.last.Grade, s.last.Learn)
			}
			s.feed(repeat(20.1, within(2*window, every))...)
			if s.last.State != Flat || s.last.Grade != sensors.Bad {
				t.Errorf("later it is %v (%v)", s.last.State, s.last.Grade)
			}
			if got := s.track.Noise(); math.Abs(got/noise-1) > 0.3 {
				t.Errorf("while it was stuck its noise went from %g to %g", noise, got)
			}
			s.forget().feed(35).want()
			s.feed(noisy(35, 0.3, 100)...).want()
			if s.track.Still.Longest > uint32(every.Seconds()) {
				t.Errorf("%d s of being stuck count as normal", s.track.Still.Longest)
			}
		})
	}
}

func TestWhoHasMovedOnlyBrieflyIsNotFlatForLong(t *testing.T) {
	s := newStream(t, "", time.Second).feed(noisy(20, 5, 60)...)
	s.feed(repeat(20, 24*3600)...)
	delete(s.found, Spike)
	s.want()
}

func TestSensorsThatStandStillByNature(t *testing.T) {
	day := func(at time.Duration) float64 { return math.Sin(2 * math.Pi * at.Hours() / 24) }
	for sentence, value := range map[string]func(at time.Duration) float64{
		"a room in steps of 0.0625": func(at time.Duration) float64 { return math.Round((20+day(at))*16) / 16 },
		"a cellar in whole degrees": func(at time.Duration) float64 { return math.Round(12.2 + 1.4*day(at)) },
		"a heater that is on for 10 minutes of 30": func(at time.Duration) float64 {
			if at%(30*time.Minute) < 10*time.Minute {
				return 2000
			}
			return 0
		},
		"a thermostat that is turned down at night": func(at time.Duration) float64 {
			if at%(24*time.Hour) < 8*time.Hour {
				return 17
			}
			return 21
		},
	} {
		for _, every := range rates[1:4] {
			t.Run(sentence+", every "+every.String(), func(t *testing.T) {
				s := newStream(t, "", every)
				for at := time.Duration(0); at < 10*24*time.Hour; at += every {
					s.feed(value(at))
				}
				s.want()
			})
		}
	}
}

// A meter that reads 0 all night has moved only by day when its first night comes.
func TestAtRestAtZeroItIsNeverBad(t *testing.T) {
	s := newStream(t, "", 10*time.Second)
	for day := range 7 {
		s.feed(noisy(300, 20, within(12*time.Hour, s.every))...)
		s.feed(repeat(0, within(12*time.Hour, s.every))...)
		if s.worst == sensors.Bad {
			t.Fatalf("bad in night %d", day)
		}
		if day < 3 {
			s.forget()
		}
	}
	s.want()
}

func TestWhoMostlyRepeatsItsValueIsNeverBad(t *testing.T) {
	s := newStream(t, "", time.Minute)
	for i := range 400 {
		s.feed(repeat(20+float64(i%3)/2, 20)...)
	}
	s.want()
	s.feed(repeat(20.5, 3*24*60)...).want(Flat)
	if s.worst != sensors.Suspect {
		t.Errorf("it is %v", s.worst)
	}
}

func TestTheSameValueAfterASilenceIsNotFlat(t *testing.T) {
	s := newStream(t, "", time.Second)
	for range 20 {
		s.feed(noisy(20, 0.3, 60)...).feed(20.1).pass(40 * time.Minute).feed(20.1)
	}
	s.want()
}

func TestASpikeIsNoEndOfTheRange(t *testing.T) {
	s := newStream(t, "", time.Second).feed(noisy(20, 0.3, 60)...).feed(100, 20, -60, 20, 20.1)
	s.want(Spike)
	if s.track.Still.Lo < 18 || s.track.Still.Hi > 22 {
		t.Errorf("the range is %g to %g", s.track.Still.Lo, s.track.Still.Hi)
	}
}

func TestWhoGoesOnFromWhereItStoodWasNotStuck(t *testing.T) {
	s := newStream(t, "", time.Second).feed(noisy(20, 0.3, 3*3600)...).forget()
	s.feed(repeat(20.1, 2400)...).want(Flat)
	s.feed(20.2)
	s.feed(noisy(20, 0.3, 600)...).forget()
	s.feed(repeat(20.1, 2400)...).want()
	s.feed(repeat(20.1, 4000)...).want(Flat)
}

func TestAHoleEndsARun(t *testing.T) {
	s := newStream(t, "", time.Second).feed(noisy(20, 0.3, 3*3600)...)
	s.forget().feed(repeat(20.1, 1700)...).pass(time.Hour).feed(repeat(20.1, 1700)...).want()
	if s.gaps != 1 {
		t.Errorf("%d gaps, want 1", s.gaps)
	}
}
