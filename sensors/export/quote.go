package export

import (
	"strconv"
	"strings"
	"time"
)

// quote returns s in double quotes, on one line of printable characters. It is a string
// for YAML, PromQL and Go templates alike, whose escapes are the same as far as it uses them.
func quote(s string) string { return strconv.Quote(strings.ToValidUTF8(s, "\uFFFD")) }

// literal returns s as a template that expands to s. It has neither a "{{" nor, for
// Grafana, which replaces variables of its environment in what it reads, a "$".
func literal(s string) string { return templated.Replace(s) }

var templated = strings.NewReplacer("{", `{{"{"}}`, "$", `{{"\x24"}}`)

// matcher returns the PromQL matcher of a sensor, without a "$" in it.
func matcher(sensor string) string {
	return "sensor=" + strings.ReplaceAll(quote(sensor), "$", `\x24`)
}

// selector returns the PromQL selector of a sensor's series.
func selector(metric, sensor string) string { return metric + "{" + matcher(sensor) + "}" }

// single returns s, which is one line of printable characters, in YAML's single quotes.
func single(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// number returns v exactly, and without an exponent, which not every reader of YAML
// takes for a number.
func number(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }

// span returns d, rounded up to a millisecond, as Prometheus writes it.
func span(d time.Duration) string {
	ms := int64((d + time.Millisecond - 1) / time.Millisecond)
	for _, unit := range []struct {
		ms   int64
		name string
	}{{3_600_000, "h"}, {60_000, "m"}, {1000, "s"}} {
		if ms%unit.ms == 0 && ms > 0 {
			return strconv.FormatInt(ms/unit.ms, 10) + unit.name
		}
	}
	return strconv.FormatInt(ms, 10) + "ms"
}

// slug returns name as an identifier: small letters, digits and underscores.
func slug(name string) string {
	words := strings.FieldsFunc(strings.ToLower(name), func(c rune) bool {
		return (c < 'a' || c > 'z') && (c < '0' || c > '9')
	})
	if len(words) == 0 {
		return "unnamed"
	}
	return strings.Join(words, "_")
}
