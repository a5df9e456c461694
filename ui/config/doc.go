// Package config is the configuration file, setpoint.yaml: finding it, reading it
// with every fault at once, and writing single figures back into it without
// disturbing a byte of anything else.
//
// # Shape
//
//	sources: ["sim:", readings.csv]   # what is watched; one word or a list
//	high: 30                          # for all sensors: a number, or off
//	critical: 40                      # low and critical-low likewise
//	deadband: 0.5                     # one for all four thresholds ...
//	on-delay: {high: 60s, low: 2m}    # ... or by threshold; off-delay likewise
//	groups:
//	  ovens:
//	    sensors: ["oven-*", kiln]     # exact names or patterns, see [Scope]
//	    high: 85                      # thresholds, deadband and delays as above
//	    priority: medium              # and what a sensor may have, below
//	sensors:
//	  oven-2:                         # its exact name
//	    high: 91
//	    kind: temperature             # one of [SensorKinds]
//	    cause: heater relay stuck     # of its alarms
//	    consequence: bread is lost
//	    action: switch the oven off
//	    priority: high                # low, medium or high
//	    respond: 10m                  # within which a person must answer
//	    out-of-service: "door taken off"  # the reason; "" or absent is in service
//	    adaptive: true                # a learned band moves its thresholds
//	    flat: off                     # how long a value may stay the same, or off
//	    stale: 5m                     # how long a sensor may be silent, or off
//	keys: {acknowledge: a, undo: [u, ctrl+z]}  # by the name of the action
//	fps: 20                           # and every flag by its long name
//
// Times are written as 90s or 1h30m. A mapping, a list and a scalar may be written
// in any style of YAML, except that anchors, aliases, tags and merge keys are
// refused (groups do their work), as is a second document. So a pattern that
// begins with * stands in quotes.
//
// # Precedence
//
// A figure for a sensor counts before one for its group, that before one for all
// ([Layer]), that before what is built in; within a layer a flag counts before the
// environment, that before the file. Of two groups with the same sensor the later one
// counts. What a person moves while the program runs counts before all of them.
//
// # Promises
//
//   - Unknown and repeated keys are faults. Each fault names the line, the key, the
//     value and what is wanted; all of them are told, up to 100.
//   - A file is at most 1 MiB, at most 16 levels deep, and of a bounded number of
//     words; reading the worst of them takes seconds, not minutes. No bytes of it
//     crash the program or stand raw in an error.
//   - [File.Write] changes the lines it must and no other byte: comments, order,
//     quotes, line ends. Before anything is written the new text is read again and
//     must hold exactly the former values and the change.
//   - A file that is not what was read is never overwritten ([ErrChanged]), and a
//     crash leaves the former or the new file whole.
package config
