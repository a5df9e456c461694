package monitor

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestNamesAreComparedAsPeopleDo(t *testing.T) {
	want := []string{"", "1", "01", "2", "10", "a", "a1", "a1b", "a2", "a10", "a10b2", "a10b10", "b", "oven-2", "oven-10", "Ä1"}
	got := slices.Clone(want)
	slices.Reverse(got)
	slices.SortFunc(got, natural)
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
	if natural("9"+strings.Repeat("0", 500), "1"+strings.Repeat("0", 501)) >= 0 {
		t.Error("a long number is compared by its digits")
	}
}

func TestTheOrderOfNamesIsOne(t *testing.T) {
	name := rapid.StringMatching(`[ab019]{0,6}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := name.Draw(t, "a"), name.Draw(t, "b"), name.Draw(t, "c")
		if natural(a, b) != -natural(b, a) || (natural(a, b) == 0) != (a == b) {
			t.Fatalf("%q and %q: %d and %d", a, b, natural(a, b), natural(b, a))
		}
		if natural(a, b) < 0 && natural(b, c) < 0 && natural(a, c) >= 0 {
			t.Fatalf("%q before %q before %q", a, b, c)
		}
	})
}

func TestAListShowsWhatASortWouldShow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var l list
		var all []*track
		names := rapid.SliceOfNDistinct(rapid.StringMatching(`[ab]{1,2}[0-9]{1,2}`), 1, 20, rapid.ID).Draw(t, "names")
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			if len(all) < len(names) && rapid.Bool().Draw(t, "add") {
				tr := &track{name: names[len(all)], lower: names[len(all)], status: StatusWaiting}
				all = append(all, tr)
				l.add(tr)
			}
			if len(all) > 0 {
				tr := rapid.SampledFrom(all).Draw(t, "sensor")
				tr.status = Status(rapid.IntRange(0, int(StatusWaiting)).Draw(t, "status"))
				l.stale()
			}
			filter := rapid.SampledFrom([]string{"", "a", "b1", "z"}).Draw(t, "filter")
			before := slices.Clone(l.order)
			hold := rapid.Bool().Draw(t, "hold")
			got := l.show(filter, hold)
			want := slices.Clone(before)
			if !hold {
				slices.SortFunc(want, func(a, b *track) int {
					if a.status != b.status {
						return int(a.status) - int(b.status)
					}
					return natural(a.name, b.name)
				})
			}
			want = slices.DeleteFunc(want, func(tr *track) bool { return !strings.Contains(tr.name, filter) })
			if !hold && !slices.Equal(got.tracks, want) || len(got.names) != len(want) || len(got.statuses) != len(want) {
				t.Fatalf("shown %q", got.names)
			}
			for i, tr := range want {
				if got.names[i] != tr.name || got.statuses[i] != tr.status {
					t.Fatalf("place %d shows %s %v, want %s %v", i, got.names[i], got.statuses[i], tr.name, tr.status)
				}
			}
		}
	})
}
