// Package export writes thresholds in the languages of other systems, so that they
// mean the same there as far as that system can say it. What it cannot say stands in
// comments at the top of each file.
//
// It is pure: no clock, and no output but what it is given to write to. Names, units
// and advice are strangers' text: whatever is in them, the file stays well formed, and
// the text arrives as it is (bytes that are no UTF-8 apart, which become U+FFFD). Numbers
// arrive exactly.
package export

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"time"

	"setpoint/sensors"
	"setpoint/sensors/alarm"
	"setpoint/sensors/threshold"
)

// A Rule is one threshold of one sensor, with what its alarm tells a person. One that is
// off is left out.
type Rule struct {
	Sensor, Unit string
	Kind         threshold.Kind
	threshold.Rule
	alarm.Advice
}

// set returns a Set that holds nothing but r.
func (r *Rule) set() threshold.Set {
	s := threshold.None
	s[r.Kind] = r.Rule
	return s
}

// off returns where the alarm ends: a value on the normal side of it ends it.
func (r *Rule) off() float64 {
	s := r.set()
	return s.OffEdge(r.Kind)
}

// beyond returns the comparison that means "on the edge or beyond it".
func (r *Rule) beyond() string {
	if r.Kind.Upper() {
		return ">="
	}
	return "<="
}

// summary says in plain words what r is, after the value.
func (r *Rule) summary() string {
	unit, inside := "", "below"
	if r.Unit != "" {
		unit = " " + r.Unit
	}
	if !r.Kind.Upper() {
		inside = "above"
	}
	return unit + "; " + r.Kind.String() + " is on at " + number(r.At) + unit + ", off " + inside + " " + number(r.off()) + unit
}

// valid returns the rules that are on, or every fault of rules.
func valid(rules []Rule) (on []Rule, err error) {
	type key struct {
		sensor string
		kind   threshold.Kind
	}
	seen := map[key]bool{}
	var errs []error
	for _, r := range rules {
		if err := r.check(); err != nil {
			errs = append(errs, err)
			continue
		}
		if s := r.set(); !s.On(r.Kind) {
			continue
		}
		if k := (key{r.Sensor, r.Kind}); !seen[k] {
			seen[k] = true
			on = append(on, r)
			continue
		}
		errs = append(errs, fmt.Errorf("%v of sensor %.80q is given twice", r.Kind, r.Sensor))
	}
	return on, errors.Join(errs...)
}

func (r *Rule) check() error {
	if r.Kind >= threshold.Kinds {
		return fmt.Errorf("%v of sensor %.80q: want one of the four thresholds", r.Kind, r.Sensor)
	}
	if err := sensors.CheckName(r.Sensor); err != nil {
		return err
	}
	if err := r.set().Validate(); err != nil {
		return fmt.Errorf("sensor %.80q: %w", r.Sensor, err)
	}
	return nil
}

// A page is a file that is being written.
type page struct{ bytes.Buffer }

// line adds a line.
func (p *page) line(format string, args ...any) {
	fmt.Fprintf(p, format, args...)
	p.WriteByte('\n')
}

// field adds a line with a key and a text, unless that is empty.
func (p *page) field(key, text string) {
	if text != "" {
		p.line("%s: %s", key, quote(text))
	}
}

// to writes the page to w.
func (p *page) to(w io.Writer) error {
	_, err := w.Write(p.Bytes())
	return err
}

// severity is what others call a priority.
func (r *Rule) severity() string {
	switch r.Priority.For(r.Kind) {
	case alarm.HighPriority:
		return "critical"
	case alarm.MediumPriority:
		return "warning"
	}
	return "info"
}

// respond returns the time to respond, "" if nobody has said.
func (r *Rule) respond() string {
	if r.Respond <= 0 {
		return ""
	}
	return r.Respond.Round(time.Second).String()
}
