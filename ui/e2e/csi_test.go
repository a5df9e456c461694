package e2e_test

import (
	"slices"
	"strconv"
	"strings"
)

// csi obeys a control sequence: its text between ESC [ and the final byte.
func (s *screen) csi(text string, final byte) {
	private := ""
	if text != "" && strings.Contains("?<=>", text[:1]) {
		private, text = text[:1], text[1:]
	}
	middle := strings.TrimLeft(text, "0123456789;:")
	params := strings.FieldsFunc(strings.TrimSuffix(text, middle), func(r rune) bool { return r == ';' || r == ':' })
	if len(params) > 16 {
		s.fault("sequence CSI with %d parameters", len(params))
		return
	}
	n := 1
	if len(params) > 0 {
		n, _ = strconv.Atoi(params[0])
	}
	if private+middle != "" {
		s.mode(private, params, middle+string(final))
		return
	}
	if !s.move(params, max(n, 1), final) && !s.edit(params, max(n, 1), final) {
		s.fault("sequence CSI %q %c", text, final)
	}
}

// mode keeps what must be undone in the end.
func (s *screen) mode(private string, params []string, final string) {
	if s.modes == nil {
		s.modes = map[string]bool{}
	}
	one := private == ">" || final == "u"
	switch {
	case private == "?" && (final == "h" || final == "l"):
		for _, p := range params {
			s.modes["mode "+p] = final == "h"
		}
	case one && final == "m":
		s.modes["other keys"] = len(params) > 1 && params[1] != "0"
	case private == ">" && final == "u":
		s.modes["keyboard"] = true
	case private == "<" && final == "u":
		s.modes["keyboard"] = false
	case private == "?" && slices.Contains([]string{"$p", "u", "W", "n"}, final), final == "c", final == " q", final == "q", final == "p":
	default:
		s.fault("sequence CSI %s %v %s", private, params, final)
	}
}

// move moves the cursor.
func (s *screen) move(params []string, n int, final byte) bool {
	x, y := min(s.x, s.columns-1), s.y
	switch final {
	case 'A':
		y -= n
	case 'B', 'e':
		y += n
	case 'C', 'a':
		x += n
	case 'D':
		x -= n
	case 'E':
		x, y = 0, y+n
	case 'F':
		x, y = 0, y-n
	case 'G', '`':
		x = n - 1
	case 'd':
		y = n - 1
	case 'H', 'f':
		x, y = 0, n-1
		if len(params) > 1 {
			x, _ = strconv.Atoi(params[1])
			x--
		}
	case 'I':
		x = (x/8 + n) * 8
	case 'Z':
		x = ((x+7)/8 - n) * 8
	default:
		return false
	}
	s.x, s.y = min(max(x, 0), s.columns-1), min(max(y, 0), s.rows-1)
	return true
}

// edit changes what is shown.
func (s *screen) edit(params []string, n int, final byte) bool {
	x := min(s.x, s.columns-1)
	row := s.cells[s.y]
	zero := len(params) == 0 || params[0] == "0"
	switch final {
	case 'm':
		s.styled = !zero || len(params) > 1
	case 'X':
		copy(row[x:], blanks(min(n, s.columns-x)))
	case 'P':
		s.cells[s.y] = append(slices.Delete(row, x, min(x+n, s.columns)), blanks(min(n, s.columns-x))...)
	case '@':
		s.cells[s.y] = slices.Insert(row, x, blanks(min(n, s.columns-x))...)[:s.columns]
	case 'K':
		from, to := x, s.columns
		if !zero {
			from, to = 0, map[int]int{1: x + 1, 2: s.columns}[n]
		}
		copy(row[from:to], blanks(to-from))
	case 'J':
		s.erase(x, zero, n)
	case 'L':
		s.scroll(s.y, -n)
	case 'M':
		s.scroll(s.y, n)
	case 'S':
		s.scroll(s.top, n)
	case 'T':
		s.scroll(s.top, -n)
	case 'b':
		for range n {
			s.put(s.last)
		}
	case 'r':
		s.region(params)
	default:
		return false
	}
	return true
}

// erase empties the screen: from the cursor on, up to the cursor, or all of it.
func (s *screen) erase(x int, on bool, n int) {
	for y, row := range s.cells {
		from, to := 0, s.columns
		switch {
		case on && y < s.y, n == 1 && !on && y > s.y:
			continue
		case on && y == s.y:
			from = x
		case n == 1 && !on && y == s.y:
			to = x + 1
		}
		copy(row[from:to], blanks(to-from))
	}
}

func (s *screen) region(params []string) {
	s.top, s.bottom, s.x, s.y = 0, s.rows, 0, 0
	if len(params) == 2 {
		top, _ := strconv.Atoi(params[0])
		bottom, _ := strconv.Atoi(params[1])
		s.top, s.bottom = max(top-1, 0), min(bottom, s.rows)
	}
}
