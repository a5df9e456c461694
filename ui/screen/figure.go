package screen

import (
	"math"
	"strconv"
	"strings"
	"time"

	"setpoint/sensors/display"
)

// Decimals returns how many decimals show a value that is tuned in the given
// step: one at least, unless the step is ten or more.
func Decimals(step float64) int {
	switch {
	case step >= 10:
		return 0
	case !(step > 0) || step >= 0.1:
		return 1
	}
	return min(int(math.Ceil(-math.Log10(step)-1e-9)), 6)
}

// Number returns v with dec decimals, or with as many as fit in width columns; a
// value that fits in no way is shown as "#", NaN and infinities as "-".
func Number(v float64, dec, width int) display.Safe {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return "-"
	}
	var buf [32]byte
	for ; dec >= 0 && math.Abs(v) < 1e15; dec-- {
		if t := strconv.AppendFloat(buf[:0], v, 'f', dec, 64); len(t) <= width {
			return positive(t)
		}
	}
	for p := 3; p >= 0; p-- {
		if t := strconv.AppendFloat(buf[:0], v, 'e', p, 64); len(t) <= width {
			return display.Safe(t)
		}
	}
	return "#"
}

// positive drops the sign of a zero.
func positive(t []byte) display.Safe {
	if len(t) > 0 && t[0] == '-' {
		for _, c := range t[1:] {
			if c != '0' && c != '.' {
				return display.Safe(t)
			}
		}
		t = t[1:]
	}
	return display.Safe(t)
}

// Signed returns v as [Number] does, with its sign.
func Signed(v float64, dec, width int) display.Safe {
	t := Number(v, dec, width-1)
	if t == "-" || t == "#" || t[0] == '-' {
		return t
	}
	return "+" + t
}

// Count returns n with commas between its thousands.
func Count(n uint64) display.Safe {
	t := strconv.FormatUint(n, 10)
	for i := len(t) - 3; i > 0; i -= 3 {
		t = t[:i] + "," + t[i:]
	}
	return display.Safe(t)
}

// Many returns n things in words: "1 sensor", "9 sensors".
func Many(n int, thing display.Safe) display.Safe {
	if n != 1 {
		thing += "s"
	}
	return Count(uint64(max(n, 0))) + " " + thing
}

// Tail returns t in at most n columns. Of a path that is longer its end is shown,
// because there stands the file's name, of anything else its beginning.
func Tail(t display.Safe, n int) display.Safe {
	if display.Width(t) <= n {
		return t
	}
	name := t[strings.LastIndexByte(string(t), '/')+1:]
	if len(name) == len(t) {
		return display.Truncate(t, n)
	}
	for i, r := range t {
		if r == '/' && 1+display.Width(t[i:]) <= n {
			return "…" + t[i:]
		}
	}
	return display.Truncate(name, n)
}

// Rate returns r, in readings a second, in at most five columns and "/s".
func Rate(r float64) display.Safe {
	switch {
	case !(r >= 0):
		return "-/s"
	case r > 0 && r < 9.95:
		return Number(r, 1, 5) + "/s"
	case r < 99_999:
		return Number(r, 0, 5) + "/s"
	case r < 1e9:
		return Number(r/1e6, 1, 5) + "M/s"
	}
	return "many/s"
}

// Latency returns d in the unit that suits it, micro being the word for µs.
func Latency(d time.Duration, micro string) display.Safe {
	switch {
	case d < time.Millisecond-500*time.Nanosecond:
		return Number(float64(d)/1e3, 0, 8) + display.Safe(" "+micro)
	case d < 9950*time.Microsecond:
		return Number(float64(d)/1e6, 1, 8) + " ms"
	case d < time.Second-500*time.Microsecond:
		return Number(float64(d)/1e6, 0, 8) + " ms"
	}
	return Number(d.Seconds(), 1, 8) + " s"
}

// Ago returns d in at most two units and at most five columns: 42s, 4m10, 3h05,
// 12d.
func Ago(d time.Duration) display.Safe {
	d = max(d, 0)
	two := func(a, b time.Duration, unit string) display.Safe {
		t := strconv.Itoa(int(a)) + unit
		if b < 10 {
			t += "0"
		}
		return display.Safe(t + strconv.Itoa(int(b)))
	}
	switch {
	case d < time.Minute:
		return display.Safe(strconv.Itoa(int(d/time.Second)) + "s")
	case d < time.Hour:
		return two(d/time.Minute, d%time.Minute/time.Second, "m")
	case d < 24*time.Hour:
		return two(d/time.Hour, d%time.Hour/time.Minute, "h")
	case d < 10_000*24*time.Hour:
		return display.Safe(strconv.Itoa(int(d/(24*time.Hour))) + "d")
	}
	return "years"
}

// Length returns the length of a window of time in words: "30 min".
func Length(d time.Duration) display.Safe {
	for _, u := range []struct {
		d    time.Duration
		name display.Safe
	}{
		{7 * 24 * time.Hour, " week"},
		{24 * time.Hour, " day"},
		{time.Hour, " h"},
		{time.Minute, " min"},
	} {
		if d >= u.d && d%u.d == 0 {
			t := Number(float64(d/u.d), 0, 6) + u.name
			if u.d >= 24*time.Hour && d > u.d {
				t += "s"
			}
			return t
		}
	}
	if d >= 2*time.Minute {
		return Ago(d)
	}
	return Number(math.Round(d.Seconds()), 0, 8) + " s"
}
