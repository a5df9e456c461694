// Package offline is the commands that answer and end: what a state directory holds
// (history, verify, letters), and what thresholds would do on recordings (whatif,
// suggest, export).
//
// Everything goes to the writer it is given, strangers' text escaped. An error says
// by its type where the fault is: [monitor.StoreError], [monitor.UsageError], or that
// of a source.
package offline
