package config

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
)

// A text is what a file holds, and what it means.
type text struct {
	raw  []byte
	root *node
}

// put returns t with the value that path leads to, or without any if value is "". No
// byte is other than it was but those of the value, its key and what must go or
// come with them. The result means exactly that, or there is an error.
func (t *text) put(path []string, value string) (*text, error) {
	var raw []byte
	var err error
	want := &node{}
	switch old := t.root.at(path); {
	case value == "" && old == nil:
		return t, nil
	case value == "":
		if root := t.root.without(path); root != nil {
			want = root
		}
		raw, err = t.cut(path)
	default:
		v, bad := parse([]byte(value))
		if bad != nil {
			return nil, bad
		}
		want = t.root.with(path, v)
		raw, err = t.insert(path, value)
	}
	if err != nil {
		return nil, err
	}
	if len(raw) > maxSize {
		return nil, fmt.Errorf("the file would have %d bytes: want at most %d", len(raw), maxSize)
	}
	got, err := parse(raw)
	if err != nil || !got.equal(want) {
		return nil, errPlace
	}
	return &text{raw, got}, nil
}

// A spot is where in the text the mapping is that has, or should have, a key.
type spot struct {
	n     *node
	flow  bool  // in brackets, itself or something around it
	start int   // of its brackets
	entry *spot // around it
	at    place // of the entry whose value it is
	index int   // of that entry
}

// top is the spot of the outermost mapping.
func (t *text) top() spot {
	s := spot{n: t.root, flow: t.root.flow}
	if s.flow {
		s.start = lineAt(t.raw, t.root.line)
		s.start += max(bytes.IndexByte(t.raw[s.start:], '{'), 0)
	}
	return s
}

// below returns the spot of the value of entry i of s.
func (t *text) below(s *spot, i int) (spot, []place, error) {
	places, err := s.n.placeOf(t.raw, s.start, i)
	if err != nil {
		return spot{}, nil, err
	}
	p := places[len(places)-1]
	n := s.n.entries[i].value
	return spot{n: n, flow: s.flow || n.flow, start: p.start, entry: s, at: p, index: i}, places, nil
}

// insert returns the text with the value that path leads to.
func (t *text) insert(path []string, value string) ([]byte, error) {
	s := t.top()
	for len(path) > 0 {
		i := s.n.find(path[0])
		if i < 0 {
			break
		}
		deeper, _, err := t.below(&s, i)
		if err != nil {
			return nil, err
		}
		s, path = deeper, path[1:]
	}
	switch n := s.n; {
	case len(path) == 0 && n.form == mapping && !n.flow:
		return nil, errPlace
	case len(path) == 0:
		return t.replace(s.at, value), nil
	case n.form == mapping && n.flow:
		return t.inBrackets(&s, path, value)
	case n.form == mapping && len(n.entries) > 0:
		return t.after(&s, path, value)
	case s.entry == nil:
		return t.atEnd(path, value), nil
	case !s.flow && s.at.start == s.at.colon:
		indent := s.at.key - lineStart(t.raw, s.at.key)
		return t.lines(next(t.raw, s.at.key), path, value, indent+2), nil
	case n.form == null:
		return t.replace(s.at, inline(path, value)), nil
	}
	return nil, errPlace
}

// replace writes value in place of another, or of nothing.
func (t *text) replace(p place, value string) []byte {
	if p.start == p.colon {
		value = " " + value
	}
	return splice(t.raw, p.start, p.end, value)
}

// inBrackets writes what path leads to behind the last entry of s, a mapping in
// brackets.
func (t *text) inBrackets(s *spot, path []string, value string) ([]byte, error) {
	entry := keyText(path[0]) + ": " + inline(path[1:], value)
	if len(s.n.entries) == 0 {
		return splice(t.raw, s.start+1, s.start+1, entry), nil
	}
	places, err := s.n.placeOf(t.raw, s.start, len(s.n.entries)-1)
	if err != nil {
		return nil, err
	}
	end := places[len(places)-1].end
	return splice(t.raw, end, end, ", "+entry), nil
}

