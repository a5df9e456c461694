package config

import (
	"strings"

	"setpoint/sensors"
)

// Nearest returns the known word that a mistyped one was probably meant to be, or
// all of them if none is near.
func Nearest(word string, known []string) string {
	best, least := "", 3
	for _, k := range known {
		if d := sensors.Distance(word, k); d < least {
			best, least = k, d
		}
	}
	if best != "" {
		return best
	}
	return oneOf(known)
}

// oneOf lists words: "a, b or c".
func oneOf(words []string) string {
	var out strings.Builder
	for i, w := range words {
		switch i {
		case 0:
		case len(words) - 1:
			out.WriteString(" or ")
		default:
			out.WriteString(", ")
		}
		out.WriteString(w)
	}
	return out.String()
}
