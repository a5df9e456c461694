package offline

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"setpoint/sensors"
	"setpoint/sensors/display"
	"setpoint/sensors/export"
	"setpoint/sensors/suggest"
	"setpoint/sensors/threshold"
	"setpoint/sensors/tune"
	"setpoint/ui/cli"
	"setpoint/workflow/monitor"
)

// labelled adds what the file of labels says to the studies.
func labelled(list []monitor.Study, file string) error {
	if file == "" {
		return nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return &monitor.UsageError{Err: fmt.Errorf("--labels: %w", err)}
	}
	labels, err := tune.ParseLabels(text)
	if err != nil {
		return &monitor.UsageError{Err: err}
	}
	fit := len(labels) == 0
	for i := range list {
		of := tune.LabelsOf(labels, list[i].Sensor)
		list[i].Labels = append(list[i].Labels, of...)
		fit = fit || len(of) > 0
	}
	if !fit {
		return &monitor.UsageError{Err: fmt.Errorf("--labels %s: no label is of a sensor that is asked about", display.Quote(file))}
	}
	return nil
}

func whatif(ctx context.Context, o *cli.Options, out io.Writer) error {
	list, err := studies(ctx, o)
	if err == nil {
		err = labelled(list, o.Labels)
	}
	if err != nil {
		return err
	}
	var answers []tune.Answer
	for i := range list {
		answers = append(answers, list[i].Answers()...)
	}
	if !o.JSON {
		_, err := io.WriteString(out, tune.Table(answers))
		return err
	}
	all := make([]*tune.Answer, len(answers))
	for i := range answers {
		all[i] = &answers[i]
	}
	return lines(out, all)
}

// exported writes the thresholds in the form that is asked for: of the sensors of the
// recordings and of those that the configuration names.
func exported(ctx context.Context, o *cli.Options, out io.Writer) error {
	var list []monitor.Study
	if len(o.Sources) > 0 {
		var err error
		if list, err = studies(ctx, o); err != nil {
			return err
		}
	} else {
		list = monitor.Named(o.Settings)
	}
	var rules []export.Rule
	var cuts []export.Excursion
	for i := range list {
		s := &list[i]
		for k := range threshold.Kinds {
			if !s.Set.On(k) {
				continue
			}
			r := export.Rule{Sensor: s.Sensor, Unit: s.Unit, Kind: k, Rule: s.Set[k], Advice: s.Advice[k]}
			rules = append(rules, r)
			if o.Tests {
				times, values := s.Readings()
				cuts = append(cuts, export.Excursions(r, times, values)...)
			}
		}
	}
	if len(list) == 0 {
		return &monitor.UsageError{Err: errors.New("no sensor is known: name a recording, or sensors in the configuration file")}
	}
	switch {
	case o.Tests && o.What == "prometheus":
		return export.PrometheusTests(out, "", "setpoint.rules.yml", cuts)
	case o.Tests:
		return &monitor.UsageError{Err: fmt.Errorf("--tests: there are tests for prometheus, not for %s", o.What)}
	case o.What == "prometheus":
		return export.Prometheus(out, "", rules)
	case o.What == "grafana":
		return export.Grafana(out, "", "prometheus", rules)
	}
	return export.HomeAssistant(out, rules)
}

func suggested(ctx context.Context, o *cli.Options, out io.Writer) error {
	list, err := studies(ctx, o)
	if err == nil {
		err = labelled(list, o.Labels)
	}
	if err != nil {
		return err
	}
	week := o.Budget.Alarms * float64(7*24*time.Hour) / float64(o.Budget.Per)
	var buf []byte
	for i := range list {
		for _, k := range []threshold.Kind{threshold.High, threshold.Low} {
			buf = append(appendSuggestion(buf, o, &list[i], k, week), '\n')
		}
	}
	_, err = out.Write(buf)
	return err
}

// appendSuggestion appends what is suggested for one threshold: an object, or a line.
func appendSuggestion(dst []byte, o *cli.Options, s *monitor.Study, k threshold.Kind, week float64) []byte {
	name := fmt.Sprintf("%s %s: ", display.Text(s.Sensor), k)
	switch {
	case o.Band:
		l := s.SuggestLine(k, week)
		if o.JSON {
			return appendLine(dst, s.Sensor, &l)
		}
		return append(dst, name+l.String()...)
	case o.JSON:
		one := s.Suggest(k, week)
		return one.AppendJSON(dst)
	}
	one := s.Suggest(k, week)
	dst = append(dst, name+one.String()...)
	if one.Reason == "" { // the promise holds with these only
		dst = fmt.Appendf(dst, "; off %.6g, delays %v/%v", one.Off, one.OnDelay, one.OffDelay)
	}
	return dst
}

// appendLine appends a line that follows what is usual as a JSON object.
func appendLine(dst []byte, sensor string, l *suggest.Line) []byte {
	dst = display.AppendJSON(append(dst, `{"sensor":`...), sensor)
	dst = fmt.Appendf(dst, `,"threshold":%q`, l.Kind)
	if l.Reason != "" {
		dst = append(display.AppendJSON(append(dst, `,"line":null,"reason":`...), l.Reason), '}')
		return dst
	}
	line := struct {
		Margin  float64  `json:"margin"`
		Usual   float64  `json:"usual"`
		Daily   float64  `json:"daily"`
		Bound   *float64 `json:"bound"`
		Budget  float64  `json:"budget_per_week"`
		Rough   bool     `json:"rough"`
		Days    float64  `json:"learned_days"`
		OnDelay string   `json:"on_delay"`
		Text    string   `json:"text"`
	}{l.Margin, l.Usual, l.Daily, nil, l.Budget, l.Rough, l.Days, l.OnDelay.String(), l.String()}
	if sensors.Finite(l.Bound) {
		line.Bound = &l.Bound
	}
	text, err := json.Marshal(line)
	if err != nil { // a figure that is not finite
		text = []byte("null")
	}
	return append(append(append(dst, `,"line":`...), text...), '}')
}
