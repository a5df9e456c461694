package export

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"text/template"
	"time"
	"unicode"
)

// hostile are names and texts that try to be something else.
var hostile = []string{
	"oven-1", `a"b`, `a\b`, "a'b", "''", "{{ .Labels }}", "{{", "}}", "{", "{{{{", `{{"`, "$HOME", "$$", "${x}", "$__file{/x}",
	"line\nbreak", "tab\there", "nul\x00", "esc\x1b[31m", "del\x7f", "c1\u0085\u009b", "sep\u2028\u2029", "bom\ufeff",
	"# no comment", "key: value", "- item", "!secret x", "&a", "*a", "|", ">", "%", "@", "`", "null", "~", "yes", "1e3", " ", " a ",
	"äöü 漢字 🔥", "rtl\u202eabc", "\xff\xfe", "{{ printf \"%s\" $value }}", `\x24`, `"} or vector(1) #`, "...", "---",
}

func FuzzTextStaysText(f *testing.F) {
	for _, s := range hostile {
		f.Add(s)
	}
	word := regexp.MustCompile(`^[a-z0-9]+(_[a-z0-9]+)*$`)
	f.Fuzz(func(t *testing.T, s string) {
		want := strings.ToValidUTF8(s, "\uFFFD")
		q := quote(s)
		if got, err := strconv.Unquote(q); err != nil || got != want {
			t.Fatalf("%q quoted is %s: %q, error %v", s, q, got, err)
		}
		line := q + selector(Metric, s) + single(q)
		if strings.ContainsFunc(line, func(c rune) bool { return !unicode.IsPrint(c) }) {
			t.Fatalf("%q is not one line of printable characters: %q", s, line)
		}
		if strings.Contains(selector(Metric, s), "$") || strings.Contains(literal(s), "$") {
			t.Fatalf("%q leaves a $", s)
		}
		if got, err := strconv.Unquote(strings.TrimPrefix(matcher(s), "sensor=")); err != nil || got != want {
			t.Fatalf("%q matched by %s: %q, error %v", s, matcher(s), got, err)
		}
		if got := single(q); strings.ReplaceAll(got[1:len(got)-1], "''", "'") != q {
			t.Fatalf("%s in single quotes is %s", q, got)
		}
		if got := expand(t, literal(want)+"{{ .Value }}"+literal(want)); got != want+"31.2"+want {
			t.Fatalf("%q as a template is %q: %q", want, literal(want), got)
		}
		if !word.MatchString(slug(s)) {
			t.Fatalf("%q as an identifier is %q", s, slug(s))
		}
	})
}

// expand executes a template.
func expand(t *testing.T, text string) string {
	t.Helper()
	tmpl, err := template.New("").Parse(text)
	if err != nil {
		t.Fatalf("%q is no template: %v", text, err)
	}
	var b bytes.Buffer
	if err := tmpl.Execute(&b, map[string]string{"Value": "31.2"}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestSpan(t *testing.T) {
	for d, want := range map[time.Duration]string{
		0: "0ms", time.Nanosecond: "1ms", 1500 * time.Millisecond: "1500ms", time.Second: "1s", 90 * time.Second: "90s",
		time.Minute: "1m", 36 * time.Hour: "36h", 2*time.Second + 1: "2001ms",
	} {
		if got := span(d); got != want {
			t.Errorf("%v is %s, want %s", d, got, want)
		}
	}
}
