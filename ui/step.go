package ui

import (
	tea "charm.land/bubbletea/v2"

	"setpoint/sensors/display"
	"setpoint/ui/action"
	"setpoint/workflow/monitor"
)

// stepping is the actions of the Flow page.
func stepping() action.List[*Model] {
	return action.List[*Model]{
		{On: onFlow, Keys: []string{"left", "h"}, Help: "towards the sources", Do: plain(func(m *Model) { m.flow.Across(-1) })},
		{On: onFlow, Keys: []string{"right", "l"}, Help: "towards the handlers", Do: plain(func(m *Model) { m.flow.Across(1) })},
		{On: onFlow, Keys: []string{"enter"}, Hint: "enter in full", Help: "all that is known of it", Offer: func(m *Model) bool { return m.flow.Closed() }, Do: plain(func(m *Model) { m.flow.Open(true) })},
		{On: onFlow, Keys: []string{"f"}, Hint: "f fault", Help: "let the handler misbehave", Offer: disturbable, Do: plain(chooseHandlerFault)},
		{On: onFlow, Keys: []string{"space"}, Hint: "space pause", Help: "pause or run the sources", Do: pause},
		{On: onFlow, Keys: []string{"s"}, Hint: "s step", Help: "let one reading pass", Offer: paused, Do: step},
		{On: onFlow, Keys: []string{"x"}, Hint: "x export", Help: "write the graph to a file", Offer: started, Do: plain(chooseFormat)},
	}
}

// disturbable reports whether the selected node is a handler that can misbehave.
func disturbable(m *Model) bool { return m.flow.Handler() != "" }

// started reports whether there is something to show.
func started(m *Model) bool { return m.latest != nil }

// formats are the formats of a graph, as the menu offers them.
var formats = []item{{"dot", "for Graphviz"}, {"mermaid", "for a page of text, such as a README"}}

// chooseFormat opens the menu of the formats in which the graph can be written.
func chooseFormat(m *Model) {
	m.openMenu("export the graph", formats, 0, func(m *Model, i int) tea.Cmd {
		return m.send(&monitor.WriteGraph{Format: formats[i].name})
	})
}

// paused reports whether the sources are held.
func paused(m *Model) bool { return m.latest != nil && m.latest.Paused }

// pause holds the sources, or lets them go on.
func pause(m *Model) tea.Cmd {
	return m.send(monitor.Pause{On: !paused(m)})
}

// step lets one reading pass.
func step(m *Model) tea.Cmd {
	return tea.Batch(m.send(monitor.Step{}), m.say("one reading passes"))
}

// handlerFaults are the faults of handlers, as the menu offers them.
var handlerFaults = []struct {
	fault monitor.HandlerFault
	item
}{
	{monitor.Sound, item{"sound", "does its work"}},
	{monitor.Slow, item{"slow", "takes half a second for each event"}},
	{monitor.Failing, item{"failing", "every attempt fails"}},
	{monitor.Hanging, item{"hanging", "every attempt hangs until its timeout"}},
}

// chooseHandlerFault opens the menu for the selected handler, with the hand on the
// fault it has.
func chooseHandlerFault(m *Model) {
	handler, at := m.flow.Handler(), 0
	items := make([]item, len(handlerFaults))
	for i, f := range handlerFaults {
		if items[i] = f.item; m.latest.Disturbed[handler] == f.fault {
			at = i
		}
	}
	label := display.Text(handler)
	m.openMenu("handler "+label, items, at, func(m *Model, i int) tea.Cmd {
		c := monitor.DisturbHandler{Handler: handler, Fault: handlerFaults[i].fault, By: m.cfg.User}
		return tea.Batch(m.send(c), m.say("handler "+label+" is "+display.Safe(items[i].name)+": "+display.Safe(items[i].help)))
	})
}
