package replay

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strconv"
	"syscall"
	"time"
	"unicode/utf8"

	"setpoint/sensors"
)

// Config says what a [Source] plays. The zero values mean: the file Path, all
// readings at once.
type Config struct {
	Name  string                        // the source as the user wrote it; "" means Path
	Open  func() (io.ReadCloser, error) // called once by each Run; nil opens the file Path
	Path  string                        // its extension tells the format, its base the default sensor; "" means Name
	Live  bool                          // a reading without a time gets that of its arrival; no waiting
	Speed float64                       // event time over wall time; 0 or +Inf means no waiting
}

// A Source plays one recording or stream. Its Run may be called again, but not
// while it runs.
type Source struct{ cfg Config }

// New returns the source that cfg describes. Nothing is opened before Run.
func New(cfg Config) *Source {
	cfg.Name, cfg.Path = cmp.Or(cfg.Name, cfg.Path), cmp.Or(cfg.Path, cfg.Name)
	if cfg.Open == nil {
		cfg.Open = func() (io.ReadCloser, error) { return open(cfg.Path) }
	}
	return &Source{cfg}
}

// Open returns a source that plays the file at path; see [Config] for speed. The
// file is opened at once, so that a wrong path is an error here.
func Open(path string, speed float64) (*Source, error) {
	first, err := open(path)
	if err != nil {
		return nil, err
	}
	return New(Config{Path: path, Speed: speed, Open: func() (io.ReadCloser, error) {
		if f := first; f != nil {
			first = nil
			return f, nil
		}
		return open(path)
	}}), nil
}

// Stdin returns the source "-", which plays r as it arrives and closes it at the
// end. Readings that name no sensor are of the sensor "stdin".
func Stdin(r io.ReadCloser) *Source {
	return New(Config{Name: "-", Path: "stdin", Live: true, Open: func() (io.ReadCloser, error) {
		return interruptible(r), nil
	}})
}

// Name returns the source as the user wrote it.
func (s *Source) Name() string { return s.cfg.Name }

// Run plays the source into sink, as [sensors.Source] promises.
func (s *Source) Run(ctx context.Context, sink sensors.Sink) error {
	r, err := s.cfg.Open()
	if err != nil {
		return err
	}
	defer r.Close()
	defer context.AfterFunc(ctx, func() { r.Close() })() // ends a Read that blocks

	out := &output{sink: sink, source: s.cfg.Name, pace: pace{speed: s.cfg.Speed}}
	if s.cfg.Live {
		out.pace.speed = 0
	}
	p := player{cfg: s.cfg, out: out}
	return p.play(ctx, r)
}

// An output hands readings to the sink in their time.
type output struct {
	sink   sensors.Sink
	source string
	pace   pace
}

// reading pushes r when it is due.
func (o *output) reading(ctx context.Context, r sensors.Reading) error {
	if !sensors.Finite(r.Value) {
		r.Quality = sensors.Bad
	}
	if err := o.pace.wait(ctx, r.Time); err != nil {
		return err
	}
	return o.sink.Reading(ctx, r)
}

// reject counts the record that began on the given line as none.
func (o *output) reject(line int64, reason string) {
	o.sink.Reject(sensors.Reject{Source: o.source, Line: line, Reason: reason})
}

// arrival is the time of a live reading that brings none.
func arrival() time.Time { return time.Now().UTC().Round(0) }

// open opens the file at path, which must not be a folder.
func open(path string) (*os.File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", quote(path), bare(err))
	}
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		err = errors.New("is a folder, want a file")
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("%s: %w", quote(path), bare(err))
	}
	return f, nil
}

// bare returns err without the path that the os package puts into its text.
func bare(err error) error {
	if e, ok := errors.AsType[*fs.PathError](err); ok {
		return e.Err
	}
	return err
}

// interruptible returns r, or if r is a pipe or terminal in blocking mode, which
// closing does not wake from a Read, the same opened anew in non-blocking mode.
// (Setting the mode on r itself would change it for other programs too.)
func interruptible(r io.ReadCloser) io.ReadCloser {
	f, ok := r.(*os.File)
	if !ok || f.SetReadDeadline(time.Time{}) == nil {
		return r
	}
	info, err := f.Stat()
	if err != nil || info.Mode()&(fs.ModeNamedPipe|fs.ModeCharDevice) == 0 {
		return r
	}
	anew, err := os.OpenFile(fmt.Sprintf("/dev/fd/%d", f.Fd()), os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return r
	}
	return both{anew, f}
}

// both reads the first of two files and closes the two.
type both struct {
	*os.File
	old *os.File
}

// Close closes both files.
func (b both) Close() error { return errors.Join(b.File.Close(), b.old.Close()) }

// maxQuoted is how many characters of a stranger's text an error shows.
const maxQuoted = 80

// quote returns text as a quoted string fit for an error, cut if it is long.
func quote[T string | []byte](text T) string {
	s := string(text[:min(len(text), (maxQuoted+1)*utf8.UTFMax)])
	end, n := 0, 0
	for ; end < len(s) && n < maxQuoted; n++ {
		_, size := utf8.DecodeRuneInString(s[end:])
		end += size
	}
	if end == len(text) {
		return strconv.Quote(s)
	}
	return strconv.Quote(s[:end]) + "..."
}
