package ui

import (
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

// wrong returns the trouble that s tells of, none if all is well.
func wrong(s *monitor.Snapshot) trouble {
	if s == nil {
		return trouble{}
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
