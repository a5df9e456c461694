// Package history remembers a bounded past of each sensor.
//
// It is pure: no I/O, no goroutine, no clock. What a [Series] answers depends only
// on what was appended to it.
//
// # Promises
//
//   - A Series keeps at least its limit of the newest readings, and at most 127
//     more; older ones are forgotten 64 at a time.
//   - Readings are kept in the order of their times, whatever the order in which
//     they came; of equal times the one that came first stands first.
//   - A reading costs 17.5 bytes. The memory grows by doubling, from 64 readings on,
//     so that up to half of it is unused until the limit is reached.
//   - Columns, windows and spans are exact, and allocate nothing. They cost as much
//     as there are columns and blocks of 64 readings, not as there are readings.
//   - A Series is not safe for use by several goroutines at once.
package history

// A Column is a slice of a sensor's past as wide as one column of a chart.
type Column struct {
	Min, Max, Mean float64 // of the good readings; NaN if there are none
	N              int     // good readings in it
	Mark           uint8   // the worst mark of its readings, bad ones included
	Gap            bool    // bad readings in it, and no good one
}
