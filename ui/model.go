package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"setpoint/ui/action"
	"setpoint/ui/screen"
	"setpoint/ui/theme"
	"setpoint/workflow/monitor"
)

// Config is what the screen is connected to and how it looks.
type Config struct {
	Snapshots     <-chan *monitor.Snapshot                                                 // newest wins; closed when there will be no more
	Look          func(monitor.View)                                                       // says what the next snapshot should hold; must not block
	Do            func(monitor.Command) error                                              // hands in a command; may take its time
	Tune          func(context.Context, monitor.TuneQuestion) (*monitor.TuneAnswer, error) // asks the past; nil: there is no answer
	Unwritten     func() []monitor.Written                                                 // what the configuration file does not say yet; nil: there is no file
	Version, User string                                                                   // shown; the one who acts
	Theme         string                                                                   // one of [theme.Names]; "" is "auto"
	ASCII         bool                                                                     // draw with ASCII alone
	NoMouse       bool                                                                     // leave the mouse to the terminal
	NoColor       bool                                                                     // weight instead of colour
	Location      *time.Location                                                           // of the times shown; nil is the local one
	Width, Height int                                                                      // of the terminal if known, so that the first frame is full
}

// A Model is the screen as Bubble Tea runs it. Make one with [New].
type Model struct {
	cfg Config
	pages
	keys   keys
	sheet  screen.Sheet
	look   look
	size   struct{ w, h int }
	latest *monitor.Snapshot // the newest; a frozen page may show an older one
	open   open
	status status
	outbox outbox
	moves  moves
	asked  inquiries
	quick  quick
	frozen frozen
	frame  string       // what View returns
	looked monitor.View // what was last asked for
	hands  int          // keys and clicks so far, to know the last one
}

// keys is what can be done on each page: in order, and by key.
type keys struct {
	list map[string]action.List[*Model]
	by   map[string]map[string]action.Action[*Model]
}

func newKeys() keys {
	k := keys{map[string]action.List[*Model]{}, map[string]map[string]action.Action[*Model]{}}
	all := actions()
	for _, t := range tabs {
		k.list[t.name] = all.For(t.name)
		k.by[t.name], _ = all.Index(t.name) // a test sees to it that no key is taken twice
	}
	return k
}

// open is what the keyboard is talking to.
type open struct {
	mode mode
	menu menu
	ask  ask
	help help

	entry entry

	fault monitor.Fault   // that was injected last
	asked *monitor.DryRun // before all letters are sent again
}

// look is the theme and what it was chosen by.
type look struct {
	theme   *theme.Theme
	profile colorprofile.Profile
	light   bool
}

// mode says what is open.
type mode uint8

const (
	onPage   mode = iota
	inFilter      // the filter is being typed
	inMenu        // something is being chosen
	inAsk         // a question is to be answered, or a remark to be read
	inHelp
	inEntry // a line is being typed
	modes
)

// New returns a screen that has painted its first frame already, if the size of
// the terminal is known.
func New(cfg Config) *Model {
	if cfg.Location == nil {
		cfg.Location = time.Local
	}
	m := &Model{cfg: cfg, pages: newPages(cfg.Location), keys: newKeys()}
	m.size.w, m.size.h = cfg.Width, cfg.Height
	m.look.profile = colorprofile.TrueColor
	m.dress()
	m.draw()
	return m
}

// Init waits for the first snapshot.
func (m *Model) Init() tea.Cmd { return m.waitSnapshot }

// Update sorts the messages.
func (m *Model) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	var cmd tea.Cmd
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		m.size.w, m.size.h = msg.Width, msg.Height
	case snapshotMsg:
		cmd = m.take(msg.s)
	case answerMsg:
		cmd = m.learned(msg)
	case restMsg:
		cmd = m.rested(int(msg))
	case lateMsg:
		if m.asked.quick.open {
			m.tune.Late()
		}
	case whatIfMsg:
		cmd = m.askWhatIf(msg)
	case unwrittenMsg:
		cmd = m.toWrite(msg)
	case sentMsg:
		cmd = m.sent(msg)
	case tea.KeyPressMsg:
		cmd = tea.Batch(m.press(msg), m.hand())
	case tea.PasteMsg:
		m.paste(msg.Content)
	case tea.MouseMsg:
		cmd = tea.Batch(m.mouse(msg), m.hand())
	case handMsg:
		m.watch.Hold = m.watch.Hold && (int(msg) != m.hands || !m.frozen.since.IsZero())
	case statusMsg:
		m.status.expire(int(msg))
	case tea.ColorProfileMsg:
		cmd = m.dressFor(msg.Profile)
	case tea.BackgroundColorMsg:
		m.look.light = !msg.IsDark()
		m.dress()
	default:
		return m, nil
	}
	m.draw()
	return m, tea.Batch(cmd, m.inquire())
}

// View returns the frame that was built by the last change.
func (m *Model) View() tea.View {
	v := tea.NewView(m.frame)
	v.AltScreen, v.WindowTitle = true, "setpoint"
	if !m.cfg.NoMouse {
		v.MouseMode = tea.MouseModeCellMotion
	}
	return v
}

// dress makes the theme anew.
func (m *Model) dress() {
	name := m.cfg.Theme
	if m.cfg.NoColor {
		name = "mono"
	}
	m.look.theme = theme.New(name, !m.look.light, m.look.profile, m.cfg.ASCII)
}

// dressFor takes the colours that the terminal knows, and asks it for that of its
// background if the theme depends on it. The answer, if one comes, is a message.
func (m *Model) dressFor(p colorprofile.Profile) tea.Cmd {
	m.look.profile = p
	m.dress()
	switch m.cfg.Theme {
	case "", "auto", "contrast":
		if p >= colorprofile.ANSI && !m.cfg.NoColor {
			return tea.RequestBackgroundColor
		}
	}
	return nil
}
