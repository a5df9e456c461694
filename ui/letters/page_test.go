package letters

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"setpoint/ui/uitest"
	"setpoint/workflow/monitor"
)

// holding returns a snapshot that holds n of the letters with the given IDs from
// offset on.
func holding(offset, n int, ids ...uint64) *monitor.Snapshot {
	s := &monitor.Snapshot{Wall: uitest.Noon, LetterN: len(ids), View: monitor.View{LetterOffset: offset, Letters: n}}
	for _, id := range ids[min(offset, len(ids)):min(offset+n, len(ids))] {
		s.Letters = append(s.Letters, monitor.Letter{ID: id, Node: "low", Sensor: "s"})
	}
	return s
}

func TestTheSelectionStaysWithTheLetter(t *testing.T) {
	p := New(time.UTC)
	p.Take(holding(0, 5, 3, 4, 5, 6))
	p.Select(2)
	for _, c := range []struct {
		name string
		ids  []uint64
		want uint64
	}{
		{"while older ones go", []uint64{4, 5, 6}, 5},
		{"while newer ones come", []uint64{4, 5, 6, 7, 8}, 5},
		{"and with its place when it goes", []uint64{4, 6, 7}, 6},
		{"or with the last one", []uint64{4}, 4},
	} {
		p.Take(holding(0, 5, c.ids...))
		if l := p.Selected(); l == nil || l.ID != c.want {
			t.Errorf("%s: selected %+v, want %d", c.name, l, c.want)
		}
	}
	if p.Take(holding(0, 5)); p.Selected() != nil {
		t.Error("selected one where there is none")
	}
}

func TestMarksGoWithTheirLetters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ids := slices.Sorted(slices.Values(rapid.SliceOfNDistinct(rapid.Uint64Range(1, 40), 1, 20, rapid.ID[uint64]).Draw(t, "ids")))
		p := New(time.UTC)
		p.Take(holding(0, 40, ids...))
		for range ids {
			p.Mark()
		}
		if got := p.Marked(); len(got) < len(ids)-1 { // the last one may have been marked twice
			t.Fatalf("marked %d of %d", len(got), len(ids))
		}
		marked := p.Marked()
		left := slices.DeleteFunc(slices.Clone(ids), func(id uint64) bool { return id%3 == 0 })
		offset, n := rapid.IntRange(0, 20).Draw(t, "offset"), rapid.IntRange(1, 20).Draw(t, "n")
		s := holding(offset, n, left...)
		p.Take(s)
		for _, id := range p.Marked() {
			if !slices.Contains(marked, id) {
				t.Fatalf("%d was never marked", id)
			}
		}
		for _, id := range left {
			if slices.Contains(marked, id) && !slices.Contains(p.Marked(), id) {
				t.Fatalf("the mark of %d is lost, though it is there", id)
			}
		}
		p.Take(holding(0, 40, left...))
		for _, id := range p.Marked() {
			if !slices.Contains(left, id) {
				t.Fatalf("%d is gone, but marked", id)
			}
		}
	})
}
