// Package term guards a terminal around a Bubble Tea program: whatever ends the
// program, the terminal is left as it was found.
//
// Promises, on every end but SIGKILL:
//
//   - The alternate screen is left, the cursor shown, the mouse off, and the modes
//     of the line are what they were. This holds for quitting, SIGTERM, SIGINT,
//     SIGHUP, SIGQUIT, a terminal that vanished, and a panic in the model, in one of
//     its commands or in any goroutine whose reports go to [Terminal.Fail].
//   - The end takes less than a second beyond Options.OnEnd, also when nobody reads
//     the terminal. A vanished terminal is noticed within a third of a second.
//   - ctrl+z and SIGTSTP give the terminal back before the process stops. Continued
//     in the background it goes on without a screen until it is in the foreground
//     again; where there is no shell to come back to, it just goes on.
//   - An unread terminal holds up the screen, keys included, and nothing else: hand
//     data over with [Latest], which never waits.
//   - No answer of the terminal is waited for, and the model knows its size before
//     its first frame.
//   - NO_COLOR is honoured. Nothing is written to a terminal that is none, or that
//     TERM calls dumb.
//
// The model need not know this package:
//
//	t, err := term.Open()
//	if err != nil {
//		return usage(err) // term.ErrNoTerminal: say that there is --headless
//	}
//	shots := term.NewLatest[*monitor.Snapshot]() // the monitor calls shots.Put
//	guard.Go("monitor", t.Fail, func() { mon.Run(ctx, shots.Put) })
//	screen := ui.New(shots.C(), t.ASCII()) // waits on it in a tea.Cmd, again after each snapshot
//	_, end := t.Run(screen, term.Options{OnEnd: func(term.End) { mon.Stop() }})
//	if end.Err != nil {
//		fmt.Fprintln(os.Stderr, "setpoint:", display.Error(end.Err))
//	}
//	if p, ok := errors.AsType[*guard.PanicError](end.Err); ok {
//		os.Stderr.Write(p.Stack)
//	}
//	return end.Status()
package term
