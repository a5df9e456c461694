package export

import (
	"fmt"
	"io"
	"regexp"

	"setpoint/sensors/threshold"
)

// Metric is the name of the series that hold the readings, if nobody names another.
const Metric = "setpoint_value"

var metricName = regexp.MustCompile(`^[a-zA-Z_:][a-zA-Z0-9_:]*$`)

// metricOf returns the metric to use: name, or [Metric] if that is empty.
func metricOf(name string) (string, error) {
	switch {
	case name == "":
		return Metric, nil
	case !metricName.MatchString(name):
		return "", fmt.Errorf("metric %.80q: want letters, digits, colons and underscores", name)
	}
	return name, nil
}

// asked returns the metric and the rules to write, or what is wrong with them.
func asked(metric string, rules []Rule) (string, []Rule, error) {
	metric, err := metricOf(metric)
	if err != nil {
		return "", nil, err
	}
	rules, err = valid(rules)
	return metric, rules, err
}

// alertName is the name of the alert of each threshold.
var alertName = [threshold.Kinds]string{"SetpointCriticalLow", "SetpointLow", "SetpointHigh", "SetpointCritical"}

// aside is what Prometheus does otherwise.
const aside = `# Thresholds as Prometheus alerting rules (2.42 or newer, for keep_firing_for).
# A rule goes on at its threshold, and off at the other number: it sees by ALERTS that
# it is firing. What Prometheus cannot hold:
#  - It looks at the interval of the group: what happens in between is not seen, and
#    delays end with the next look. An interval of 5m or more breaks the off edge.
#  - No data for 5m resolves an alert; here it stays on. Alert on absent() as well.
#  - A bad reading must not be in the series at all: quality is unknown there.
#  - Nobody can acknowledge an alert, and one that is over is gone. Silences of the
#    Alertmanager are the nearest thing to shelving.
`

// Prometheus writes rules as a file of alerting rules for Prometheus, over the series
// metric{sensor="..."} ([Metric] if that is empty).
func Prometheus(w io.Writer, metric string, rules []Rule) error {
	metric, rules, err := asked(metric, rules)
	if err != nil {
		return err
	}
	var p page
	p.WriteString(aside)
	p.line("groups:\n  - name: setpoint\n    interval: %s\n    rules:", span(Look))
	if len(rules) == 0 {
		p.line("      []")
	}
	for i := range rules {
		p.alert(metric, &rules[i])
	}
	return p.to(w)
}

// alert adds a rule.
func (p *page) alert(metric string, r *Rule) {
	name, sel := alertName[r.Kind], selector(metric, r.Sensor)
	p.line("      - alert: %s", name)
	p.line("        expr: |-")
	p.line("          %s %s %s", sel, r.beyond(), number(r.At))
	if r.Deadband > 0 {
		p.line("          or (")
		p.line("            %s %s %s", sel, r.beyond(), number(r.off()))
		p.line("            and ignoring (alertname, alertstate, severity)")
		p.line(`            ALERTS{alertname="%s", alertstate="firing", %s}`, name, matcher(r.Sensor))
		p.line("          )")
	}
	if r.OnDelay > 0 {
		p.line("        for: %s", span(r.OnDelay))
	}
	if r.OffDelay > 0 {
		p.line("        keep_firing_for: %s", span(r.OffDelay))
	}
	p.line("        labels:")
	p.field("          sensor", literal(r.Sensor)) // two rules of one name are no duplicates then
	p.field("          severity", r.severity())
	p.line("        annotations:")
	p.field("          summary", literal(r.Sensor)+` is {{ printf "%.6g" $value }}`+literal(r.summary()))
	p.advice("          ", r, literal)
}

// advice adds what r tells a person, each text as write has it.
func (p *page) advice(indent string, r *Rule, write func(string) string) {
	p.field(indent+"action", write(r.Action))
	p.field(indent+"cause", write(r.Cause))
	p.field(indent+"consequence", write(r.Consequence))
	p.field(indent+"respond_within", r.respond())
}
