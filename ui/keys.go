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
	case inHelp:
		if !m.open.help.scroll(name, m.size.h) {
			m.open.mode = onPage
		}
		return nil
	}
	if a, ok := m.keys.by[m.name()][name]; ok && a.Offered(m) {
		return a.Do(m)
	}
	return nil
}

// back clears the marks or the filter, or goes back to now; one of them.
func (m *Model) back() {
	switch {
	case m.name() == onLetters && m.letters.Unmark():
	case m.name() == onWatch && m.watch.Filter != "":
		m.watch.Filter = ""
	case m.watch.Window.Past():
		m.thaw()
	}
}

// filter begins or ends the typing of the filter.
func (m *Model) filter(typing bool) {
	m.open.mode, m.watch.Typing = onPage, typing
	if typing {
		m.open.mode = inFilter
	}
}

// typed takes a key while the filter is typed. The list follows at once.
func (m *Model) typed(name, text string) {
	f := &m.watch.Filter
	switch name {
	case "enter":
		m.filter(false)
	case "esc":
		*f = ""
		m.filter(false)
	case "backspace":
		if *f == "" {
			m.filter(false)
			return
		}
		_, size := utf8.DecodeLastRuneInString(*f)
		*f = (*f)[:len(*f)-size]
	case "ctrl+u":
		*f = ""
	case "up":
		m.watch.Select(-1)
	case "down":
		m.watch.Select(1)
	default:
		m.paste(text)
	}
}

// paste adds text to the filter that is being typed; elsewhere it does nothing.
func (m *Model) paste(text string) {
	if m.open.mode != inFilter || len(m.watch.Filter)+len(text) > sensors.MaxName {
		return
	}
	line, _, _ := strings.Cut(text, "\n")
	m.watch.Filter += strings.ToValidUTF8(strings.TrimRight(line, "\r"), "")
}
