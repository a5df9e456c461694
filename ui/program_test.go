package ui

import (
	"bytes"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"setpoint/ui/uitest"
	"setpoint/workflow/monitor"
)

func TestWholeProgramShowsTheNewestSnapshotAndLeavesACleanTerminal(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		snapshots := make(chan *monitor.Snapshot, 1)
		var out bytes.Buffer
		m := New(Config{Snapshots: snapshots, Width: 80, Height: 24, Location: time.UTC})
		p := tea.NewProgram(m, tea.WithInput(nil), tea.WithOutput(&out), tea.WithoutSignalHandler(),
			tea.WithWindowSize(80, 24), tea.WithColorProfile(colorprofile.TrueColor))
		done := make(chan error)
		go func() {
			_, err := p.Run()
			done <- err
		}()
		for i := range 100 {
			snapshots <- uitest.Plant(14, monitor.View{Rows: 10, Columns: 12, ChartColumns: 130, Alerts: 3}, time.Duration(i)*time.Second)
			time.Sleep(100 * time.Millisecond)
		}
		p.Send(key("p"))
		p.Send(key("q"))
		if err := <-done; err != nil {
			t.Fatal(err)
		}
		close(snapshots)
		time.Sleep(time.Minute) // ticks that nobody waits for any more end
		got := out.String()
		for _, want := range []string{"\x1b[?1049h", "oven-3", "CRITICAL", "\x1b[?1049l"} {
			if !strings.Contains(got, want) {
				t.Errorf("the terminal got no %q", want)
			}
		}
		if m.latest.Time != uitest.Noon.Add(99*time.Second) {
			t.Errorf("the last snapshot shown is of %v", m.latest.Time)
		}
	})
}
