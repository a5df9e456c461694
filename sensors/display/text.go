package display

import (
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// Safe is text that can be written to a terminal, a log or standard error. Only
// this package and constants make one.
type Safe string

const (
	dot      = "·" // stands for what cannot be shown
	maxMarks = 4   // marks on one character
	joiner   = '\u200d'
)

// Text makes s fit to be shown. Text that is fit already is returned as it is,
// without an allocation.
func Text(s string) Safe {
	start := plain(s)
	if start == len(s) {
		return Safe(s)
	}
	var out []byte // nil while everything is fit
	c := cluster{base: start > 0}
	for i := start; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		fate := c.take(r, s[i:i+size], s[i+size:])
		if fate != keep && out == nil {
			out = append(make([]byte, 0, len(s)), s[:i]...)
		}
		switch {
		case fate == replace:
			out = append(out, dot...)
		case fate == keep && out != nil:
			out = append(out, s[i:i+size]...)
		}
		i += size
	}
	if out == nil {
		return Safe(s)
	}
	return Safe(out)
}

// plain returns how many bytes at the start of s are printable ASCII.
func plain[T ~string](s T) int {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return i
		}
	}
	return len(s)
}

// A fate is what becomes of a character.
type fate uint8

const (
	keep    fate = iota
	replace      // a dot stands for it
	drop         // the dot before it stands for it too
)

// A cluster follows one character and what sits on it. The zero value is the
// start of the text.
type cluster struct {
	base  bool // there is a character to sit on
	emoji bool // it is a pictograph, so a joiner may follow
	marks int
}

// take decides on r, which is written as char and has rest after it.
func (c *cluster) take(r rune, char, rest string) fate {
	switch {
	case r == utf8.RuneError && len(char) == 1:
	case r == joiner:
		next, _ := utf8.DecodeRuneInString(rest)
		if c.emoji && pictograph(next) {
			return keep
		}
	case !unicode.IsGraphic(r):
	case sits(r, char) && c.base:
		c.marks++
		switch {
		case c.marks <= maxMarks:
			return keep
		case c.marks == maxMarks+1:
			return replace
		}
		return drop
	case !sits(r, char):
		*c = cluster{base: true, emoji: pictograph(r)}
		return keep
	}
	*c = cluster{base: true}
	return replace
}

// sits reports whether r is drawn on the character before it: a mark, or
// something else that takes no cell.
func sits(r rune, char string) bool {
	return r > '~' && (unicode.IsMark(r) || ansi.StringWidthWc(char) == 0)
}

// pictograph reports whether r may be joined to another one: the blocks from
// which Unicode's emoji ZWJ sequences are made.
func pictograph(r rune) bool {
	return r >= 0x1F000 && r <= 0x1FAFF || r >= 0x2190 && r <= 0x2BFF
}
