// Package tune answers what other thresholds would have done: which alarms they
// would have raised on recorded readings, and how good those alarms would have been.
//
// It is pure: no I/O, no goroutine, no clock. It answers from a [history.Series] that
// nobody writes to meanwhile, such as a [history.Series.Clone] of the live one.
//
// # Promises
//
//   - One evaluator: the alarms are those that folding each good reading through
//     [alarm.Latch.Pass] and [alarm.Latch.Judge] gives, which is what is done live. [Ask]
//     passes over readings only where it has shown that they leave the latch as it is.
//   - What it costs is bound by the readings, and mostly by the alarms: 30 days of a
//     reading a second take well under 10 ms, 100 ms at worst.
//   - With no data the figures say so, by NaN: never 0.
//
// What is not simulated: readings that never came ([Coverage] counts the gaps), what
// people did (acknowledge, shelve), suppression by rule, and messages.
package tune
