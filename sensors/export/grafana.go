package export

import (
	"cmp"
	"fmt"
	"hash/fnv"
	"io"
	"strings"
	"time"
	"unicode/utf8"
)

const grafanaAside = `# Thresholds as Grafana alert rules, for its provisioning folder (Grafana 12 or newer,
# for keepFiringFor). A rule goes on at its threshold, and off at the other number (the
# recovery threshold). What Grafana cannot hold:
#  - A value of exactly the threshold does not raise an alert; here it does.
#  - It looks every 10s: what happens in between is not seen, and delays are whole
#    multiples of that.
#  - While the pending period runs, the recovery threshold counts already.
#  - No data keeps the state for as long as the query returns nothing, but a bad reading
#    must not be in the series at all: quality is unknown there.
#  - Nobody can acknowledge an alert, and one that is over is gone. Silences are the
#    nearest thing to shelving.
`

// grafanaLook is how often Grafana looks.
const grafanaLook = 10 * time.Second

// Grafana writes rules as a file that Grafana provisions alert rules from, over the series
// metric{sensor="..."} ([Metric] if that is empty) of the Prometheus data source with
// the given UID ("prometheus" if that is empty).
func Grafana(w io.Writer, metric, datasource string, rules []Rule) error {
	metric, rules, err := asked(metric, rules)
	if err != nil {
		return err
	}
	var p page
	p.WriteString(grafanaAside)
	p.line("apiVersion: 1\ngroups:\n  - orgId: 1\n    name: setpoint\n    folder: setpoint\n    interval: %s\n    rules:", span(grafanaLook))
	if len(rules) == 0 {
		p.line("      []")
	}
	for i := range rules {
		p.provision(metric, datasource, &rules[i])
	}
	return p.to(w)
}

// provision adds a rule.
func (p *page) provision(metric, datasource string, r *Rule) {
	above, below := "gt", "lt"
	if !r.Kind.Upper() {
		above, below = below, above
	}
	p.line("      - uid: %s", r.uid())
	p.field("        title", strings.ReplaceAll(r.title(), "$", "$$"))
	p.line("        condition: B")
	p.line("        data:")
	p.line("          - refId: A")
	p.line("            relativeTimeRange: {from: 300, to: 0}")
	p.field("            datasourceUid", strings.ReplaceAll(cmp.Or(datasource, "prometheus"), "$", "$$"))
	p.line("            model:")
	p.line("              refId: A")
	p.line("              instant: true")
	p.line("              expr: %s", single(selector(metric, r.Sensor)))
	p.line("          - refId: B")
	p.line("            relativeTimeRange: {from: 0, to: 0}")
	p.line("            datasourceUid: __expr__")
	p.line("            model:")
	p.line("              refId: B")
	p.line("              type: threshold")
	p.line("              expression: A")
	p.line("              conditions:")
	p.line("                - evaluator: {type: %s, params: [%s]}", above, number(r.At))
	p.line("                  unloadEvaluator: {type: %s, params: [%s]}", below, number(r.off()))
	p.line("        noDataState: KeepLast")
	p.line("        execErrState: KeepLast")
	p.line("        for: %s", span(whole(r.OnDelay)))
	p.line("        keepFiringFor: %s", span(whole(r.OffDelay)))
	p.line("        labels:")
	p.field("          severity", r.severity())
	p.line("        annotations:")
	p.field("          summary", literal(r.Sensor)+` is {{ printf "%.6g" .Values.A.Value }}`+literal(r.summary()))
	p.advice("          ", r, literal)
}

// whole returns d, rounded up to a whole number of looks.
func whole(d time.Duration) time.Duration { return (d + grafanaLook - 1) / grafanaLook * grafanaLook }

// uid returns an identifier that is the same for the same threshold each time.
func (r *Rule) uid() string {
	h := fnv.New128a()
	fmt.Fprintf(h, "%v %s", r.Kind, r.Sensor)
	return fmt.Sprintf("setpoint-%x", h.Sum(nil)[:12])
}

// title returns a title that is r's alone; Grafana takes 190 characters.
func (r *Rule) title() string {
	title := r.Sensor + " " + r.Kind.String()
	if utf8.RuneCountInString(title) <= 190 {
		return title
	}
	return string([]rune(title)[:150]) + "… " + r.uid()
}
