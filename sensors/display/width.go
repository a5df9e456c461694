package display

import (
	"strings"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

const ellipsis = "…"

// Width returns how many cells of a terminal s takes.
func Width(s Safe) int {
	if plain(s) == len(s) {
		return len(s)
	}
	return ansi.StringWidthWc(string(s))
}

// Truncate cuts s to at most the given number of cells; an ellipsis stands for
// what was cut. The cost depends on the cells, not on the length of s.
func Truncate(s Safe, cells int) Safe {
	if len(s) <= cells { // no character has more cells than bytes
		return s
	}
	room := cells - Width(ellipsis)
	if room < 0 {
		return ""
	}
	end, width := 0, 0
	for i := 0; i < len(s); {
		_, size := utf8.DecodeRuneInString(string(s[i:]))
		width += Width(s[i : i+size])
		i += size
		if width > cells {
			return Safe(strings.TrimRight(string(s[:end]), string(joiner))) + ellipsis
		}
		if width <= room {
			end = i
		}
	}
	return s
}

// Pad returns s in exactly the given number of cells: truncated, or with spaces
// on its right.
func Pad(s Safe, cells int) Safe {
	s = Truncate(s, cells)
	return s + spaces(cells-Width(s))
}

// PadLeft returns s in exactly the given number of cells: truncated, or with
// spaces on its left.
func PadLeft(s Safe, cells int) Safe {
	s = Truncate(s, cells)
	return spaces(cells-Width(s)) + s
}

// ASCII returns s for a terminal that shows nothing else: an ellipsis becomes ~, a
// dot ., and every other character as many ? as it takes cells. The width stays.
func ASCII(s Safe) Safe {
	start := plain(s)
	if start == len(s) {
		return s
	}
	out := append(make([]byte, 0, len(s)), s[:start]...)
	for _, r := range s[start:] {
		sign := "?"
		switch {
		case r == '…':
			sign = "~"
		case r == '·':
			sign = "."
		case r <= '~':
			sign = string(r)
		}
		for range Width(Safe(r)) {
			out = append(out, sign...)
		}
	}
	return Safe(out)
}

const blank = "                                                                " // 64

func spaces(n int) Safe {
	switch {
	case n <= 0:
		return ""
	case n <= len(blank):
		return Safe(blank[:n])
	}
	return Safe(strings.Repeat(" ", n))
}
