// Package cli is the command line: the flags, the environment variables that
// stand for them, and the help.
//
// A flag counts before its environment variable (SETPOINT_X for --x), which counts
// before the default. All faults are reported at once, each with the name, the
// value and what is wanted.
package cli

import (
	"errors"
	"fmt"
	"log/slog"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"setpoint/sensors/display"
	"setpoint/sensors/threshold"
	"setpoint/ui/theme"
	"setpoint/workflow"
	"setpoint/workflow/monitor"
)

// Options is what the command line says.
type Options struct {
	Sources []string

	Thresholds    monitor.Thresholds
	Speed         float64 // +Inf: max
	Seed          uint64
	Duration      time.Duration
	MaxEvents     uint64
	UntilCritical bool
	IdleTimeout   time.Duration
	Queue         int
	Overflow      *workflow.Overflow // nil: what suits each source
	Rejects       bool

	FPS      int
	ASCII    bool
	NoMouse  bool
	Theme    string
	Headless bool
	LogFile  string
	LogLevel slog.Level

	Help, Version bool
}

// flags holds the values that need a look before they become Options.
type flags struct {
	o              *Options
	at             [threshold.Kinds][]string
	deadband       []string
	speed          string
	overflow, emit string
	logLevel       string
	set            *pflag.FlagSet
}

func newFlags() *flags {
	f := &flags{o: new(Options), set: pflag.NewFlagSet("setpoint", pflag.ContinueOnError)}
	s := f.set
	s.SortFlags = false
	s.Usage = func() {}
	s.StringArrayVar(&f.at[threshold.High], "high", nil, "high threshold, `[SENSOR=]VALUE` or off; may be given again")
	s.StringArrayVar(&f.at[threshold.Low], "low", nil, "low threshold, likewise (`[SENSOR=]VALUE`)")
	s.StringArrayVar(&f.at[threshold.Critical], "critical", nil, "critical threshold, likewise (`[SENSOR=]VALUE`)")
	s.StringArrayVar(&f.at[threshold.CriticalLow], "critical-low", nil, "critical low threshold, likewise (`[SENSOR=]VALUE`)")
	s.StringArrayVar(&f.deadband, "deadband", nil, "how far inside its threshold an alarm ends (`[SENSOR=]VALUE`)")
	s.StringVar(&f.speed, "speed", "1", "of recordings and simulations: `TIMES` real time, or max")
	s.Uint64Var(&f.o.Seed, "seed", 1, "`NUMBER` that simulations start from: the same gives the same readings")
	s.DurationVar(&f.o.Duration, "duration", 0, "end after this `TIME` (at --speed max: of simulated time)")
	s.Uint64Var(&f.o.MaxEvents, "max-events", 0, "end after `N` readings")
	s.BoolVar(&f.o.UntilCritical, "until-critical", false, "end at the first critical reading, with status 5")
	s.DurationVar(&f.o.IdleTimeout, "idle-timeout", 0, "end when no reading has come for this `TIME`")
	s.IntVar(&f.o.Queue, "queue", 1024, "`N` readings that may wait to be judged")
	s.StringVar(&f.overflow, "overflow", "", "`POLICY` when they are more: block, drop-oldest, drop-newest, coalesce, reject (default: block for files and -, coalesce for live sensors)")
	s.StringVar(&f.emit, "emit", "", "more lines of headless output: `rejects`")
	s.BoolVar(&f.o.Headless, "headless", false, "no screen: JSON lines on standard output")
	s.IntVar(&f.o.FPS, "fps", 10, "frames `PER SECOND` at most")
	s.StringVar(&f.o.Theme, "theme", "auto", "`NAME`: "+strings.Join(theme.Names, ", "))
	s.BoolVar(&f.o.ASCII, "ascii", false, "draw with ASCII characters only")
	s.BoolVar(&f.o.NoMouse, "no-mouse", false, "leave the mouse to the terminal")
	s.StringVar(&f.o.LogFile, "log", "", "write a log to `FILE` (JSON lines)")
	s.StringVar(&f.logLevel, "log-level", "info", "`LEVEL`: debug, info, warn or error")
	s.BoolVar(&f.o.Version, "version", false, "say which version this is")
	s.BoolVarP(&f.o.Help, "help", "h", false, "show this help")
	return f
}

// Parse reads the command line args (without the program's name) and the
// environment.
func Parse(args []string, getenv func(string) string) (*Options, error) {
	f := newFlags()
	errs := f.arguments(args)
	if f.o.Help || f.o.Version {
		return f.o, nil
	}
	errs = append(errs, f.environment(getenv)...)
	errs = append(errs, f.thresholds()...)
	errs = append(errs, f.check()...)
	f.o.Sources = f.set.Args()
	if len(f.o.Sources) == 1 && f.o.Sources[0] == "version" {
		f.o.Version = true
	}
	if len(f.o.Sources) == 0 {
		f.o.Sources = []string{"sim:"}
	}
	return f.o, errors.Join(errs...)
}

// arguments takes over the flags of args. After an unknown one the rest cannot be
// understood, so the faults end there.
func (f *flags) arguments(args []string) (errs []error) {
	err := f.set.ParseAll(args, func(fl *pflag.Flag, value string) error {
		if err := f.set.Set(fl.Name, value); err != nil {
			errs = append(errs, fmt.Errorf("--%s %s: want %s", fl.Name, display.Quote(value), wanted(fl)))
		}
		return nil
	})
	if err != nil {
		errs = append(errs, errors.New(string(display.Error(err))))
	}
	return errs
}

