package ui

import (
	"testing"
	"time"
)

func TestAReasonMaySayForHowLong(t *testing.T) {
	now := time.Date(2026, time.March, 1, 14, 32, 0, 0, time.UTC)
	for why, c := range map[string]struct {
		rest string
		in   time.Duration // after now; 0: never
	}{
		"":                           {"", 0},
		"too many":                   {"too many", 0},
		"oven is opened until 16:00": {"oven is opened", 88 * time.Minute},
		"until 14:00":                {"", 23*time.Hour + 28*time.Minute},
		"defrost for 2h":             {"defrost", 2 * time.Hour},
		"waiting for parts":          {"waiting for parts", 0},
		"until tomorrow":             {"until tomorrow", 0},
		"for -2h":                    {"for -2h", 0},
	} {
		rest, at := until(why, now, time.UTC)
		if rest != c.rest || at.IsZero() != (c.in == 0) || c.in > 0 && at.Sub(now) != c.in {
			t.Errorf("%q: %q until %v, want %q in %v", why, rest, at, c.rest, c.in)
		}
	}
}
