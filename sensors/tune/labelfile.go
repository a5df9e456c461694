package tune

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"
	"time"

	"setpoint/sensors/display"
	"setpoint/sensors/stamp"
)

// A SensorLabel is a label of one sensor, or of all if Sensor is "".
type SensorLabel struct {
	Sensor string
	Label
}

// LabelsOf returns the labels in list that are about the named sensor.
func LabelsOf(list []SensorLabel, sensor string) (labels []Label) {
	for _, l := range list {
		if l.Sensor == "" || l.Sensor == sensor {
			labels = append(labels, l.Label)
		}
	}
	return labels
}

// ParseLabels reads the labels in a file of one of these forms, with the times that
// [stamp.Parse] takes:
//
//   - CSV with a header that names the columns from and to, and perhaps sensor and
//     label, which is real (as is an empty one), false or maintenance
//   - JSON, a list of pairs [from, to], or an object of such lists by sensor, which
//     may be named by a file of its readings, as in the Numenta Anomaly Benchmark
//
// The error lists what is wrong, up to ten faults; the labels that are right are
// returned with it.
func ParseLabels(file []byte) ([]SensorLabel, error) {
	file = bytes.TrimSpace(bytes.TrimPrefix(file, []byte("\ufeff")))
	var p labelParser
	switch {
	case len(file) == 0:
	case file[0] == '{':
		p.object(file)
	case file[0] == '[':
		p.list("", file)
	default:
		p.csv(file)
	}
	return p.labels, errors.Join(p.faults...)
}

// maxFaults is how many faults of a file are told.
const maxFaults = 10

type labelParser struct {
	labels []SensorLabel
	faults []error
}

func (p *labelParser) fault(format string, args ...any) {
	if len(p.faults) < maxFaults {
		p.faults = append(p.faults, fmt.Errorf("labels: "+format, args...))
	}
}

func (p *labelParser) object(file []byte) {
	var sensors map[string]json.RawMessage
	if err := json.Unmarshal(file, &sensors); err != nil {
		p.fault("%w: want an object of lists of pairs of times", err)
		return
	}
	names := make([]string, 0, len(sensors))
	for name := range sensors {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		p.list(sensorOf(name), sensors[name])
	}
}

// sensorOf returns the sensor of a file's readings, whose name is that of the file
// without folders and extension. Any other name is a sensor's own.
func sensorOf(name string) string {
	base := strings.TrimSuffix(path.Base(name), ".gz")
	for _, ext := range []string{".csv", ".jsonl", ".json"} {
		if stem, ok := strings.CutSuffix(base, ext); ok && stem != "" {
			return stem
		}
	}
	return name
}

func (p *labelParser) list(sensor string, list []byte) {
	var pairs [][]json.RawMessage
	if err := json.Unmarshal(list, &pairs); err != nil {
		p.fault("%w: want a list of pairs of times", err)
		return
	}
	for i, pair := range pairs {
		where := fmt.Sprintf("window %d", i+1)
		if sensor != "" {
			where += " of " + display.Quote(sensor)
		}
		if len(pair) != 2 {
			p.fault("%s has %d times: want 2", where, len(pair))
			continue
		}
		p.add(where, sensor, bytes.Trim(pair[0], `"`), bytes.Trim(pair[1], `"`), Real)
	}
}

func (p *labelParser) csv(file []byte) {
	r := csv.NewReader(bytes.NewReader(file))
	r.Comment, r.TrimLeadingSpace, r.FieldsPerRecord = '#', true, -1
	rows, err := r.ReadAll()
	if err != nil {
		p.fault("%w", err)
	}
	if len(rows) == 0 {
		return
	}
	column := func(name string) int {
		return slices.IndexFunc(rows[0], func(s string) bool { return strings.EqualFold(strings.TrimSpace(s), name) })
	}
	from, to, sensor, label := column("from"), column("to"), column("sensor"), column("label")
	if from < 0 || to < 0 {
		p.fault("header %s: want columns from and to", display.Quote(strings.Join(rows[0], ",")))
		return
	}
	for i, row := range rows[1:] {
		cell := func(c int) string {
			if c < 0 || c >= len(row) {
				return ""
			}
			return strings.TrimSpace(row[c])
		}
		where := fmt.Sprintf("record %d", i+1)
		if kind, ok := kindOf(cell(label)); ok {
			p.add(where, cell(sensor), []byte(cell(from)), []byte(cell(to)), kind)
		} else {
			p.fault("%s: label %s: want real, false or maintenance", where, display.Quote(cell(label)))
		}
	}
}

func kindOf(word string) (kind LabelKind, ok bool) {
	switch strings.ToLower(word) {
	case "", "real":
		return Real, true
	case "false":
		return False, true
	case "maintenance":
		return Maintenance, true
	}
	return 0, false
}

func (p *labelParser) add(where, sensor string, from, to []byte, kind LabelKind) {
	begin, ok := p.time(where, from)
	if !ok {
		return
	}
	end, ok := p.time(where, to)
	if !ok {
		return
	}
	if end.Before(begin) {
		p.fault("%s ends at %s, before it begins", where, display.Quote(string(to)))
		return
	}
	p.labels = append(p.labels, SensorLabel{sensor, Label{begin.UnixNano(), end.UnixNano(), kind}})
}

func (p *labelParser) time(where string, text []byte) (t time.Time, ok bool) {
	if t, ok = stamp.Parse(text); !ok {
		p.fault("%s: time %s: %s", where, display.Quote(string(text)), stamp.Want)
	}
	return t, ok
}
