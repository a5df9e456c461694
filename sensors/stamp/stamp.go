// Package stamp reads the times that stand in recordings and messages.
//
// It promises: no allocation; a time is either exactly what was written or
// refused, never repaired (no 31 February, no second 60, no hour 24); a time
// without a zone is UTC; what it returns is in UTC and fits [time.Time.UnixNano].
package stamp

import (
	"bytes"
	"time"
)

// Want says in an error text which times [Parse] takes.
const Want = `want RFC 3339, "2006-01-02 15:04:05", a date or Unix s, ms, µs or ns, from 1678 to 2261`

// The first second that is taken and the first that is no more: whole years that
// fit nanoseconds in an int64.
const (
	minSecond = -9214560000 // 1678-01-01T00:00:00Z
	endSecond = 9214646400  // 2262-01-01T00:00:00Z
)

// Parse returns the time that b is, with blanks around it allowed:
//
//   - RFC 3339 with any fraction (digits after the ninth are cut off); the zone may
//     also be written +0100 or +01, or be missing, which means UTC; T and Z may be
//     lower case and T may be a blank
//   - a date alone, which is its first instant in UTC
//   - both with slashes, as in 2006/01/02 15:04:05
//   - Unix time as a decimal number: seconds below 1e11, milliseconds below 1e14,
//     microseconds below 1e17, else nanoseconds
func Parse(b []byte) (time.Time, bool) {
	b = bytes.Trim(b, " \t")
	if len(b) < 10 || b[4] != b[7] || b[4] != '-' && b[4] != '/' {
		return unix(b)
	}
	day, ok := date(b)
	if !ok {
		return time.Time{}, false
	}
	sec, nsec, ok := clock(b[10:])
	if !ok {
		return time.Time{}, false
	}
	return instant(day*86400+sec, nsec)
}

// instant returns the time of a Unix second, if it is within the range taken.
func instant(sec, nsec int64) (time.Time, bool) {
	if sec < minSecond || sec >= endSecond {
		return time.Time{}, false
	}
	return time.Unix(sec, nsec).UTC(), true
}

// date returns the days from 1970-01-01 to the date that b begins with.
func date(b []byte) (days int64, ok bool) {
	century, y, m, d := two(b[0:]), two(b[2:]), two(b[5:]), two(b[8:])
	if max(century, y) > 99 || m < 1 || m > 12 {
		return 0, false
	}
	y += century * 100
	if d < 1 || d > monthDays(y, m) {
		return 0, false
	}
	// Years that begin in March put the leap day last; (153m+2)/5 then counts the
	// days before month m exactly.
	if m < 3 {
		y, m = y-1, m+12
	}
	return 365*y + y/4 - y/100 + y/400 + (153*(m-3)+2)/5 + d - 1 - 719468, true
}

// monthDays returns how many days month m of year y has.
func monthDays(y, m int64) int64 {
	switch {
	case m == 2 && y%4 == 0 && (y%100 != 0 || y%400 == 0):
		return 29
	case m == 2:
		return 28
	default:
		return 30 + (m+m>>3)&1
	}
}

// clock returns the seconds after midnight in UTC that b says, which is what
// follows a date: nothing, or T, a time of day, perhaps a fraction and a zone.
func clock(b []byte) (sec, nsec int64, ok bool) {
	if len(b) == 0 {
		return 0, 0, true
	}
	if len(b) < 9 || b[0] != 'T' && b[0] != ' ' && b[0] != 't' || b[3] != ':' || b[6] != ':' {
		return 0, 0, false
	}
	h, m, s := two(b[1:]), two(b[4:]), two(b[7:])
	if h > 23 || m > 59 || s > 59 {
		return 0, 0, false
	}
	nsec, b, ok = fraction(b[9:])
	if !ok {
		return 0, 0, false
	}
	offset, ok := zone(b)
	return h*3600 + m*60 + s - offset, nsec, ok
}

// zone returns the seconds by which the zone b, as in +01:00, is ahead of UTC.
func zone(b []byte) (offset int64, ok bool) {
	if len(b) == 0 || len(b) == 1 && b[0]|' ' == 'z' {
		return 0, true
	}
	var h, m int64
	switch {
	case len(b) == 6 && b[3] == ':':
		h, m = two(b[1:]), two(b[4:])
	case len(b) == 5:
		h, m = two(b[1:]), two(b[3:])
	case len(b) == 3:
		h = two(b[1:])
	default:
		return 0, false
	}
	if h > 23 || m > 59 || b[0] != '+' && b[0] != '-' {
		return 0, false
	}
	offset = h*3600 + m*60
	if b[0] == '-' {
		offset = -offset
	}
	return offset, true
}

// two returns the number in the first two digits of b, or 100 if they are none.
func two(b []byte) int64 {
	tens, ones := b[0]-'0', b[1]-'0'
	if tens > 9 || ones > 9 {
		return 100
	}
	return int64(tens)*10 + int64(ones)
}
