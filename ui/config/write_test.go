package config

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"setpoint/sensors/threshold"
)

// A draw writes random files.
type draw struct {
	*rapid.T
	eol string
}

func (d *draw) chance(label string) bool { return rapid.Bool().Draw(d.T, label) }

func (d *draw) one(label string, of ...string) string { return rapid.SampledFrom(of).Draw(d.T, label) }

// noise is what may stand between lines.
func (d *draw) noise() string {
	return d.one("noise", "", "", "", d.eol, "# a comment: {with, [signs"+d.eol, "  # indented"+d.eol, "   "+d.eol, "#"+d.eol)
}

func (d *draw) end() string { return d.one("end", "", "", "  ", " # why: so", "\t# tab") + d.eol }

// number is a value for a threshold of kind k, such that none contradict others.
func (d *draw) number(k threshold.Kind) string {
	v := fmt.Sprint(100*int(k) + rapid.IntRange(0, 90).Draw(d.T, "number"))
	return d.one("style", v, v, v+".0", `"`+v+`"`, `'`+v+`'`, "off")
}

func (d *draw) value(f Field) string {
	if f == Deadband {
		return d.one("deadband", "0.5", "1", `"2"`, "1e-1")
	}
	return d.one("delay", "60s", "1m", `'90s'`, "1h30m", "0s")
}

// figures draws some thresholds, deadbands and delays as keys and values.
func (d *draw) figures() (out [][2]string) {
	for k := range threshold.Kinds {
		if d.chance("said") {
			out = append(out, [2]string{KindKey(k), d.number(k)})
		}
	}
	for _, f := range []Field{Deadband, OnDelay, OffDelay} {
		switch d.one("form", "none", "one", "map", "empty") {
		case "one":
			out = append(out, [2]string{f.Key(0), d.value(f)})
		case "map":
			out = append(out, [2]string{f.Key(0), "{high: " + d.value(f) + " , 'low':  " + d.value(f) + "}"})
		case "empty":
			out = append(out, [2]string{f.Key(0), "{}"})
		}
	}
	return rapid.Permutation(out).Draw(d.T, "order")
}

// mapping writes entries as lines or in brackets.
func (d *draw) mapping(indent string, entries [][2]string) string {
	var b strings.Builder
	if len(entries) == 0 {
		return d.one("nothing", "", " {}", " ~", " null") + d.end()
	}
	if d.chance("brackets") {
		b.WriteString(" {" + d.one("space", "", " ", d.eol+indent+"  "))
		for i, e := range entries {
			if i > 0 {
				b.WriteString(d.one("comma", ", ", " ,", ","+d.eol+indent+"   ", ", # note"+d.eol+indent+"  "))
			}
			b.WriteString(e[0] + ": " + e[1])
		}
		b.WriteString(d.one("close", "", " ", ","))
		return b.String() + "}" + d.end()
	}
	b.WriteString(d.end())
	for _, e := range entries {
		b.WriteString(d.noise() + indent + e[0] + ":" + d.one("gap", " ", "  ") + e[1] + d.end())
	}
	return b.String()
}

// names are those of sensors; they are quoted as YAML wants.
var names = []string{"oven-1", `"oven 2"`, `'it''s: {x}'`, "kühl-Ω", `"a\"b # c"`, "007", `"\x1b[2J"`}

