package replay

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"setpoint/sensors"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// A recorder is a sink that remembers what it got.
type recorder struct {
	readings []sensors.Reading
	rejects  []sensors.Reject
	got      func(sensors.Reading) error // called for each reading, if set
}

func (r *recorder) Reading(_ context.Context, reading sensors.Reading) error {
	r.readings = append(r.readings, reading)
	if r.got != nil {
		return r.got(reading)
	}
	return nil
}

func (r *recorder) Reject(reject sensors.Reject) { r.rejects = append(r.rejects, reject) }

func (r *recorder) Settle(context.Context) error { return nil }

// counter is a sink that only counts.
type counter struct{ readings, rejects int }

func (c *counter) Reading(context.Context, sensors.Reading) error { c.readings++; return nil }
func (c *counter) Reject(sensors.Reject)                          { c.rejects++ }
func (c *counter) Settle(context.Context) error                   { return nil }

// of returns the source that plays r as the file of that path.
func of(path string, r io.Reader) *Source {
	return New(Config{Path: path, Open: func() (io.ReadCloser, error) { return io.NopCloser(r), nil }})
}

// played plays text as the file of that path, which must end well.
func played(t testing.TB, path, text string) *recorder {
	t.Helper()
	rec := &recorder{}
	if err := of(path, strings.NewReader(text)).Run(t.Context(), rec); err != nil {
		t.Fatalf("Run = %v", err)
	}
	return rec
}

// brief writes readings and rejects as "sensor=value unit@second" and "!line", in
// the order of their lines within each kind.
func (r *recorder) brief() string {
	var parts []string
	for _, g := range r.readings {
		s := fmt.Sprintf("%s=%v%s", g.Sensor, g.Value, g.Unit)
		if !g.Time.Equal(newYear) {
			s += fmt.Sprintf("@%v", g.Time.Sub(newYear))
		}
		if g.Quality != sensors.Good {
			s += " " + g.Quality.String()
		}
		parts = append(parts, s)
	}
	for _, g := range r.rejects {
		parts = append(parts, fmt.Sprintf("!%d", g.Line))
	}
	return strings.Join(parts, " | ")
}

var (
	newYear = time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	errFull = errors.New("full")
)

// repeated is a reader of n copies of a text, which is never whole in memory.
type repeated struct {
	text string
	n    int
	rest string
}

func (r *repeated) Read(p []byte) (int, error) {
	if r.rest == "" {
		if r.n == 0 {
			return 0, io.EOF
		}
		r.n--
		r.rest = r.text
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// counted is a sink that remembers the names of sensors only.
type counted struct {
	counter
	names []string
}

func (c *counted) Reading(_ context.Context, r sensors.Reading) error {
	c.names = append(c.names, r.Sensor)
	return nil
}

func byLine(a, b sensors.Reject) int { return cmp.Compare(a.Line, b.Line) }
