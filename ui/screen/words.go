package screen

import (
	"math"
	"strings"
	"time"
	"unicode/utf8"

	"setpoint/sensors/display"
)

// Wrap breaks t into lines of at most w columns, at blanks, and cuts words that are
// wider. There is one line at least.
func Wrap(t display.Safe, w int) (lines []display.Safe) {
	line := display.Safe("")
	for word := range strings.FieldsSeq(string(t)) {
		next := display.Truncate(display.Safe(word), w)
		switch {
		case line == "":
			line = next
		case display.Width(line)+1+display.Width(next) <= w:
			line += " " + next
		default:
			lines, line = append(lines, line), next
		}
	}
	return append(lines, line)
}

// Clock returns t as a time of day or, if that is another day than now's, as a date
// with hours and minutes; both in the zone of now, in at most twelve columns.
func Clock(t, now time.Time) display.Safe {
	t = t.In(now.Location())
	if t.Format(time.DateOnly) == now.Format(time.DateOnly) {
		return display.Safe(t.Format(time.TimeOnly))
	}
	return display.Safe(t.Format("2 Jan 15:04"))
}

// Minute returns t as Clock does, without the seconds.
func Minute(t, now time.Time) display.Safe {
	c := Clock(t, now)
	if i := len("15:04"); len(c) == len(time.TimeOnly) {
		return c[:i]
	}
	return c
}

// Reading returns v with as many decimals as readings of its size have.
func Reading(v float64) display.Safe { return Number(v, usual(v), 9) }

// usual returns how many decimals readings of the size of v have.
func usual(v float64) int {
	if math.Abs(v) < 10 {
		return 2
	}
	return 1
}

// Level returns a threshold, with up to four decimals where it takes them to tell the
// truth; "off" where v is NaN.
func Level(v float64) display.Safe {
	if math.IsNaN(v) {
		return "off"
	}
	return Number(v, exact(v), 9)
}

// Edges returns where an alarm begins and where it ends, "85.0/84.0", both with as many
// decimals; "off" where on is NaN.
func Edges(on, off float64) display.Safe {
	if math.IsNaN(on) {
		return "off"
	}
	dec := max(exact(on), exact(off))
	return Number(on, dec, 9) + "/" + Number(off, dec, 9)
}

// exact returns how many decimals tell all of v, four at most.
func exact(v float64) int {
	dec := usual(v)
	for p := math.Pow10(dec); dec < 4 && math.Abs(v*p-math.Round(v*p)) > 1e-6; p *= 10 {
		dec++
	}
	return dec
}

// Last returns the end of t that takes at most n columns.
func Last(t display.Safe, n int) display.Safe {
	for i, r := range t {
		alone := display.Width(t[i : i+utf8.RuneLen(r)]) // a mark has no width: it needs the letter before it
		if alone > 0 && display.Width(t[i:]) <= n {
			return t[i:]
		}
	}
	return ""
}
