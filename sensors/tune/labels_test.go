package tune

import (
	"math"
	"testing"
	"time"

	"setpoint/sensors/history"
	"setpoint/sensors/threshold"
)

const minute = 60 * second

// drawn returns the past that a line of text draws, a reading a minute: # is beyond
// the threshold 30, . is not, ? is bad, and a blank is no reading.
func drawn(line string) *history.Series {
	past := history.New(0)
	for i, c := range line {
		v := map[rune]float64{'.': 20, '#': 30, '?': math.NaN()}[c]
		if c != ' ' {
			past.Append(time.Unix(0, int64(i)*minute), v, 0)
		}
	}
	return past
}

// windows returns the labels that a line of text draws in the same way: R is real,
// F is false, M is maintenance.
func windows(line string) (labels []Label) {
	kinds := map[byte]LabelKind{'R': Real, 'F': False, 'M': Maintenance}
	for i := 0; i < len(line); i++ {
		kind, ok := kinds[line[i]]
		if !ok {
			continue
		}
		from := i
		for i+1 < len(line) && line[i+1] == line[from] {
			i++
		}
		labels = append(labels, Label{int64(from) * minute, int64(i) * minute, kind})
	}
	return labels
}

func TestLabelsTellWhatAlarmsAreWorth(t *testing.T) {
	type figures struct {
		alarms, notReal, found, labelled, unseen, stood int
		stoodFor, delay                                 time.Duration
	}
	none := time.Duration(-1)
	for sentence, c := range map[string]struct {
		past, labels string
		want         figures
	}{
		"without labels no alarm is real": {
			"..##...#..",
			"",
			figures{alarms: 2, notReal: 2, delay: none},
		},
		"any overlap finds an event": {
			"..##......",
			"...RRR....",
			figures{alarms: 1, found: 1, labelled: 1, stood: 1, stoodFor: time.Minute, delay: none},
		},
		"the delay counts from the begin of the label": {
			".....##...",
			"..RRRRR...",
			figures{alarms: 1, found: 1, labelled: 1, delay: 3 * time.Minute},
		},
		"an alarm that begins with the label has no delay": {
			"..#.......",
			"..R.......",
			figures{alarms: 1, found: 1, labelled: 1},
		},
		"an alarm that ends as the label begins has not found it": {
			"..##......",
			"....RR....",
			figures{alarms: 1, notReal: 1, labelled: 1, delay: none},
		},
		"an alarm after the label has not found it": {
			".....#....",
			"...RR.....",
			figures{alarms: 1, notReal: 1, labelled: 1, delay: none},
		},
		"one alarm that stands finds all, and is paired with how long it stood": {
			".#########",
			"...R...R..",
			figures{alarms: 1, found: 2, labelled: 2, stood: 2, stoodFor: 6 * time.Minute, delay: none},
		},
		"the first of two alarms in a label counts for the delay": {
			"...#.#....",
			"..RRRRR...",
			figures{alarms: 2, found: 1, labelled: 1, delay: time.Minute},
		},
		"the median of two delays lies between them": {
			"..#.....#..",
			".RR..RRRR..",
			figures{alarms: 2, found: 2, labelled: 2, delay: 2 * time.Minute},
		},
		"an alarm in a maintenance is neither real nor held against it": {
			"..#..#..#.",
			".FF.MMM...",
			figures{alarms: 3, notReal: 2, delay: none},
		},
		"an alarm that is both labelled false and real is real": {
			"..####....",
			"..F..R....",
			figures{alarms: 1, found: 1, labelled: 1, stood: 1, stoodFor: 3 * time.Minute, delay: none},
		},
		"a long label before a short one still covers what comes later": {
			"........#.",
			"MMMMMMMMMM",
			figures{alarms: 1, delay: none},
		},
		"a label without a good reading could not have been found": {
			"...  ??...",
			"...RR.....",
			figures{unseen: 1, delay: none},
		},
		"a label beyond the past does not count": {
			"....",
			"......RR",
			figures{delay: none},
		},
	} {
		t.Run(sentence, func(t *testing.T) {
			q := Question{Kind: threshold.High, Set: threshold.None.With(threshold.High, 30), Hold: time.Hour, Labels: windows(c.labels)}
			f := Ask(drawn(c.past), q)
			got := figures{f.Alarms, f.NotReal, f.Found, f.Labelled, f.Unseen, f.Stood, f.StoodFor, f.MedianDelay}
			if got != c.want {
				t.Errorf("%+v, want %+v", got, c.want)
			}
		})
	}
}

func TestLabelsMayOverlapAndComeInAnyOrder(t *testing.T) {
	past := drawn("....#....#....#...")
	set := threshold.None.With(threshold.High, 30)
	labels := []Label{{13 * minute, 14 * minute, Real}, {0, 10 * minute, Maintenance}, {minute, 2 * minute, Maintenance}, {9 * minute, 8 * minute, Real}}
	f := Ask(past, Question{Kind: threshold.High, Set: set, Labels: labels})
	if f.NotReal != 0 || f.Found != 1 || f.Labelled != 1 {
		t.Errorf("not real %d, found %d of %d, want 0, 1 of 1", f.NotReal, f.Found, f.Labelled)
	}
	if labels[0].From != 13*minute {
		t.Error("the labels of a question were moved about")
	}
}

func TestAnAlarmThatIsOnForNoTimeIsOnForAMoment(t *testing.T) {
	past := history.New(0)
	for i, v := range []float64{20, 30, 20} { // the last two at one instant
		past.Append(time.Unix(int64(min(i, 1)), 0), v, 0)
	}
	q := Question{Kind: threshold.High, Set: threshold.None.With(threshold.High, 30), Labels: []Label{{second, 2 * second, Real}}}
	if f := Ask(past, q); f.Alarms != 1 || f.NotReal != 0 || f.Found != 1 || f.MedianDelay != 0 || f.Fleeting != 1 {
		t.Errorf("%+v, want one alarm that is real", f)
	}
}
