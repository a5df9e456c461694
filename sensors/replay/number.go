package replay

import (
	"bytes"
	"math"
	"strconv"
	"strings"

	"setpoint/sensors"
)

// maxExact is how many digits always fit the 53 bits of a float64 exactly.
const maxExact = 15

var powersOfTen = [maxExact + 1]float64{
	1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
}

// number returns the finite number that b is in plain decimal notation, perhaps with
// an exponent. Hexadecimal digits, underscores and words are no numbers.
func number(b []byte) (v float64, ok bool) {
	rest := b
	if len(rest) > 0 && (rest[0] == '-' || rest[0] == '+') {
		rest = rest[1:]
	}
	mantissa, whole, digits := int64(0), 0, 0
	point := false
	for i, c := range rest {
		switch {
		case c-'0' <= 9 && digits < maxExact:
			mantissa = mantissa*10 + int64(c-'0')
			digits++
			if !point {
				whole++
			}
		case c == '.' && !point && i > 0:
			point = true
		default:
			return slowNumber(b)
		}
	}
	if digits == 0 {
		return 0, false
	}
	v = float64(mantissa) / powersOfTen[digits-whole] // both exact: rounded once, rightly
	if b[0] == '-' {
		v = -v
	}
	return v, true
}

// slowNumber is number for what needs more care.
func slowNumber(b []byte) (v float64, ok bool) {
	for _, c := range b {
		if c-'0' > 9 && c != '.' && c != '-' && c != '+' && c|' ' != 'e' {
			return 0, false
		}
	}
	v, err := strconv.ParseFloat(string(b), 64)
	return v, err == nil && sensors.Finite(v)
}

// notFinite returns the value of the words for what is not a number and for the
// infinities, regardless of case.
func notFinite(word string) (v float64, ok bool) {
	bare := strings.TrimLeft(word, "+-")
	switch {
	case len(word)-len(bare) > 1:
		return 0, false
	case strings.EqualFold(bare, "nan"):
		return math.NaN(), true
	case !strings.EqualFold(bare, "inf") && !strings.EqualFold(bare, "infinity"):
		return 0, false
	case word[0] == '-':
		return math.Inf(-1), true
	default:
		return math.Inf(1), true
	}
}

// cellUnits are the units that a value may carry in its own cell.
var cellUnits = []string{"°C", "℃", "degC", "C", "°F", "degF", "F", "K", "%"}

// measured returns the value in a cell and the unit that stands there, if one does.
// The value may have a decimal comma where the separator is a semicolon.
func measured(cell []byte, sep byte) (v float64, unit []byte, ok bool) {
	cell = trim(cell)
	if v, ok = number(cell); ok {
		return v, nil, true
	}
	for _, u := range cellUnits {
		if bytes.HasSuffix(cell, []byte(u)) {
			cell, unit = cell[:len(cell)-len(u)], cell[len(cell)-len(u):]
			break
		}
	}
	cell = trim(cell)
	if v, ok = number(cell); ok {
		return v, unit, true
	}
	if before, after, found := bytes.Cut(cell, []byte{','}); found && sep == ';' && bytes.IndexByte(cell, '.') < 0 {
		v, ok = number(append(append(append(make([]byte, 0, 32), before...), '.'), after...))
		return v, unit, ok
	}
	v, ok = notFinite(string(cell))
	return v, unit, ok
}