func (d *draw) file() string {
	var parts []string
	for _, e := range d.figures() {
		parts = append(parts, e[0]+": "+e[1]+d.end())
	}
	for _, part := range []string{
		"sources: [\"sim:\", 'a.csv']" + d.end(), "fps: 20" + d.end(), "keys:" + d.eol + "  undo: [u, ctrl+z]" + d.eol,
		"emit:" + d.eol + "- acks" + d.eol + "- rejects" + d.end(),
	} {
		if d.chance("part") {
			parts = append(parts, part)
		}
	}
	if d.chance("sensors") {
		var b strings.Builder
		b.WriteString("sensors:" + d.end())
		for _, name := range rapid.SliceOfDistinct(rapid.SampledFrom(names), rapid.ID).Draw(d.T, "names") {
			entries := d.figures()
			b.WriteString(d.noise() + "    " + name + " :")
			if d.chance("cause") {
				entries = append(entries, [2]string{"cause", `"door: # {open"`})
			}
			b.WriteString(d.mapping("       ", entries))
			if d.chance("text") && bytes.HasSuffix([]byte(b.String()), []byte(d.eol)) && strings.HasSuffix(strings.TrimRight(b.String(), " \r\n"), "0s") {
				b.WriteString(d.noise())
			}
		}
		parts = append(parts, b.String())
	}
	groups := "groups:" + d.eol + "  ovens:" + d.mapping("    ", append(d.figures(), [2]string{"sensors", `["oven-*", "a, b"]`}))
	parts = append(parts, groups)
	text := ""
	for _, p := range rapid.Permutation(parts).Draw(d.T, "parts") {
		text += d.noise() + p
	}
	text += d.one("tail", "", "# the end"+d.eol, d.eol+d.eol)
	if d.chance("no end") {
		text = strings.TrimRight(text, "\r\n")
	}
	return d.one("mark", "", "", "\ufeff", "---"+d.eol) + text
}

func (d *draw) change() Change {
	c := Change{
		Layer: Layer(rapid.IntRange(0, 2).Draw(d.T, "layer")), Kind: threshold.Kind(rapid.IntRange(0, 4).Draw(d.T, "kind")),
		Field: Field(rapid.IntRange(0, 3).Draw(d.T, "field")), Remove: d.chance("remove"),
		Delay: time.Duration(rapid.IntRange(0, 5000).Draw(d.T, "delay")) * time.Second,
		Value: rapid.SampledFrom([]float64{0.25, 1, 12.5, 1e-9}).Draw(d.T, "value"),
	}
	switch c.Layer {
	case Group:
		c.Name = "ovens"
	case Sensor:
		c.Name = d.one("name", "oven-1", "oven 2", "it's: {x}", "kühl-Ω", `a"b # c`, "007", "\x1b[2J", "new", "null", "-", "a: b", "\u2028")
	}
	if c.Field == At {
		c.Kind = min(c.Kind, threshold.Critical)
		c.Value = float64(100*int(c.Kind)) + c.Value
		if d.chance("off") {
			c.Value = threshold.Off
		}
	}
	return c
}

// figuresOf returns every figure that is said: by layer, name, key.
func figuresOf(f *File) map[string]string {
	out := map[string]string{}
	for _, s := range f.Scopes {
		for k, o := range s.Of {
			at := fmt.Sprintf("%d %q %v ", s.Layer, s.Name, threshold.Kind(k))
			if o.At != nil {
				out[at+"at"] = fmt.Sprint(*o.At)
			}
			if o.Deadband != nil {
				out[at+"deadband"] = fmt.Sprint(*o.Deadband)
			}
			if o.OnDelay != nil {
				out[at+"on-delay"] = o.OnDelay.String()
			}
			if o.OffDelay != nil {
				out[at+"off-delay"] = o.OffDelay.String()
			}
		}
	}
	return out
}

// expect makes c in figures.
func expect(figures map[string]string, c Change) {
	for k := range threshold.Kinds {
		if c.Kind != k && c.Kind != threshold.Kinds {
			continue
		}
		field, value := fieldNames[c.Field], fmt.Sprint(c.Value)
		switch c.Field {
		case At:
			field = "at"
		case OnDelay, OffDelay:
			value = c.Delay.String()
		}
		key := fmt.Sprintf("%d %q %v %s", c.Layer, c.Name, k, field)
		if c.Remove {
			delete(figures, key)
		} else {
			figures[key] = value
		}
	}
}

var testFlags = []string{"fps", "emit", "queue"}

