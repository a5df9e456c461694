package tune

import (
	"slices"

	"setpoint/sensors/display"
	"setpoint/ui/screen"
	"setpoint/workflow/monitor"
)

// ChangesWanted is how many lines of the journal the page looks at.
const ChangesWanted = 100

// mine returns the changes of the threshold that is tuned, in any scope that the sensor
// is in, by a person, newest first. An empty name is anybody's.
func (p *Page) mine(by string) (list []*monitor.Change) {
	if p.snap == nil {
		return nil
	}
	group := ""
	if p.known() {
		group = p.asks.quick.Group
	}
	scopes := []monitor.Scope{{Sensor: p.key.Sensor}, {Group: group}, {}}
	for i := range p.snap.Changes {
		c := &p.snap.Changes[i]
		if c.What == "threshold" && c.Kind == p.key.Kind && slices.Contains(scopes, c.Scope) && (by == "" || c.By == by) {
			list = append(list, c)
		}
	}
	return list
}

// undid reports whether c took a change back, and not one that took one back itself.
func undid(list []*monitor.Change, c *monitor.Change) bool {
	if c.Undoes == 0 {
		return false
	}
	i := slices.IndexFunc(list, func(o *monitor.Change) bool { return o.ID == c.Undoes })
	return i < 0 || !undid(list[i+1:], list[i])
}

// UndoChange returns the newest change of the threshold by a person that counts still.
func (p *Page) UndoChange(by string) (id uint64, ok bool) {
	list := p.mine(by)
	for i, c := range list {
		if c.CanUndo && !c.Undone && !undid(list[i:], c) {
			return c.ID, true
		}
	}
	return 0, false
}

// RedoChange returns the newest undo by a person that counts still, unless the
// threshold was changed since.
func (p *Page) RedoChange(by string) (id uint64, ok bool) {
	list := p.mine(by)
	for i, c := range list {
		switch {
		case c.Undoes == 0:
			return 0, false
		case c.CanUndo && !c.Undone && undid(list[i:], c):
			return c.ID, true
		}
	}
	return 0, false
}

// lastLine writes the newest change of the threshold.
func (p *Page) lastLine(w *pen) {
	list := p.mine("")
	if len(list) == 0 || !p.known() {
		w.line(dim("last     never changed"))
		return
	}
	c := list[0]
	what := p.level(c.Before.At) + " " + display.Safe(w.Theme().Glyphs.Arrow) + " " + p.level(c.After.At)
	line := []screen.Span{
		dim("last     "), dim("#" + screen.Count(c.ID) + " " + display.Truncate(display.Text(c.By), 8) + " " + display.Safe(c.Time.In(p.zone).Format("2 Jan")) + " "),
		plain(what),
	}
	if c.CanUndo && !c.Undone && !undid(list, c) {
		line = append(line, dim("  "), hot("u"), dim(" undo"))
	}
	w.line(line...)
}
