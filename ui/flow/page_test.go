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
		if len(p.nodes)+len(p.sources) == 0 {
			want = ""
		}
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
			"failing", "outcomes", "nothing happened yet",
		} {
			if !strings.Contains(text, want) {
				t.Errorf("no %q at %v in\n%s", want, size, text)
			}
		}
	}
}
