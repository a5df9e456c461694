// Package quality judges how far the readings of a sensor can be trusted, and
// learns what it needs for that: how often the sensor reports, how noisy it is,
// and how long it usually stands still.
//
// It is pure: no I/O, no goroutine, no clock. A [Tracker] is a plain value that is
// kept with the state of its sensor; what [Tracker.Judge] answers depends only on
// the readings that came before, so a replay and the live view cannot disagree.
//
// # Promises
//
//   - A bad reading is neither to be judged against thresholds nor learned from; a
//     suspect one is drawn and judged, but not learned from. Of several findings
//     the worst grade counts, and of equal ones the first in this order: no number,
//     sentinel, span, the source's own word, duplicate, clock, rate, flat. A
//     finding never mends what another one has found.
//   - The same reading again (same instant, same value) changes nothing at all.
//   - What a person has typed changes nothing either: it is good unless it is
//     impossible, keeps no sensor from being stale, and nothing is learned from it.
//   - A sensor that has never moved is never flat, and one that mostly repeats its
//     value, or rests at 0 or at an end of its range, is never bad for it.
//   - A Tracker costs about 200 bytes however long it runs, is equal to another
//     that saw the same, and survives encoding/json unchanged. One that was
//     damaged on disk gives wrong estimates, but no panic and no NaN.
//   - Judge allocates nothing.
//
// # Estimates
//
// The interval is the median of 9 neighbouring intervals, renewed every 9; the
// noise is the mean of the newest 8 or so medians of 9 steps each. Medians of short
// blocks forget faults soon and are exact, at the cost of sorting 9 numbers now and
// then; a streaming estimator of a quantile would be smaller, but it follows a change
// of rate only in steps.
package quality
