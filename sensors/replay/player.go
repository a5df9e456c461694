package replay

import (
	"bufio"
	"bytes"
	"cmp"
	"compress/gzip"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"strings"
)

// A decoder turns the lines of one format into readings and rejects.
type decoder interface {
	// line takes line n; b is valid during the call only. An error ends the play.
	line(ctx context.Context, n int64, b []byte) error

	// end takes note that what follows is no continuation of the lines so far.
	end(ctx context.Context) error
}

// A player reads lines and hands them to the decoder of their format.
type player struct {
	cfg     Config
	out     *output
	guessed bool    // by the first line what dec is
	dec     decoder // nil until the format is known
}

// play plays r to its end.
func (p *player) play(ctx context.Context, r io.Reader) error {
	in, err := decompressed(r)
	if err != nil {
		return fmt.Errorf("%s: %w", quote(p.cfg.Name), err)
	}
	p.dec = p.byExtension()
	ls := lines{r: in}
	for {
		b, err := ls.next()
		if ctx.Err() != nil {
			return ctx.Err()
		}
		switch {
		case err == nil:
			err = p.line(ctx, ls.n, b)
		case errors.Is(err, errLong):
			err = p.long(ctx, ls.n)
		case errors.Is(err, io.EOF):
			return p.end(ctx)
		default:
			return p.damage(ctx, ls.n, b, bare(err))
		}
		if err != nil {
			return err
		}
	}
}

// line hands on line n. The first that is not blank tells the format.
func (p *player) line(ctx context.Context, n int64, b []byte) error {
	if n == 1 {
		b = bytes.TrimPrefix(b, []byte("\xef\xbb\xbf")) // a byte order mark
	}
	b = bytes.TrimSuffix(b, []byte("\r"))
	if p.dec == nil {
		text := trim(b)
		if len(text) == 0 {
			return nil
		}
		p.dec = p.decoder(text[0] == '{')
		p.guessed = true
	}
	if c, ok := p.dec.(*csv); ok && p.guessed && c.layout == nil && bytes.HasPrefix(trim(b), []byte("{")) {
		p.dec = p.decoder(true) // what came before was a banner, or torn
	}
	return p.dec.line(ctx, n, b)
}

// long rejects line n, which is too long.
func (p *player) long(ctx context.Context, n int64) error {
	err := p.end(ctx)
	p.out.reject(n, errLong.Error())
	return err
}

// damage ends the play after line n because of a fault, which left the bytes b of
// the next line.
func (p *player) damage(ctx context.Context, n int64, b []byte, fault error) error {
	if err := p.end(ctx); err != nil {
		return err
	}
	if len(b) > 0 {
		p.out.reject(n+1, fmt.Sprintf("line %s is cut off: %v", quote(b), fault))
	}
	return fmt.Errorf("%s, after line %d: %w", quote(p.cfg.Name), n, fault)
}

func (p *player) end(ctx context.Context) error {
	if p.dec == nil {
		return nil
	}
	return p.dec.end(ctx)
}

// decompressed returns r, unpacked if it begins like a gzip file.
func decompressed(r io.Reader) (*bufio.Reader, error) {
	in := bufio.NewReaderSize(r, bufferSize)
	for i, magic := range []byte{0x1f, 0x8b} {
		// Byte by byte: whoever pipes one byte shall not wait for a second one.
		if b, _ := in.Peek(i + 1); len(b) <= i || b[i] != magic {
			return in, nil
		}
	}
	z, err := gzip.NewReader(in)
	if err != nil {
		return nil, err
	}
	return bufio.NewReaderSize(z, bufferSize), nil
}

// byExtension returns the decoder that the extension of the path asks for, if any.
func (p *player) byExtension() decoder {
	switch filepath.Ext(trimGzip(strings.ToLower(p.cfg.Path))) {
	case ".csv", ".tsv":
		return p.decoder(false)
	case ".jsonl", ".ndjson", ".json":
		return p.decoder(true)
	default:
		return nil
	}
}

// decoder returns the decoder of JSON lines or of CSV.
func (p *player) decoder(json bool) decoder {
	t := newTables()
	if json {
		return &jsonLines{out: p.out, tables: t, live: p.cfg.Live}
	}
	return &csv{out: p.out, tables: t, live: p.cfg.Live, sensor: []byte(stem(p.cfg.Path))}
}

// stem returns the base of path without .gz and without its extension.
func stem(path string) string {
	base := filepath.Base(path)
	name := trimGzip(base)
	return cmp.Or(strings.TrimSuffix(name, filepath.Ext(name)), base)
}

func trimGzip(path string) string {
	if e := filepath.Ext(path); strings.EqualFold(e, ".gz") {
		return path[:len(path)-len(e)]
	}
	return path
}

const (
	maxLine    = 1 << 20  // bytes of a line, without its end
	bufferSize = 64 << 10 // what is read at once, if there is so much
)

var errLong = errors.New("line is longer than 1 MiB")

// lines reads lines of bounded length.
type lines struct {
	r     *bufio.Reader
	n     int64  // lines read
	spill []byte // a line that does not fit the buffer of r
}

// next returns the next line without its newline, valid until the next call. After
// a line that is too long it returns errLong and goes on with the next one. The last
// line needs no newline; then follows io.EOF. With any other error it returns what
// there was of the line that the error cut off, which is not counted.
func (l *lines) next() ([]byte, error) {
	b, err := l.r.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		b, err = l.longer(b)
	}
	switch {
	case err == nil:
		b = b[:len(b)-1]
	case !errors.Is(err, io.EOF), len(b) == 0:
		return b, err
	}
	l.n++
	if len(b) > maxLine {
		return nil, errLong
	}
	return b, nil
}

// longer reads on to the end of the line that begins with b. Of a line that is too
// long it keeps no more than shows that it is.
func (l *lines) longer(b []byte) ([]byte, error) {
	l.spill = append(l.spill[:0], b...)
	for {
		b, err := l.r.ReadSlice('\n')
		if len(l.spill) <= maxLine+1 { // its newline may be the one byte more
			l.spill = append(l.spill, b...)
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return l.spill, err
		}
	}
}
