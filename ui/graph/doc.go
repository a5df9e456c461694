// Package graph is how pages show the engine: its counters as rates, its sources
// as they stand, its latencies, and the accounting law with live figures. The same
// thing is so shown in the same words on every page.
package graph
