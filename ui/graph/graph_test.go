package graph

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/colorprofile"
	"pgregory.net/rapid"

	"setpoint/ui/screen"
	"setpoint/ui/theme"
	"setpoint/ui/uitest"
	"setpoint/workflow"
	"setpoint/workflow/monitor"
)

// at returns a snapshot of a moment at which so many events were handled, and so many
// outcomes given back.
func at(sec float64, handled, outcomes uint64) *monitor.Snapshot {
	return &monitor.Snapshot{Wall: uitest.Noon.Add(time.Duration(sec * 1e9)), Flow: workflow.Stats{
		Received: 1000 + 2*outcomes, Outcomes: outcomes, Nodes: []workflow.NodeStats{{Name: "low", Handled: handled}},
	}}
}

func TestRatesAreThoseBetweenTwoSnapshotsASecondApart(t *testing.T) {
	var r Rates
	for _, c := range []struct {
		name              string
		s                 *monitor.Snapshot
		handled, outcomes float64
	}{
		{"the first has none", at(0, 100, 10), 0, 0},
		{"one soon after it none either", at(0.5, 200, 10), 0, 0},
		{"two seconds after it there is one", at(2, 300, 14), 100, 2},
		{"which stands for a second", at(2.9, 900, 90), 100, 2},
		{"a clock that was set back begins anew", at(-3600, 900, 90), 0, 0},
		{"and goes on from there", at(-3599, 907, 93), 7, 3},
		{"a counter that falls has none", at(-3598, 3, 93), 0, 0},
	} {
		r.Take(c.s)
		if r.Handled("low") != c.handled || r.Outcomes() != c.outcomes {
			t.Errorf("%s: %g and %g, want %g and %g", c.name, r.Handled("low"), r.Outcomes(), c.handled, c.outcomes)
		}
	}
}

func TestTheEngineKnowsOfTroubleBeforeTheMonitor(t *testing.T) {
	for _, c := range []struct{ monitor, engine, want string }{
		{"running", workflow.SourceStale, "stale"},
		{"running", workflow.SourceRestarting, "restarting"},
		{"running", workflow.SourceFailed, "failed"},
		{"running", workflow.SourceEnded, "running"},
		{"paused", workflow.SourceStale, "paused"},
		{"ended", workflow.SourceRunning, "ended"},
	} {
		s := &monitor.Snapshot{Sources: []monitor.SourceStatus{{Name: "a", State: c.monitor}}}
		s.Flow.Sources = []workflow.SourceStats{{Name: "a", State: c.engine, Restarts: 2, Err: errors.New("gone\x1b")}}
		got := Sources(s)[0]
		if got.State != c.want || got.Restarts != 2 || !strings.HasPrefix(string(got.Err), "gone") || strings.Contains(string(got.Err), "\x1b") {
			t.Errorf("%s and %s: %+v, want %s", c.monitor, c.engine, got, c.want)
		}
	}
}

func TestARestartIsToldInFull(t *testing.T) {
	s := &monitor.Snapshot{Wall: uitest.Noon, Sources: []monitor.SourceStatus{{Name: "a", State: "restarting", Overflow: workflow.Coalesce}}}
	s.Flow.Sources = []workflow.SourceStats{{
		Name: "a", State: workflow.SourceRestarting, Restarts: 7, MostRestarts: 5, Window: time.Minute, Failures: 2,
		Again: uitest.Noon.Add(1820 * time.Millisecond), Err: errors.New("gone"),
	}}
	got := Sources(s)[0]
	if got.Words() != "restarting 2/5 in 1.8 s" || got.Overflow != workflow.Coalesce || got.Window != time.Minute || got.Err != "gone" {
		t.Errorf("%q, %+v", got.Words(), got)
	}
	s.Wall = uitest.Noon.Add(time.Minute)
	if got := Sources(s)[0].Words(); got != "restarting 2/5 in 0.0 s" {
		t.Errorf("late: %q", got)
	}
}

func TestTheLedgerAddsUpAsTheLawDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := func(name string) uint64 { return rapid.Uint64Range(0, 1e12).Draw(t, name) }
		f := workflow.Stats{Waiting: n("waiting"), Rejected: n("rejected"), Folded: n("folded"), Coalesced: n("coalesced"), DroppedOldest: n("oldest"), DroppedNewest: n("newest"), Late: n("late"), DeadFold: n("dead"), Queued: n("queued"), Handled: n("handled"), DeadHandler: n("dead handler"), Shed: n("shed"), Open: n("open"), Kept: n("kept"), Redriven: n("redriven"), DroppedLetters: n("dropped"), Lost: n("lost")}
		f.Stored = rapid.Uint64Range(0, f.Kept+f.Redriven+f.DroppedLetters).Draw(t, "stored")
		f.Found = f.Kept + f.Redriven + f.DroppedLetters - f.Stored
		f.Received = f.Folded + f.Coalesced + f.DroppedOldest + f.DroppedNewest + f.Late + f.DeadFold + f.Queued
		f.Offered = f.Received + f.Waiting + f.Rejected
		f.Dispatched = f.Handled + f.DeadHandler + f.Shed + f.Open
		f.Letters = f.Stored + f.Lost
		for _, eq := range Ledger(&f) {
			var sum uint64
			for _, term := range eq.Right {
				sum += term.N
			}
			if sum != eq.Left.N {
				t.Fatalf("%s: %d is not %d", eq.Left.Name, eq.Left.N, sum)
			}
		}
	})
}

func TestNoughtsAreLeftOutWhereThereIsNoRoom(t *testing.T) {
	f := workflow.Stats{Received: 12, Folded: 10, Late: 2}
	for w, want := range map[int]string{
		90: "received   12 = 10 folded + 0 coalesced + 0 dropped + 2 late + 0 dead + 0 queued",
		60: "received   12 = 10 folded + 2 late",
		30: "received   12 = 10 folded\n           + 2 late",
	} {
		var s screen.Sheet
		s.Reset(w, 3, theme.New("mono", true, colorprofile.ASCII, true))
		lines := Ledger(&f)[1].Draw(s.Area())
		got := []string{}
		for line := range strings.SplitSeq(uitest.Text(s.String()), "\n") {
			if text, ok := strings.CutSuffix(line, "|"); ok && strings.TrimSpace(text) != "" {
				got = append(got, strings.TrimRight(text, " "))
			}
		}
		if strings.Join(got, "\n") != want || lines != len(got) {
			t.Errorf("%d columns: %d lines\n%s\nwant\n%s", w, lines, strings.Join(got, "\n"), want)
		}
	}
}
