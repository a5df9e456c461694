package graph

import (
	"time"

	"setpoint/sensors/display"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
	"setpoint/workflow"
	"setpoint/workflow/monitor"
)

// A Source is how one source stands, by what the monitor and the engine know.
type Source struct {
	Name               display.Safe
	State              string
	Err                display.Safe // its newest failure, "" if there was none
	Rate               float64      // readings per second of wall time
	Accepted, Rejected uint64
	Overflow           workflow.Overflow // what happens to its readings when the queue is full
	Restarts, Most     int               // since it began; within Window, 0 if it is never started again
	Window             time.Duration

	Failures int           // of Most, while it is restarting
	Wait     time.Duration // until then
	Last     time.Time     // when it last delivered, or began to run
}

// Sources returns the sources of s in their order. What the engine knows of a
// source's trouble counts before what the monitor says.
func Sources(s *monitor.Snapshot) []Source {
	out := make([]Source, len(s.Sources))
	for i := range s.Sources {
		from := &s.Sources[i]
		out[i] = Source{
			Name: display.Text(from.Name), State: from.State, Err: display.Text(from.Error),
			Rate: from.Rate, Accepted: from.Accepted, Rejected: from.Rejected, Overflow: from.Overflow,
		}
		if st := engineSource(s, i); st != nil {
			out[i].add(st, s.Wall)
		}
	}
	return out
}

// engineSource returns what the engine knows of source i of s, nil if nothing.
func engineSource(s *monitor.Snapshot, i int) *workflow.SourceStats {
	all := s.Flow.Sources
	if i < len(all) && (len(all) == len(s.Sources) || all[i].Name == s.Sources[i].Name) {
		return &all[i]
	}
	return nil
}

// add adds what the engine knows at the time now.
func (s *Source) add(st *workflow.SourceStats, now time.Time) {
	s.Restarts, s.Most, s.Failures, s.Last = st.Restarts, st.MostRestarts, st.Failures, st.Last
	s.Window = st.Window
	s.Wait = max(st.Again.Sub(now), 0)
	if s.Err == "" && st.Err != nil {
		s.Err = display.Error(st.Err)
	}
	switch st.State {
	case workflow.SourceStale, workflow.SourceRestarting, workflow.SourceFailed:
		if s.State != "paused" && s.State != "stopped" {
			s.State = st.State
		}
	}
}

// Words says how s stands in full: "restarting 2/8 in 1.8 s".
func (s *Source) Words() display.Safe {
	t := display.Text(s.State)
	if s.State == workflow.SourceRestarting && s.Failures > 0 {
		t += " " + screen.Count(uint64(s.Failures)) + "/" + screen.Count(uint64(s.Most)) + " in " + screen.Number(s.Wait.Seconds(), 1, 8) + " s"
	}
	return t
}

// Trouble reports whether s does not deliver although it should.
func (s *Source) Trouble() bool {
	switch s.State {
	case workflow.SourceStale, workflow.SourceRestarting, workflow.SourceFailed:
		return true
	}
	return false
}

// Standing says how s stands: a sign, and its rate if it runs, else its state.
func (s *Source) Standing(g *theme.Glyphs) (sign rune, word display.Safe, style theme.Style) {
	word = display.Text(s.State)
	switch s.State {
	case workflow.SourceRunning:
		return g.Live, screen.Rate(s.Rate), theme.Text
	case workflow.SourceFailed:
		return g.Up, word, theme.Critical | theme.Bold
	case workflow.SourceRestarting:
		return g.UpSeen, word, theme.High
	case workflow.SourceStale:
		return g.Bad, word, theme.Bad
	}
	return g.Held, word, theme.Dim
}
