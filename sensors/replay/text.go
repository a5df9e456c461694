package replay

import (
	"unicode/utf16"
	"unicode/utf8"
)

// text reads a string. What it returns is valid until the next line.
func (s *scanner) text() ([]byte, bool) {
	s.i++
	start := s.i
	for ; s.i < len(s.b); s.i++ {
		switch c := s.b[s.i]; {
		case c == '"':
			s.i++
			return s.b[start : s.i-1], true
		case c == '\\':
			return s.escaped(start)
		case c < ' ':
			return nil, s.fail("no control character in a string")
		}
	}
	return nil, s.fail("the end of a string")
}

// escaped reads on in a string that began at start, from its first escape.
func (s *scanner) escaped(start int) ([]byte, bool) {
	from := len(s.plain)
	s.plain = append(s.plain, s.b[start:s.i]...)
	for s.i < len(s.b) {
		c := s.b[s.i]
		switch {
		case c == '"':
			s.i++
			return s.plain[from:], true
		case c == '\\':
			if !s.escape() {
				return nil, false
			}
			continue
		case c < ' ':
			return nil, s.fail("no control character in a string")
		}
		s.plain = append(s.plain, c)
		s.i++
	}
	return nil, s.fail("the end of a string")
}

// escape reads one escape.
func (s *scanner) escape() bool {
	s.i++
	c := s.peek()
	switch c {
	case '"', '\\', '/':
	case 'b':
		c = '\b'
	case 'f':
		c = '\f'
	case 'n':
		c = '\n'
	case 'r':
		c = '\r'
	case 't':
		c = '\t'
	case 'u':
		return s.unicode()
	default:
		return s.fail("an escape")
	}
	s.plain = append(s.plain, c)
	s.i++
	return true
}

// unicode reads what follows the backslash of a \u escape, and of a surrogate its
// other half too.
func (s *scanner) unicode() bool {
	r, ok := s.hex()
	if !ok {
		return false
	}
	if utf16.IsSurrogate(r) {
		low := rune(-1)
		if s.peek() == '\\' {
			s.i++
			low, _ = s.hex()
		}
		if r = utf16.DecodeRune(r, low); r == utf8.RuneError {
			return s.fail("both halves of a surrogate pair")
		}
	}
	s.plain = utf8.AppendRune(s.plain, r)
	return true
}

// hex reads a u and four hexadecimal digits.
func (s *scanner) hex() (r rune, ok bool) {
	if s.peek() != 'u' {
		return -1, s.fail("a u")
	}
	for range 4 {
		s.i++
		c := s.peek()
		switch {
		case c-'0' <= 9:
			c -= '0'
		case c|' ' >= 'a' && c|' ' <= 'f':
			c = c | ' ' - 'a' + 10
		default:
			return -1, s.fail("four hexadecimal digits")
		}
		r = r<<4 | rune(c)
	}
	s.i++
	return r, true
}
