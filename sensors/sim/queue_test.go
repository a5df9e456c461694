package sim

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// TestQueueIsASortedList compares the queue with a list that is sorted anew after
// every change.
func TestQueueIsASortedList(t *testing.T) {
	order := func(a, b due) int {
		if a.before(b) {
			return -1
		}
		return 1
	}
	rapid.Check(t, func(t *rapid.T) {
		var q queue
		var list []due
		for i := range rapid.IntRange(1, 50).Draw(t, "sensors") {
			d := due{time.Duration(rapid.IntRange(0, 20).Draw(t, "first")), int32(i)}
			q.add(d)
			list = append(list, d)
		}
		for len(list) > 0 {
			slices.SortFunc(list, order)
			if q[0] != list[0] || len(q) != len(list) {
				t.Fatalf("first of %d is %v, want of %d %v", len(q), q[0], len(list), list[0])
			}
			if rapid.IntRange(0, 3).Draw(t, "drop") == 0 {
				q.drop()
				list = list[1:]
				continue
			}
			list[0].at += time.Duration(rapid.IntRange(0, 20).Draw(t, "later"))
			q.postpone(list[0].at)
		}
		if len(q) != 0 {
			t.Fatalf("%d are left", len(q))
		}
	})
}
