package e2e_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// enquiry is written after a program's end, to see whether all of it has come.
const enquiry = "\x05"

// cancel ends a sequence that is not whole.
const cancel = 0x18

// A screen is what a terminal shows. It knows the sequences that the program has a
// use for, and takes every other one, and every character that can act on a
// terminal, for a fault.
type screen struct {
	columns, rows int
	cells         [][]string // "" behind a wide character
	x, y          int        // x is columns when the next character wraps
	top, bottom   int        // the rows that scroll, bottom excluded
	last          string     // what REP repeats
	rest          []byte     // a sequence that is not whole yet
	modes         map[string]bool
	styled        bool
	enquired      bool
	unread        bool // nobody read: the last character that was taken may be cut
	faults        []string
}

// resize empties the screen: a program draws anew.
func (s *screen) resize(columns, rows int) {
	s.columns, s.rows, s.x, s.y, s.top, s.bottom = columns, rows, 0, 0, 0, rows
	s.cells = make([][]string, rows)
	for y := range s.cells {
		s.cells[y] = blanks(columns)
	}
}

func blanks(n int) []string { return slices.Repeat([]string{" "}, n) }

// String returns the rows.
func (s *screen) String() string {
	var b strings.Builder
	for _, row := range s.cells {
		b.WriteString(strings.TrimRight(strings.Join(row, ""), " ") + "\n")
	}
	return b.String()
}

// Write takes what a program writes.
func (s *screen) Write(p []byte) (int, error) {
	b := append(s.rest, p...)
	for len(b) > 0 {
		n := s.take(b)
		if n == 0 {
			break
		}
		b = b[n:]
	}
	s.rest = slices.Clone(b)
	return len(p), nil
}

// take obeys the first character or sequence of b and returns its length, 0 if it
// is not whole.
func (s *screen) take(b []byte) int {
	switch c := b[0]; {
	case c == 0x1b:
		return s.escape(b)
	case c < ' ', c == 0x7f:
		s.control(c)
		return 1
	case !utf8.FullRune(b):
		return 0
	}
	if n := runeEnd(b); s.unread && !utf8.Valid(b[:n]) {
		return n
	}
	r, n := utf8.DecodeRune(b)
	if r == utf8.RuneError && n == 1 || !unicode.IsGraphic(r) {
		s.fault("character %q", b[:n])
		return n
	}
	s.put(string(r))
	return n
}

// runeEnd returns where the character at the start of b ends, whole or cut.
func runeEnd(b []byte) int {
	n := 1
	for n < len(b) && !utf8.RuneStart(b[n]) {
		n++
	}
	return n
}

func (s *screen) fault(format string, a ...any) {
	s.faults = append(s.faults, fmt.Sprintf(format, a...))
}

func (s *screen) control(c byte) {
	switch c {
	case '\r':
		s.x = 0
	case '\n':
		s.down()
	case '\b':
		s.x = max(min(s.x, s.columns-1)-1, 0)
	case '\t':
		s.x = min(s.x/8*8+8, s.columns-1)
	case cancel:
	case enquiry[0]:
		s.enquired = true
	default:
		s.fault("control character %q", c)
	}
}

func (s *screen) down() {
	if s.y == s.bottom-1 {
		s.scroll(s.top, 1)
		return
	}
	s.y = min(s.y+1, s.rows-1)
}

func (s *screen) up() {
	if s.y == s.top {
		s.scroll(s.top, -1)
		return
	}
	s.y = max(s.y-1, 0)
}

// scroll moves the rows from y to the bottom up by n, or down.
func (s *screen) scroll(y, n int) {
	for range min(max(n, -n), s.bottom-y) {
		if n > 0 {
			s.cells = slices.Insert(slices.Delete(s.cells, y, y+1), s.bottom-1, blanks(s.columns))
		} else {
			s.cells = slices.Insert(slices.Delete(s.cells, s.bottom-1, s.bottom), y, blanks(s.columns))
		}
	}
}

func (s *screen) put(char string) {
	width := ansi.StringWidth(char)
	if width == 0 {
		x := min(max(s.x-1, 0), s.columns-1)
		s.cells[s.y][x] += char
		return
	}
	if s.x+width > s.columns {
		s.x = 0
		s.down()
	}
	s.last = char
	for i := range min(width, s.columns) {
		s.cells[s.y][s.x+i] = char
		char = ""
	}
	s.x += width
}

