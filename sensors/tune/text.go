package tune

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"setpoint/sensors/display"
)

// short is a history on which a rate would promise too much.
const short = 7.0

// Text returns figure x in words: "4.1", "6.2%", "2/3", "1m10s", "no data" where
// there is none, "-" where there is nothing to count, and on less than a week a
// count with its time in place of a rate: "0 in 2.1 d".
func (f *Figures) Text(x Figure) string {
	v := f.Value(x)
	switch {
	case f.NoData():
		return "no data"
	case x == AlarmsPerDay && f.Coverage.Days < short:
		return fmt.Sprintf("%d in %s", f.Alarms, lasting(f.Coverage.Days))
	case x == NotRealPerWeek && f.Coverage.Days < short:
		return fmt.Sprintf("%d in %s", f.NotReal, lasting(f.Coverage.Days))
	case math.IsNaN(v):
		return "-"
	case x == AlarmsPerDay, x == NotRealPerWeek:
		return number(v)
	case x == TimeInAlarm:
		return number(v) + "%"
	case x == EventsFound:
		return fmt.Sprintf("%d/%d", f.Found, f.Labelled)
	case x == DelayOfMedian:
		return briefly(f.MedianDelay)
	}
	return strconv.Itoa(int(v))
}

// number returns a v of 0 or more with one decimal where that says something. What
// is not 0 is not shown as 0.
func number(v float64) string {
	switch {
	case v == 0:
		return "0"
	case v < 0.05:
		return "<0.1"
	case v < 9.95:
		return strconv.FormatFloat(v, 'f', 1, 64)
	}
	return strconv.FormatFloat(v, 'f', 0, 64)
}

// briefly returns d to the second, without what is 0 at its end: "1m10s", "4h".
func briefly(d time.Duration) string {
	s := d.Round(time.Second).String()
	for _, zero := range []string{"m0s", "h0m"} {
		if strings.HasSuffix(s, zero) {
			s = s[:len(s)-2]
		}
	}
	return s
}

// lasting returns a time in words: "14 d", "2.1 d", "6.0 h", "30 min".
func lasting(days float64) string {
	switch {
	case days >= 1:
		return number(days) + " d"
	case days*24 >= 1:
		return number(days*24) + " h"
	}
	return number(days*24*60) + " min"
}

// Text returns the coverage in words: "14 d, 97% good, 3% gaps", or "no data".
func (c Coverage) Text() string {
	if !(c.Good > 0) {
		return "no data"
	}
	text := fmt.Sprintf("%s, %.0f%% good", lasting(c.Days), math.Floor(c.Good))
	if c.Gaps > 0 {
		text += fmt.Sprintf(", %.0f%% gaps", math.Ceil(c.Gaps))
	}
	return text
}

// Table returns the answers as lines of aligned columns, under a line of headings.
func Table(answers []Answer) string {
	rows := [][]display.Safe{{"SENSOR", "THRESHOLD", "ON", "OFF", "DELAYS"}}
	for x := range FigureCount {
		rows[0] = append(rows[0], display.Text(strings.ToUpper(x.String())))
	}
	rows[0] = append(rows[0], "COVERAGE")
	for i := range answers {
		rows = append(rows, answers[i].cells())
	}
	widths := make([]int, len(rows[0])-1) // the last column is as wide as it likes
	for _, row := range rows {
		for i := range widths {
			widths[i] = max(widths[i], display.Width(row[i]))
		}
	}
	var b strings.Builder
	for _, row := range rows {
		for i, width := range widths {
			pad := display.PadLeft
			if i < 2 {
				pad = display.Pad
			}
			b.WriteString(string(pad(row[i], width)) + "  ")
		}
		b.WriteString(string(row[len(widths)]) + "\n")
	}
	return b.String()
}

// cells returns a as a line of [Table].
func (a *Answer) cells() []display.Safe {
	q := &a.Question
	r := q.Set[q.Kind]
	on, off := "off", "off"
	if q.Set.On(q.Kind) {
		on, off = edge(r.At), edge(q.Set.OffEdge(q.Kind))
	}
	row := []display.Safe{
		display.Text(a.Sensor), display.Text(q.Kind.String()), display.Text(on), display.Text(off),
		display.Text(briefly(r.OnDelay) + "/" + briefly(r.OffDelay)),
	}
	for x := range FigureCount {
		row = append(row, display.Text(a.Figures.Text(x)))
	}
	return append(row, display.Text(a.Figures.Coverage.Text()))
}

// edge returns a threshold's edge without the noise of its arithmetic.
func edge(v float64) string { return strconv.FormatFloat(v, 'g', 8, 64) }
