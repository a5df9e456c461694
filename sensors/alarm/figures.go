package alarm

import (
	"cmp"
	"maps"
	"slices"
	"time"
)

// A Verdict says how a figure compares with what is aimed at.
type Verdict uint8

// The verdicts.
const (
	NotJudged Verdict = iota // too few alarms to say
	OK
	OverAim
	TooMuch
)

// String returns "not judged", "ok", "over aim" or "too much".
func (v Verdict) String() string {
	return [...]string{"not judged", "ok", "over aim", "too much"}[v&3]
}

// A Figure is one figure of the hygiene of alarms.
type Figure struct {
	Name    string
	Unit    string // "" or "%"
	Value   float64
	Aim     float64 // at most
	TooMuch float64 // from here on; 0: nobody has said
	Verdict Verdict
}

// A Share is the part that one alarm has in all of them.
type Share struct {
	Key     Key
	Alarms  int
	Percent float64
}

// Metrics are the figures that OPC UA part 9 (AlarmMetricsType) names. Its rates are
// alarms in 60 minutes.
type Metrics struct {
	AlarmCount       uint64        // since StartTime
	StartTime        int64         // Unix ns
	CurrentAlarmRate float64       // in the last hour
	MaximumAlarmRate float64       // in any hour since StartTime
	AverageAlarmRate float64       // since StartTime, which counts as an hour ago at least
	MaximumUnAck     time.Duration // the longest that an alarm was, or has been, unacknowledged
}

// Figures tells how well a person can follow the alarms. What it says of a day is of
// the time from From to To, which is shorter while the memory does not reach back a
// day: then show that beside it.
type Figures struct {
	From, To   int64    // Unix ns
	Rows       []Figure // always the same ones, in the same order
	Flood      Flood    // the one that is on, or else the last one of the day
	Chattering []Key    // that were raised three times in a minute, worst first
	Standing   []Key    // longest first
	Top        []Share  // the ten that were raised most often
	Priorities [HighPriority + 1]int
	Metrics    Metrics
}

// aimed is what to aim at in a day, up to which the shares of it mean nothing.
const aimed = 144

// Figures returns the figures at t (Unix ns), or at the newest time if that is later.
func (h *Hygiene) Figures(t int64) Figures {
	t = max(t, h.Newest)
	start := h.Start
	if start == 0 {
		start = t
	}
	past := h.Past[len(h.Past)-h.since(t-int64(day)):]
	f := Figures{From: max(start, t-int64(day)), To: t, Flood: h.flood(t)}
	if len(past) >= MaxPast {
		f.From = max(f.From, past[0].At)
	}
	counts, chatter, fleeting := f.count(past)
	f.Chattering = ranked(chatter)
	f.Top = top(counts, len(past))
	f.Standing = h.standing(t)
	if n := len(h.Floods); n > 0 && f.Flood == (Flood{}) && h.Floods[n-1].To > f.From {
		f.Flood = h.Floods[n-1]
	}
	hour := float64(h.since(t - int64(time.Hour)))
	f.Metrics = Metrics{
		AlarmCount: h.Count, StartTime: start,
		CurrentAlarmRate: hour, MaximumAlarmRate: float64(h.MostInAnHour),
		AverageAlarmRate: float64(h.Count) / max(1, time.Duration(t-start).Hours()), MaximumUnAck: h.longestUnack(t),
	}
	f.rows(hour, len(past), fleeting, h.flooded(f.From, t))
	return f
}

// count counts past: how often each alarm was raised, how often each made three in a minute,
// and how many alarms were fleeting.
func (f *Figures) count(past []Raise) (counts, chatter map[Key]int, fleeting int) {
	counts, chatter = map[Key]int{}, map[Key]int{}
	recent := map[Key][chatterCount - 1]int64{}
	for _, r := range past {
		f.Priorities[min(r.Priority, HighPriority)]++
		if r.Fleeting {
			fleeting++
		}
		last := recent[r.Key]
		if counts[r.Key]++; counts[r.Key] >= chatterCount && last[0] > r.At-int64(ChatterTime) {
			chatter[r.Key]++
		}
		recent[r.Key] = [...]int64{last[1], r.At}
	}
	return counts, chatter, fleeting
}