// escape obeys the escape sequence at the start of b. One that another interrupts,
// as when a terminal that nobody reads is given up, is dropped.
func (s *screen) escape(b []byte) int {
	if len(b) < 2 {
		return 0
	}
	switch b[1] {
	case '[':
		for i := 2; i < len(b); i++ {
			switch c := b[i]; {
			case c == 0x1b, c == cancel:
				return i
			case c >= '@' && c <= '~':
				s.csi(string(b[2:i]), c)
				return i + 1
			}
		}
		return 0
	case ']':
		for i := 2; i < len(b); i++ {
			if b[i] == 7 || b[i] == 0x1b || b[i] == cancel {
				s.osc(string(b[2:i]))
				return min(i+1, len(b))
			}
		}
		return 0
	case 'M':
		s.up()
		return 2
	case '\\', '=', '>':
		return 2
	case 0x1b, cancel:
		return 1
	}
	s.fault("sequence ESC %q", b[1])
	return 2
}

// osc looks at the title, and at questions about colours.
func (s *screen) osc(text string) {
	if !slices.Contains([]string{"2;", "2;setpoint", "10;?", "11;?", "12;?", "111", "112", "110"}, text) {
		s.fault("sequence OSC %q", text)
	}
}

// left returns what a program has not undone, and its faults.
func (s *screen) left() error {
	var errs []error
	for name, on := range s.modes {
		if on != slices.Contains([]string{"mode 25", "mode 7"}, name) {
			errs = append(errs, fmt.Errorf("%s is left %t", name, on))
		}
	}
	if s.styled {
		errs = append(errs, errors.New("characters are left with a style"))
	}
	if s.top != 0 || s.bottom != s.rows {
		errs = append(errs, fmt.Errorf("only rows %d to %d are left to scroll", s.top+1, s.bottom))
	}
	for _, f := range s.faults[:min(len(s.faults), 10)] {
		errs = append(errs, errors.New(f))
	}
	return errors.Join(errs...)
}

func TestScreenShowsWhatATerminalShows(t *testing.T) {
	for _, c := range []struct{ name, written, shown string }{
		{"characters wrap at the edge", "abcdefg", "abcde\nfg\n\n"},
		{"the last column does not wrap by itself", "abcde\rX", "Xbcde\n\n\n"},
		{"the last row scrolls", "a\r\nb\r\nc\r\nd", "b\nc\nd\n"},
		{"the cursor goes where it is sent", "\x1b[2;3Hx\x1b[1;1Hy\x1b[Bz\x1b[2Aw\x1b[4Gv\x1b[3du", "y wv\n zx\n    u\n"},
		{"characters are repeated and erased", "a\x1b[3b\x1b[2G\x1b[2X", "a  a\n\n\n"},
		{"a row is erased to its end", "abcd\x1b[3G\x1b[K", "ab\n\n\n"},
		{"a region scrolls", "a\r\nb\r\nc\x1b[2;3r\x1b[S", "a\nc\n\n"},
		{"a region scrolls back", "a\r\nb\r\nc\x1b[1;2r\x1bM", "\na\nc\n"},
		{"rows are inserted", "a\r\nb\r\nc\x1b[1;1H\x1b[L", "\na\nb\n"},
		{"a wide character takes two columns", "日x", "日x\n\n\n"},
		{"styles show nothing", "\x1b[1;38;2;1;2;3ma\x1b[m", "a\n\n\n"},
	} {
		var s screen
		s.resize(5, 3)
		for i := range len(c.written) { // however it is cut
			_, _ = s.Write([]byte(c.written[i : i+1]))
		}
		if got := s.String(); got != c.shown || len(s.faults) > 0 {
			t.Errorf("%s: %q shows %q, want %q; %v", c.name, c.written, got, c.shown, s.faults)
		}
	}
}

func TestScreenFindsWhatAProgramMustNotWrite(t *testing.T) {
	for _, bad := range []string{
		"\u009b2J", "\u202e", "\u200b", "\xff", "\x00", "\x0e", "\x1b]52;c;aGk=\a", "\x1b]2;oven\a", "\x1bP1$r\x1b\\", "\x1b^x\x1b\\",
		"\x1b[" + strings.Repeat("1;", 40) + "m", "\x1b[?1049h", "\x1b[?25l", "\x1b[?1002h", "\x1b[>1u", "\x1b[1m", "\x1b[2;3r", "\x1b[5i",
	} {
		var s screen
		s.resize(5, 3)
		_, _ = s.Write([]byte(bad))
		if s.left() == nil {
			t.Errorf("%q is not found", bad)
		}
	}
	var s screen
	s.resize(5, 3)
	_, _ = s.Write([]byte("\x1b[?1049h\x1b[?25l\x1b[>1u\x1b[1mx\x1b[m\x1b[<1u\x1b[?25h\x1b[?1049l"))
	if err := s.left(); err != nil {
		t.Error(err)
	}
}
