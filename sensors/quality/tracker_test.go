package quality

import (
	"math"
	"testing"
	"time"
	"unsafe"

	"setpoint/sensors"
)

func TestWhatAValueSaysByItself(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	for sentence, c := range map[string]struct {
		unit   string
		before []float64
		give   float64
		want   State
		grade  sensors.Quality
	}{
		"NaN is always bad":                             {"", nil, nan, NotANumber, sensors.Bad},
		"infinity is always bad":                        {"°C", repeat(20, 5), -inf, NotANumber, sensors.Bad},
		"nothing is colder than absolute zero":          {"°C", repeat(20, 5), -273.2, OutOfRange, sensors.Bad},
		"no thermometer reads 65261":                    {"°C", repeat(20, 5), 65261.85, OutOfRange, sensors.Bad},
		"absolute zero is possible":                     {"°C", repeat(-270, 5), -273.15, Good, sensors.Good},
		"without a unit anything is possible":           {"", repeat(20, 5), -300, Good, sensors.Good},
		"humidity ends at 100, or a little later":       {"%RH", repeat(99, 5), 103, Good, sensors.Good},
		"humidity ends":                                 {"%RH", repeat(99, 5), 119, OutOfRange, sensors.Bad},
		"a vacuum is the least pressure":                {"bar", repeat(1, 5), -2, OutOfRange, sensors.Bad},
		"a gauge may read less than the air":            {"bar", repeat(0, 5), -0.5, Good, sensors.Good},
		"-127 as a first reading is a cut wire":         {"°C", nil, -127, Sentinel, sensors.Bad},
		"-127 out of the blue is a cut wire":            {"°C", noisy(21, 0.1, 50), -127, Sentinel, sensors.Bad},
		"-127 in a cold gas that is nearly there":       {"°C", noisy(-126, 0.4, 50), -127, Good, sensors.Good},
		"-127 without a unit is a number":               {"", noisy(21, 0.1, 50), -127, Good, sensors.Good},
		"999 out of the blue is a broken wire":          {"°C", noisy(21, 0.1, 50), 999, Sentinel, sensors.Bad},
		"999 in a kiln":                                 {"°C", noisy(998, 0.5, 50), 999, Good, sensors.Good},
		"85 as a first reading is the power-on value":   {"°C", nil, 85, Sentinel, sensors.Bad},
		"85 out of the blue is the power-on value":      {"°C", noisy(21, 0.1, 50), 85, Sentinel, sensors.Bad},
		"85 in an oven":                                 {"°C", noisy(84.7, 0.2, 50), 85, Good, sensors.Good},
		"85 in an oven that has just been seen":         {"°C", []float64{84.1}, 85, Good, sensors.Good},
		"85 in a processor that jumps about":            {"°C", noisy(60, 6, 50), 85, Good, sensors.Good},
		"85 three times in a row may be a sentinel":     {"°C", append(noisy(21, 0.1, 50), 85, 85), 85, Sentinel, sensors.Bad},
		"85 a fourth time is believed":                  {"°C", append(noisy(21, 0.1, 50), 85, 85, 85), 85, Good, sensors.Good},
		"85 from the beginning is believed then":        {"°C", repeat(85, 3), 85, Good, sensors.Good},
		"-127 is never believed":                        {"°C", append(noisy(21, 0.1, 50), repeat(-127, 40)...), -127, Sentinel, sensors.Bad},
		"185 °F, converted, is 85":                      {"°F", noisy(21, 0.1, 50), (185 - 32) / 1.8, Sentinel, sensors.Bad},
		"85.0625 is not 85":                             {"°C", noisy(21, 0.1, 50), 85.0625, Good, sensors.Good},
		"a good value after bad ones is good":           {"°C", []float64{20, nan, nan}, 20.1, Good, sensors.Good},
		"a good value after a sentinel is good":         {"°C", []float64{85}, 20.1, Good, sensors.Good},
		"a percentage of anything else has no span":     {"%", repeat(100, 5), 400, Good, sensors.Good},
		"a step is no spike while it may be one":        {"", noisy(20, 0.1, 50), 30, Good, sensors.Good},
		"the largest number is one":                     {"", noisy(20, 0.1, 50), math.MaxFloat64, Good, sensors.Good},
		"a step from one end of the numbers to another": {"", []float64{-math.MaxFloat64}, math.MaxFloat64, Good, sensors.Good},
	} {
		t.Run(sentence, func(t *testing.T) {
			s := newStream(t, c.unit, time.Second).feed(c.before...).feed(c.give)
			if s.last.State != c.want || s.last.Grade != c.grade {
				t.Errorf("judged %v (%v), want %v (%v)", s.last.State, s.last.Grade, c.want, c.grade)
			}
			if s.last.Grade != sensors.Good && s.last.Learn {
				t.Error("it is learned from")
			}
			if (s.last.Reason() == "") != (c.want == Good) {
				t.Errorf("the reason is %q", s.last.Reason())
			}
		})
	}
}

