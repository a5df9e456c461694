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
		{On: onFlow, Keys: []string{"f"}, Hint: "f fault", Help: "let the handler misbehave", Offer: disturbable, Do: plain(chooseHandlerFault)},
		{On: onFlow, Keys: []string{"space"}, Hint: "space pause", Help: "pause or run the sources", Do: pause},
		{On: onFlow, Keys: []string{"s"}, Hint: "s step", Help: "let one reading pass", Offer: paused, Do: step},
	}
}

// disturbable reports whether the selected node is a handler that can misbehave.
func disturbable(m *Model) bool { return m.flow.Handler() != "" }

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
