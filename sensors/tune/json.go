package tune

import (
	"math"
	"strconv"
	"time"

	"setpoint/sensors/display"
)

// An Answer is what a threshold of a sensor would have done, as the whatif command
// prints it.
type Answer struct {
	Sensor   string
	Question Question
	Figures  Figures
}

// AppendJSON appends a as a JSON object in one line, without the end of the line.
// What there are no data for is null.
func (a *Answer) AppendJSON(dst []byte) []byte {
	q, f := &a.Question, &a.Figures
	r, nothing := q.Set[q.Kind], f.NoData()
	o := object{dst: append(dst, '{')}
	o.key("sensor")
	o.dst = display.AppendJSON(o.dst, a.Sensor)
	o.text("threshold", q.Kind.String())
	o.number("on", r.At)
	o.number("off", q.Set.OffEdge(q.Kind))
	o.text("on_delay", r.OnDelay.String())
	o.text("off_delay", r.OffDelay.String())
	o.count("alarms", f.Alarms, nothing)
	o.number("alarms_per_day", rounded(f.Value(AlarmsPerDay)))
	o.number("not_real_per_week", rounded(f.Value(NotRealPerWeek)))
	o.count("worst_10min", f.Worst, nothing)
	o.count("chattering", f.Chattering, nothing)
	o.count("fleeting", f.Fleeting, nothing)
	o.number("in_alarm_pct", rounded(f.InAlarm))
	o.count("standing", f.Standing, nothing)
	o.count("found", f.Found, nothing)
	o.count("labelled", f.Labelled, nothing)
	o.key("median_delay")
	if nothing || f.MedianDelay < 0 {
		o.dst = append(o.dst, "null"...)
	} else {
		o.dst = strconv.AppendQuote(o.dst, f.MedianDelay.String())
	}
	o.key("coverage")
	o.dst = append(o.dst, '{')
	o.number("days", rounded(f.Coverage.Days))
	o.number("good_pct", rounded(f.Coverage.Good))
	o.dst = append(o.dst, '}')
	o.raised(f.Episodes)
	return append(o.dst, '}')
}

// rounded rounds away what a figure does not know.
func rounded(v float64) float64 { return math.Round(v*1e4) / 1e4 }

// An object is a JSON object in the making.
type object struct{ dst []byte }

func (o *object) key(name string) {
	if o.dst[len(o.dst)-1] != '{' {
		o.dst = append(o.dst, ',')
	}
	o.dst = append(strconv.AppendQuote(o.dst, name), ':')
}

func (o *object) text(name, s string) {
	o.key(name)
	o.dst = strconv.AppendQuote(o.dst, s)
}

// number adds v, as null if it is none.
func (o *object) number(name string, v float64) {
	o.key(name)
	if math.IsNaN(v) || math.IsInf(v, 0) {
		o.dst = append(o.dst, "null"...)
		return
	}
	o.dst = strconv.AppendFloat(o.dst, v, 'g', -1, 64)
}

func (o *object) count(name string, n int, null bool) {
	if null {
		o.number(name, math.NaN())
		return
	}
	o.key(name)
	o.dst = strconv.AppendInt(o.dst, int64(n), 10)
}

func (o *object) raised(episodes []Episode) {
	o.key("raised")
	o.dst = append(o.dst, '[')
	for i, e := range episodes {
		if i > 0 {
			o.dst = append(o.dst, ',')
		}
		o.dst = append(o.dst, '"')
		o.dst = time.Unix(0, e.Raised).UTC().AppendFormat(o.dst, time.RFC3339Nano)
		o.dst = append(o.dst, '"')
	}
	o.dst = append(o.dst, ']')
}
