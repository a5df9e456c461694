package monitor

import (
	"fmt"
	"io"

	"setpoint/sensors/display"
	"setpoint/sensors/export"
	"setpoint/sensors/threshold"
)

// WriteRules writes the thresholds of a sensor that are in force to a new file in the
// working directory, as rules of another system.
type WriteRules struct {
	Sensor string
	Format string // one of RuleFormats

	Path string // the answer: of the file
}

func (*WriteRules) command() {}

// RuleFormats are the systems whose rules WriteRules can write.
var RuleFormats = []string{"prometheus", "grafana", "homeassistant"}

func (m *Monitor) writeRules(c *WriteRules) error {
	s, err := m.study(c.Sensor)
	if err != nil {
		return err
	}
	var rules []export.Rule
	for k := range threshold.Kinds {
		rules = append(rules, export.Rule{Sensor: s.Sensor, Unit: s.Unit, Kind: k, Rule: s.Set[k], Advice: s.Advice[k]})
	}
	c.Path, err = writeNew("rules", "yml", func(w io.Writer) error {
		switch c.Format {
		case "prometheus":
			return export.Prometheus(w, "", rules)
		case "grafana":
			return export.Grafana(w, "", "prometheus", rules)
		case "homeassistant":
			return export.HomeAssistant(w, rules)
		}
		return fmt.Errorf("unknown format %s", display.Quote(c.Format))
	})
	return err
}
