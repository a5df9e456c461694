package config

import (
	"bytes"
	"errors"
	"strings"
)

// errPlace says that the text is written in a way in which the change cannot be
// made; nothing is.
var errPlace = errors.New("the file is written in a way that only a person can change")

// A place is where an entry stands in the text, in bytes.
type place struct {
	key   int // its first byte
	colon int // behind its colon
	start int // of the value; behind the colon if there is none
	end   int // behind the value; of a scalar, a mapping or list in brackets, or nothing
}

// lineAt returns where line n, counted from 1, begins.
func lineAt(raw []byte, n int) int {
	at := 0
	if bytes.HasPrefix(raw, bom) {
		at = len(bom)
	}
	for range n - 1 {
		i := bytes.IndexByte(raw[at:], '\n')
		if i < 0 {
			return len(raw)
		}
		at += i + 1
	}
	return at
}

// next returns where the line after the one at i begins.
func next(raw []byte, i int) int {
	if n := bytes.IndexByte(raw[i:], '\n'); n >= 0 {
		return i + n + 1
	}
	return len(raw)
}

// blanks returns where what follows spaces and tabs begins.
func blanks(raw []byte, i int) int {
	for i < len(raw) && (raw[i] == ' ' || raw[i] == '\t') {
		i++
	}
	return i
}

// gap returns where what follows spaces, line ends and comments begins.
func gap(raw []byte, i int) int {
	for {
		i = blanks(raw, i)
		switch {
		case i == len(raw):
			return i
		case raw[i] == '#':
			i = next(raw, i)
		case raw[i] == '\n' || raw[i] == '\r':
			i++
		default:
			return i
		}
	}
}

// scalarEnd returns where the scalar at i, which stands on one line unless it is in
// quotes, ends. A plain key ends at its colon.
func scalarEnd(raw []byte, i int, flow, key bool) int {
	if i < len(raw) && (raw[i] == '"' || raw[i] == '\'') {
		return quoteEnd(raw, i)
	}
	end := i
	for ; i < len(raw) && raw[i] != '\n'; i++ {
		c := raw[i]
		after := i+1 == len(raw) || strings.IndexByte(" \t\r\n", raw[i+1]) >= 0 || flow && strings.IndexByte(",[]{}", raw[i+1]) >= 0
		switch {
		case key && c == ':' && after:
			return end
		case flow && strings.IndexByte(",[]{}", c) >= 0:
			return end
		case c == '#' && i > 0 && (raw[i-1] == ' ' || raw[i-1] == '\t'):
			return end
		case c != ' ' && c != '\t' && c != '\r':
			end = i + 1
		}
	}
	return end
}

// quoteEnd returns where the text in quotes at i ends.
func quoteEnd(raw []byte, i int) int {
	quote := raw[i]
	for i++; i < len(raw); i++ {
		switch {
		case raw[i] == '\\' && quote == '"':
			i++
		case raw[i] != quote:
		case quote == '\'' && i+1 < len(raw) && raw[i+1] == '\'':
			i++
		default:
			return i + 1
		}
	}
	return len(raw)
}

// bracketEnd returns where the mapping or list in brackets at i ends.
func bracketEnd(raw []byte, i int) int {
	depth := 0
	for i = gap(raw, i); i < len(raw); i = gap(raw, i) {
		switch raw[i] {
		case '[', '{':
			depth++
			i++
		case ']', '}':
			depth--
			i++
		case '"', '\'':
			i = quoteEnd(raw, i)
		case ',', ':':
			i++
		default:
			i = max(scalarEnd(raw, i, true, true), i+1)
		}
		if depth == 0 {
			return i
		}
	}
	return i
}

// place finds the entry whose key begins at i.
func (e *entry) place(raw []byte, i int, flow bool) (place, error) {
	p := place{key: i}
	i = blanks(raw, scalarEnd(raw, i, flow, true))
	if i == len(raw) || raw[i] != ':' {
		return p, errPlace
	}
	p.colon = i + 1
	p.start = blanks(raw, p.colon)
	switch n := e.value; {
	case n.form == null && (flow || p.start == len(raw) || raw[p.start] != '~' && raw[p.start] != 'n' && raw[p.start] != 'N'):
		p.start, p.end = p.colon, p.colon
	case n.form == null || n.form == scalar && !n.block:
		p.start = gap(raw, p.start)
		p.end = scalarEnd(raw, p.start, flow, false)
	case n.flow:
		p.start = gap(raw, p.start)
		p.end = bracketEnd(raw, p.start)
	}
	return p, nil
}

// placeOf finds entry j of n, and with brackets, which begin at start, those before
// it.
func (n *node) placeOf(raw []byte, start, j int) ([]place, error) {
	if !n.flow {
		e := &n.entries[j]
		p, err := e.place(raw, blanks(raw, lineAt(raw, e.line)), false)
		return []place{p}, err
	}
	var out []place
	i := start + 1
	for k := range j + 1 {
		p, err := n.entries[k].place(raw, gap(raw, i), true)
		if err != nil {
			return nil, err
		}
		out = append(out, p)
		if i = gap(raw, p.end); i < len(raw) && raw[i] == ',' {
			i++
		}
	}
	return out, nil
}

// lastLine returns where the line on which e ends begins, given its place. Whatever
// is indented more than its key belongs to it, comments too.
func (e *entry) lastLine(raw []byte, p place) int {
	last := lineStart(raw, p.key)
	indent := p.key - last
	if e.value.flow {
		last = lineStart(raw, p.end-1)
	}
	for i := next(raw, last); i < len(raw); i = next(raw, i) {
		text := blanks(raw, i)
		switch {
		case text == len(raw) || raw[text] == '\n' || raw[text] == '\r':
		case text-i > indent, e.value.form == list && text-i == indent && raw[text] == '-':
			last = i
		case raw[text] != '#':
			return last
		}
	}
	return last
}

// lineStart returns where the line that has byte i begins.
func lineStart(raw []byte, i int) int {
	at := bytes.LastIndexByte(raw[:i], '\n') + 1
	if at == 0 && bytes.HasPrefix(raw, bom) {
		return len(bom)
	}
	return at
}
