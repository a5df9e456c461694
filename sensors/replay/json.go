package replay

import (
	"context"
	"fmt"
	"time"

	"setpoint/sensors"
	"setpoint/sensors/stamp"
)

// jsonLines decodes one JSON object a line.
type jsonLines struct {
	out    *output
	tables tables
	live   bool
	scan   scanner
}

func (j *jsonLines) end(context.Context) error { return nil }

func (j *jsonLines) line(ctx context.Context, n int64, b []byte) error {
	if len(trim(b)) == 0 {
		return nil
	}
	if err := j.scan.object(b); err != nil {
		j.out.reject(n, err.Error())
		return nil
	}
	r, err := j.reading(&j.scan.fields)
	if err != nil {
		j.out.reject(n, err.Error())
		return nil
	}
	return j.out.reading(ctx, r)
}

// reading returns the reading that the fields of an object are.
func (j *jsonLines) reading(f *[fieldCount]token) (r sensors.Reading, err error) {
	if r.Time, err = j.time(f[fieldTime]); err != nil {
		return r, err
	}
	switch t := f[fieldSensor]; t.kind {
	case str:
		r.Sensor, err = j.tables.sensor(t.text)
	default:
		err = t.fault("sensor", "want a string")
	}
	if err != nil {
		return r, err
	}
	if r.Value, err = jsonValue(f[fieldValue]); err != nil {
		return r, err
	}
	switch t := f[fieldUnit]; t.kind {
	case missing, null:
	case str:
		r.Unit, err = j.tables.unit(t.text)
	default:
		err = t.fault("unit", "want a string")
	}
	return r, err
}

func (j *jsonLines) time(t token) (time.Time, error) {
	switch t.kind {
	case missing, null:
		if j.live {
			return arrival(), nil
		}
	case str, num:
		if at, ok := stamp.Parse(t.text); ok {
			return at, nil
		}
	}
	return time.Time{}, t.fault("time", stamp.Want)
}

func jsonValue(t token) (float64, error) {
	switch t.kind {
	case num:
		if v, ok := number(t.text); ok {
			return v, nil
		}
		return 0, t.fault("value", "want a finite number")
	case str:
		switch string(t.text) {
		case "NaN", "Inf", "-Inf":
			v, _ := notFinite(string(t.text))
			return v, nil
		}
	}
	return 0, t.fault("value", `want a number, "NaN", "Inf" or "-Inf"`)
}

// fault says what is wrong with the field that t stands in.
func (t token) fault(field, want string) error {
	if t.kind == missing {
		return fmt.Errorf("%s is missing: %s", field, want)
	}
	return fmt.Errorf("%s %s: %s", field, quote(t.text), want)
}
