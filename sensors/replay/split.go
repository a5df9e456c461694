package replay

import (
	"bytes"
	"context"
	"fmt"

	"setpoint/sensors/stamp"
)

// maxCells bounds the cells of a record.
const maxCells = 100_000

// An ending says how a record ends that has been split into cells.
type ending uint8

const (
	whole    ending = iota
	unclosed        // in a quote that goes on in the next line
	broken          // by a quote where none may stand, or with too many cells
)

// A splitter splits records into cells, reusing its memory.
type splitter struct {
	cells [][]byte
	plain []byte // quoted cells in which a doubled quote has been made one
}

// split returns the cells of the record b (RFC 4180), valid until the next call.
// Blanks around a cell without quotes are cut off.
func (s *splitter) split(b []byte, sep byte) ([][]byte, ending) {
	s.cells, s.plain = s.cells[:0], s.plain[:0]
	for {
		if len(s.cells) == maxCells {
			return nil, broken
		}
		cell, rest, more, end := s.cell(b, sep)
		if end != whole {
			return nil, end
		}
		s.cells = append(s.cells, cell)
		if !more {
			return s.cells, whole
		}
		b = rest
	}
}

// afterQuote returns how a record ends that goes on with b, in a quote.
func (s *splitter) afterQuote(b []byte, sep byte) ending {
	s.plain = s.plain[:0]
	_, rest, more, end := s.quoted(b, sep)
	if end == whole && more {
		_, end = s.split(rest, sep)
	}
	return end
}

// cell returns the first cell of b, and if a separator follows what comes after it.
func (s *splitter) cell(b []byte, sep byte) (cell, rest []byte, more bool, end ending) {
	if len(b) > 0 && b[0] == '"' {
		return s.quoted(b[1:], sep)
	}
	for i, c := range b {
		switch c {
		case sep:
			return trim(b[:i]), b[i+1:], true, whole
		case '"':
			return nil, nil, false, broken
		}
	}
	return trim(b), nil, false, whole
}

// quoted is cell for a cell whose opening quote stood before b.
func (s *splitter) quoted(b []byte, sep byte) (cell, rest []byte, more bool, end ending) {
	from := len(s.plain)
	for {
		i := bytes.IndexByte(b, '"')
		if i < 0 {
			return nil, nil, false, unclosed
		}
		s.plain = append(s.plain, b[:i]...)
		b = b[i+1:]
		switch {
		case len(b) == 0:
			return s.plain[from:], nil, false, whole
		case b[0] == sep:
			return s.plain[from:], b[1:], true, whole
		case b[0] != '"':
			return nil, nil, false, broken
		}
		s.plain = append(s.plain, '"')
		b = b[1:]
	}
}

// trim cuts blanks off both ends of b.
func trim(b []byte) []byte {
	for len(b) > 0 && (b[0] == ' ' || b[0] == '\t') {
		b = b[1:]
	}
	for len(b) > 0 && (b[len(b)-1] == ' ' || b[len(b)-1] == '\t') {
		b = b[:len(b)-1]
	}
	return b
}

// A quotation is the beginning of a record that goes on in a quote over the ends of
// its lines.
type quotation struct {
	line int64  // the record's first line; 0 if no record is open
	text []byte // its lines so far
}

// line takes line n and finds out which record it belongs to.
func (c *csv) line(ctx context.Context, n int64, b []byte) error {
	switch {
	case c.open.line != 0:
		return c.proceed(ctx, n, b)
	case len(trim(b)) == 0, b[0] == '#':
		return nil
	case c.layout == nil:
		return c.start(ctx, n, b)
	}
	return c.take(ctx, n, b)
}

// take takes the record b, unless it goes on in the lines after line n.
func (c *csv) take(ctx context.Context, n int64, b []byte) error {
	cells, end := c.split.split(b, c.layout.sep)
	switch end {
	case unclosed:
		c.open = quotation{line: n, text: append(c.open.text[:0], b...)}
	case broken:
		c.out.reject(n, fmt.Sprintf("record %s: want quotes around whole cells, doubled within them, and up to %d cells", quote(b), maxCells))
	default:
		return c.record(ctx, n, cells)
	}
	return nil
}

// proceed takes line n while a quote is open.
func (c *csv) proceed(ctx context.Context, n int64, b []byte) error {
	if c.isRecord(b) || len(c.open.text)+len(b) > maxLine {
		if err := c.end(ctx); err != nil {
			return err
		}
		return c.line(ctx, n, b)
	}
	c.open.text = append(append(c.open.text, '\n'), b...)
	switch c.split.afterQuote(b, c.layout.sep) {
	case unclosed:
		return nil
	case broken:
		return c.giveUp(ctx)
	}
	line := c.open.line
	c.open.line = 0
	return c.take(ctx, line, c.open.text)
}

// isRecord reports whether the line b, which may be part of a quote, would be a
// record that can be read, so that the quote is more likely a stray one.
func (c *csv) isRecord(b []byte) bool {
	cells, end := c.split.split(b, c.layout.sep)
	if end != whole || !c.layout.fits(cells) {
		return false
	}
	if c.layout.at[fieldTime] != noField {
		if _, ok := stamp.Parse(c.cell(cells, fieldTime)); !ok {
			return false
		}
	}
	if c.layout.wide != nil {
		return true
	}
	_, _, ok := measured(c.cell(cells, fieldValue), c.layout.sep)
	return ok
}

// giveUp rejects the first line of the open record and takes its other lines anew.
// Of those none but the last can open a quote that stays open: within the quote they
// left it open, so the quotes of each come in pairs.
func (c *csv) giveUp(ctx context.Context) error {
	n, text := c.open.line, c.open.text
	c.open = quotation{}
	first, rest, more := bytes.Cut(text, []byte{'\n'})
	c.out.reject(n, "record "+quote(first)+": its quote is not closed")
	for more {
		var b []byte
		n++
		b, rest, more = bytes.Cut(rest, []byte{'\n'})
		if err := c.line(ctx, n, b); err != nil {
			return err
		}
	}
	return nil
}

// end gives up what is open.
func (c *csv) end(ctx context.Context) error {
	for c.open.line != 0 {
		if err := c.giveUp(ctx); err != nil {
			return err
		}
	}
	return nil
}
