package tune

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"
)

func TestParseLabels(t *testing.T) {
	at := func(clock string) int64 {
		v, err := time.Parse("15:04", clock)
		if err != nil {
			t.Fatal(err)
		}
		return time.Date(2026, 1, 1, v.Hour(), v.Minute(), 0, 0, time.UTC).UnixNano()
	}
	early, late := Label{at("01:00"), at("02:00"), Real}, Label{at("03:00"), at("04:00"), Real}
	of := func(l Label, k LabelKind) Label { l.Kind = k; return l }
	for sentence, c := range map[string]struct {
		file   string
		want   []SensorLabel
		faults []string
	}{
		"an empty file has none": {"", nil, nil},
		"two columns are enough": {"from,to\n2026-01-01T01:00:00Z,2026-01-01 02:00:00\n", []SensorLabel{{"", early}}, nil},
		"columns have any order, case and more beside them": {
			"\ufeff# by hand\nnote, Label ,TO,From,sensor\nx,maintenance,2026-01-01 02:00:00,2026-01-01 01:00:00,oven\n,FALSE,2026-01-01 04:00:00,2026-01-01 03:00:00,\ny,,2026-01-01 04:00:00,2026-01-01 03:00:00",
			[]SensorLabel{{"oven", of(early, Maintenance)}, {"", of(late, False)}, {"", late}},
			nil,
		},
		"windows by the file of their readings": {
			`{"real/machine.csv": [["2026-01-01 01:00:00.000000", "2026-01-01 02:00:00.000000"]], "oven.1": [["2026-01-01 03:00:00", "2026-01-01 04:00:00"]], "empty.csv.gz": []}`,
			[]SensorLabel{{"oven.1", late}, {"machine", early}},
			nil,
		},
		"a plain list is about all sensors": {
			`[["2026-01-01T01:00:00Z", "2026-01-01T02:00:00Z"], [1767236400, "1767240000"]]`,
			[]SensorLabel{{"", early}, {"", late}},
			nil,
		},
		"what is wrong is told, what is right is kept": {
			"from,to,label\n2026-01-01T01:00:00Z,2026-01-01 02:00:00,\nyesterday,2026-01-01,\n2026-01-02,2026-01-01,\n2026-01-01,2026-01-02,maybe\n2026-01-01",
			[]SensorLabel{{"", early}},
			[]string{`record 2: time "yesterday": want RFC 3339`, "record 3 ends at", `record 4: label "maybe": want real, false or maintenance`, `record 5: time ""`},
		},
		"a header without times is of no use":    {"start,stop\n1,2\n", nil, []string{`header "start,stop": want columns from and to`}},
		"a file of escapes is quoted":            {"\x1b[2J\n", nil, []string{`header "\x1b[2J"`}},
		"a broken quote is told with its line":   {"from,to\n\"a,b\n", nil, []string{"line 2"}},
		"an object that is none of lists":        {`{"a": 5}`, nil, []string{"want a list of pairs of times"}},
		"a list that is cut off":                 {`[["2026-01-01"`, nil, []string{"want a list of pairs of times"}},
		"a window with three times":              {`{"a": [["2026-01-01","2026-01-01","2026-01-01"]]}`, nil, []string{`window 1 of "a" has 3 times: want 2`}},
		"a window with something else in it":     {`[[["2026-01-01"], null]]`, nil, []string{`window 1: time "[\"2026-01-01\"]"`}},
		"of many faults the first ten are told":  {"from,to\n" + strings.Repeat("a,b\n", 50), nil, slices.Repeat([]string{"record"}, 10)},
		"an object in which nothing can be read": {`{"a": [[`, nil, []string{"want an object of lists of pairs of times"}},
	} {
		t.Run(sentence, func(t *testing.T) {
			got, err := ParseLabels([]byte(c.file))
			if !slices.Equal(got, c.want) {
				t.Errorf("labels %v, want %v", got, c.want)
			}
			var lines []string
			if err != nil {
				lines = strings.Split(err.Error(), "\n")
			}
			if len(lines) != len(c.faults) {
				t.Fatalf("faults %q, want %d", lines, len(c.faults))
			}
			for i, want := range c.faults {
				if !strings.Contains(lines[i], want) {
					t.Errorf("fault %q, want one with %q", lines[i], want)
				}
			}
		})
	}
}

func TestLabelsOfASensorAreItsOwnAndThoseOfAll(t *testing.T) {
	list := []SensorLabel{{"a", Label{1, 2, Real}}, {"", Label{3, 4, Real}}, {"b", Label{5, 6, Real}}}
	if got, want := LabelsOf(list, "a"), []Label{{1, 2, Real}, {3, 4, Real}}; !slices.Equal(got, want) {
		t.Errorf("labels %v, want %v", got, want)
	}
}

func FuzzParseLabels(f *testing.F) {
	for _, s := range []string{
		"from,to,sensor,label\n2026-01-01,2026-01-02,a,false\n",
		`{"a/b.csv": [["2026-01-01", "2026-01-02"]]}`, `[[1e9, 2e9]]`, "from,to\n\"\x1b\",\"\"\n", "[[\"\x1b", "{\"\\u001b\": [[1]]}",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		labels, err := ParseLabels(file)
		if err != nil {
			for line := range strings.SplitSeq(err.Error(), "\n") {
				if strings.ContainsFunc(line, func(r rune) bool { return !unicode.IsGraphic(r) }) {
					t.Errorf("fault %q is not fit to be shown", line)
				}
			}
		}
		var csv strings.Builder
		csv.WriteString("from,to,sensor,label\n")
		for _, l := range labels {
			if l.To < l.From || l.Kind > Maintenance {
				t.Fatalf("label %+v", l)
			}
			kind := [...]string{"real", "false", "maintenance"}[l.Kind]
			stamp := func(ns int64) string { return time.Unix(0, ns).UTC().Format(time.RFC3339Nano) }
			fmt.Fprintf(&csv, "%s,%s,,%s\n", stamp(l.From), stamp(l.To), kind)
		}
		again, err := ParseLabels([]byte(csv.String()))
		if err != nil || len(again) != len(labels) {
			t.Fatalf("%d labels come back as %d: %v", len(labels), len(again), err)
		}
		for i := range again {
			if again[i].Label != labels[i].Label {
				t.Fatalf("label %+v comes back as %+v", labels[i], again[i])
			}
		}
	})
}
