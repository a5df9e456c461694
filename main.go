// Setpoint watches sensor streams in a terminal and lets a person tune alarm
// thresholds against what really happened. Package monitor describes how it works,
// package cli what it is told by the command line.
package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"os/user"
	"runtime/debug"
	"slices"
	"syscall"

	xterm "github.com/charmbracelet/x/term"

	"setpoint/sensors/display"
	"setpoint/ui"
	"setpoint/ui/cli"
	"setpoint/ui/config"
	"setpoint/ui/offline"
	"setpoint/ui/term"
	"setpoint/workflow"
	"setpoint/workflow/guard"
	"setpoint/workflow/monitor"
)

// The exit status; 128+n after signal n.
const (
	exitBug      = 1
	exitUsage    = 2
	exitStore    = 3
	exitSource   = 4
	exitCritical = 5
)

func main() { os.Exit(run(os.Args[1:])) }

func run(args []string) int {
	o, err := cli.Parse(args, os.Getenv)
	switch {
	case err != nil:
		return complain(exitUsage, err, "see setpoint --help")
	case o.Help:
		fmt.Print(cli.Help(o.Command))
		return 0
	case o.Version:
		fmt.Println("setpoint", version())
		return 0
	}
	if err := place(o); err != nil {
		return complain(exitUsage, err)
	}
	if o.Command != "" {
		return answer(o)
	}
	log, err := openLog(o)
	if err != nil {
		return complain(exitUsage, err)
	}
	headless := o.Headless || !xterm.IsTerminal(os.Stdout.Fd())
	var screen *term.Terminal
	if !headless {
		if screen, err = term.Open(); err != nil {
			return complain(exitUsage, err, "--headless needs no terminal")
		}
	}
	if o.ReadOnly { // what another instance keeps is looked at, and nothing else
		o.Sources, o.State = []string{"store:" + o.State}, ""
	}
	sources, err := monitor.Open(o.Sources, monitor.OpenOptions{
		Speed: o.Speed, Seed: o.Seed, Length: o.Duration, Stdin: os.Stdin, Follow: o.ReadOnly,
	})
	if err != nil {
		return status(err)
	}
	c := monitor.Config{
		Write:   write(o.File),
		Version: version(), Sources: sources, Settings: o.Settings, Speed: o.Speed, Seed: o.Seed,
		Live: monitor.Live(o.Sources, o.Speed), Duration: o.Duration, MaxEvents: o.MaxEvents,
		UntilCritical: o.UntilCritical, IdleTimeout: o.IdleTimeout, Queue: o.Queue, Rejects: o.Rejects,
		FPS: o.FPS, Log: log, Stay: !headless, Overflow: o.Overflow,
		Escalate: monitor.EscalateAfter(o.Sources), State: o.State, Acks: o.Acks, Stats: o.Stats,
		Adaptive: o.Adaptive, ReadOnly: o.ReadOnly, OnlyWorst: o.OnlyWorst, Realarm: o.Realarm,
	}
	if headless {
		c.Lines = os.Stdout
	}
	m, err := monitor.New(c)
	if err != nil {
		return status(err)
	}
	if headless {
		return runHeadless(m)
	}
	return runScreen(m, screen, o)
}

// place decides where the state of a run is kept: where it was asked for, else nowhere,
// but for sensors that live on and for commands about what is kept.
func place(o *cli.Options) (err error) {
	keeps := slices.ContainsFunc(o.Sources, monitor.Lasting)
	asks := o.Command == "history" || o.Command == "verify" || o.Command == "letters"
	switch {
	case o.Ephemeral:
		o.State = ""
	case o.State == "" && (asks || o.ReadOnly || o.Command == "" && keeps):
		o.State, err = offline.StateDir(os.Getenv)
	}
	if err == nil && o.Acks && o.State == "" {
		err = errors.New("--emit acks: want --state DIR, nothing is kept without it")
	}
	return err
}

// write returns what writes moved thresholds to the configuration file.
func write(f *config.File) func([]monitor.Written) (string, error) {
	return func(list []monitor.Written) (string, error) {
		var changes []config.Change
		for _, w := range list {
			layer, name := config.All, ""
			switch {
			case w.Scope.Sensor != "":
				layer, name = config.Sensor, w.Scope.Sensor
			case w.Scope.Group != "":
				layer, name = config.Group, w.Scope.Group
			}
			changes = append(changes, config.Diff(layer, name, w.Kind, w.Old, w.New)...)
		}
		return f.Path(), f.Write(changes)
	}
}

