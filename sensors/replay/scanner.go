package replay

import (
	"fmt"
	"unicode/utf8"
)

// The fields of a record.
const (
	fieldTime = iota
	fieldSensor
	fieldValue
	fieldUnit
	fieldCount
	noField = -1
)

// maxDepth bounds objects and arrays within each other, the record included.
const maxDepth = 64

var fieldNames = [fieldCount]string{"time", "sensor", "value", "unit"}

// field returns the field that a key or column of this name is, or noField.
func field(name []byte) int {
	switch string(name) {
	case "time", "ts", "timestamp", "date":
		return fieldTime
	case "sensor", "name", "id":
		return fieldSensor
	case "value", "v", "temperature":
		return fieldValue
	case "unit":
		return fieldUnit
	default:
		return noField
	}
}

// A kind is what sort of JSON value a token is.
type kind uint8

const (
	missing kind = iota // there is no such value
	null
	str
	num
	other // true, false, an object or an array
)

// A token is a JSON value: the text of a string without quotes and escapes, or the
// value as it was written.
type token struct {
	kind kind
	text []byte
}

// A scanner reads JSON objects, strictly (RFC 8259) and in one pass, without
// allocating. It keeps the fields of a record and checks everything else.
type scanner struct {
	fields [fieldCount]token

	b     []byte
	i     int    // the next byte
	plain []byte // strings whose escapes have been resolved
	want  string // what did not stand at i
}

// object reads the fields of the one object that b must be.
func (s *scanner) object(b []byte) error {
	*s = scanner{b: b, plain: s.plain[:0]}
	if !utf8.Valid(b) {
		return fmt.Errorf("line %s is not valid UTF-8", quote(b))
	}
	s.blanks()
	if s.peek() != '{' {
		return s.fault("an object")
	}
	if !s.members(1, true) {
		return s.fault(s.want)
	}
	if s.blanks(); s.i < len(b) {
		return s.fault("nothing after the object")
	}
	return nil
}

func (s *scanner) fault(want string) error {
	return fmt.Errorf("line %s, byte %d: want %s", quote(s.b), s.i+1, want)
}

// fail notes what was wanted at the next byte. It returns false.
func (s *scanner) fail(want string) bool {
	s.want = want
	return false
}

// peek returns the next byte, or 0, which no JSON has outside of strings.
func (s *scanner) peek() byte {
	if s.i < len(s.b) {
		return s.b[s.i]
	}
	return 0
}

func (s *scanner) blanks() {
	for s.i < len(s.b) && s.b[s.i] <= ' ' {
		switch s.b[s.i] {
		case ' ', '\t', '\r', '\n':
			s.i++
		default:
			return
		}
	}
}

// members reads an object, and if it is the record keeps its fields.
func (s *scanner) members(depth int, record bool) bool {
	s.i++
	if s.blanks(); s.peek() == '}' {
		s.i++
		return true
	}
	for {
		if s.blanks(); s.peek() != '"' {
			return s.fail("a key")
		}
		key, ok := s.text()
		if !ok {
			return false
		}
		if s.blanks(); s.peek() != ':' {
			return s.fail("a colon")
		}
		s.i++
		t, ok := s.value(depth)
		if !ok || record && !s.keep(key, t) {
			return false
		}
		if more, ok := s.more('}'); !more {
			return ok
		}
	}
}

// keep keeps t if key is that of a field, which must not be given twice.
func (s *scanner) keep(key []byte, t token) bool {
	f := field(key)
	if f == noField {
		return true
	}
	if s.fields[f].kind != missing {
		return s.fail("one " + fieldNames[f] + " only")
	}
	s.fields[f] = t
	return true
}

func (s *scanner) elements(depth int) bool {
	s.i++
	if s.blanks(); s.peek() == ']' {
		s.i++
		return true
	}
	for {
		if _, ok := s.value(depth); !ok {
			return false
		}
		if more, ok := s.more(']'); !more {
			return ok
		}
	}
}

// more reads the comma before another member or element, or the closing byte.
func (s *scanner) more(closing byte) (more, ok bool) {
	s.blanks()
	switch s.peek() {
	case ',':
		s.i++
		return true, true
	case closing:
		s.i++
		return false, true
	default:
		return false, s.fail("a comma or " + string(closing))
	}
}

// value reads any value that stands in something of the given depth.
func (s *scanner) value(depth int) (t token, ok bool) {
	s.blanks()
	start := s.i
	switch c := s.peek(); {
	case c == '"':
		t.kind = str
		t.text, ok = s.text()
		return t, ok
	case c == '-' || c-'0' <= 9:
		t.kind, ok = num, s.number()
	case c == 'n':
		t.kind, ok = null, s.literal("null")
	case c == 't':
		t.kind, ok = other, s.literal("true")
	case c == 'f':
		t.kind, ok = other, s.literal("false")
	case c != '{' && c != '[':
		return t, s.fail("a value")
	case depth == maxDepth:
		return t, s.fail("nesting to 64")
	case c == '{':
		t.kind, ok = other, s.members(depth+1, false)
	default:
		t.kind, ok = other, s.elements(depth+1)
	}
	t.text = s.b[start:s.i]
	return t, ok
}

func (s *scanner) literal(word string) bool {
	if end := s.i + len(word); end > len(s.b) || string(s.b[s.i:end]) != word {
		return s.fail(word)
	}
	s.i += len(word)
	return true
}

func (s *scanner) number() bool {
	if s.peek() == '-' {
		s.i++
	}
	if s.peek() == '0' {
		s.i++
	} else if !s.digits() {
		return false
	}
	if s.peek() == '.' {
		s.i++
		if !s.digits() {
			return false
		}
	}
	if s.peek()|' ' != 'e' {
		return true
	}
	s.i++
	if c := s.peek(); c == '+' || c == '-' {
		s.i++
	}
	return s.digits()
}

// digits reads one digit or more.
func (s *scanner) digits() bool {
	start := s.i
	for s.peek()-'0' <= 9 {
		s.i++
	}
	return s.i > start || s.fail("a digit")
}
