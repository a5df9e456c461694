package tune

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"

	"setpoint/sensors/display"
	"setpoint/sensors/threshold"
)

// Wants says what can be typed for the handle.
func (p *Page) Wants() display.Safe {
	switch p.handle {
	case On:
		return "a value such as 88.5, or off"
	case Edge:
		return "where the alarm ends, such as 87.5"
	}
	return "a time such as 90s, 2m or 1h30m; 0 for none"
}

// Type puts the handle where text says, or says what is wrong with it.
func (p *Page) Type(text string) error {
	if !p.known() {
		return errUnknown
	}
	r := p.Rule()
	text = strings.TrimSpace(text)
	switch p.handle {
	case On:
		at, err := value(text)
		if err != nil {
			return err
		}
		r.At = at
	case Edge:
		edge, err := value(text)
		if err != nil {
			return err
		}
		if r.Deadband, err = p.deadband(r.At, edge); err != nil {
			return err
		}
	case OnDelay, OffDelay:
		d, err := length(text)
		if err != nil {
			return err
		}
		if p.handle == OnDelay {
			r.OnDelay = d
		} else {
			r.OffDelay = d
		}
	}
	return p.put(r, false)
}

// deadband returns how far edge lies inside of at.
func (p *Page) deadband(at, edge float64) (float64, error) {
	d, side := at-edge, "below"
	if !p.key.Kind.Upper() {
		d, side = -d, "above"
	}
	switch {
	case math.IsNaN(at):
		return 0, errors.New("the threshold is off: set it first")
	case !(d >= 0):
		return 0, fmt.Errorf("the alarm ends %s where it begins: want a value at or %s %g", side, side, at)
	}
	return tidy(d), nil
}

// tidy rounds the noise of a subtraction away.
func tidy(d float64) float64 {
	v, err := strconv.ParseFloat(strconv.FormatFloat(d, 'g', 10, 64), 64)
	if err != nil {
		return d
	}
	return v
}

// value reads a number, or the word off.
func value(text string) (float64, error) {
	if strings.EqualFold(text, "off") {
		return threshold.Off, nil
	}
	v, err := strconv.ParseFloat(strings.Replace(text, ",", ".", 1), 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) || strings.ContainsAny(text, "xX_pP") {
		return 0, fmt.Errorf("%s: want a number or off", display.Quote(text))
	}
	return v + 0, nil
}

// length reads a time: with its unit, or in seconds; off is none.
func length(text string) (time.Duration, error) {
	if strings.EqualFold(text, "off") {
		return 0, nil
	}
	if v, err := value(text); err == nil {
		text = strconv.FormatFloat(v, 'f', -1, 64) + "s"
	}
	d, err := time.ParseDuration(strings.ReplaceAll(text, " ", ""))
	if err != nil || d < 0 || d > threshold.MaxDelay {
		return 0, fmt.Errorf("%s: want a time from 0 to %gh, such as 90s or 2m", display.Quote(text), threshold.MaxDelay.Hours())
	}
	return d, nil
}
