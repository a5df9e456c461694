package tune

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"setpoint/sensors/history"
	"setpoint/sensors/threshold"
)

// raisedAt returns alarms raised at the given seconds, each on for so many.
func raisedAt(on int64, seconds ...int64) (list []Episode) {
	for _, s := range seconds {
		list = append(list, Episode{s * second, (s + on) * second})
	}
	return list
}

func TestHygieneCountsWhatBurdensPeople(t *testing.T) {
	const hour = 3600
	type counts struct{ worst, chattering, fleeting, standing int }
	for sentence, c := range map[string]struct {
		episodes []Episode
		want     counts
	}{
		"nothing is nothing":                               {nil, counts{}},
		"two in a minute do not chatter":                   {raisedAt(11, 0, 30), counts{worst: 2}},
		"three in a minute do":                             {raisedAt(11, 0, 30, 59), counts{worst: 3, chattering: 3}},
		"three in exactly a minute do not":                 {raisedAt(11, 0, 30, 60), counts{worst: 3}},
		"an alarm is counted once as chattering":           {raisedAt(11, 0, 20, 40, 60, 80), counts{worst: 5, chattering: 5}},
		"two bursts apart are two bursts":                  {raisedAt(11, 0, 20, 40, 200, 300, 320, 340), counts{worst: 7, chattering: 6}},
		"ten minutes do not include their end":             {raisedAt(11, 0, 300, 600, 800), counts{worst: 3}},
		"gone within ten seconds is fleeting":              {raisedAt(10, 0, 100), counts{worst: 2, fleeting: 2}},
		"gone after eleven is not":                         {raisedAt(11, 0, 100), counts{worst: 2}},
		"on for a day is not yet standing":                 {raisedAt(24*hour, 0), counts{worst: 1}},
		"on for longer is":                                 {raisedAt(24*hour+1, 0), counts{worst: 1, standing: 1}},
		"still on after a day is standing":                 {[]Episode{{0, StillOn}}, counts{worst: 1, standing: 1}},
		"still on after a moment is not fleeting, nor old": {[]Episode{{100*hour*second - 1, StillOn}}, counts{worst: 1}},
	} {
		t.Run(sentence, func(t *testing.T) {
			f := Figures{Episodes: c.episodes}
			f.hygiene(100 * hour * second)
			if got := (counts{f.Worst, f.Chattering, f.Fleeting, f.Standing}); got != c.want {
				t.Errorf("%+v, want %+v", got, c.want)
			}
		})
	}
}

func TestCoverageSaysWhatAnAnswerRestsOn(t *testing.T) {
	set := threshold.None.With(threshold.High, 30)
	for sentence, c := range map[string]struct {
		past string
		q    Question
		want Coverage
	}{
		"all good":                             {"...........", Question{Hold: time.Minute}, Coverage{10. / 1440, 100, 0}},
		"bad readings count, and leave a gap":  {".....?.....", Question{Hold: time.Minute}, Coverage{10. / 1440, 100 * 10. / 11, 10}},
		"a reading stands for a while":         {".....?.....", Question{Hold: 2 * time.Minute}, Coverage{10. / 1440, 100 * 10. / 11, 0}},
		"missing readings are a gap":           {".....     .", Question{Hold: time.Minute}, Coverage{10. / 1440, 100, 50}},
		"after the newest all is dark":         {"......", Question{Hold: 2 * time.Minute, To: math.MaxInt64}, Coverage{7. / 1440, 100, 0}},
		"a question may be about a part":       {"......     ", Question{Hold: time.Minute, From: 2 * minute, To: 4 * minute}, Coverage{2. / 1440, 100, 0}},
		"a single reading has no days":         {".", Question{Hold: time.Minute}, Coverage{0, 100, math.NaN()}},
		"no reading is no data":                {"", Question{Hold: time.Minute}, Coverage{0, math.NaN(), math.NaN()}},
		"bad ones alone are none either":       {"??", Question{Hold: time.Minute}, Coverage{1. / 1440, 0, 100}},
		"readings before the question are not": {"....", Question{Hold: time.Minute, From: 10 * minute}, Coverage{0, math.NaN(), math.NaN()}},
	} {
		t.Run(sentence, func(t *testing.T) {
			c.q.Kind, c.q.Set = threshold.High, set
			f := Ask(drawn(c.past), c.q)
			got := f.Coverage
			if !near(got.Days, c.want.Days) || !near(got.Good, c.want.Good) || !near(got.Gaps, c.want.Gaps) {
				t.Errorf("%+v, want %+v", got, c.want)
			}
			if f.NoData() != !(c.want.Good > 0) {
				t.Errorf("no data: %t", f.NoData())
			}
		})
	}
}

func near(a, b float64) bool {
	return math.Abs(a-b) < 1e-9 || math.IsNaN(a) && math.IsNaN(b)
}

