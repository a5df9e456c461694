package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"setpoint/sensors/display"
	"setpoint/ui/theme"
)

// status is what the line at the bottom says for a while in place of the keys.
type status struct {
	text  display.Safe
	style theme.Style
	n     int // how many there were, to know the last one
}

// statusMsg says that the status with its number has stood long enough.
type statusMsg int

// How long a status stands: a complaint is to be read.
const (
	sayFor      = 2 * time.Second
	complainFor = 6 * time.Second
)

// say puts t at the bottom.
func (m *Model) say(t display.Safe) tea.Cmd { return m.status.set(t, theme.Text, sayFor) }

// complain puts t at the bottom as something that went wrong.
func (m *Model) complain(t display.Safe) tea.Cmd {
	return m.status.set(t, theme.High|theme.Bold, complainFor)
}

// set shows t for d.
func (s *status) set(t display.Safe, st theme.Style, d time.Duration) tea.Cmd {
	n := s.n + 1
	*s = status{t, st, n}
	return tea.Tick(d, func(time.Time) tea.Msg { return statusMsg(n) })
}

// expire takes the status away if it is still the one with number n.
func (s *status) expire(n int) {
	if s.n == n {
		s.text = ""
	}
}
