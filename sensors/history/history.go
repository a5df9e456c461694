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
//   - A reading costs 17.5 bytes: 17 itself, and 0.5 for the sums of each 64 and of
//     each 4,096 readings; the least and the greatest values in these, by which
//     [Series.Outside] passes over readings, are 1.5 % of it. The memory grows by
//     doubling from 64 readings on, and beyond 4,096 (fewer if the limit is low) by
//     as many at a time.
//   - Columns, windows and spans are exact, and allocate nothing. They cost as much
//     as there are columns and blocks of 64 readings, not as there are readings.
//   - The index is exact by construction. A block holds whatever 64 readings stand next
//     to each other, bad ones and gaps included: neither changes an alarm that is
//     normal or active, and so neither is a reason to look closer.
//   - A [Series.Clone] shares what it has in common with its origin, so that 30 days of
//     a reading a second are cloned in microseconds.
//   - A Series is not safe for use by several goroutines at once. Two clones of each
//     other are: what one goroutine does with the one never shows in the other.
package history

// A Column is a slice of a sensor's past as wide as one column of a chart.
type Column struct {
	Min, Max, Mean float64 // of the good readings; NaN if there are none
	N              int     // good readings in it
	Mark           uint8   // the worst mark of its readings, bad ones included
	Gap            bool    // bad readings in it, and no good one
}
