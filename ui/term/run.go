package term

import (
	"errors"
	"os"
	"os/signal"
	"syscall"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"setpoint/workflow/guard"
)

// The times of an end, measured against a terminal that nobody reads.
const (
	watching  = 300 * time.Millisecond // how often a vanished terminal is looked for
	patience  = 500 * time.Millisecond // for the renderer to write its last frame
	unwinding = 200 * time.Millisecond // for Bubble Tea to return once writing was given up
	lastWords = 200 * time.Millisecond // for the sequences that restore the terminal
	draining  = 5 * time.Second        // for Options.OnEnd
)

// Options of a run; the zero value is useful.
type Options struct {
	FPS int // most frames a second; 0 means 60

	// OnEnd is called once, as soon as the end is known: commit and stop what must
	// not be lost. It runs beside the restoring of the terminal, and Run waits for it
	// for 5 s, or until a second signal says that nobody wants to wait.
	OnEnd func(End)
}

// Run shows the model until it quits, a signal comes, the terminal vanishes or
// something fails, and returns the last model and why it ended. The terminal is
// then as it was found. Run prints nothing; the package comment shows what to do
// with the End.
func (t *Terminal) Run(m tea.Model, o Options) (tea.Model, End) {
	s := newSession(t, m, o)
	for _, sig := range []os.Signal{syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP, syscall.SIGQUIT} {
		if !signal.Ignored(sig) { // nohup's wish is respected
			signal.Notify(s.signals, sig)
		}
	}
	signal.Notify(s.stops, syscall.SIGTSTP)
	signal.Notify(s.continued, syscall.SIGCONT)
	defer signal.Stop(s.signals)
	defer signal.Stop(s.stops)
	defer signal.Stop(s.continued)

	guard.Go("screen", t.Fail, func() {
		defer close(s.done)
		s.err = guard.Catch("screen", func() (err error) {
			s.model, err = s.program.Run()
			return err
		})
	})
	end := s.watch()
	drained := s.drain(o, end)
	ended := s.leave()
	select {
	case <-drained:
	case <-s.signals:
	case <-time.After(draining):
	}
	if end.Err == nil {
		end.Err = t.failure()
	}
	if !ended {
		return m, end
	}
	if end.Err == nil && errors.Is(s.err, tea.ErrProgramPanic) { // Bubble Tea's own
		end.Err = s.err
	}
	if g, ok := s.model.(*guarded); ok {
		m = g.model
	}
	return m, end
}

// failure returns what was reported to Fail, nil if nothing was.
func (t *Terminal) failure() error {
	select {
	case err := <-t.failed:
		return err
	default:
		return nil
	}
}

// A session is one run of a program on the terminal.
type session struct {
	*Terminal
	program *tea.Program
	state   state

	signals   chan os.Signal // that end it
	stops     chan os.Signal // SIGTSTP, also for ctrl+z
	continued chan os.Signal // SIGCONT
	moved     chan struct{}  // a change of state is complete

	quit chan End // the model wants to end; the last frame is yet to be written

	done  chan struct{} // the program returned
	model tea.Model     // what it returned, once done is closed
	err   error
}

func newSession(t *Terminal, m tea.Model, o Options) *session {
	s := &session{
		Terminal:  t,
		signals:   make(chan os.Signal, 4),
		stops:     make(chan os.Signal, 1),
		continued: make(chan os.Signal, 1),
		moved:     make(chan struct{}, 1),
		quit:      make(chan End, 1),
		done:      make(chan struct{}),
	}
	columns, rows := t.Size()
	g := &guarded{model: m, fail: t.Fail, size: tea.WindowSizeMsg{Width: columns, Height: rows}}
	s.program = tea.NewProgram(g,
		tea.WithInput(t.in), tea.WithOutput(t.out), tea.WithoutSignalHandler(),
		tea.WithColorProfile(profile()), tea.WithFPS(o.FPS), tea.WithFilter(s.filter))
	return s
}

// filter sees every message before the model. It takes away what is not the model's:
// the request to stop, and the offer to measure text by graphemes, which would make
// the renderer disagree with package display in the middle of a run.
func (s *session) filter(_ tea.Model, msg tea.Msg) tea.Msg {
	switch m := msg.(type) {
	case tea.QuitMsg:
		offer(s.quit, End{})
	case tea.InterruptMsg:
		offer(s.quit, End{Signal: syscall.SIGINT})
	case tea.SuspendMsg:
		offer[os.Signal](s.stops, syscall.SIGTSTP)
		return nil
	case tea.KeyPressMsg:
		if m.Code == 'z' && m.Mod == tea.ModCtrl {
			offer[os.Signal](s.stops, syscall.SIGTSTP)
			return nil
		}
	case tea.ModeReportMsg:
		if m.Mode == ansi.ModeUnicodeCore {
			return nil
		}
	}
	return msg
}

// offer sends v unless there is no room for it.
func offer[T any](c chan<- T, v T) {
	select {
	case c <- v:
	default:
	}
}

// watch returns when the run is to end.
func (s *session) watch() End {
	tick := time.NewTicker(watching)
	defer tick.Stop()
	for {
		select {
		case sig := <-s.signals:
			number, _ := sig.(syscall.Signal)
			return End{Signal: number}
		case err := <-s.failed:
			return End{Err: err}
		case end := <-s.quit:
			return end
		case <-s.done:
			return endOf(s.err, s.out.gone())
		case <-tick.C:
			if s.out.gone() {
				return End{Signal: syscall.SIGHUP}
			}
			s.comeBack()
		case <-s.continued:
			s.comeBack()
		case <-s.stops:
			s.goAway()
		case <-s.moved:
			s.arrive()
		}
	}
}

// drain calls OnEnd and closes the channel when that has returned.
func (s *session) drain(o Options, end End) <-chan struct{} {
	done := make(chan struct{})
	guard.Go("end", s.Fail, func() {
		defer close(done)
		if o.OnEnd == nil {
			return
		}
		if err := guard.Catch("end", func() error { o.OnEnd(end); return nil }); err != nil {
			s.Fail(err)
		}
	})
	return done
}

// leave ends the program, whatever the terminal does, and restores the terminal.
// It reports whether the program returned.
func (s *session) leave() bool {
	if s.state == leaving && within(s.moved, patience) {
		s.state = hidden
	}
	if s.state == returning {
		within(s.moved, patience)
	}
	if s.state == hidden { // it is the shell's, and was restored
		s.out.giveUp()
		return false
	}
	guard.Go("quit", s.Fail, s.program.Quit)
	ended := within(s.done, patience)
	if !ended {
		s.out.giveUp()
		ended = within(s.done, unwinding)
	}
	s.restore()
	return ended
}

// within reports whether done is closed, or something comes from it, in time.
func within(done <-chan struct{}, d time.Duration) bool {
	select {
	case <-done:
		return true
	case <-time.After(d):
		return false
	}
}
