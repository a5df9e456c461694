package watch

import (
	"slices"
	"time"

	"setpoint/workflow/monitor"
)

// A Window is the window of time that is shown.
type Window struct {
	span  time.Duration // 0: whatever suits the data
	until time.Time     // right edge; zero: now
}

// spans are the windows that zooming goes through.
var spans = []time.Duration{
	time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 30 * time.Minute,
	time.Hour, 2 * time.Hour, 6 * time.Hour, 12 * time.Hour,
	day, 2 * day, 7 * day, 14 * day, 30 * day, 90 * day,
}

const day = 24 * time.Hour

// Zoom shows more time than s does for n > 0, and less for n < 0. Beyond the
// longest window comes the automatic one, which is also where it begins.
func (w *Window) Zoom(s *monitor.Snapshot, n int) {
	at, exact := slices.BinarySearch(spans, w.shown(s))
	if n > 0 && !exact {
		n-- // the next longer one is at already
	}
	if at += n; at >= len(spans) {
		w.span = 0
		return
	}
	w.span = spans[max(at, 0)]
}

// shown returns how much time is shown.
func (w *Window) shown(s *monitor.Snapshot) time.Duration {
	switch {
	case w.span != 0:
		return w.span
	case s != nil && s.Span > 0:
		return s.Span
	}
	return 10 * time.Minute
}

// Scroll moves the window by n halves of its length; forward beyond the newest
// reading of s is now.
func (w *Window) Scroll(s *monitor.Snapshot, n int) {
	if s == nil || s.Time.IsZero() {
		return
	}
	until := w.until
	if until.IsZero() {
		until = s.Time
	}
	until = until.Add(time.Duration(n) * w.shown(s) / 2)
	if !until.Before(s.Time) {
		until = time.Time{}
	}
	w.until = until
}

// Freeze lets the window end at t, unless it ends somewhere already.
func (w *Window) Freeze(t time.Time) {
	if w.until.IsZero() {
		w.until = t
	}
}

// Now lets the window end with the newest reading again.
func (w *Window) Now() { w.until = time.Time{} }

// Past reports whether the window ends before the newest reading.
func (w *Window) Past() bool { return !w.until.IsZero() }
