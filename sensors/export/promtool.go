package export

import (
	"io"
	"strconv"
	"strings"
	"time"
)

// PrometheusTests writes a file for "promtool test rules" that holds that the rules in
// rulesFile, as [Prometheus] writes them for the same metric, raise the alerts that they
// should on recorded excursions, and no others.
func PrometheusTests(w io.Writer, metric, rulesFile string, excursions []Excursion) error {
	metric, err := metricOf(metric)
	if err != nil {
		return err
	}
	var p page
	p.line("# Tests of the rules, cut from recorded readings: promtool test rules THIS_FILE")
	p.line("rule_files:\n  - %s", quote(rulesFile))
	p.line("evaluation_interval: %s", span(Look))
	p.line("tests:")
	if len(excursions) == 0 {
		p.line("  []")
	}
	for i := range excursions {
		e := &excursions[i]
		if err := e.Rule.check(); err != nil {
			return err
		}
		p.test(metric, e)
	}
	return p.to(w)
}

// test adds the test of an excursion.
func (p *page) test(metric string, e *Excursion) {
	verdict := "rejected"
	if e.Real {
		verdict = "real"
	}
	p.line("  - name: %s", quote(e.Rule.Sensor+" "+e.Rule.Kind.String()+": "+verdict+" excursion"))
	p.line("    interval: %s", span(Look))
	p.line("    input_series:")
	p.line("      - series: %s", single(selector(metric, e.Rule.Sensor)))
	p.line("        values: %s", single(series(e.Values)))
	p.line("    alert_rule_test:")
	latches := e.walk()
	seen := 0.0 // the value when the expression was true last
	for i, l := range latches {
		if l.Cond.On() && e.Rule.holds(e.Values[i]) {
			seen = e.Values[i]
		}
		next := i+1 == len(latches) || latches[i+1].Cond != l.Cond
		if i == 0 || next || latches[i-1].Cond != l.Cond {
			p.expect(e, i, l.Cond.On(), seen)
		}
	}
}

// series returns values as promtool reads them: v+0xn stands for v and n more of it.
func series(values []float64) string {
	var words []string
	for i := 0; i < len(values); {
		n := 1
		for i+n < len(values) && values[i+n] == values[i] {
			n++
		}
		word := number(values[i])
		if n > 1 {
			word += "+0x" + strconv.Itoa(n-1)
		}
		words = append(words, word)
		i += n
	}
	return strings.Join(words, " ")
}

// holds reports whether v keeps the alarm on.
func (r *Rule) holds(v float64) bool {
	s := r.set()
	return !s.Inside(r.Kind, v)
}

// expect adds what is wanted at a step: the alert, with the value seen last, or none.
func (p *page) expect(e *Excursion, i int, on bool, seen float64) {
	r := &e.Rule
	p.line("      - eval_time: %s", span(time.Duration(i)*Look))
	p.line("        alertname: %s", alertName[r.Kind])
	if !on {
		p.line("        exp_alerts: []")
		return
	}
	p.line("        exp_alerts:")
	p.line("          - exp_labels:")
	p.field("              sensor", r.Sensor)
	p.field("              severity", r.severity())
	p.line("            exp_annotations:")
	p.field("              summary", r.Sensor+" is "+strconv.FormatFloat(seen, 'g', 6, 64)+r.summary())
	p.advice("              ", r, func(s string) string { return s })
}
