// Package cli is the command line: the flags, the commands, the environment
// variables that stand for flags, the configuration file, and the help.
//
// A flag counts before its environment variable (SETPOINT_X for --x), which counts
// before the file ([config.Load]), that before the default. All faults are reported
// at once, each with the name, the value and what is wanted. Nothing is opened but
// the configuration file.
package cli

import (
	"errors"
	"log/slog"
	"time"

	"setpoint/ui/config"
	"setpoint/workflow"
	"setpoint/workflow/monitor"
)

// Options is what the command line says.
type Options struct {
	Command string // one of [Commands]; "" is the dashboard
	Sources []string
	File    *config.File // nil if only help was asked for

	// Scopes is what is said of thresholds, and where. Later ones count before
	// earlier ones; Settings is the same, put together.
	Scopes   []config.Scope
	Settings monitor.Settings

	Run
	Screen
	Store
	Request

	LogFile  string
	LogLevel slog.Level

	Help, Version bool
}

// Run is how a run goes, and when it ends.
type Run struct {
	Speed         float64 // +Inf: max
	Seed          uint64
	Duration      time.Duration
	MaxEvents     uint64
	UntilCritical bool
	IdleTimeout   time.Duration
	Queue         int
	Overflow      *workflow.Overflow // nil: what suits each source
	Adaptive      bool               // the band moves the thresholds
	OnlyWorst     bool               // of two alarms of one side only the worse is announced
	Realarm       time.Duration      // an alarm on so long after its acknowledgement is unacknowledged again; 0: never
	Rejects, Acks bool               // lines of headless output
	Stats         time.Duration      // between lines of statistics; 0: none
}

// Screen is how the dashboard looks, if there is one.
type Screen struct {
	Headless bool
	FPS      int
	ASCII    bool
	NoMouse  bool
	Theme    string
}

// Store is where state is kept.
type Store struct {
	State     string // the folder; "": the usual one
	Ephemeral bool   // nothing is kept
	ReadOnly  bool   // nothing is changed
}

// Parse reads the command line args (without the program's name), the environment
// and the configuration file.
func Parse(args []string, getenv func(string) string) (*Options, error) {
	c := find(args)
	f := newFlags(c)
	if c.name != "" {
		args = args[1:]
	}
	errs := f.arguments(args)
	if f.o.Help || f.o.Version {
		return f.o, nil
	}
	f.o.Version = c.name == "version"
	errs = append(errs, f.environment(getenv)...)
	errs = append(errs, f.file()...)
	errs = append(errs, f.thresholds()...)
	errs = append(errs, f.check()...)
	errs = append(errs, c.take(f, f.set.Args())...)
	return f.o, errors.Join(errs...)
}
