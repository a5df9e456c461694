package export

import "io"

const homeAside = `# Thresholds as threshold helpers, for configuration.yaml of Home Assistant. A helper is
# symmetric: it goes on above upper + hysteresis, and off below upper - hysteresis (below
# lower - hysteresis, and above lower + hysteresis). The names of the entities are a guess:
# put yours in. What Home Assistant cannot hold:
#  - A value of exactly the threshold does not turn a helper on; here it raises the alarm.
#  - A helper has no delays: where there are any, a comment has them. A template binary
#    sensor over the helper can have them as delay_on and delay_off.
#  - unknown and unavailable turn a helper off; here no data leaves an alarm on.
#  - Nobody can acknowledge a helper, and one that is off again is forgotten.
`

// HomeAssistant writes rules as threshold helpers (binary sensors) of Home Assistant, one for
// each.
func HomeAssistant(w io.Writer, rules []Rule) error {
	rules, err := valid(rules)
	if err != nil {
		return err
	}
	var p page
	p.WriteString(homeAside)
	p.line("binary_sensor:")
	if len(rules) == 0 {
		p.line("  []")
	}
	for i := range rules {
		p.helper(&rules[i])
	}
	return p.to(w)
}

// helper adds a helper.
func (p *page) helper(r *Rule) {
	side := "lower"
	if r.Kind.Upper() {
		side = "upper"
	}
	p.line("  - platform: threshold")
	if r.OnDelay > 0 || r.OffDelay > 0 {
		p.line("    # not held: on-delay %v, off-delay %v", r.OnDelay, r.OffDelay)
	}
	p.field("    name", r.Sensor+" "+r.Kind.String())
	p.line("    entity_id: sensor.%s", slug(r.Sensor))
	middle, half := r.helperEdges()
	p.line("    %s: %s", side, number(middle))
	p.line("    hysteresis: %s", number(half))
}

// helperEdges returns the threshold of the helper, which lies in the middle between on and off, and
// its hysteresis.
func (r *Rule) helperEdges() (middle, half float64) {
	half = r.Deadband / 2
	if r.Kind.Upper() {
		return r.At - half, half
	}
	return r.At + half, half
}