// after writes what path leads to on lines behind the last entry of s.
func (t *text) after(s *spot, path []string, value string) ([]byte, error) {
	last := len(s.n.entries) - 1
	places, err := s.n.placeOf(t.raw, 0, last)
	if err != nil {
		return nil, err
	}
	p := places[0]
	at := next(t.raw, s.n.entries[last].lastLine(t.raw, p))
	return t.lines(at, path, value, p.key-lineStart(t.raw, p.key)), nil
}

// atEnd writes what path leads to into a file that has nothing but comments.
func (t *text) atEnd(path []string, value string) []byte {
	return t.lines(len(t.raw), path, value, 0)
}

// lines writes what path leads to as lines that begin at byte at.
func (t *text) lines(at int, path []string, value string, indent int) []byte {
	eol := "\n"
	if i := bytes.IndexByte(t.raw, '\n'); i > 0 && t.raw[i-1] == '\r' {
		eol = "\r\n"
	}
	var lines []string
	for i, key := range path {
		lines = append(lines, strings.Repeat(" ", indent+2*i)+keyText(key)+":")
	}
	lines[len(lines)-1] += " " + value
	block := strings.Join(lines, eol)
	if at > lineStart(t.raw, at) && at == len(t.raw) { // the last line has no end
		return splice(t.raw, at, at, eol+block)
	}
	return splice(t.raw, at, at, block+eol)
}

// cut returns the text without what path leads to and what would be empty then.
func (t *text) cut(path []string) ([]byte, error) {
	keep := t.root.alone(path)
	raw := t.raw
	s := t.top()
	type span struct{ from, to int }
	var gone []span
	for i, key := range path {
		j := s.n.find(key)
		deeper, places, err := t.below(&s, j)
		if err != nil {
			return nil, err
		}
		p := places[len(places)-1]
		switch {
		case i < keep:
		case s.flow && j > 0:
			gone = append(gone, span{places[j-1].end, p.end})
		case s.flow:
			gone = append(gone, span{p.key, t.following(&s, p)})
		default:
			gone = append(gone, span{lineStart(raw, p.key), next(raw, max(p.end, p.colon))})
		}
		if i >= keep && (s.flow || deeper.flow) {
			break // what is below goes with it
		}
		s = deeper
	}
	for i := len(gone) - 1; i >= 0; i-- {
		raw = splice(raw, gone[i].from, gone[i].to, "")
	}
	return raw, nil
}

// following returns where the entry after the one at p begins, in brackets, or the
// closing one.
func (t *text) following(s *spot, p place) int {
	i := gap(t.raw, p.end)
	if i < len(t.raw) && t.raw[i] == ',' {
		i = gap(t.raw, i+1)
	}
	return i
}

func splice(raw []byte, from, to int, with string) []byte {
	out := make([]byte, 0, len(raw)-(to-from)+len(with))
	out = append(out, raw[:from]...)
	out = append(out, with...)
	return append(out, raw[to:]...)
}

// inline writes what path leads to in brackets.
func inline(path []string, value string) string {
	for i := len(path) - 1; i >= 0; i-- {
		value = "{" + keyText(path[i]) + ": " + value + "}"
	}
	return value
}

// keyText writes a key: as it is if YAML takes it for nothing else, or in quotes.
func keyText(key string) string {
	plain := true
	for i, r := range key {
		letter := 'a' <= r|0x20 && r|0x20 <= 'z'
		plain = plain && (letter || i > 0 && ('0' <= r && r <= '9' || r == '-' || r == '_'))
	}
	switch strings.ToLower(key) {
	case "null", "true", "false", "yes", "no", "on", "off", "y", "n":
		plain = false
	}
	if plain {
		return key
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range key {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case unicode.IsGraphic(r):
			b.WriteRune(r)
		case r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
