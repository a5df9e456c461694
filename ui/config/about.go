package config

import (
	"errors"
	"slices"
	"strconv"
	"time"

	"setpoint/sensors/alarm"
	"setpoint/sensors/display"
	"setpoint/sensors/threshold"
)

// aboutKeys are the keys of what is said of a sensor beside its thresholds.
var aboutKeys = []string{"kind", "cause", "consequence", "action", "priority", "respond", "out-of-service", "flat", "stale", "adaptive"}

// about reads what is said of a sensor beside its thresholds.
func (d *decoder) about(s *Scope, where string, e entry) {
	text, ok := d.word(where, e, "want a word")
	if !ok {
		return
	}
	var err error
	switch e.key {
	case "cause":
		s.Advice.Cause, err = note(text)
	case "consequence":
		s.Advice.Consequence, err = note(text)
	case "action":
		s.Advice.Action, err = note(text)
	case "out-of-service":
		s.OutOfService, err = note(text)
	case "kind":
		if s.Kind = text; !slices.Contains(SensorKinds, text) {
			err = errors.New("want " + Nearest(text, SensorKinds))
		}
	case "priority":
		s.Advice.Priority, err = priority(text)
	case "respond":
		s.Advice.Respond, err = parseTime(text, threshold.MaxDelay)
	case "flat":
		s.Flat, err = timeOrOff(text)
	case "stale":
		s.Stale, err = timeOrOff(text)
	case "adaptive":
		s.Adaptive, err = onOrOff(text)
	}
	if err != nil {
		d.fault(e.line, "%s %s: %s", where, display.Quote(text), err)
	}
}

// maxNote is the longest text about a sensor, in bytes.
const maxNote = 1024

func note(text string) (string, error) {
	if len(text) > maxNote {
		return "", errors.New("want at most " + strconv.Itoa(maxNote) + " bytes")
	}
	return text, nil
}

func priority(text string) (alarm.Priority, error) {
	for _, p := range []alarm.Priority{alarm.LowPriority, alarm.MediumPriority, alarm.HighPriority} {
		if p.String() == text {
			return p, nil
		}
	}
	return alarm.Unset, errors.New("want low, medium or high")
}

func onOrOff(text string) (*bool, error) {
	switch text {
	case "true", "on", "yes":
		return new(true), nil
	case "false", "off", "no":
		return new(false), nil
	}
	return nil, errors.New("want true or false")
}

func timeOrOff(text string) (*time.Duration, error) {
	if text == "off" {
		return new(time.Duration), nil
	}
	v, err := parseTime(text, threshold.MaxDelay)
	if err != nil || v == 0 {
		return nil, errors.New("want a time such as 90s or 1h30m, or off")
	}
	return &v, nil
}