func TestWhatTheTimesSay(t *testing.T) {
	second := int64(time.Second)
	for sentence, c := range map[string]struct {
		at, arrived int64 // seconds after the last reading, whose value was 20; arrived 0: not known
		v           float64
		declared    sensors.Quality
		manual      bool
		want        Verdict
		same        bool // the tracker is unchanged
	}{
		"in time":                            {at: 1, arrived: 1, v: 20, want: Verdict{Learn: true}},
		"a recording has no arrival":         {at: 1, v: 20, want: Verdict{Learn: true}},
		"two seconds ahead are nothing":      {at: 3, arrived: 1, v: 20, want: Verdict{Learn: true}},
		"ahead":                              {at: 4, arrived: 1, v: 20, want: Verdict{State: ClockAhead, Grade: sensors.Suspect, Gap: true, Over: 3 * time.Second}},
		"a minute behind is nothing":         {at: 1, arrived: 61, v: 20, want: Verdict{Learn: true}},
		"behind":                             {at: 1, arrived: 62, v: 20, want: Verdict{State: ClockBehind, Grade: sensors.Suspect, Over: 61 * time.Second}},
		"the same again is dropped":          {at: 0, arrived: 9, v: 20, want: Verdict{State: Duplicate, Drop: true}, same: true},
		"another value for the same instant": {at: 0, v: 21, want: Verdict{State: Duplicate, Grade: sensors.Suspect}},
		"no value for the same instant":      {at: 0, v: math.Inf(1), want: Verdict{State: NotANumber, Grade: sensors.Bad}},
		"late":                               {at: -5, v: 20, want: Verdict{State: Late, Over: 5 * time.Second}, same: true},
		"late and bad":                       {at: -5, v: math.NaN(), want: Verdict{State: NotANumber, Grade: sensors.Bad}, same: true},
		"typed":                              {at: 1, v: 20, manual: true, want: Verdict{State: Manual}, same: true},
		"typed, and impossible":              {at: 1, v: -300, manual: true, want: Verdict{State: OutOfRange, Grade: sensors.Bad, By: -273.15}, same: true},
		"declared suspect":                   {at: 1, v: 20, declared: sensors.Suspect, want: Verdict{State: Declared, Grade: sensors.Suspect}},
		"declared bad":                       {at: 1, v: 20, declared: sensors.Bad, want: Verdict{State: Declared, Grade: sensors.Bad}},
		"declared worse than there is":       {at: 1, v: 20, declared: 99, want: Verdict{State: Declared, Grade: sensors.Bad}},
		"declared suspect, found bad":        {at: 1, v: -300, declared: sensors.Suspect, want: Verdict{State: OutOfRange, Grade: sensors.Bad, By: -273.15}},
		"a hole of three intervals is none":  {at: 3, v: 20, want: Verdict{Learn: true}},
		"a hole":                             {at: 4, v: 20, want: Verdict{Learn: true, Gap: true}},
		"faster than physics":                {at: 1, v: 31, want: Verdict{State: Rate, Grade: sensors.Suspect, By: 11, Over: time.Second}},
		"as fast, but over a longer time":    {at: 3, v: 31, want: Verdict{Learn: true}},
	} {
		t.Run(sentence, func(t *testing.T) {
			s := newStream(t, "°C", time.Second).feed(repeat(20, 20)...)
			s.rules.Rate = 10
			arrived := c.arrived * second
			if arrived != 0 {
				arrived += s.at
			}
			after := s.track
			got := after.Judge(&s.rules, s.at+c.at*second, arrived, c.v, c.declared, c.manual)
			if got != c.want {
				t.Errorf("judged %+v, want %+v", got, c.want)
			}
			if (after == s.track) != c.same {
				t.Errorf("the tracker is the same: %v, want %v", after == s.track, c.same)
			}
		})
	}
}

