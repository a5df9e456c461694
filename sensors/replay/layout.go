package replay

import (
	"bytes"
	"fmt"
	"strings"

	"setpoint/sensors/stamp"
)

// A layout says what the cells of a CSV record mean.
type layout struct {
	sep     byte
	columns int             // the most cells a record may have
	at      [fieldCount]int // the column of each field, or noField
	wide    []column        // of a wide layout: the sensors, by column; else nil
}

// A column of a wide layout is one sensor, unless fault says why not.
type column struct {
	sensor string
	fault  error
}

// fits reports whether a record may have so many cells: a wide one as many as the
// header, any other may leave out the last ones, whose fields are judged each.
func (l *layout) fits(cells [][]byte) bool {
	return len(cells) == l.columns || l.wide == nil && len(cells) < l.columns
}

// separators, in the order in which they are tried.
const separators = ",;\t"

// headerLayout returns the layout that a header with these cells says, or nil if
// they are none. Live records may do without a time.
func headerLayout(cells [][]byte, live bool, t tables) (*layout, error) {
	l := &layout{columns: len(cells), at: [fieldCount]int{noField, noField, noField, noField}}
	var err error
	known := 0
	for i, c := range cells {
		f := field(bytes.ToLower(trim(c)))
		switch {
		case f == noField:
			continue
		case l.at[f] != noField:
			err = fmt.Errorf("column %d, %s: want one %s only", i+1, quote(c), fieldNames[f])
		default:
			l.at[f] = i
		}
		known++
	}
	timed, valued := l.at[fieldTime] != noField, l.at[fieldValue] != noField
	switch {
	case valued && l.at[fieldSensor] != noField && (timed || live):
		return l, err
	case valued && known == len(cells) && (timed || live):
		return l, err
	case !timed || len(cells) < 2:
		return nil, nil
	}
	return l, l.widen(cells, t)
}

// widen makes l wide: each column beside the time is a sensor of its name.
func (l *layout) widen(cells [][]byte, t tables) error {
	l.wide = make([]column, len(cells))
	seen := make(map[string]bool, len(cells))
	for i, c := range cells {
		if i == l.at[fieldTime] {
			continue
		}
		name := trim(c)
		w := &l.wide[i]
		if w.sensor, w.fault = t.sensor(name); w.fault != nil {
			continue
		}
		if seen[w.sensor] {
			return fmt.Errorf("column %d, %s: want each sensor once", i+1, quote(name))
		}
		seen[w.sensor] = true
	}
	return nil
}

// bareLayout returns the layout of a file without a header whose first record has
// these cells, or nil if they are no reading. After other lines a number is not
// taken for a sensor, as the record may be wide and its header one of them.
func bareLayout(cells [][]byte, first bool, sep byte) *layout {
	if _, ok := stamp.Parse(cells[0]); !ok {
		return nil
	}
	value := 1
	l := &layout{columns: 2, at: [fieldCount]int{0, noField, value, noField}}
	switch len(cells) {
	case 2:
	case 3, 4:
		value = 2
		l.columns, l.at = 4, [fieldCount]int{0, 1, value, 3}
		if _, ok := number(cells[1]); ok && (!first || !digitsOnly(cells[1])) {
			return nil
		}
	default:
		return nil
	}
	if _, _, ok := measured(cells[value], sep); !ok {
		return nil
	}
	return l
}

func digitsOnly(b []byte) bool {
	return strings.Trim(string(b), "0123456789") == ""
}