// wanted says what values a flag takes.
func wanted(fl *pflag.Flag) string {
	switch fl.Value.Type() {
	case "bool":
		return "true or false"
	case "duration":
		return "a time such as 90s or 1h30m"
	case "uint64":
		return "a whole number of 0 or more"
	}
	return "a whole number"
}

// environment takes over the variables whose flags are not given.
func (f *flags) environment(getenv func(string) string) (errs []error) {
	f.set.VisitAll(func(fl *pflag.Flag) {
		name := "SETPOINT_" + strings.ToUpper(strings.ReplaceAll(fl.Name, "-", "_"))
		v := getenv(name)
		if v == "" || fl.Changed || fl.Name == "help" || fl.Name == "version" {
			return
		}
		if err := f.set.Set(fl.Name, v); err != nil {
			errs = append(errs, fmt.Errorf("%s=%s: want %s", name, display.Quote(v), wanted(fl)))
		}
	})
	return errs
}

// thresholds reads the thresholds and deadbands.
func (f *flags) thresholds() (errs []error) {
	for k := range threshold.Kinds {
		name := strings.ReplaceAll(k.String(), "_", "-")
		for _, v := range f.at[k] {
			sensor, x, err := level(v, true)
			if err != nil {
				errs = append(errs, fmt.Errorf("--%s %s: %w", name, display.Quote(v), err))
				continue
			}
			f.o.Thresholds.Set(sensor, k, x)
		}
	}
	for _, v := range f.deadband {
		sensor, x, err := level(v, false)
		if err == nil && x < 0 {
			err = errors.New("want 0 or more")
		}
		if err != nil {
			errs = append(errs, fmt.Errorf("--deadband %s: %w", display.Quote(v), err))
			continue
		}
		f.o.Thresholds.SetDeadband(sensor, x)
	}
	return errs
}

// level reads [SENSOR=]VALUE. The name may hold = itself: the last one counts.
func level(s string, off bool) (sensor string, v float64, err error) {
	value := s
	if i := strings.LastIndexByte(s, '='); i >= 0 {
		sensor, value = s[:i], s[i+1:]
		if sensor == "" {
			return "", 0, errors.New("want a sensor's name before the =")
		}
	}
	if off && value == "off" {
		return sensor, threshold.Off, nil
	}
	v, err = strconv.ParseFloat(value, 64)
	if err != nil || math.IsNaN(v) || math.IsInf(v, 0) {
		want := "want a number"
		if off {
			want += " or off"
		}
		return "", 0, errors.New(want)
	}
	return sensor, v, nil
}

// check reads what is left, and finds values that make no sense.
func (f *flags) check() (errs []error) {
	o := f.o
	fault := func(format string, a ...any) { errs = append(errs, fmt.Errorf(format, a...)) }
	o.Speed = math.Inf(1)
	if f.speed != "max" {
		v, err := strconv.ParseFloat(strings.TrimPrefix(f.speed, "x"), 64)
		if err != nil || !(v >= 0.001 && v <= 1e6) {
			fault("--speed %s: want a number from 0.001 to 1000000, or max", display.Quote(f.speed))
		}
		o.Speed = v
	}
	if f.overflow != "" {
		policy, ok := workflow.ParseOverflow(f.overflow)
		if !ok {
			fault("--overflow %s: want block, drop-oldest, drop-newest, coalesce or reject", display.Quote(f.overflow))
		}
		o.Overflow = &policy
	}
	for _, e := range strings.FieldsFunc(f.emit, func(r rune) bool { return r == ',' }) {
		if e != "rejects" {
			fault("--emit %s: want rejects", display.Quote(e))
		}
		o.Rejects = o.Rejects || e == "rejects"
	}
	if err := o.LogLevel.UnmarshalText([]byte(f.logLevel)); err != nil {
		fault("--log-level %s: want debug, info, warn or error", display.Quote(f.logLevel))
	}
	if !slices.Contains(theme.Names, o.Theme) {
		fault("--theme %s: want %s", display.Quote(o.Theme), strings.Join(theme.Names, ", "))
	}
	if o.Queue < 1 || o.Queue > 1<<20 {
		fault("--queue %d: want 1 to %d", o.Queue, 1<<20)
	}
	if o.FPS < 1 || o.FPS > 60 {
		fault("--fps %d: want 1 to 60", o.FPS)
	}
	if o.Duration < 0 {
		fault("--duration %v: want 0 or more", o.Duration)
	}
	if o.IdleTimeout < 0 {
		fault("--idle-timeout %v: want 0 or more", o.IdleTimeout)
	}
	return errs
}

// Usage is the help text.
func Usage() string {
	return `setpoint watches sensor streams and lets you tune alarm thresholds.

usage: setpoint [flags] [SOURCE ...]        the dashboard; without a SOURCE: sim:
       setpoint version

A SOURCE is
  sim:[SCENARIO][?sensors=N&rate=HZ]   simulated sensors: a small plant, or the
                                       scenario guide, flood, quiet or fridge
  hwmon:[DIR]                          this machine's own temperature sensors
  FILE.csv, FILE.jsonl (.gz too)       recorded readings, played at --speed
  -                                    CSV or JSON lines on standard input

flags (each also as an environment variable: --max-events is SETPOINT_MAX_EVENTS)
` + newFlags().set.FlagUsagesWrapped(100) + `
exit status: 0 ended as asked; 1 a bug; 2 wrong usage; 4 a source failed;
5 stopped by --until-critical; 130, 143 after SIGINT, SIGTERM, drained.
`
}
