// Package monitor is this program's workflow: it watches sensors.
//
//	sources -> intake -> classify -+-> normal, high, low, critical -> actuators
//	   ^          ^         ^      +-> record -> history, alert log, output lines
//	   |          |         |                        |
//	faults     commands     +---- outcomes           +-> snapshots -> screen
//
// Every reading of every source goes through one intake (units, injected faults,
// pause, the count of --max-events) into the engine of package workflow. The
// classifier folds it into its sensor's [State] and names an action; the action's
// handler drives the sensor's actuator, if it has one; what the handler did comes
// back as an event. A critical alarm starts a nested workflow, the escalation:
// it waits for an acknowledgement until its time is up, and its end comes back as
// an event too.
//
// # Promises
//
//   - One path: a live sensor, a recording at any speed and a simulation are judged
//     by the same fold. Time is event time; nothing that decides reads a clock.
//   - Alarms come out in the order in which the readings were folded, through a
//     single lane that is never dropped from.
//   - The recorder sees every folded event. It keeps a bounded history and a
//     bounded alert log, and is the only writer of what snapshots are made of.
//   - A [Snapshot] shares nothing with the monitor; a [Command] enters as an event,
//     and a moved threshold is a new revision of the classifier: it judges the
//     very next reading.
//   - The screen is never in the way: snapshots are handed to a function that must
//     not block, and nobody waits for them.
package monitor
