package config

import (
	"fmt"
	"maps"
	"path"
	"slices"

	"setpoint/sensors"
	"setpoint/sensors/display"
	"setpoint/sensors/threshold"
)

// maxFaults is how many faults of a file are told.
const maxFaults = 100

// A decoder makes a File's contents of its tree.
type decoder struct {
	f      *File
	flags  []string // that a file may set
	faults []error
	more   int // faults not told
}

// decode fills f from root and returns every fault.
func (f *File) decode(root *node, flags []string) []error {
	d := &decoder{f: f, flags: flags}
	all := Scope{Layer: All, Source: f.word}
	var groups, own []Scope
	for _, e := range d.entries("", root) {
		switch where := e.key; {
		case d.figure(&all, "", e):
		case e.key == "sources":
			f.Sources = d.words(where, e)
		case e.key == "groups":
			groups = d.scopes(Group, e)
		case e.key == "sensors":
			own = d.scopes(Sensor, e)
		case e.key == "keys":
			d.keys(e)
		case slices.Contains(flags, e.key):
			f.Flags = append(f.Flags, Entry{e.key, d.words(where, e), e.line})
		default:
			d.unknown("", e, slices.Concat(flags, topKeys, figureKeys))
		}
	}
	d.check(&all, "")
	if all.Of != (threshold.Settings{}) {
		f.Scopes = append(f.Scopes, all)
	}
	f.Scopes = slices.Concat(f.Scopes, groups, own)
	if d.more > 0 {
		d.faults = append(d.faults, fmt.Errorf("%s: and %d more faults", f.name, d.more))
	}
	return d.faults
}

var (
	topKeys    = []string{"sources", "groups", "sensors", "keys"}
	figureKeys = append(slices.Sorted(maps.Keys(keyKinds)), fieldNames[1:]...)
)

func (d *decoder) fault(line int, format string, args ...any) {
	if len(d.faults) == maxFaults {
		d.more++
		return
	}
	d.faults = append(d.faults, d.f.Fault(line, fmt.Sprintf(format, args...)))
}

// unknown is the fault of a key that means nothing here.
func (d *decoder) unknown(where string, e entry, known []string) {
	want := ""
	if len(d.faults) < maxFaults { // it takes a while
		want = Nearest(e.key, known)
	}
	d.fault(e.line, "%sunknown key %s: want %s", prefix(where), display.Quote(e.key), want)
}

// prefix is where a fault is, in front of what it is.
func prefix(where string) string {
	if where == "" {
		return ""
	}
	return where + ": "
}

// join is the name of a key below where.
func join(where, key string) string {
	if where == "" {
		return key
	}
	return where + " " + key
}

// entries returns what a mapping has; a key that comes again is a fault.
func (d *decoder) entries(where string, n *node) []entry {
	switch n.form {
	case null:
		return nil
	case mapping:
	default:
		d.fault(n.line, "%swant KEY: VALUE", prefix(where))
		return nil
	}
	first := make(map[string]int, len(n.entries))
	out := make([]entry, 0, len(n.entries))
	for _, e := range n.entries {
		if line, again := first[e.key]; again {
			d.fault(e.line, "%skey %s again: want it once (line %d)", prefix(where), display.Quote(e.key), line)
			continue
		}
		first[e.key] = e.line
		out = append(out, e)
	}
	return out
}

// words reads one word or a list of them.
func (d *decoder) words(where string, e entry) (out []string) {
	items := []*node{e.value}
	if e.value.form == list {
		items = e.value.items
	}
	for _, n := range items {
		if n.form != scalar {
			d.fault(n.line, "%s: want a word or a list of words", where)
			return nil
		}
		out = append(out, n.text)
	}
	return out
}

// word reads one word.
func (d *decoder) word(where string, e entry, want string) (string, bool) {
	if e.value.form != scalar {
		d.fault(e.line, "%s: %s", where, want)
		return "", false
	}
	return e.value.text, true
}

// figure reads e into s if it is a threshold, a deadband or a delay, and reports
// whether it is.
func (d *decoder) figure(s *Scope, where string, e entry) bool {
	if k, ok := keyKinds[e.key]; ok {
		d.set(s, k, At, join(where, e.key), e)
		return true
	}
	f := Field(max(slices.Index(fieldNames[:], e.key), 0))
	if f == At {
		return false
	}
	where = join(where, e.key)
	if e.value.form != mapping {
		d.set(s, threshold.Kinds, f, where, e)
		return true
	}
	for _, e := range d.entries(where, e.value) {
		if k, ok := keyKinds[e.key]; ok {
			d.set(s, k, f, join(where, e.key), e)
			continue
		}
		d.unknown(where, e, slices.Sorted(maps.Keys(keyKinds)))
	}
	return true
}

// set reads one figure.
func (d *decoder) set(s *Scope, k threshold.Kind, f Field, where string, e entry) {
	text := ""
	if e.value.form == scalar {
		text = e.value.text
	}
	err := s.Set(k, f, text, e.line)
	switch {
	case e.value.form == null || e.value.form == scalar && err == nil:
		if err != nil {
			d.fault(e.line, "%s: %s", where, err)
		}
	case e.value.form == scalar:
		d.fault(e.line, "%s %s: %s", where, display.Quote(text), err)
	default:
		d.fault(e.line, "%s: %s; for single sensors see sensors", where, err)
	}
}

// scopes reads the groups or the sensors.
func (d *decoder) scopes(layer Layer, e entry) (out []Scope) {
	title := e.key[:len(e.key)-1]
	for _, e := range d.entries(e.key, e.value) {
		where := title + " " + display.Quote(e.key)
		if err := sensors.CheckName(e.key); err != nil {
			d.fault(e.line, "%s: %s", where, err)
		}
		s := Scope{Layer: layer, Name: e.key, Source: d.f.word}
		known := slices.Concat(figureKeys, aboutKeys)
		if layer == Group {
			known = append(known, "sensors")
		}
		for _, e := range d.entries(where, e.value) {
			switch {
			case d.figure(&s, where, e):
			case layer == Group && e.key == "sensors":
				s.Patterns = d.patterns(where+" sensors", e)
			case slices.Contains(aboutKeys, e.key):
				d.about(&s, where+" "+e.key, e)
			default:
				d.unknown(where, e, known)
			}
		}
		if layer == Group && s.Patterns == nil {
			d.fault(e.line, "%s: want sensors: a list of names", where)
		}
		d.check(&s, where)
		out = append(out, s)
	}
	return out
}

func (d *decoder) patterns(where string, e entry) []string {
	words := d.words(where, e)
	for _, w := range words {
		if _, err := path.Match(w, ""); err != nil || sensors.CheckName(w) != nil {
			d.fault(e.line, "%s %s: want a name, in which * stands for any text without a /", where, display.Quote(w))
		}
	}
	return words
}

// keys reads which keys do what.
func (d *decoder) keys(e entry) {
	for _, e := range d.entries(e.key, e.value) {
		d.f.Keys = append(d.f.Keys, Entry{e.key, d.words("keys "+display.Quote(e.key), e), e.line})
	}
}

// check finds thresholds of one scope that contradict each other.
func (d *decoder) check(s *Scope, where string) {
	lower, upper, ok := s.crossed()
	if !ok {
		return
	}
	word := "above"
	if upper.Upper() == lower.Upper() {
		word = "not below"
	}
	d.fault(s.Lines[upper][At], "%s %g: want it %s %s %g (line %d)", join(where, KindKey(upper)), *s.Of[upper].At,
		word, KindKey(lower), *s.Of[lower].At, s.Lines[lower][At])
}
