package flow

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"setpoint/ui/screen"
	"setpoint/ui/theme"
	"setpoint/ui/uitest"
	"setpoint/workflow"
	"setpoint/workflow/monitor"
)

// plant returns a snapshot with so many handlers and sources, beside the step.
func plant(handlers, sources int) *monitor.Snapshot {
	s := uitest.Snapshot(3)
	s.Flow.Nodes, s.Sources, s.Flow.Sources = s.Flow.Nodes[:1], nil, nil
	for i := range handlers {
		s.Flow.Nodes = append(s.Flow.Nodes, workflow.NodeStats{Name: fmt.Sprint("handler-", i)})
	}
	for i := range sources {
		s.Sources = append(s.Sources, monitor.SourceStatus{Name: fmt.Sprint("source-", i), State: "running"})
	}
	return s
}

// painted returns p as text in w by h cells.
func painted(p *Page, w, h int) string {
	var s screen.Sheet
	s.Reset(w, h, theme.New("mono", true, colorprofile.ASCII, false))
	p.Draw(s.Area())
	return ansi.Strip(s.String())
}

func TestTheSelectedNodeIsInSight(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := New(time.UTC)
		p.Take(plant(rapid.IntRange(0, 20).Draw(t, "handlers"), rapid.IntRange(0, 20).Draw(t, "sources")))
		p.Select(rapid.IntRange(0, 50).Draw(t, "select"))
		w, h := rapid.IntRange(20, 200).Draw(t, "w"), rapid.IntRange(3, 70).Draw(t, "h")
		text := painted(p, w, h)
		if p.Handler() != "" {
			t.Fatalf("%q can be disturbed", p.Handler())
		}
		want := "▸"
		for _, s := range p.spots {
			if s.at == p.at && s.H > 0 && s.W > 0 {
				want = ""
			}
		}
		if want != "" {
			t.Fatalf("node %d of %d and %d is not in sight:\n%s", p.at, len(p.nodes), len(p.sources), text)
		}
	})
}

func TestAClickSelectsANode(t *testing.T) {
	p := New(time.UTC)
	p.Take(plant(4, 2))
	lines := strings.Split(painted(p, 80, 21), "\n")
	for i, line := range lines[:8] {
		if at := strings.Index(line, "source-1"); at >= 0 {
			p.Click(at, i)
		}
	}
	if s := p.source(); s == nil || s.Name != "source-1" {
		t.Errorf("selected %d", p.at)
	}
}

func TestTheColumnsOfTheGraphAreGoneThrough(t *testing.T) {
	p := New(time.UTC)
	p.Take(plant(4, 2))
	p.Select(2)
	for _, c := range []struct{ n, want int }{{1, 2}, {-1, 4}, {-1, 5}, {-1, 5}, {1, 4}, {1, 0}} {
		if p.Across(c.n); p.at != c.want {
			t.Errorf("by %d: node %d, want %d", c.n, p.at, c.want)
		}
	}
	p.Take(plant(4, 0))
	if p.Across(-5); p.at != p.foldAt() {
		t.Errorf("without sources: node %d", p.at)
	}
}

func TestAllThatIsKnownOfANodeIsShown(t *testing.T) {
	s := uitest.Snapshot(3)
	s.Flow.Nodes[4].Refused, s.Flow.Nodes[4].Hanging = 2, 1 // critical
	s.Flow.Sources[0].State, s.Flow.Sources[0].Failures, s.Flow.Sources[0].Again = workflow.SourceRestarting, 2, s.Wall.Add(1800*time.Millisecond)
	s.Flow.Sources[0].Err = errors.New("connection refused")
	p := New(time.UTC)
	p.Take(s)
	if !p.Open(true) || p.Open(true) {
		t.Error("it opens once")
	}
	for at, wants := range map[int][]string{
		3: {
			"2,000 handled of 2,004", "1 open, 1 lane of 1,024, then block", "p50 40 µs p90", "3 dead, of these 2 refused; 0 shed", "at most 3 attempts, waits 100 ms",
			"2.0 s + 1.0 s grace", "1 of 16 hang", "half-open; run again after a crash", "retry, oven-3: actuator says 503",
		},
		4: {"waits for a person", "one attempt", "64 lanes of 16, then drop-newest"},
		5: {"not run again after a crash", "none"},
		6: {"p99 210 µs", "oldest 300 µs", "1,204,310 folded", "3,300 came back from the handlers", "2 too old to be folded", "0 dead"},
		7: {"restarting 2/8 in 1.8 s", "1, at most 8 within 5 min", "coalesce: a sensor's newest", "1,204,330 readings", "connection refused"},
	} {
		p.Select(at - p.at)
		var sheet screen.Sheet
		sheet.Reset(120, 14, theme.New("mono", true, colorprofile.ASCII, false))
		p.detail(sheet.Area())
		text := ansi.Strip(sheet.String())
		for _, want := range wants {
			if !strings.Contains(strings.ReplaceAll(text, "  ", " "), want) {
				t.Errorf("node %d: no %q in\n%s", at, want, text)
			}
		}
		if text := painted(p, 80, 21); at == 3 && !strings.Contains(text, "injected: failing") {
			t.Errorf("what is injected is not told:\n%s", text)
		}
		for _, size := range [][2]int{{80, 21}, {50, 11}, {160, 42}, {120, 29}} {
			if text := painted(p, size[0], size[1]); !strings.Contains(text, "last fault") && size[1] > 11 || !strings.Contains(text, "rate") {
				t.Errorf("node %d at %v:\n%s", at, size, text)
			}
		}
	}
	if painted(p, 160, 42); p.Closed() || p.Open(false) {
		t.Error("where there is room it cannot be closed")
	}
}

func TestTroubleIsSpelledOut(t *testing.T) {
	s := uitest.Snapshot(3)
	s.Findings = []monitor.Finding{{Since: uitest.Noon.Add(-time.Minute), Text: "falling behind: 120 readings dropped or coalesced"}}
	s.Flow.Sources[0].State, s.Flow.Sources[0].Err = workflow.SourceRestarting, errors.New("no route to host\x1b[2J")
	s.Law = uitest.ErrLaw
	s.Recent = nil
	p := New(time.UTC)
	p.Take(s)
	p.SelectPages(1) // the sources
	for _, size := range [][2]int{{80, 21}, {160, 42}} {
		text := painted(p, size[0], size[1])
		for _, want := range []string{
			s.Findings[0].Text, "1m00", "restarting", "no route to host", "law broken", "received 10 is not",
			"failing", "outcomes",
		} {
			if !strings.Contains(text, want) {
				t.Errorf("no %q at %v in\n%s", want, size, text)
			}
		}
	}
}
