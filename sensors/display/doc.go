// Package display is the one place where strangers' text (names of sensors,
// units, messages, file names) is made fit to be shown.
//
// Promises:
//
//   - A [Safe] is valid UTF-8 without controls (C0, C1, escape), format characters
//     (bidi marks, zero-width characters), surrogates, private or unassigned
//     characters and line separators. A joiner stands only between pictographs, at
//     most four marks sit on a character, and the first character is never a mark.
//     What was not fit is shown as a middle dot, never silently left out.
//   - So it is one line, moves no cursor, and two of them set side by side are as
//     wide as both together.
//   - Widths are those of the renderer under Bubble Tea while the terminal has not
//     asked for more (each character by itself, as wcwidth does); package term keeps
//     it in that mode, so layout and screen agree.
//   - Nothing here fails or panics, whatever the input, and the cost is linear in it.
//
// Anything that is shown takes a Safe, so that the compiler finds the place where
// [Text] is missing. Exact names stay exact everywhere else.
package display
