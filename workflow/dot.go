package workflow

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"
	"unicode"
)

// A drawing is a graph as DOT and Mermaid draw it. Shapes are known by number, so
// that names stand in labels only.
type drawing struct {
	shapes []shape
	lines  []line
}

type shape struct {
	kind string // step, handler, stop or end
	text []string
}

type line struct {
	from, to int
	text     string
	outcome  bool // feedback of a handler
}

// DOT writes w as a graph for Graphviz: steps as boxes, handlers as rounded ones,
// an edge for each action, and a dashed one for the outcomes of a handler. With
// figures of a run the nodes show them; else live is nil. Names are escaped, what
// cannot be printed included.
func (w *Workflow[E, S]) DOT(out io.Writer, live *Stats) error {
	d := w.draw(live)
	b := bufio.NewWriter(out)
	fmt.Fprintln(b, "digraph workflow {\n\trankdir=LR;")
	attributes := map[string]string{
		"step": "shape=box", "handler": "shape=box, style=rounded", "stop": "shape=doublecircle", "end": "shape=point",
	}
	for i, s := range d.shapes {
		fmt.Fprintf(b, "\tn%d [%s, label=%s];\n", i, attributes[s.kind], dotText(s.text))
	}
	for _, l := range d.lines {
		style := ""
		if l.outcome {
			style = ", style=dashed"
		}
		fmt.Fprintf(b, "\tn%d -> n%d [label=%s%s];\n", l.from, l.to, dotText([]string{l.text}), style)
	}
	fmt.Fprintln(b, "}")
	return b.Flush()
}

// Mermaid writes w as a flowchart for Mermaid, by the rules of [Workflow.DOT].
func (w *Workflow[E, S]) Mermaid(out io.Writer, live *Stats) error {
	d := w.draw(live)
	b := bufio.NewWriter(out)
	fmt.Fprintln(b, "flowchart LR")
	brackets := map[string][2]string{"step": {"[", "]"}, "handler": {"(", ")"}, "stop": {"(((", ")))"}, "end": {"((", "))"}}
	for i, s := range d.shapes {
		k := brackets[s.kind]
		fmt.Fprintf(b, "\tn%d%s%s%s\n", i, k[0], mermaidText(s.text), k[1])
	}
	for _, l := range d.lines {
		arrow := "-->"
		if l.outcome {
			arrow = "-.->"
		}
		fmt.Fprintf(b, "\tn%d %s|%s| n%d\n", l.from, arrow, mermaidText([]string{l.text}), l.to)
	}
	return b.Flush()
}

// draw lays out what both formats say.
func (w *Workflow[E, S]) draw(live *Stats) (d drawing) {
	for i, n := range w.nodes {
		kind := "step"
		if n.handler != nil {
			kind = "handler"
		}
		d.shapes = append(d.shapes, shape{kind, append([]string{n.name}, figures(live, n.name, i == w.first)...)})
	}
	special := map[string]int{}
	place := func(kind, text string) int {
		i, ok := special[kind]
		if !ok {
			i = len(d.shapes)
			special[kind] = i
			d.shapes = append(d.shapes, shape{kind, []string{text}})
		}
		return i
	}
	for i, n := range w.nodes {
		for _, e := range n.edges {
			to := e.handlers
			if e.next >= 0 {
				to = append([]int{e.next}, to...)
			}
			if e.stop {
				to = append(to[:len(to):len(to)], place("stop", Stop))
			}
			if len(to) == 0 {
				to = []int{place("end", " ")}
			}
			for _, t := range to {
				d.lines = append(d.lines, line{from: i, to: t, text: string(e.action)})
			}
		}
		if n.effect.Outcome != nil {
			d.lines = append(d.lines, line{from: i, to: w.first, text: "outcome", outcome: true})
		}
	}
	return d
}

// figures returns what a run has to say of the named node.
func figures(live *Stats, name string, first bool) (lines []string) {
	if live == nil {
		return nil
	}
	for _, n := range live.Nodes {
		switch {
		case n.Name != name:
			continue
		case !n.Step:
			lines = append(lines, fmt.Sprintf("%d handled, %d dead, %d open", n.Handled, n.Dead, n.Open))
			lines = append(lines, p99(n.Latency)...)
		case first:
			lines = append(lines, fmt.Sprintf("%d events", n.Passed))
			lines = append(lines, p99(live.Fold)...)
		default:
			lines = append(lines, fmt.Sprintf("%d events", n.Passed))
		}
	}
	return lines
}

// p99 tells a latency to three digits, if there is one.
func p99(q Quantiles) []string {
	if q.N == 0 {
		return nil
	}
	unit := time.Duration(1)
	for q.P99 >= 1000*unit {
		unit *= 10
	}
	return []string{"p99 " + q.P99.Round(unit).String()}
}

// printable returns s with what cannot be printed, or would turn the direction of
// the text, as an escape.
func printable(s string) string {
	quoted := strconv.QuoteToGraphic(s)
	return strings.ReplaceAll(strings.ReplaceAll(quoted[1:len(quoted)-1], `\"`, `"`), `\\`, `\`)
}

// dotText quotes a label of DOT. A backslash begins an escape in labels.
func dotText(lines []string) string {
	escape := strings.NewReplacer(`\`, `\\`, `"`, `\"`)
	var b strings.Builder
	for i, l := range lines {
		if i > 0 {
			b.WriteString(`\n`)
		}
		b.WriteString(escape.Replace(printable(l)))
	}
	return `"` + b.String() + `"`
}

// mermaidText quotes a label of Mermaid, in which all but letters, digits, spaces,
// commas and what joins parts of a word can mean something: the rest stands there
// as entities.
func mermaidText(lines []string) string {
	var b strings.Builder
	for i, l := range lines {
		if i > 0 {
			b.WriteString("<br/>")
		}
		text := []rune(printable(l))
		for i, r := range text {
			joins := (r == '.' || r == '-') && i > 0 && i+1 < len(text) && isWord(text[i-1]) && isWord(text[i+1])
			if isWord(r) || joins || r == ' ' || r == ',' {
				b.WriteRune(r)
				continue
			}
			fmt.Fprintf(&b, "#%d;", r)
		}
	}
	return `"` + b.String() + `"`
}

func isWord(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }
