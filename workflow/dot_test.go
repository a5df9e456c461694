package workflow

import (
	"errors"
	"fmt"
	"html"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// drawn is a graph with all there is to draw.
func drawn(t *testing.T, outcome bool) *Workflow[int, count] {
	t.Helper()
	o := &effect{}
	if outcome {
		o.Outcome = func(Event[int], count, error) (int, bool) { return 0, false }
	}
	w, err := New[int, count]("judge").
		Step("judge", counting, "normal", "high").Step("count", counting, "all", "enough").
		Handler("cool", handler(nil), o).Handler("record", handler(nil), nil).
		Edge("judge", "normal", "count").Edge("judge", "high", "count", "cool", "record").
		Edge("count", "all").Edge("count", "enough", "record", Stop).Build()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func TestGraphsAreDrawn(t *testing.T) {
	live := &Stats{
		Fold: Quantiles{P99: 1234, N: 1},
		Nodes: []NodeStats{
			{Name: "record", Handled: 3, Dead: 2, Open: 1, Latency: Quantiles{P99: 9_876_543, N: 1}},
			{Name: "cool", Handled: 7},
			{Name: "judge", Step: true, Passed: 12},
			{Name: "count", Step: true, Passed: 11},
		},
	}
	for name, draw := range map[string]func(*strings.Builder) error{
		"graph.dot":      func(b *strings.Builder) error { return drawn(t, true).DOT(b, nil) },
		"graph-live.dot": func(b *strings.Builder) error { return drawn(t, false).DOT(b, live) },
		"graph.mmd":      func(b *strings.Builder) error { return drawn(t, true).Mermaid(b, nil) },
		"graph-live.mmd": func(b *strings.Builder) error { return drawn(t, false).Mermaid(b, live) },
	} {
		var b strings.Builder
		if err := draw(&b); err != nil {
			t.Fatal(err)
		}
		golden := filepath.Join("testdata", name)
		if os.Getenv("UPDATE_GOLDEN") != "" {
			if err := os.WriteFile(golden, []byte(b.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if b.String() != string(want) {
			t.Errorf("%s: got\n%s\nwant\n%s", name, b.String(), want)
		}
	}
}

var (
	dotNode     = regexp.MustCompile(`^\tn(\d+) \[shape=(?:box|box, style=rounded|doublecircle|point), label="((?:[^"\\]|\\["\\n])*)"\];$`)
	dotEdge     = regexp.MustCompile(`^\tn(\d+) -> n(\d+) \[label="((?:[^"\\]|\\["\\n])*)"(?:, style=dashed)?\];$`)
	mermaidNode = regexp.MustCompile(`^\tn(\d+)(?:\[|\(|\(\(|\(\(\()"((?:[\pL\pN ,.<br/>-]|#\d+;)*)"(?:\]|\)|\)\)|\)\)\))$`)
	mermaidEdge = regexp.MustCompile(`^\tn(\d+) (?:-->|-\.->)\|"((?:[\pL\pN ,.-]|#\d+;)*)"\| n(\d+)$`)
	entity      = regexp.MustCompile(`#(\d+);`)
)

// TestNamesInDrawingsAreInert reads each line back by a strict grammar: whatever a
// name holds, it stays within its label, and nothing in it can be unprintable.
func TestNamesInDrawingsAreInert(t *testing.T) {
	hostile := rapid.SampledFrom([]string{
		`"]; x -> y [label="`, "a\nb", `\`, `\"`, `\n`, "<b>", "]", "end", "`x`", "%%{init", "|", "\x1b[31m", "\u202eabc", "\xff", "#quot;", "1. x", "- x", "&amp;", "\u2028", "--> n1",
	})
	name := rapid.OneOf(rapid.String(), hostile, rapid.Map(rapid.SliceOfN(hostile, 2, 4), func(s []string) string { return strings.Join(s, "") }))
	rapid.Check(t, func(t *rapid.T) {
		node, act, action := name.Draw(t, "node"), name.Draw(t, "handler"), name.Draw(t, "action")
		w, err := New[int, count](node).Step(node, counting, Action(action)).Handler(act, handler(nil), nil).
			Edge(node, Action(action), act).Build()
		if err != nil {
			t.Skip(err)
		}
		var dot, mermaid strings.Builder
		if err := errors.Join(w.DOT(&dot, nil), w.Mermaid(&mermaid, nil)); err != nil {
			t.Fatal(err)
		}
		want := []string{printable(node), printable(act), printable(action)}
		var got []string
		lines := strings.Split(dot.String(), "\n")
		for _, l := range lines[2 : len(lines)-2] {
			got = append(got, unescaped(label(t, l, dotNode, dotEdge)))
		}
		same(t, dot.String(), got, want)
		got = nil
		lines = strings.Split(mermaid.String(), "\n")
		for _, l := range lines[1 : len(lines)-1] {
			got = append(got, entity.ReplaceAllStringFunc(label(t, l, mermaidNode, mermaidEdge), func(e string) string {
				return html.UnescapeString("&" + e)
			}))
		}
		same(t, mermaid.String(), got, want)
		for _, r := range dot.String() + mermaid.String() {
			if r != '\n' && r != '\t' && !strconv.IsGraphic(r) {
				t.Fatalf("%q is not printable", r)
			}
		}
	})
}

// label returns the label of a line, which has to be one of a node or an edge.
func label(t *rapid.T, line string, node, edge *regexp.Regexp) string {
	if m := node.FindStringSubmatch(line); m != nil {
		return m[2]
	}
	m := edge.FindStringSubmatch(line)
	if m == nil {
		t.Fatalf("a line is no line of a graph: %q", line)
	}
	if m[2] == "1" { // DOT names both ends first
		return m[3]
	}
	return m[2]
}

func unescaped(s string) string {
	return strings.NewReplacer(`\\`, `\`, `\"`, `"`).Replace(s)
}

func same(t *rapid.T, text string, got, want []string) {
	if fmt.Sprintf("%q", got) != fmt.Sprintf("%q", want) {
		t.Fatalf("got labels %q, want %q, of\n%s", got, want, text)
	}
}

// broken is a writer that fails.
type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errCue }

func TestADrawingThatCannotBeWrittenIsAnError(t *testing.T) {
	w := drawn(t, false)
	if err := w.DOT(broken{}, nil); !errors.Is(err, errCue) {
		t.Errorf("DOT: %v", err)
	}
	if err := w.Mermaid(broken{}, nil); !errors.Is(err, errCue) {
		t.Errorf("Mermaid: %v", err)
	}
}
