package ui

import (
	"time"

	"setpoint/sensors/display"
	"setpoint/ui/graph"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
	"setpoint/workflow"
	"setpoint/workflow/monitor"
)

// trouble is what is wrong with the run itself, the worst of it.
type trouble struct {
	text, brief display.Safe // brief: in a word or two
	style       theme.Style
}

// unkept is the trouble of a store that keeps nothing.
func unkept(st *monitor.StoreStatus, now time.Time) trouble {
	brief := "store " + display.Text(st.State)
	text := brief + ": nothing kept since " + screen.Minute(st.Since, now)
	if st.Lost > 0 {
		text += ", " + screen.Count(st.Lost) + " records lost"
	}
	if st.Error != "" {
		text += ": " + display.Text(st.Error)
	}
	return trouble{text, brief, theme.Critical | theme.Bold}
}

// wrong returns the trouble that s tells of, none if all is well.
func wrong(s *monitor.Snapshot, zone *time.Location) trouble {
	if s == nil {
		return trouble{}
	}
	if st := s.Store; st != nil && st.State != "ok" {
		return unkept(st, s.Wall.In(zone))
	}
	sources := graph.Sources(s)
	for i := range sources {
		if src := &sources[i]; src.State == workflow.SourceFailed {
			text := screen.Tail(src.Name, 24) + " failed"
			if src.Err != "" {
				text += ": " + src.Err
			}
			return trouble{text, "source failed", theme.Critical | theme.Bold}
		}
	}
	if len(s.Findings) > 0 {
		return trouble{display.Text(s.Findings[0].Text), "finding", theme.Critical | theme.Bold}
	}
	for i := range sources {
		if src := &sources[i]; src.Trouble() {
			_, word, st := src.Standing(&theme.Glyphs{})
			return trouble{screen.Tail(src.Name, 24) + " is " + word, "source " + word, st}
		}
	}
	return trouble{}
}
