package stamp

import (
	"math"
	"strconv"
	"time"
)

// unix returns the time that b says as a decimal number of seconds or of a
// smaller unit, which its size tells.
func unix(b []byte) (time.Time, bool) {
	rest, negative := b, false
	if len(rest) > 0 && rest[0] == '-' {
		rest, negative = rest[1:], true
	}
	n, digits := int64(0), 0
	for digits < len(rest) && rest[digits]-'0' <= 9 {
		if n > (math.MaxInt64-9)/10 {
			return time.Time{}, false
		}
		n = n*10 + int64(rest[digits]-'0')
		digits++
	}
	if digits == 0 {
		return time.Time{}, false
	}
	part, rest, ok := fraction(rest[digits:])
	if !ok {
		return time.Time{}, false
	}
	if len(rest) > 0 {
		return exponential(b)
	}
	per := perSecond(float64(n))
	sec, nsec := n/per, (n%per)*(1e9/per)+part/per
	if negative {
		sec, nsec = -sec, -nsec
	}
	return instant(sec, nsec)
}

// perSecond returns how many of the units that a Unix time of size n counts make
// a second. Seconds reach to the year 5138, smaller units back to 1973.
func perSecond(n float64) int64 {
	switch {
	case n < 1e11:
		return 1
	case n < 1e14:
		return 1e3
	case n < 1e17:
		return 1e6
	default:
		return 1e9
	}
}

// fraction returns the nanoseconds that a fraction at the start of b says, and
// what follows it. Digits after the ninth are cut off.
func fraction(b []byte) (nsec int64, rest []byte, ok bool) {
	if len(b) == 0 || b[0] != '.' {
		return 0, b, true
	}
	i, unit := 1, int64(1e8)
	for ; i < len(b) && b[i]-'0' <= 9; i++ {
		nsec += int64(b[i]-'0') * unit
		unit /= 10
	}
	return nsec, b[i:], i > 1
}

// exponential returns the time of a number in the form 1.7672256e9.
func exponential(b []byte) (time.Time, bool) {
	for _, c := range b {
		if c-'0' > 9 && c != '.' && c != '-' && c != '+' && c|' ' != 'e' {
			return time.Time{}, false
		}
	}
	f, err := strconv.ParseFloat(string(b), 64)
	if err != nil || math.Abs(f) > math.MaxInt64 {
		return time.Time{}, false
	}
	sec, part := math.Modf(f / float64(perSecond(math.Abs(f))))
	return instant(int64(sec), int64(math.Round(part*1e9)))
}
