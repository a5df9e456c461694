// Package replay plays recorded and piped readings: CSV and JSON lines, from files
// and standard input, plain or compressed by gzip, at any speed.
//
// # Promises
//
//   - Every record becomes a reading or a reject that names its line, the field,
//     the value and what is wanted. Blank lines, and in CSV lines that begin with #,
//     are no records. A wide CSV record becomes one or the other for each cell that
//     is not empty, or one reject if its time or its number of cells is wrong.
//   - One bad record loses itself only: neither a stray quote, nor a line longer
//     than 1 MiB, nor bytes that are not UTF-8 reach into the next line.
//   - A complete line is delivered when it arrives, never held back until a buffer
//     is full. (A CSV record with an open quote waits for its end.)
//   - Memory is bounded whatever the input: lines, sensors and units have a bound.
//   - Run starts no goroutine. It ends soon after its context; where the reader
//     cannot be interrupted (a standard input that cannot be opened again), after
//     the next line.
//   - Damage in a compressed file ends Run with an error after everything before it
//     has been delivered; the line that it cut is a reject, as half a number is none.
//
// # Formats
//
// The format follows from the extension (.csv .tsv .jsonl .ndjson .json, before
// .gz), else from the content: JSON lines begin with {, everything else is CSV.
// Compression is found by its first bytes. A byte order mark and CRLF are accepted.
//
// The fields and their names, the first being the proper one:
//
//	time    ts, timestamp, date          what package stamp takes
//	sensor  name, id                     1 to 1,024 bytes of UTF-8, kept exactly
//	value   v, temperature               a decimal number; NaN and Inf are bad readings
//	unit                                 up to 64 bytes, may be missing
//
// JSON lines are judged strictly: valid JSON and UTF-8, keys in lower case, no field
// given twice, under any of its names, nesting to 64. Unknown keys are ignored and
// null is as good as missing. The time is a string or a number, the value a number or
// one of "NaN", "Inf" and "-Inf".
//
// CSV begins with a header that decides between three layouts. With a sensor and a
// value column it is long, and columns of other names are ignored; with a time and a
// value, and at most a unit, the file's name without extensions names the sensor;
// else it is wide: each column beside the time is a sensor. Header names count
// regardless of case. Without a header the first record must be time,value or
// time,sensor,value[,unit]. Lines before that are rejects. The separator is a comma,
// a semicolon (the value may then have a decimal comma) or a tab. Blanks around a
// cell without quotes are not part of it. A value may carry its unit ("21.5 °C").
//
// An open quote ends its record, as a reject, at a following line that is a whole
// record by itself, or when the record grows longer than 1 MiB.
package replay
