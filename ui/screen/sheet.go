// Package screen is a sheet of styled cells that pages are painted on. What does
// not fit is cut off at the edge of the area it is painted in, so nothing can be
// wider or taller than the terminal, whatever the text.
//
// Text goes in as [display.Safe] only: a stranger's text cannot get here without
// having been made fit to be shown, or the compiler objects.
package screen

import (
	"strings"
	"unicode/utf8"

	"setpoint/ui/theme"
)

// rest marks the second half of a wide cell; runes below it are clusters.
const rest rune = -1

// A cell is one column of one line. r is a rune, rest, or an index into
// Sheet.clusters written as -2, -3, ...
type cell struct {
	r     rune
	style theme.Style
}

// A Sheet is a screenful of cells. The zero Sheet is empty; one Sheet serves for
// all frames, so that painting allocates next to nothing.
type Sheet struct {
	w, h     int
	cells    []cell
	clusters []string
	theme    *theme.Theme
	size     int // of the last frame, in bytes
}

// Reset makes the sheet w by h blank cells that are painted in the look of t.
func (s *Sheet) Reset(w, h int, t *theme.Theme) {
	s.w, s.h, s.theme = max(w, 0), max(h, 0), t
	if n := s.w * s.h; cap(s.cells) < n {
		s.cells = make([]cell, n)
	} else {
		s.cells = s.cells[:n]
	}
	for i := range s.cells {
		s.cells[i] = cell{r: ' '}
	}
	s.clusters = s.clusters[:0]
}

// Area returns the whole sheet.
func (s *Sheet) Area() Area { return Area{s: s, W: s.w, H: s.h} }

// String returns the sheet's lines, each as wide as the sheet, with one sequence
// of style for each run of cells that look alike.
func (s *Sheet) String() string {
	var b strings.Builder
	b.Grow(max(s.size+s.size/8, len(s.cells)))
	for y := range s.h {
		if y > 0 {
			b.WriteByte('\n')
		}
		s.line(&b, s.cells[y*s.w:(y+1)*s.w])
	}
	s.size = b.Len()
	return b.String()
}

// near is how many blanks between two texts are written in the style of the text
// before them, where that makes no difference to the eye: it saves a sequence.
const near = 12

// line writes one line of cells.
func (s *Sheet) line(b *strings.Builder, cells []cell) {
	now := theme.Plain
	for i := 0; i < len(cells); i++ {
		c := cells[i]
		if n := blanks(cells[i:]); n > 0 && n < near && i+n < len(cells) && s.theme.Bare(now) {
			b.WriteString(spaces[:n])
			i += n - 1
			continue
		}
		if c.r == rest {
			continue
		}
		if c.style != now {
			if s.theme.SGR(now) != "" {
				b.WriteString("\x1b[m")
			}
			b.WriteString(s.theme.SGR(c.style))
			now = c.style
		}
		switch {
		case c.r < rest:
			b.WriteString(s.clusters[-2-c.r])
		case c.r < utf8.RuneSelf:
			b.WriteByte(byte(c.r))
		default:
			b.WriteRune(c.r)
		}
	}
	if s.theme.SGR(now) != "" {
		b.WriteString("\x1b[m")
	}
}

const spaces = "            "

// blanks returns how many plain blanks cells begins with, at most near.
func blanks(cells []cell) int {
	n := 0
	for n < min(len(cells), near) && cells[n] == (cell{r: ' '}) {
		n++
	}
	return n
}

// put writes one cell, and blanks the other half of a wide one that it cuts.
func (s *Sheet) put(x, y int, c cell) {
	i := y*s.w + x
	if s.cells[i].r == rest && x > 0 && c.r != rest {
		s.cells[i-1].r = ' '
	}
	if x+1 < s.w && s.cells[i+1].r == rest {
		s.cells[i+1].r = ' '
	}
	s.cells[i] = c
}
