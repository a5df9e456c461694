package ui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"setpoint/sensors/display"
	"setpoint/workflow/monitor"
)

// faults are the items of the menu of what can be injected into a sensor.
func faults() []item {
	items := make([]item, len(monitor.Faults))
	for i, f := range monitor.Faults {
		items[i] = item{string(f), f.Help()}
	}
	return items
}

// chooseFault opens the menu for the selected sensor.
func chooseFault(m *Model) {
	m.watch.Pin()
	sensor := m.watch.Selected()
	title := "inject into " + display.Truncate(m.watch.Label(sensor), 20)
	m.openMenu(title, faults(), slices.Index(monitor.Faults, m.open.fault), func(m *Model, i int) tea.Cmd {
		m.open.fault = monitor.Faults[i]
		return m.inject(sensor)
	})
}

// inject injects the last fault into a sensor.
func (m *Model) inject(sensor string) tea.Cmd {
	c := monitor.InjectFault{Sensor: sensor, Fault: m.open.fault, By: m.cfg.User}
	return tea.Batch(m.send(c), m.say("injecting "+display.Safe(c.Fault)+" into "+m.watch.Label(sensor)+": "+display.Safe(c.Fault.Help())))
}
