// Package sensors is the vocabulary of what is measured: a sensor, its readings,
// their quality and units, and the sources they come from.
//
// It knows nothing of workflows or screens. The packages below it are either
// pure (threshold, alarm, history: no I/O, no goroutine, no clock, so that a
// replay over a recording and the live view cannot disagree) or sources (sim,
// hwmon, replay), which push readings into a [Sink].
//
// # Promises every source keeps
//
//   - Readings of one sensor are pushed in the order in which they were measured
//     or read; nothing is reordered, repaired or dropped on the way.
//   - A record that cannot be a reading is reported to [Sink.Reject] with where it
//     stood and why, and the source goes on with the next one. For files and
//     streams, readings and rejects together account for every record.
//   - The sink's backpressure is passed on: a source waits, it does not queue.
//   - Run ends soon after its context does, with the context's error; it returns
//     nil when the source has no more readings, and another error when it failed.
//   - The text of a record is a stranger's: names are checked by [CheckName] and
//     kept exactly; making them fit for a terminal is the display package's job.
package sensors
