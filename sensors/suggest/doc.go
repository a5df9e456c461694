// Package suggest proposes thresholds from the past of a sensor: [Ask] one that stands
// still, [AskLine] a margin about what is usual, and [Band] two lines that follow it.
//
// It is pure: no I/O, no goroutine, no clock. The same past and question give the same
// answer; the resampling has a seed of its own.
//
// # Budgets
//
// A suggestion promises "at most N alarms a week that are not real". It is found from
// all alarms that package alarm would have raised at every level, with the deadband and
// the delays as set, on good readings outside of what is labelled real or maintenance.
// Each side has a budget of its own.
//
//   - Neither it nor any level beyond it has raised as much as the budget in the past.
//     A larger budget never gives a stricter threshold.
//   - It needs three alarms of the budget, 3/N weeks. From less, the shape of the tail
//     is fitted, and the threshold stands 3.5 standard deviations off at least: it is
//     marked as rough.
//   - It is never nearer to the median than twice the noise, and never outside of the
//     physical range. A sensor that has never moved gets none.
//   - What it says of the past is what package tune says of it.
//
// What came in the 12 weeks after the 12 that were learned from, in alarms a week, on
// seven shapes (go test -v -run TestTable ./sensors/suggest; mean of four runs):
//
//	asked         0.25     1     3
//	stationary    0.38  0.85  3.17
//	daily cycle   0.15  0.69  2.42
//	heavy tail    0.44  1.13  2.98
//	level shift   0.25  1.08  2.92
//	drift         0.85  2.96  6.81
//	quantised     0.19  0.88  2.79
//	duty cycle    0.15  0.73  2.31
//
// A sensor that drifts breaks the promise of any threshold that stands still.
//
// # Lines
//
// A Band learns with a memory of ten days. It takes its on-delay from how long
// deviations last: so long that noise of that correlation would stay outside by chance
// once in half a year, between a minute and ten hours, and widens its margin of two
// standard deviations where ten hours do not suffice. So one set of settings serves
// steps of a second and of an hour. It learns nothing from bad and suspect readings nor
// while its alarm is on, less from outliers, and starts over when it finds that it began
// in a fault. It costs 4 KB, and no memory is allocated.
//
// A line hides a slow drift: that is what [Band.Moved] is for, and thresholds that stand
// still.
package suggest
