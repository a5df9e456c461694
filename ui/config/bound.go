package config

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/goccy/go-yaml/token"
)

// What a file may have at most. The library takes time in the square of the
// number of keys of one mapping, and its stack grows with nesting.
const (
	maxSize     = 1 << 20 // bytes
	maxWords    = 100_000 // tokens of YAML, without comments
	maxSiblings = 12_000  // keys of the same indentation in a row
	maxDepth    = 16
)

// clean returns the text of a file with line feeds only and without the mark some
// editors put at its start. It refuses what YAML refuses: bytes that are no UTF-8
// and control characters.
func clean(raw []byte) (string, error) {
	text := strings.ReplaceAll(string(bytes.TrimPrefix(raw, bom)), "\r\n", "\n")
	line := 1
	for i, r := range text {
		switch {
		case r == '\n':
			line++
		case r == utf8.RuneError && !strings.HasPrefix(text[i:], "\ufffd"):
			return "", &syntaxError{line, fmt.Sprintf("byte 0x%02x: want UTF-8", text[i])}
		case r != '\t' && unicode.IsControl(r), r == '\ufeff':
			return "", &syntaxError{line, fmt.Sprintf("character %U: want it escaped, in double quotes", r)}
		}
	}
	return text, nil
}

var bom = []byte("\ufeff")

// bound refuses, before the parser sees them, files that are too deep or too long
// for it, and the parts of YAML that make a small file large.
func bound(tokens token.Tokens) error {
	s, words := shape{}, 0
	for _, t := range tokens {
		if t.Type == token.CommentType {
			continue
		}
		if words++; words > maxWords {
			return &syntaxError{line(t), fmt.Sprintf("want at most %d words", maxWords)}
		}
		if err := s.take(t); err != nil {
			return err
		}
	}
	return nil
}

// A shape follows how deep and how long the mappings and lists are.
type shape struct {
	indents  []int // of the lines around, deepest last
	siblings []int // lines at each
	dashes   int   // on this line
	brackets int
}

func (s *shape) take(t *token.Token) error {
	fault := func(text string) error { return &syntaxError{line(t), text} }
	first := t.Prev == nil || t.Prev.Position.Line < t.Position.Line
	if first {
		s.dashes = 0
	}
	switch t.Type {
	case token.AnchorType, token.AliasType, token.TagType, token.MergeKeyType:
		return fault("want no anchors, aliases, tags or merge keys; a pattern that begins with * stands in quotes")
	case token.DirectiveType, token.MappingKeyType:
		return fault("want no directive and no explicit key; text that begins with % or ? stands in quotes")
	case token.SequenceEntryType:
		s.dashes++
	case token.MappingStartType, token.SequenceStartType:
		s.brackets++
	case token.MappingEndType, token.SequenceEndType:
		s.brackets--
	case token.CollectEntryType:
		if t.Prev != nil && (t.Prev.Type == token.MappingValueType || t.Prev.Type == token.CollectEntryType) {
			return fault("want a value before the comma")
		}
	}
	if first && s.brackets == 0 && s.line(t.Position.Column) > maxSiblings {
		return fault(fmt.Sprintf("want at most %d keys side by side", maxSiblings))
	}
	if s.dashes+s.brackets+len(s.indents) > maxDepth {
		return fault(fmt.Sprintf("want at most %d levels", maxDepth))
	}
	return nil
}

// line notes a line that is indented to column, and returns how many stand so.
func (s *shape) line(column int) int {
	n := len(s.indents)
	for n > 0 && s.indents[n-1] > column {
		n--
	}
	s.indents, s.siblings = s.indents[:n], s.siblings[:n]
	if n == 0 || s.indents[n-1] < column {
		s.indents, s.siblings = append(s.indents, column), append(s.siblings, 0)
		n++
	}
	s.siblings[n-1]++
	return s.siblings[n-1]
}

// scalars counts the keys and values among tokens.
func scalars(tokens token.Tokens) (n int) {
	for _, t := range tokens {
		switch t.Type {
		case token.StringType, token.SingleQuoteType, token.DoubleQuoteType, token.IntegerType, token.FloatType, token.BoolType,
			token.NullType, token.InfinityType, token.NanType, token.BinaryIntegerType, token.OctetIntegerType, token.HexIntegerType:
			n++
		}
	}
	return n
}