// answer does what a command asks.
func answer(o *cli.Options) int {
	ctx, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	defer cancel()
	return status(offline.Run(ctx, o, os.Stdout, userName()))
}

// runHeadless runs m until its end or a signal, and drains.
func runHeadless(m *monitor.Monitor) int {
	signals := make(chan os.Signal, 4)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP, syscall.SIGQUIT)
	ctx, cancel := context.WithCancel(context.Background())
	var caught syscall.Signal
	guard.Go("signals", func(error) { cancel() }, func() {
		caught = (<-signals).(syscall.Signal)
		cancel()
	})
	_, err := m.Run(ctx)
	if ctx.Err() != nil && caught != 0 {
		complainIf(err)
		return 128 + int(caught)
	}
	cancel()
	return status(err)
}

// runScreen runs m below the dashboard.
func runScreen(m *monitor.Monitor, t *term.Terminal, o *cli.Options) int {
	ctx, cancel := context.WithCancel(context.Background())
	shots := term.NewLatest[*monitor.Snapshot]()
	over := make(chan error, 1)
	width, height := t.Size()
	model := ui.New(ui.Config{
		Snapshots: shots.C(), Look: m.Look, Do: m.Do, Tune: m.Tune, Unwritten: m.Unwritten, Version: version(), User: userName(),
		Theme: o.Theme, ASCII: o.ASCII || t.ASCII(), NoMouse: o.NoMouse, NoColor: os.Getenv("NO_COLOR") != "",
		Width: width, Height: height,
	})
	guard.Go("monitor", t.Fail, func() {
		_, err := m.Run(ctx)
		over <- err
	})
	guard.Go("snapshots", t.Fail, func() { m.Watch(ctx, shots.Put) })
	var err error
	_, end := t.Run(model, term.Options{FPS: 60, OnEnd: func(term.End) {
		cancel()
		err = <-over
	}})
	if end.Err != nil {
		complain(exitBug, end.Err)
		printStack(end.Err)
	}
	if s := end.Status(); s != 0 {
		return s
	}
	return status(err)
}

// status says why a run did not end as asked, and returns its exit status.
func status(err error) int {
	complainIf(err)
	switch _, bug := errors.AsType[*guard.PanicError](err); {
	case err == nil:
		return 0
	case bug:
		printStack(err)
		return exitBug
	case errors.Is(err, workflow.ErrStopped):
		return exitCritical
	}
	if _, ok := errors.AsType[*monitor.StoreError](err); ok {
		return exitStore
	}
	if _, ok := errors.AsType[*workflow.SourceError](err); ok {
		return exitSource
	}
	if _, ok := errors.AsType[*monitor.SourceError](err); ok {
		return exitSource
	}
	return exitUsage
}

func complainIf(err error) {
	if err != nil && !errors.Is(err, workflow.ErrStopped) {
		complain(0, err)
	}
}

// complain writes an error to standard error and returns the exit status.
func complain(status int, err error, hints ...string) int {
	for _, e := range each(err) {
		fmt.Fprintln(os.Stderr, "setpoint:", display.Error(e))
	}
	for _, h := range hints {
		fmt.Fprintln(os.Stderr, "hint:", h)
	}
	return status
}

// each returns the errors that were joined into err.
func each(err error) []error {
	if j, ok := err.(interface{ Unwrap() []error }); ok {
		return j.Unwrap()
	}
	return []error{err}
}

func printStack(err error) {
	if p, ok := errors.AsType[*guard.PanicError](err); ok {
		os.Stderr.Write(p.Stack)
	}
}

// openLog returns where the log goes: nowhere, unless a file is named.
func openLog(o *cli.Options) (*slog.Logger, error) {
	var out io.Writer
	if o.LogFile == "" {
		return slog.New(slog.DiscardHandler), nil
	}
	out, err := os.OpenFile(o.LogFile, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, fmt.Errorf("--log: %w", err)
	}
	return slog.New(slog.NewJSONHandler(out, &slog.HandlerOptions{Level: o.LogLevel})), nil
}

// version is the module's version, or the commit it was built from.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	return cmp.Or(info.Main.Version, "(devel)")
}

// userName is who moves thresholds and acknowledges alarms.
func userName() string {
	if u, err := user.Current(); err == nil && u.Username != "" {
		return u.Username
	}
	return cmp.Or(os.Getenv("USER"), "operator")
}
