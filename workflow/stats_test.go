package workflow

import (
	"reflect"
	"strings"
	"testing"
)

// TestCheckFindsEveryCounterThatIsWrong starts from figures that are right and
// makes each counter of the law wrong, one after the other.
func TestCheckFindsEveryCounterThatIsWrong(t *testing.T) {
	right := func() Stats {
		return Stats{
			Offered: 100, Received: 90, Waiting: 4, Rejected: 6, Outcomes: 33,
			Folded: 50, Coalesced: 10, DroppedOldest: 9, DroppedNewest: 8, Late: 7, DeadFold: 4, Queued: 2,
			Dispatched: 40, Handled: 20, DeadHandler: 10, Shed: 7, Open: 3,
			Letters: 14, Stored: 9, Lost: 5, Found: 3, Kept: 6, Redriven: 4, DroppedLetters: 2,
			Nodes: []NodeStats{{Name: "step", Step: true, Passed: 50}, {Name: "act", Dispatched: 40, Handled: 20, Dead: 10, Shed: 7, Open: 3}},
		}
	}
	if err := right().Check(); err != nil {
		t.Fatal(err)
	}
	for counter, equations := range map[string][]string{
		"Offered": {"offered"}, "Received": {"offered", "received"}, "Waiting": {"offered"}, "Rejected": {"offered"},
		"Folded": {"received"}, "Coalesced": {"received"}, "DroppedOldest": {"received"}, "DroppedNewest": {"received"},
		"Late": {"received"}, "DeadFold": {"received"}, "Queued": {"received"},
		"Dispatched": {"dispatched"}, "Handled": {"dispatched"}, "DeadHandler": {"dispatched"}, "Shed": {"dispatched"}, "Open": {"dispatched"},
		"Letters": {"letters"}, "Stored": {"letters", "stored"}, "Lost": {"letters"},
		"Found": {"stored"}, "Kept": {"stored"}, "Redriven": {"stored"}, "DroppedLetters": {"stored"},
	} {
		st := right()
		wrong(t, reflect.ValueOf(&st).Elem(), counter)
		complains(t, counter, st, equations)
	}
	st := right()
	st.Outcomes++
	complains(t, "more outcomes than handlings", st, []string{"outcomes"})
	st = right()
	st.Offered, st.Received, st.Folded, st.Coalesced = 32, 22, 0, 0
	st.DroppedOldest = 1
	complains(t, "more outcomes than events", st, []string{"outcomes"})
	for _, counter := range []string{"Dispatched", "Handled", "Dead", "Shed", "Open"} {
		st := right()
		wrong(t, reflect.ValueOf(&st.Nodes[1]).Elem(), counter)
		complains(t, "a handler's "+counter, st, []string{"handler act"})
	}
}

func wrong(t *testing.T, figures reflect.Value, counter string) {
	t.Helper()
	f := figures.FieldByName(counter)
	f.SetUint(f.Uint() + 1)
}

func complains(t *testing.T, counter string, st Stats, equations []string) {
	t.Helper()
	err := st.Check()
	if err == nil {
		t.Errorf("%s is wrong, and nothing is found", counter)
		return
	}
	lines := strings.Split(err.Error(), "\n")
	if len(lines) != len(equations) {
		t.Errorf("%s is wrong: got %q, want equations %q", counter, lines, equations)
		return
	}
	for i, l := range lines {
		if !strings.HasPrefix(l, equations[i]+": ") {
			t.Errorf("%s is wrong: got %q, want equation %s", counter, l, equations[i])
		}
	}
}
