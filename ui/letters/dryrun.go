package letters

import (
	"setpoint/sensors/display"
	"setpoint/ui/screen"
	"setpoint/workflow/monitor"
)

// DryRun says in words what the engine answered to d: what a retry of the letters
// that d is about would send where.
func DryRun(d *monitor.DryRun) []display.Safe {
	all := display.Safe("all")
	if len(d.IDs) > 0 {
		all = "marked"
	}
	n := 0
	var lines []display.Safe
	for _, to := range d.To {
		if !to.Gone {
			n += to.N
		}
		lines = append(lines, display.PadLeft(screen.Count(uint64(to.N)), 6)+" to "+display.Truncate(display.Text(to.Node), 16)+": "+how(to))
	}
	lines = append([]display.Safe{screen.Many(n, "letter") + " (" + all + ") would be sent again:"}, lines...)
	if d.Away > 0 {
		lines = append(lines, display.PadLeft(screen.Count(uint64(d.Away)), 6)+" more: on their way already")
	}
	return lines
}

// how says how a node gets an event again.
func how(to monitor.Share) display.Safe {
	switch {
	case to.Gone:
		return "no node has this name any more, they stay"
	case to.Step:
		return "judged anew, as new events"
	}
	return "handled again, in the state they left"
}