func load(t interface {
	Fatal(...any)
	Helper()
}, path string,
) *File {
	t.Helper()
	f, err := Load(path, testFlags)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestAChangeIsAllThatChanges(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "setpoint.yaml")
	rapid.Check(t, func(t *rapid.T) {
		d := &draw{t, "\n"}
		if d.chance("crlf") {
			d.eol = "\r\n"
		}
		text := d.file()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		f := load(t, path)
		figures := figuresOf(f)
		c := d.change()
		if err := f.Write([]Change{c}); err != nil {
			t.Fatalf("%+v: %v\n%s", c, err, text)
		}
		expect(figures, c)
		now, _ := os.ReadFile(path)
		again := load(t, path)
		if got := figuresOf(again); fmt.Sprint(got) != fmt.Sprint(figures) {
			t.Fatalf("%+v: figures are\n%v, want\n%v\n--- before\n%s\n--- after\n%s", c, got, figures, text, now)
		}
		if fmt.Sprint(again.Sources, words(again)) != fmt.Sprint(f.Sources, words(f)) {
			t.Fatalf("other values are %v, want %v", words(again), words(f))
		}
		if lost := others(lost(text, string(now)), c); len(lost) > 0 {
			t.Fatalf("%+v: these lines are gone: %q\n--- before\n%s\n--- after\n%s", c, lost, text, now)
		}
	})
}

func words(f *File) (out []string) {
	for _, e := range slices.Concat(f.Flags, f.Keys) {
		out = append(out, e.Name, fmt.Sprint(e.Words))
	}
	return out
}

// lost returns the lines of a that are not in b, in order.
func lost(a, b string) (out []string) {
	x, y := strings.SplitAfter(strings.TrimPrefix(a, "\ufeff"), "\n"), strings.SplitAfter(strings.TrimPrefix(b, "\ufeff"), "\n")
	common := make([][]int, len(x)+1)
	for i := range common {
		common[i] = make([]int, len(y)+1)
	}
	for i := range x {
		for j := range y {
			common[i+1][j+1] = max(common[i][j+1], common[i+1][j])
			if x[i] == y[j] {
				common[i+1][j+1] = common[i][j] + 1
			}
		}
	}
	for i, j := len(x), len(y); i > 0; {
		switch {
		case j > 0 && x[i-1] == y[j-1]:
			i, j = i-1, j-1
		case j > 0 && common[i][j-1] >= common[i-1][j]:
			j--
		default:
			i--
			out = append(out, x[i])
		}
	}
	return out
}

// others leaves out the lines that c may change: those with its keys, the last line
// if it had no end, and lines of a mapping in brackets.
func others(lines []string, c Change) []string {
	return slices.DeleteFunc(lines, func(l string) bool {
		if strings.HasPrefix(strings.TrimSpace(l), "#") || strings.TrimSpace(l) == "" {
			return l != "" && strings.HasSuffix(l, "\n") && !strings.Contains(l, "{")
		}
		return strings.Contains(l, c.Field.Key(c.Kind)) || strings.Contains(l, "{") || strings.Contains(l, "}") ||
			strings.Contains(l, ",") || !strings.HasSuffix(l, "\n") || c.Remove && strings.Contains(l, ":")
	})
}

func TestUndoBringsBackEveryByte(t *testing.T) {
	path := filepath.Join(t.TempDir(), "setpoint.yaml")
	rapid.Check(t, func(t *rapid.T) {
		d := &draw{t, "\n"}
		text := d.file()
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		f := load(t, path)
		c := d.change()
		if c.Kind == threshold.Kinds {
			c.Kind = threshold.High
		}
		back := former(f, c)
		if err := f.Write([]Change{c}); err != nil {
			t.Fatal(err)
		}
		if err := f.Write([]Change{back}); err != nil {
			t.Fatal(err)
		}
		now, _ := os.ReadFile(path)
		added := c.Layer == Sensor && !strings.Contains(fmt.Sprintf("%q", names), c.Name)
		if string(now) != text && !added {
			t.Fatalf("%+v and back %+v:\n%s\n--- was\n%s", c, back, now, text)
		}
	})
}

// former returns the change that takes c back.
func former(f *File, c Change) Change {
	back := c
	back.Remove = true
	for _, s := range f.Scopes {
		if s.Layer != c.Layer || s.Name != c.Name {
			continue
		}
		o := s.Of[c.Kind]
		switch {
		case c.Field == At && o.At != nil:
			back.Value, back.Remove = *o.At, false
		case c.Field == Deadband && o.Deadband != nil:
			back.Value, back.Remove = *o.Deadband, false
		case c.Field == OnDelay && o.OnDelay != nil:
			back.Delay, back.Remove = *o.OnDelay, false
		case c.Field == OffDelay && o.OffDelay != nil:
			back.Delay, back.Remove = *o.OffDelay, false
		}
	}
	return back
}
