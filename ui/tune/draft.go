package tune

import (
	"setpoint/sensors/threshold"
	"setpoint/workflow/monitor"
)

// A draft is NEW of one threshold, with the steps that led to it.
type draft struct {
	rule         threshold.Rule
	done, undone []threshold.Rule // what rule was before each step; what it was before each undo
}

// mostSteps is how many steps of a draft are remembered.
const mostSteps = 1000

// draft returns NEW of the threshold that is tuned, which is made from NOW if it was
// not touched yet. NOW must be known.
func (p *Page) draft() *draft {
	d := p.drafts[p.key]
	if d == nil {
		d = &draft{rule: p.asks.quick.Now}
		p.drafts[p.key] = d
	}
	return d
}

// begin begins a step.
func (d *draft) begin() {
	d.undone = nil
	d.done = append(d.done, d.rule)
	d.done = d.done[max(len(d.done)-mostSteps, 0):]
}

// known reports whether NOW is known.
func (p *Page) known() bool { return p.asks.quick != nil }

// Rule returns NEW. While that was not touched it is NOW; with no answer yet, off.
func (p *Page) Rule() threshold.Rule {
	switch d := p.drafts[p.key]; {
	case d != nil:
		return d.rule
	case p.known():
		return p.asks.quick.Now
	}
	return threshold.Rule{At: threshold.Off}
}

// put makes r NEW: as a step of its own, or for on as part of the last one. The error
// says why it cannot be.
func (p *Page) put(r threshold.Rule, on bool) error {
	if err := p.allowed(r); err != nil || same(r, p.Rule()) {
		return err
	}
	d := p.draft()
	if !on {
		d.begin()
	}
	d.rule = r
	p.ask()
	return nil
}

// allowed says why r cannot be NEW.
func (p *Page) allowed(r threshold.Rule) error {
	set := threshold.None
	set[p.key.Kind] = r
	return set.Validate()
}

// same reports whether a and b are the same rule, or the same but for the rest of one
// that is off.
func same(a, b threshold.Rule) bool {
	at := a.At == b.At || a.At != a.At && b.At != b.At
	return at && a.Deadband == b.Deadband && a.OnDelay == b.OnDelay && a.OffDelay == b.OffDelay
}

// Touched reports whether NEW is something else than NOW.
func (p *Page) Touched() bool {
	d := p.drafts[p.key]
	return d != nil && p.known() && !same(d.rule, p.asks.quick.Now)
}

// Undo takes the last step of NEW back, and reports whether there was one.
func (p *Page) Undo() bool {
	d := p.drafts[p.key]
	if d == nil || len(d.done) == 0 {
		return false
	}
	n := len(d.done) - 1
	d.undone, d.rule, d.done = append(d.undone, d.rule), d.done[n], d.done[:n]
	p.ask()
	return true
}

// Redo makes the last step that was undone again, and reports whether there was one.
func (p *Page) Redo() bool {
	d := p.drafts[p.key]
	if d == nil || len(d.undone) == 0 {
		return false
	}
	n := len(d.undone) - 1
	d.done, d.rule, d.undone = append(d.done, d.rule), d.undone[n], d.undone[:n]
	p.ask()
	return true
}

// Discard makes NEW the same as NOW, and reports whether it was something else.
func (p *Page) Discard() bool {
	was := p.Touched()
	delete(p.drafts, p.key)
	if was {
		p.ask()
	}
	return was
}

// Done says that a command was carried out, which may change every answer. If it has
// set the threshold that is tuned, NEW is NOW from here on.
func (p *Page) Done(c monitor.Command) {
	if c, ok := c.(monitor.SetRule); ok && c.Scope == p.Scope() && c.Kind == p.key.Kind {
		delete(p.drafts, p.key)
	}
	p.ask()
}