func TestFiguresInWords(t *testing.T) {
	month := Coverage{Days: 30, Good: 97.6, Gaps: 2.1}
	for sentence, c := range map[string]struct {
		f    Figures
		x    Figure
		want string
	}{
		"without data there is no figure":     {Figures{}, AlarmsPerDay, "no data"},
		"nor a percentage":                    {Figures{InAlarm: math.NaN()}, TimeInAlarm, "no data"},
		"a rate":                              {Figures{Coverage: month, Alarms: 123}, AlarmsPerDay, "4.1"},
		"a rate of nothing over a month is 0": {Figures{Coverage: month}, AlarmsPerDay, "0"},
		"one in a month is not 0":             {Figures{Coverage: month, Alarms: 1}, AlarmsPerDay, "<0.1"},
		"a rate a week":                       {Figures{Coverage: month, NotReal: 116}, NotRealPerWeek, "27"},
		"a short history promises no rate":    {Figures{Coverage: Coverage{Days: 2.1, Good: 100}}, AlarmsPerDay, "0 in 2.1 d"},
		"nor does an hour of it":              {Figures{Coverage: Coverage{Days: 1. / 24, Good: 100}, Alarms: 2}, AlarmsPerDay, "2 in 1.0 h"},
		"nor a rate a week":                   {Figures{Coverage: Coverage{Days: 2.1, Good: 100}, NotReal: 3}, NotRealPerWeek, "3 in 2.1 d"},
		"a percentage":                        {Figures{Coverage: month, InAlarm: 6.21}, TimeInAlarm, "6.2%"},
		"events found":                        {Figures{Coverage: month, Found: 2, Labelled: 3}, EventsFound, "2/3"},
		"nothing labelled is not 0 found":     {Figures{Coverage: month}, EventsFound, "-"},
		"a delay":                             {Figures{Coverage: month, MedianDelay: 70*time.Second + 3}, DelayOfMedian, "1m10s"},
		"a delay says no more than it must":   {Figures{Coverage: month, MedianDelay: 4 * time.Hour}, DelayOfMedian, "4h"},
		"a delay of tens keeps them":          {Figures{Coverage: month, MedianDelay: 10*time.Hour + 20*time.Minute}, DelayOfMedian, "10h20m"},
		"no delay where nothing came in time": {Figures{Coverage: month, MedianDelay: -1}, DelayOfMedian, "-"},
		"stood before":                        {Figures{Coverage: month, Stood: 1, Labelled: 1}, StoodBefore, "1"},
		"a count":                             {Figures{Coverage: month, Worst: 3}, WorstTenMinutes, "3"},
		"a figure that is none says nothing":  {Figures{Coverage: month}, FigureCount, "-"},
	} {
		t.Run(sentence, func(t *testing.T) {
			if got := c.f.Text(c.x); got != c.want {
				t.Errorf("%v is %q, want %q", c.x, got, c.want)
			}
		})
	}
	if got, want := month.Text(), "30 d, 97% good, 3% gaps"; got != want {
		t.Errorf("coverage is %q, want %q", got, want)
	}
	if got, want := (Coverage{}).Text(), "no data"; got != want {
		t.Errorf("coverage is %q, want %q", got, want)
	}
}

func TestCompareSaysWhatIsBetter(t *testing.T) {
	month := Coverage{Days: 30, Good: 100}
	now := Figures{Coverage: month, Alarms: 123, NotReal: 116, Worst: 3, Chattering: 12, Fleeting: 9, InAlarm: 6.2, Found: 2, Labelled: 3, MedianDelay: 70 * time.Second, Stood: 1}
	next := Figures{Coverage: month, Alarms: 12, NotReal: 4, Worst: 1, InAlarm: 1.1, Standing: 1, Found: 3, Labelled: 3, MedianDelay: 220 * time.Second, Stood: 1}
	want := [FigureCount]Change{
		{Better, -3.7},
		{Better, -112. / 30 * 7},
		{Better, -2},
		{Better, -12},
		{Better, -9},
		{Better, -5.1},
		{Worse, 1},
		{Better, 1},
		{Worse, 150},
		{Same, 0},
	}
	for x, got := range Compare(&now, &next) {
		if got.Verdict != want[x].Verdict || !near(got.By, want[x].By) {
			t.Errorf("%v: %+v, want %+v", Figure(x), got, want[x])
		}
	}
	for x, got := range Compare(&now, &Figures{}) {
		if got.Verdict != Unknown {
			t.Errorf("%v: %+v, want unknown: there are no data", Figure(x), got)
		}
	}
}

