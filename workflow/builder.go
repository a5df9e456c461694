package workflow

import (
	"errors"
	"fmt"
	"slices"
)

// A Builder collects the nodes and edges of a graph. Its methods return it, so
// that calls can be chained; faults are reported by Build, all at once.
type Builder[E, S any] struct {
	first string
	nodes []node[E, S]
	emits map[string][]Action // what each step says it may name
	edges []wantedEdge
	errs  []error
}

type wantedEdge struct {
	from   string
	action Action
	to     []string
}

// New begins a workflow whose events enter at the step named first.
func New[E, S any](first string) *Builder[E, S] {
	return &Builder[E, S]{first: first, emits: map[string][]Action{}}
}

// Step adds a step and the actions it may name. Each of them needs an edge.
func (b *Builder[E, S]) Step(name string, st Step[E, S], emits ...Action) *Builder[E, S] {
	code := stepper(st)
	if code == nil {
		b.errs = append(b.errs, fmt.Errorf("step %q has no code", name))
	}
	b.add(node[E, S]{name: name, step: code})
	b.emits[name] = emits
	return b
}

// Handler adds a handler and how it is run; o may be nil.
func (b *Builder[E, S]) Handler(name string, h Handler[E, S], o *Effect[E, S]) *Builder[E, S] {
	if h == nil {
		b.errs = append(b.errs, fmt.Errorf("handler %q has no code", name))
	}
	n := node[E, S]{name: name, handler: h}
	if o != nil {
		n.effect = *o
		b.errs = append(b.errs, o.faults(name)...)
	}
	b.add(n)
	return b
}

// Edge leads from a step, when it names action a, to handlers, to at most one
// other step, and to [Stop]. Without a target the event simply ends there.
func (b *Builder[E, S]) Edge(from string, a Action, to ...string) *Builder[E, S] {
	b.edges = append(b.edges, wantedEdge{from, a, to})
	return b
}

func (b *Builder[E, S]) add(n node[E, S]) {
	switch {
	case n.name == "", n.name == Stop:
		b.errs = append(b.errs, fmt.Errorf("a node is named %q: want another name", n.name))
	case b.index(n.name) >= 0:
		b.errs = append(b.errs, fmt.Errorf("two nodes are named %q", n.name))
	}
	b.nodes = append(b.nodes, n)
}

func (b *Builder[E, S]) index(name string) int {
	return slices.IndexFunc(b.nodes, func(n node[E, S]) bool { return n.name == name })
}

// Build checks the graph and returns it, or every fault that it has.
func (b *Builder[E, S]) Build() (*Workflow[E, S], error) {
	w := &Workflow[E, S]{nodes: slices.Clone(b.nodes), first: b.index(b.first)}
	errs := slices.Clone(b.errs)
	if w.first < 0 || b.nodes[w.first].step == nil {
		errs = append(errs, fmt.Errorf("events enter at %q, which is no step", b.first))
	}
	for _, e := range b.edges {
		errs = append(errs, b.connect(w, e)...)
	}
	for i := range w.nodes {
		errs = append(errs, b.missing(&w.nodes[i])...)
	}
	if len(errs) == 0 {
		errs = append(errs, w.reach()...)
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	w.validate = validation[E]()
	return w, nil
}

// validation returns how a payload is validated, nil if it is no [Validator]. By
// the pointer nothing is allocated, but a type that is a pointer has no methods there.
func validation[E any]() func(*E) error {
	var zero E
	if _, is := any(&zero).(Validator); is {
		return func(p *E) error { return any(p).(Validator).Validate() }
	}
	if _, is := any(zero).(Validator); is {
		return func(p *E) error { return any(*p).(Validator).Validate() }
	}
	return nil
}

// connect adds one edge to w.
func (b *Builder[E, S]) connect(w *Workflow[E, S], want wantedEdge) (errs []error) {
	fault := func(format string, a ...any) {
		errs = append(errs, fmt.Errorf("edge %s --%s-->: "+format, append([]any{want.from, want.action}, a...)...))
	}
	from := b.index(want.from)
	if from < 0 || b.nodes[from].step == nil {
		fault("it does not begin at a step")
		return errs
	}
	if w.nodes[from].edge(want.action) != nil {
		fault("it is there twice")
		return errs
	}
	e := edge{action: want.action, from: from, next: -1}
	for i, name := range want.to {
		to := b.index(name)
		switch {
		case name == Stop:
			e.stop = true
		case to < 0:
			fault("no node is named %q", name)
		case slices.Contains(want.to[:i], name):
			fault("it leads to %q twice", name)
		case b.nodes[to].handler != nil:
			e.handlers = append(e.handlers, to)
		case e.next >= 0:
			fault("it leads to two steps, %q and %q", b.nodes[e.next].name, name)
		default:
			e.next = to
		}
	}
	w.nodes[from].edges = append(w.nodes[from].edges, e)
	return errs
}

// missing reports the actions of n that lead nowhere, and edges for actions that
// it does not name.
func (b *Builder[E, S]) missing(n *node[E, S]) (errs []error) {
	if n.step == nil {
		return nil
	}
	for _, a := range b.emits[n.name] {
		if n.edge(a) == nil {
			errs = append(errs, fmt.Errorf("step %s names %q, for which there is no edge", n.name, a))
		}
	}
	for _, e := range n.edges {
		if !slices.Contains(b.emits[n.name], e.action) {
			errs = append(errs, fmt.Errorf("edge %s --%s-->: the step never names this action", n.name, e.action))
		}
	}
	return errs
}

// reach reports nodes that no event can reach, circles of steps and paths that
// are too long.
func (w *Workflow[E, S]) reach() (errs []error) {
	seen := make([]bool, len(w.nodes))
	var walk func(i, depth int) bool
	walk = func(i, depth int) bool {
		if depth > maxPath {
			return false
		}
		seen[i] = true
		for _, e := range w.nodes[i].edges {
			for _, h := range e.handlers {
				seen[h] = true
			}
			if e.next >= 0 && !walk(e.next, depth+1) {
				return false
			}
		}
		return true
	}
	if !walk(w.first, 1) {
		return []error{fmt.Errorf("the steps form a circle or a path of more than %d", maxPath)}
	}
	for i, ok := range seen {
		if !ok {
			errs = append(errs, fmt.Errorf("node %q is reached by no edge", w.nodes[i].name))
		}
	}
	return errs
}
