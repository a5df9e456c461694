package config

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/lexer"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"setpoint/sensors/display"
)

// A form is what a node is.
type form uint8

const (
	null form = iota
	scalar
	list
	mapping
)

// A node is a value of the file, without its style.
type node struct {
	form    form
	line    int
	text    string  // of a scalar, decoded
	block   bool    // a scalar written with | or >
	flow    bool    // a mapping or list written with brackets
	items   []*node // of a list
	entries []entry // of a mapping, in order
}

// An entry is a key of a mapping and its value.
type entry struct {
	key   string
	line  int
	value *node
}

// find returns the index of key, or -1.
func (n *node) find(key string) int {
	return slices.IndexFunc(n.entries, func(e entry) bool { return e.key == key })
}

// at returns the node at path, nil if there is none.
func (n *node) at(path []string) *node {
	for _, key := range path {
		i := n.find(key)
		if i < 0 {
			return nil
		}
		n = n.entries[i].value
	}
	return n
}

// equal reports whether n and o hold the same values in the same order, whatever
// their style.
func (n *node) equal(o *node) bool {
	return n.form == o.form && n.text == o.text && slices.EqualFunc(n.items, o.items, (*node).equal) &&
		slices.EqualFunc(n.entries, o.entries, func(a, b entry) bool { return a.key == b.key && a.value.equal(b.value) })
}

// A syntaxError is a text that is not the YAML that is wanted.
type syntaxError struct {
	line int
	text string
}

func (e *syntaxError) Error() string { return fmt.Sprintf("line %d: %s", e.line, e.text) }

// parse reads a file. The error is a *syntaxError.
func parse(raw []byte) (root *node, err error) {
	text, err := clean(raw)
	if err != nil {
		return nil, err
	}
	// The library is not ours: whatever it does to a hostile file is a fault of
	// the file.
	defer func() {
		if r := recover(); r != nil {
			root, err = nil, &syntaxError{1, "want YAML"}
		}
	}()
	tokens := lexer.Tokenize(text)
	if err := bound(tokens); err != nil {
		return nil, err
	}
	f, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		return nil, syntax(err)
	}
	c := converter{}
	root = &node{line: 1}
	for i, doc := range f.Docs {
		if i > 0 {
			return nil, &syntaxError{line(doc.Start), "want one document, without a further ---"}
		}
		if doc.Body != nil {
			root = c.node(doc.Body)
		}
	}
	if c.err == nil && c.scalars != scalars(tokens) {
		return nil, &syntaxError{root.line, "want YAML: something is neither a key nor a value"}
	}
	return root, c.err
}

// syntax makes one line of what the library says.
func syntax(err error) error {
	e, ok := errors.AsType[yaml.Error](err)
	if !ok || e.GetToken() == nil {
		return &syntaxError{1, "want YAML"}
	}
	return &syntaxError{line(e.GetToken()), string(display.Truncate(display.Text(e.GetMessage()), 200))}
}

func line(t *token.Token) int {
	if t == nil || t.Position == nil {
		return 1
	}
	return max(t.Position.Line, 1)
}

// A converter makes nodes of the library's.
type converter struct {
	scalars int
	err     error // the first fault
}

func (c *converter) refuse(t *token.Token, format string, args ...any) *node {
	if c.err == nil {
		c.err = &syntaxError{line(t), fmt.Sprintf(format, args...)}
	}
	return &node{line: line(t)}
}

func (c *converter) node(n ast.Node) *node {
	out := &node{line: line(n.GetToken())}
	switch n := n.(type) {
	case *ast.MappingNode:
		out.form, out.flow = mapping, n.IsFlowStyle
		for _, v := range n.Values {
			out.entries = append(out.entries, c.entry(v))
		}
	case *ast.MappingValueNode:
		out.form, out.entries = mapping, []entry{c.entry(n)}
	case *ast.SequenceNode:
		out.form, out.flow = list, n.IsFlowStyle
		for _, v := range n.Values {
			out.items = append(out.items, c.node(v))
		}
	case *ast.LiteralNode:
		c.scalars++
		out.form, out.block, out.text = scalar, true, strings.TrimRight(n.Value.Value, "\n")
	case *ast.NullNode:
		if n.Token.Type == token.NullType {
			c.scalars++
		}
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.InfinityNode, *ast.NanNode:
		c.scalars++
		out.form, out.text = scalar, n.GetToken().Value
	default:
		return c.refuse(n.GetToken(), "want a value, a list or keys with values")
	}
	return out
}

func (c *converter) entry(n *ast.MappingValueNode) entry {
	if n.Key == nil || n.Value == nil {
		return entry{value: c.refuse(n.GetToken(), "want a key and a value")}
	}
	t := n.Key.GetToken()
	switch n.Key.(type) {
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode, *ast.InfinityNode, *ast.NanNode:
	default:
		return entry{value: c.refuse(t, "want a plain key")}
	}
	c.scalars++
	return entry{key: t.Value, line: line(t), value: c.node(n.Value)}
}