func TestJudgeIsNotFooledByAThresholdThatStandsInAlarm(t *testing.T) {
	month := Coverage{Days: 30, Good: 100}
	for sentence, c := range map[string]struct {
		now, next Figures
		want      Verdict
	}{
		"fewer false alarms are better":            {Figures{NotReal: 9}, Figures{NotReal: 2}, Better},
		"but not at the price of an event":         {Figures{NotReal: 9, Found: 2, Labelled: 2}, Figures{Found: 1, Labelled: 2}, Worse},
		"as many alarms, but on all day, is worse": {Figures{NotReal: 2, InAlarm: 1}, Figures{NotReal: 2, InAlarm: 90}, Worse},
		"fewer real alarms, all else equal":        {Figures{Alarms: 5}, Figures{Alarms: 4}, Better},
		"the same is the same":                     {Figures{Alarms: 5}, Figures{Alarms: 5}, Same},
	} {
		t.Run(sentence, func(t *testing.T) {
			c.now.Coverage, c.next.Coverage = month, month
			if got := Judge(&c.now, &c.next); got != c.want {
				t.Errorf("verdict %d, want %d", got, c.want)
			}
		})
	}
}

func TestTotalOfAGroup(t *testing.T) {
	day := Coverage{Days: 1, Good: 100}
	a := Figures{Coverage: day, Alarms: 2, NotReal: 1, Episodes: raisedAt(5, 0, 1000), Worst: 1, Found: 1, Labelled: 2}
	b := Figures{Coverage: Coverage{Days: 2, Good: 50}, Alarms: 2, NotReal: 2, Episodes: raisedAt(5, 400, 1200), Worst: 1, Standing: 1}
	got := Total([]Figures{a, {}, b})
	want := Sum{Sensors: 2, NoData: 1, AlarmsPerDay: 3, NotRealPerWeek: 14, Worst: 2, Standing: 1, Found: 1, Labelled: 2}
	if got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	winners, losers := Sides([]Figures{a, a, b, {}}, []Figures{a, b, a, a})
	if !slices.Equal(winners, []int{1}) || !slices.Equal(losers, []int{2}) {
		t.Errorf("winners %v, losers %v, want sensor 1 and sensor 2", winners, losers)
	}
}

func TestAnswerAsJSON(t *testing.T) {
	set := threshold.None
	set[threshold.High] = threshold.Rule{At: 30, Deadband: 0.5, OnDelay: time.Minute, OffDelay: 30 * time.Minute}
	q := Question{Kind: threshold.High, Set: set, Hold: 2 * time.Minute, Labels: windows("..RR")}
	a := Answer{"oven\x1b\"1", q, Ask(drawn("..###"), q)}
	const full = `{"sensor":"oven\u001b\"1","threshold":"high","on":30,"off":29.5,"on_delay":"1m0s","off_delay":"30m0s",` +
		`"alarms":1,"alarms_per_day":360,"not_real_per_week":0,"worst_10min":1,"chattering":0,"fleeting":0,"in_alarm_pct":25,"standing":0,` +
		`"found":1,"labelled":1,"median_delay":"1m0s","coverage":{"days":0.0028,"good_pct":100},"raised":["1970-01-01T00:03:00Z"]}`
	if got := string(a.AppendJSON(nil)); got != full {
		t.Errorf("%s\nwant\n%s", got, full)
	}
	none := Answer{"s", Question{Set: threshold.None}, Ask(history.New(0), Question{Set: threshold.None})}
	const empty = `{"sensor":"s","threshold":"critical_low","on":null,"off":null,"on_delay":"0s","off_delay":"0s",` +
		`"alarms":null,"alarms_per_day":null,"not_real_per_week":null,"worst_10min":null,"chattering":null,"fleeting":null,"in_alarm_pct":null,"standing":null,` +
		`"found":null,"labelled":null,"median_delay":null,"coverage":{"days":0,"good_pct":null},"raised":[]}`
	if got := string(none.AppendJSON(nil)); got != empty {
		t.Errorf("%s\nwant\n%s", got, empty)
	}
	for _, a := range []Answer{a, none} {
		if line := a.AppendJSON([]byte("x")); !json.Valid(line[1:]) {
			t.Errorf("%s is no JSON", line)
		}
	}
}

func TestTableIsAligned(t *testing.T) {
	q := Question{Kind: threshold.High, Set: threshold.None.With(threshold.High, 30).WithDeadband(0.1), Hold: time.Minute}
	past := drawn("..###..")
	low := Question{Kind: threshold.Low, Set: threshold.None, Hold: time.Minute}
	lines := strings.Split(Table([]Answer{{"oven\x1b", q, Ask(past, q)}, {"hall", low, Ask(history.New(0), low)}}), "\n")
	if len(lines) != 4 || lines[3] != "" {
		t.Fatalf("%q: want three lines", lines)
	}
	for i, want := range []string{"COVERAGE", "6.0 min, 100% good", "no data"} {
		at := strings.Index(lines[0], "COVERAGE")
		got := string([]rune(lines[i])[at:])
		if got != want {
			t.Errorf("line %q ends with %q, want %q", lines[i], got, want)
		}
	}
	if !strings.HasPrefix(lines[1], "oven·") || !strings.Contains(lines[1], "  29.9   0s/0s  ") || !strings.Contains(lines[2], "  off   off  ") {
		t.Errorf("lines %q", lines)
	}
}
