package workflow

import (
	"fmt"
	"slices"

	"setpoint/workflow/guard"
)

// maxPath is how many steps one event may pass.
const maxPath = 8

// A Workflow is a checked graph of steps and handlers. It is immutable: [Workflow.With]
// returns a changed copy.
type Workflow[E, S any] struct {
	nodes    []node[E, S]
	first    int
	validate func(*E) error // nil if E is no Validator
}

type node[E, S any] struct {
	name    string
	step    func(S, Event[E]) (S, Action) // nil: a handler
	handler Handler[E, S]                 // nil: a step
	effect  Effect[E, S]
	edges   []edge
}

type edge struct {
	action   Action
	from     int
	next     int // the step it leads to, -1: none
	handlers []int
	stop     bool
}

// edge returns the edge for action a, nil if there is none.
func (n *node[E, S]) edge(a Action) *edge {
	for i := range n.edges {
		if n.edges[i].action == a {
			return &n.edges[i]
		}
	}
	return nil
}

// A Result is what became of an event in the fold.
type Result struct {
	Action Action // the last one named
	Stop   bool   // a Stop edge was passed
	Late   bool   // too late to be folded
	Err    error  // why it could not be folded: a dead letter

	node int // where it ended
	path [maxPath]*edge
	n    int
}

// Fold leads ev through the steps. It is the one code path of live runs, replays
// and what-ifs. The state it returns is the new one only if every step of the
// path led on to an edge and none panicked; else it is s, and Result.Err says why.
func (w *Workflow[E, S]) Fold(s S, ev Event[E]) (next S, r Result) {
	next = w.fold(s, &ev, &r)
	return next, r
}

// fold is Fold without copies of the event and the result.
func (w *Workflow[E, S]) fold(s S, ev *Event[E], r *Result) (next S) {
	r.Action, r.Stop, r.Late, r.Err, r.node, r.n = "", false, false, nil, w.first, 0
	defer func() {
		if p := recover(); p != nil {
			next = s
			*r = Result{node: r.node, Err: &guard.PanicError{Where: "step " + w.nodes[r.node].name, Value: p}}
		}
	}()
	if w.validate != nil {
		if err := w.validate(&ev.Payload); err != nil {
			r.Err = fmt.Errorf("%w: %w", ErrInvalid, err)
			return s
		}
	}
	next = s
	for {
		n := &w.nodes[r.node]
		next, r.Action = n.step(next, *ev)
		e := n.edge(r.Action)
		if e == nil {
			*r = Result{node: r.node, Action: r.Action, Err: fmt.Errorf("step %s: %w %q", n.name, ErrUnrouted, r.Action)}
			return s
		}
		r.path[r.n] = e
		r.n++
		r.Stop = r.Stop || e.stop
		if e.next < 0 {
			return next
		}
		r.node = e.next
	}
}

// With returns a copy of w in which the step of the named node is st: a what-if.
func (w *Workflow[E, S]) With(name string, st Step[E, S]) (*Workflow[E, S], error) {
	i := slices.IndexFunc(w.nodes, func(n node[E, S]) bool { return n.name == name && n.step != nil })
	code := stepper(st)
	switch {
	case i < 0:
		return nil, fmt.Errorf("no step is named %q", name)
	case code == nil:
		return nil, fmt.Errorf("step %q has no code", name)
	}
	c := *w
	c.nodes = slices.Clone(w.nodes)
	c.nodes[i].step = code
	return &c, nil
}

// Handlers returns the names of the handlers, in the order in which they were added.
func (w *Workflow[E, S]) Handlers() (names []string) {
	for i := range w.nodes {
		if w.nodes[i].handler != nil {
			names = append(names, w.nodes[i].name)
		}
	}
	return names
}

// Effect returns how the named handler is run; false: no handler has that name.
func (w *Workflow[E, S]) Effect(handler string) (Effect[E, S], bool) {
	i := slices.IndexFunc(w.nodes, func(n node[E, S]) bool { return n.name == handler && n.handler != nil })
	if i < 0 {
		return Effect[E, S]{}, false
	}
	return w.nodes[i].effect.defaults(), true
}

// Folded is the state of a key after an event, and what became of the event.
type Folded[S any] struct {
	State  S
	Result Result
}

// stepper returns the function that st is; nil if st is. A StepFunc is called without
// the detour over its method, which would copy the event once more.
func stepper[E, S any](st Step[E, S]) func(S, Event[E]) (S, Action) {
	switch st := st.(type) {
	case nil:
		return nil
	case StepFunc[E, S]:
		return st
	default:
		return st.Step
	}
}