func TestChecksCanBeSwitchedOff(t *testing.T) {
	s := newStream(t, "", time.Second).feed(20)
	s.rules.Ahead, s.rules.Behind, s.rules.Flat = -1, -1, -1
	for range 2 {
		s.at += int64(time.Hour)
		s.last = s.track.Judge(&s.rules, s.at, start, 20, sensors.Good, false)
		s.note()
		s.at += int64(time.Hour)
		s.last = s.track.Judge(&s.rules, s.at, s.at*2, 20, sensors.Good, false)
		s.note()
	}
	s.want()
	s.every = time.Second
	s.feed(noisy(20, 1, 40000)...).feed(repeat(20, 40000)...)
	delete(s.found, Spike)
	s.want()
}

func TestZeroAndMinusZeroAreOneValue(t *testing.T) {
	s := newStream(t, "", time.Second).feed(0)
	if got := s.track.Judge(&s.rules, s.at, 0, math.Copysign(0, -1), sensors.Good, false); !got.Drop {
		t.Errorf("judged %+v, want a duplicate to drop", got)
	}
}

func TestASpikeIsKnownByTheReadingAfterIt(t *testing.T) {
	for sentence, c := range map[string]struct {
		before, give []float64
		want         []State // Before of each
		learn        []bool
	}{
		"up and back":                          {noisy(20, 0.1, 50), []float64{25, 20, 20}, []State{Good, Spike, Good}, []bool{false, true, true}},
		"down and back":                        {noisy(20, 0.1, 50), []float64{15, 20, 20}, []State{Good, Spike, Good}, []bool{false, true, true}},
		"a step is none":                       {noisy(20, 0.1, 50), []float64{25, 25, 25}, []State{Good, Good, Good}, []bool{false, true, true}},
		"a ramp is none":                       {noisy(20, 0.1, 50), []float64{25, 30, 35}, []State{Good, Good, Good}, []bool{false, false, false}},
		"noise is none":                        {noisy(20, 1, 50), []float64{23, 20, 20}, []State{Good, Good, Good}, []bool{true, true, true}},
		"a bad reading parts the steps":        {noisy(20, 0.1, 50), []float64{25, math.NaN(), 20}, []State{Good, Good, Good}, []bool{false, false, true}},
		"a tick of a quantised sensor is none": {repeat(20, 50), []float64{20.0625, 20, 20}, []State{Good, Good, Good}, []bool{true, true, true}},
		"four ticks of one are none":           {append(repeat(20, 50), 20.0625, 20), []float64{20.25, 20, 20}, []State{Good, Good, Good}, []bool{true, true, true}},
		"many ticks of one are one":            {append(repeat(20, 50), 20.0625, 20), []float64{21, 20, 20}, []State{Good, Spike, Good}, []bool{false, true, true}},
		"too little is known":                  {noisy(20, 0.1, 5), []float64{25, 20, 20}, []State{Good, Good, Good}, []bool{true, true, true}},
	} {
		t.Run(sentence, func(t *testing.T) {
			s := newStream(t, "", time.Second).feed(c.before...)
			for i, v := range c.give {
				s.feed(v)
				if s.last.Before != c.want[i] || s.last.Learn != c.learn[i] {
					t.Errorf("reading %d: before %v, learn %v, want %v, %v", i, s.last.Before, s.last.Learn, c.want[i], c.learn[i])
				}
			}
		})
	}
}

func TestTheWayBackFromASpikeIsNotTooFast(t *testing.T) {
	s := newStream(t, "", time.Second)
	s.rules.Rate = 1
	s.feed(noisy(20, 0.1, 50)...).forget().feed(25, 20)
	if s.found[Rate] != 1 || s.found[Spike] != 1 || s.last.Grade != sensors.Good {
		t.Errorf("found %v, and the reading after it is %v", s.found, s.last.Grade)
	}
}

func TestATrackerIsSmall(t *testing.T) {
	if size := unsafe.Sizeof(Tracker{}); size > 208 {
		t.Errorf("a tracker has %d bytes, want at most 208", size)
	}
}