// rows fills in the rows.
func (f *Figures) rows(hour float64, n, fleeting int, flooded float64) {
	of := func(part int) float64 { return 100 * float64(part) / float64(max(n, 1)) }
	topTen := 0
	for _, s := range f.Top {
		topTen += s.Alarms
	}
	f.Rows = []Figure{
		{Name: "alarms an hour", Value: hour, Aim: 6, TooMuch: 12},
		{Name: "alarms a day", Value: float64(n), Aim: aimed, TooMuch: 288},
		{Name: "in flood", Unit: "%", Value: flooded, Aim: 1},
		{Name: "chattering", Value: float64(len(f.Chattering))},
		{Name: "fleeting", Value: float64(fleeting)},
		{Name: "standing", Value: float64(len(f.Standing)), Aim: 4},
		{Name: "top ten", Unit: "%", Value: of(topTen), Aim: 5, TooMuch: 15},
		{Name: "medium priority", Unit: "%", Value: of(f.Priorities[MediumPriority]), Aim: 15},
		{Name: "high priority", Unit: "%", Value: of(f.Priorities[HighPriority]), Aim: 5},
	}
	shares := f.Rows[6:]
	for i := range f.Rows {
		f.Rows[i].judge()
	}
	for i := range shares {
		if n <= aimed {
			shares[i].Verdict = NotJudged
		}
	}
}

func (f *Figure) judge() {
	switch {
	case f.Value <= f.Aim:
		f.Verdict = OK
	case f.TooMuch > 0 && f.Value >= f.TooMuch:
		f.Verdict = TooMuch
	default:
		f.Verdict = OverAim
	}
}

// ranked returns the keys of counts, highest count first.
func ranked(counts map[Key]int) []Key {
	return slices.SortedFunc(maps.Keys(counts), func(a, b Key) int {
		return cmp.Or(counts[b]-counts[a], compare(a, b))
	})
}

func compare(a, b Key) int {
	return cmp.Or(cmp.Compare(a.Sensor, b.Sensor), cmp.Compare(a.Kind, b.Kind))
}

// top returns the ten that were raised most often, of n alarms in all.
func top(counts map[Key]int, n int) (shares []Share) {
	keys := ranked(counts)
	for _, k := range keys[:min(10, len(keys))] {
		shares = append(shares, Share{k, counts[k], 100 * float64(counts[k]) / float64(n)})
	}
	return shares
}

// standing returns the alarms that have been on for too long, longest first.
func (h *Hygiene) standing(t int64) (keys []Key) {
	for k, o := range h.Open {
		if o.On && t-o.Raised > int64(StandingTime) {
			keys = append(keys, k)
		}
	}
	slices.SortFunc(keys, func(a, b Key) int {
		return cmp.Or(cmp.Compare(h.Open[a].Raised, h.Open[b].Raised), compare(a, b))
	})
	return keys
}

// longestUnack returns the longest that an alarm was unacknowledged, or is at t.
func (h *Hygiene) longestUnack(t int64) time.Duration {
	longest := h.LongestUnack
	for _, o := range h.Open {
		if o.Unacked {
			longest = max(longest, time.Duration(t-o.Unseen))
		}
	}
	return longest
}

// flooded returns the part of the time from from to t that lies in a flood, in %.
func (h *Hygiene) flooded(from, t int64) float64 {
	var sum int64
	for _, f := range append(slices.Clip(h.Floods), h.flood(t)) {
		end := f.To
		if f.On {
			end = t
		}
		sum += max(0, min(end, t)-max(f.From, from))
	}
	if t <= from {
		return 0
	}
	return 100 * float64(sum) / float64(t-from)
}
