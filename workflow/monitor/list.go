package monitor

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
)

// list is the order in which sensors are shown: the worst first, then by name. What
// it shows is worked out anew only when something has changed.
type list struct {
	byName []*track
	named  bool // byName is in order
	order  []*track
	sorted bool // order is up to date

	filter string // of what is shown
	shown  shown
}

// shown is what passes the filter. The names and statuses are handed out, so they
// are never written again.
type shown struct {
	tracks   []*track // nil: to be worked out
	names    []string
	statuses []Status // nil: to be worked out
}

// add takes in a new sensor.
func (l *list) add(t *track) {
	l.byName = append(l.byName, t)
	l.order = append(l.order, t)
	l.named, l.sorted, l.shown = false, false, shown{}
}

// stale tells that the status of a sensor has changed.
func (l *list) stale() { l.sorted, l.shown.statuses = false, nil }

// show returns the sensors whose name, in lower case, contains filter. With hold
// those that are there keep their places. It is good until the next call.
func (l *list) show(filter string, hold bool) shown {
	if !l.sorted && !hold {
		l.sort()
	}
	if l.shown.tracks == nil || l.filter != filter {
		l.pick(filter)
	}
	if l.shown.statuses == nil {
		l.shown.statuses = make([]Status, len(l.shown.tracks))
		for i, t := range l.shown.tracks {
			l.shown.statuses[i] = t.status
		}
	}
	return l.shown
}

// pick works out which sensors pass the filter.
func (l *list) pick(filter string) {
	l.filter, l.shown = filter, shown{tracks: l.order}
	if filter != "" {
		l.shown.tracks = []*track{}
		for _, t := range l.order {
			if strings.Contains(t.lower, filter) {
				l.shown.tracks = append(l.shown.tracks, t)
			}
		}
	}
	l.shown.names = make([]string, len(l.shown.tracks))
	for i, t := range l.shown.tracks {
		l.shown.names[i] = t.name
	}
}

// sort puts the worst sensors first: those in order of names are dealt out by
// status.
func (l *list) sort() {
	if !l.named {
		slices.SortFunc(l.byName, func(a, b *track) int { return natural(a.name, b.name) })
		l.named = true
	}
	var next [StatusWaiting + 2]int // where the next sensor of a status goes
	for _, t := range l.byName {
		next[t.status+1]++
	}
	for s := range StatusWaiting {
		next[s+1] += next[s]
	}
	for _, t := range l.byName {
		l.order[next[t.status]] = t
		next[t.status]++
	}
	l.sorted, l.shown = true, shown{}
}

// natural compares names as people do: s-2 comes before s-10.
func natural(a, b string) int {
	for a != "" && b != "" {
		da, db := digits(a), digits(b)
		if da == 0 || db == 0 {
			if a[0] != b[0] {
				return cmp.Compare(a[0], b[0])
			}
			a, b = a[1:], b[1:]
			continue
		}
		na, nb := strings.TrimLeft(a[:da], "0"), strings.TrimLeft(b[:db], "0")
		if c := cmp.Or(cmp.Compare(len(na), len(nb)), cmp.Compare(na, nb), cmp.Compare(da, db)); c != 0 {
			return c
		}
		a, b = a[da:], b[db:]
	}
	return cmp.Compare(len(a), len(b))
}

func digits(s string) int {
	n := strings.IndexFunc(s, func(r rune) bool { return r > unicode.MaxASCII || !unicode.IsDigit(r) })
	if n < 0 {
		return len(s)
	}
	return n
}
