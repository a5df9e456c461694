package ui

import (
	"strings"
	"time"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"setpoint/sensors"
)

// handMsg says that a while has passed since the hand did its n-th thing.
type handMsg int

// holdFor is how long the rows keep their order after the hand did something.
const holdFor = 2 * time.Second

// hand keeps the rows in their order for a while.
func (m *Model) hand() tea.Cmd {
	m.watch.Hold = true
	m.hands++
	n := m.hands
	return tea.Tick(holdFor, func(time.Time) tea.Msg { return handMsg(n) })
}

// press does what the key does where the hand is.
func (m *Model) press(k tea.KeyPressMsg) tea.Cmd {
	name := k.String()
	if name == "ctrl+c" {
		return tea.Quit
	}
	switch m.open.mode {
	case inFilter:
		m.typed(name, k.Text)
		return nil
	case inMenu:
		return m.choose(name)
	case inAsk:
		return m.answer(name)
	case inEntry:
		return m.write(name, k.Text)
	case inHelp:
		if !m.open.help.scroll(name, m.size.h) {
			m.open.mode = onPage
		}
		return nil
	}
	if a, ok := m.keys.by[m.name()][name]; ok && a.Offered(m) {
		return a.Press(m, name)
	}
	return nil
}

// back clears the marks or the filter, or goes back to now; one of them.
func (m *Model) back() {
	switch {
	case m.name() == onTune:
		if !m.tune.Discard() {
			m.at = m.from
		}
	case m.name() == onLetters && m.letters.Unmark():
	case m.name() == onFlow && m.flow.Open(false):
	case m.name() == onAlarms && (m.alarms.Open(false) || m.alarms.Unmark()):
	case m.name() == onWatch && m.watch.Filter != "":
		m.watch.Filter = ""
	case m.name() == onAlarms && m.alarms.Filter != "":
		m.alarms.Filter = ""
	case m.watch.Window.Past():
		m.thaw()
	}
}

// filter begins or ends the typing of the filter.
func (m *Model) filter(typing bool) {
	m.open.mode, m.watch.Typing, m.alarms.Typing = onPage, typing && m.name() == onWatch, typing && m.name() == onAlarms
	if typing {
		m.open.mode = inFilter
	}
}

// filtered returns the filter of the page that is shown.
func (m *Model) filtered() *string {
	if m.name() == onAlarms {
		return &m.alarms.Filter
	}
	return &m.watch.Filter
}

// typed takes a key while the filter is typed. The list follows at once.
func (m *Model) typed(name, text string) {
	f := m.filtered()
	switch name {
	case "enter":
		m.filter(false)
	case "esc":
		*f = ""
		m.filter(false)
	case "backspace":
		if *f == "" {
			m.filter(false)
		}
		*f = edited(*f, name, "", sensors.MaxName)
	case "up":
		m.shown().Select(-1)
	case "down":
		m.shown().Select(1)
	default:
		*f = edited(*f, name, text, sensors.MaxName)
	}
}

// edited returns line after a key, or the text that it typed, of which one line
// counts; it does not grow beyond most bytes.
func edited(line, key, text string, most int) string {
	switch key {
	case "backspace":
		_, size := utf8.DecodeLastRuneInString(line)
		return line[:len(line)-size]
	case "ctrl+u":
		return ""
	}
	text, _, _ = strings.Cut(text, "\n")
	if len(line)+len(text) > most {
		return line
	}
	return line + strings.ToValidUTF8(strings.TrimRight(text, "\r"), "")
}

// paste adds text to what is being typed; elsewhere it does nothing.
func (m *Model) paste(text string) {
	switch m.open.mode {
	case inFilter:
		f := m.filtered()
		*f = edited(*f, "", text, sensors.MaxName)
	case inEntry:
		m.open.entry.text = edited(m.open.entry.text, "", text, mostReason)
	}
}
