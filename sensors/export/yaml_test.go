package export

import (
	"bytes"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
	"pgregory.net/rapid"
)

// dig returns what is at a path of keys and indices in a YAML file.
func dig(t *rapid.T, file []byte, path string) any {
	t.Helper()
	p, err := yaml.PathString(path)
	if err != nil {
		t.Fatal(err)
	}
	var v any
	if err := p.Read(bytes.NewReader(file), &v); err != nil {
		t.Fatalf("%s: %v in\n%q", path, err, file)
	}
	return v
}

func TestTextsArriveAsTheyAre(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRule(t, 1)
		valid := func(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }
		var prometheus, grafana, home, tests bytes.Buffer
		for _, err := range []error{
			Prometheus(&prometheus, "", []Rule{r}),
			Grafana(&grafana, "", r.Sensor, []Rule{r}),
			HomeAssistant(&home, []Rule{r}),
			PrometheusTests(&tests, "", "rules.yml", []Excursion{{Rule: r, Values: []float64{r.At, 1, 1, 1}}}),
		} {
			if err != nil {
				t.Fatal(err)
			}
		}
		dollars := func(s string) string { return strings.ReplaceAll(s, "$", "$$") }
		for _, c := range []struct {
			file []byte
			path string
			want string
		}{
			{prometheus.Bytes(), "$.groups[0].rules[0].labels.sensor", literal(r.Sensor)},
			{tests.Bytes(), "$.tests[0].name", r.Sensor + " " + r.Kind.String() + ": rejected excursion"},
			{tests.Bytes(), "$.tests[0].input_series[0].series", selector(Metric, r.Sensor)},
			{grafana.Bytes(), "$.groups[0].rules[0].title", dollars(r.title())},
			{grafana.Bytes(), "$.groups[0].rules[0].data[0].datasourceUid", dollars(r.Sensor)},
			{grafana.Bytes(), "$.groups[0].rules[0].data[0].model.expr", selector(Metric, r.Sensor)},
			{grafana.Bytes(), "$.groups[0].rules[0].annotations.action", literal(valid(r.Action))},
			{home.Bytes(), "$.binary_sensor[0].name", r.Sensor + " " + r.Kind.String()},
			{home.Bytes(), "$.binary_sensor[0].entity_id", "sensor." + slug(r.Sensor)},
		} {
			if c.want == "" {
				continue // an empty text is left out
			}
			if got := dig(t, c.file, c.path); got != c.want {
				t.Fatalf("%s is %q, want %q", c.path, got, c.want)
			}
		}
	})
}
