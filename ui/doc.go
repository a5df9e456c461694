// Package ui is the screen. It shows the monitor's snapshots and sends it commands;
// it holds no truth of its own but what is selected, marked, open and typed. Its
// pages are packages of their own, which know nothing of each other.
//
// # Promises
//
//   - Snapshots come through a channel of size one in which a newer one replaces an
//     older; the frame is built once for each change and kept. Nothing ticks while
//     nothing moves.
//   - Nothing here blocks the keyboard: commands are carried out one after the
//     other beside the loop, in the order in which they were given, and what became
//     of them is told in the line at the bottom.
//   - What is asked of the past is asked beside the loop too: the latest question
//     counts, and answers to older ones are dropped.
//   - The model is touched by the Bubble Tea loop only, so it needs no lock.
//   - One list of actions is what keys do, and what footer, help and README say; an
//     action says on which page it works. What is wrong with the run itself is told
//     on every page.
//   - A frame is exactly as large as the terminal, whatever its size.
//   - Strangers' text reaches the screen as [display.Safe] only.
package ui
