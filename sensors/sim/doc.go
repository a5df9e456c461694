// Package sim invents plausible readings from a seed and a scenario. Its sensors
// stand in zones with a heat of their own, and its actuators act on that heat, so
// an alarm that is answered by cooling ends because the zone has become cooler.
//
// # Promises
//
//   - The same [Config] gives the same readings, byte for byte, if Speed is max and
//     Start is set or left to the package, however the goroutines that call
//     [Source.Actuate] are scheduled. (Between kinds of processors the last bit of
//     a sine may differ, which the rounding to 0.1 °C nearly always hides.)
//   - Every sensor draws its noise from a generator of its own, seeded by the seed
//     and the sensor's number. Only what goes wrong is drawn for all of them.
//   - At max speed Run does not wait; it calls Settle after every step of 250 ms of
//     simulated time, and a drive that was ordered before Settle returned
//     is in force from the next step on. At a finite speed it never calls Settle.
//   - A run that falls behind the wall clock by more than a second (a suspended
//     laptop, a blocked sink) does not catch up in a burst: the zones stand still
//     meanwhile and the times of the readings show a gap. No reading is left out.
//   - Nothing is allocated for a reading.
//   - In two scenarios the source itself is at fault: "failing" fails after four
//     seconds and twice more when it is run again, then it works; "hanging" says no
//     more after four seconds, until its context is done.
package sim
