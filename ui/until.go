package ui

import (
	"cmp"
	"strings"
	"time"
)

// until takes "until 16:00" or "for 2h" from the end of a reason: when a change is to
// be taken back, on the clock of the readings, whose time is now. A clock time that is
// past today is that of tomorrow. The zero time: the reason names none.
func until(why string, now time.Time, zone *time.Location) (rest string, at time.Time) {
	words := strings.Fields(why)
	n := len(words)
	if n < 2 {
		return why, time.Time{}
	}
	rest = strings.Join(words[:n-2], " ")
	switch words[n-2] {
	case "for":
		if d, err := time.ParseDuration(words[n-1]); err == nil && d > 0 {
			return rest, now.Add(d)
		}
	case "until":
		if clock, err := time.Parse("15:04", words[n-1]); err == nil {
			local := now.In(cmp.Or(zone, time.Local))
			at = time.Date(local.Year(), local.Month(), local.Day(), clock.Hour(), clock.Minute(), 0, 0, local.Location())
			if !at.After(now) {
				at = at.AddDate(0, 0, 1)
			}
			return rest, at
		}
	}
	return why, time.Time{}
}
