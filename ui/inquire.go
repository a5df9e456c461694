package ui

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"setpoint/workflow/monitor"
)

// An inquiry is the questions to the past of one kind: the latest counts.
type inquiry struct {
	n      int // of the latest
	cancel context.CancelFunc
	open   bool // it was not answered yet
}

// answerMsg is an answer from the past.
type answerMsg struct {
	to  *inquiry
	n   int
	a   *monitor.TuneAnswer
	err error
}

// lateMsg says that a question of the Tune page was asked a while ago.
type lateMsg struct{}

// restMsg says that the hand has rested since the n-th answer.
type restMsg int

// handRests is how long after a move the hand rests, and after a question a person
// notices that there is no answer.
const handRests = 50 * time.Millisecond

// ask asks q beside the screen, in place of what was asked before.
func (i *inquiry) ask(tune func(context.Context, monitor.TuneQuestion) (*monitor.TuneAnswer, error), q monitor.TuneQuestion) tea.Cmd {
	i.drop()
	ctx, cancel := context.WithCancel(context.Background())
	i.cancel, i.open = cancel, true
	n := i.n
	return func() tea.Msg {
		defer cancel()
		a, err := tune(ctx, q)
		return answerMsg{i, n, a, err}
	}
}

// drop lets what was asked go unanswered.
func (i *inquiry) drop() {
	if i.cancel != nil {
		i.cancel()
	}
	i.n++
	i.open = false
}

// inquiries are what is asked for the Tune page, and for a move on Watch.
type inquiries struct{ quick, more, advice, before, after inquiry }

// inquire asks what the Tune page wants to know.
func (m *Model) inquire() tea.Cmd {
	if m.name() != onTune || m.cfg.Tune == nil {
		return nil
	}
	q, ok := m.tune.Question()
	if !ok {
		return nil
	}
	m.asked.more.drop()
	var late tea.Cmd
	if !m.asked.quick.open {
		late = tea.Tick(handRests, func(time.Time) tea.Msg { return lateMsg{} })
	}
	return tea.Batch(m.asked.quick.ask(m.cfg.Tune, q), late)
}

// learned takes an answer, unless another question was asked since.
func (m *Model) learned(msg answerMsg) tea.Cmd {
	i := msg.to
	if msg.n != i.n {
		return nil
	}
	i.open = false
	switch i {
	case &m.asked.quick:
		m.tune.Answer(msg.a, msg.err)
		return tea.Tick(handRests, func(time.Time) tea.Msg { return restMsg(msg.n) })
	case &m.asked.more:
		m.tune.AnswerMore(msg.a, msg.err)
	case &m.asked.advice:
		m.tune.AnswerAdvice(msg.a, msg.err)
	default:
		m.whatIf(msg)
	}
	return nil
}

// rested asks what takes longer.
func (m *Model) rested(n int) tea.Cmd {
	if n != m.asked.quick.n {
		return nil
	}
	var cmds []tea.Cmd
	if q, ok := m.tune.More(); ok {
		cmds = append(cmds, m.asked.more.ask(m.cfg.Tune, q))
	}
	if q, ok := m.tune.Advice(); ok {
		cmds = append(cmds, m.asked.advice.ask(m.cfg.Tune, q))
	}
	return tea.Batch(cmds...)
}
