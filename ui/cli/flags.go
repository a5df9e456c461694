package cli

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/pflag"

	"setpoint/sensors/display"
	"setpoint/sensors/threshold"
	"setpoint/ui/config"
	"setpoint/ui/theme"
)

// flags holds the flags of a command, and the values that need a look before they
// become Options.
type flags struct {
	o         *Options
	set       *pflag.FlagSet
	at        [threshold.Kinds][]string
	fields    [config.Fields][]string // deadband, on-delay, off-delay
	config    string
	speed     string
	overflow  string
	emit      []string
	logLevel  string
	budget    string
	from, to  string
	asked     []string          // flags that belong to a command alone: neither in the environment nor in the file
	elsewhere map[string]string // how errors name flags that were not given as such
}

func newFlags(c *command) *flags {
	f := &flags{
		o: &Options{Command: c.name}, set: pflag.NewFlagSet("setpoint", pflag.ContinueOnError), elsewhere: map[string]string{},
	}
	f.set.SortFlags = false
	f.set.Usage = func() {}
	c.flags(f)
	f.set.BoolVarP(&f.o.Help, "help", "h", false, "show this help")
	f.asked = append(f.asked, "help", "version")
	return f
}

// limits defines the flags about thresholds, and the file that has more of them.
func (f *flags) limits() {
	s := f.set
	s.StringArrayVar(&f.at[threshold.High], "high", nil, "high threshold, `[SENSOR=]VALUE` or off; may be given again")
	s.StringArrayVar(&f.at[threshold.Low], "low", nil, "low threshold, likewise (`[SENSOR=]VALUE`)")
	s.StringArrayVar(&f.at[threshold.Critical], "critical", nil, "critical threshold, likewise (`[SENSOR=]VALUE`)")
	s.StringArrayVar(&f.at[threshold.CriticalLow], "critical-low", nil, "critical low threshold, likewise (`[SENSOR=]VALUE`)")
	s.StringArrayVar(&f.fields[config.Deadband], "deadband", nil, "how far inside its threshold an alarm ends, so that it does not flutter (`[SENSOR=]VALUE`)")
	s.StringArrayVar(&f.fields[config.OnDelay], "on-delay", nil, "how long a threshold must be passed before the alarm (`[SENSOR=]TIME`)")
	s.StringArrayVar(&f.fields[config.OffDelay], "off-delay", nil, "how long it must be over before the alarm ends (`[SENSOR=]TIME`)")
	f.configured()
}

// configured defines the flag that names the configuration file.
func (f *flags) configured() {
	f.set.StringVar(&f.config, "config", "", "read thresholds and flags from `FILE` (else setpoint.yaml here or in the user's config directory)")
}

// keeping defines the flag that names the state directory.
func (f *flags) keeping() {
	f.set.StringVar(&f.o.State, "state", "", "keep history, alarms and letters in `DIR` (else in the user's state directory)")
}

// dashboard defines the flags of the dashboard and of headless runs.
func (f *flags) dashboard() {
	s, o := f.set, f.o
	f.limits()
	s.BoolVar(&o.Adaptive, "adaptive", false, "let a learned band move the thresholds of all sensors")
	s.BoolVar(&o.OnlyWorst, "only-worst", false, "announce only the worse of two alarms on one side")
	s.DurationVar(&o.Realarm, "realarm", 0, "an alarm still on this `TIME` after its acknowledgement is unacknowledged again")
	f.keeping()
	s.BoolVar(&o.Ephemeral, "ephemeral", false, "keep nothing (so does a run of simulations, recordings or - without --state)")
	s.BoolVar(&o.ReadOnly, "read-only", false, "look on while another instance writes to the state directory: change nothing, keep nothing")
	s.StringVar(&f.speed, "speed", "1", "of recordings and simulations: `TIMES` real time, or max")
	s.Uint64Var(&o.Seed, "seed", 1, "`NUMBER` that simulations start from: the same gives the same readings")
	s.DurationVar(&o.Duration, "duration", 0, "end after this `TIME` (at --speed max: of simulated time)")
	s.Uint64Var(&o.MaxEvents, "max-events", 0, "end after `N` readings, exactly")
	s.BoolVar(&o.UntilCritical, "until-critical", false, "end at the first critical reading, with status 5")
	s.DurationVar(&o.IdleTimeout, "idle-timeout", 0, "end when no reading has come for this `TIME`")
	s.IntVar(&o.Queue, "queue", 1024, "`N` readings that may wait to be judged")
	s.StringVar(&f.overflow, "overflow", "", "`POLICY` when they are more: "+strings.Join(policies, ", ")+" (default: block for files and -, coalesce for live sensors)")
	s.StringArrayVar(&f.emit, "emit", nil, "more lines of headless output: `WORDS` acks, rejects or both, with a comma")
	s.DurationVar(&o.Stats, "stats", 0, "a line of statistics in headless output every `TIME`")
	s.BoolVar(&o.Headless, "headless", false, "no screen: JSON lines on standard output")
	s.IntVar(&o.FPS, "fps", 10, "frames `PER SECOND` at most")
	s.StringVar(&o.Theme, "theme", "auto", "`NAME`: "+strings.Join(theme.Names, ", "))
	s.BoolVar(&o.ASCII, "ascii", false, "draw with ASCII characters only")
	s.BoolVar(&o.NoMouse, "no-mouse", false, "leave the mouse to the terminal")
	s.StringVar(&o.LogFile, "log", "", "write a log to `FILE` (JSON lines)")
	s.StringVar(&f.logLevel, "log-level", "info", "`LEVEL`: "+strings.Join(levels, ", "))
	s.BoolVar(&o.Version, "version", false, "say which version this is")
}

// The words some flags take.
var (
	policies = []string{"block", "drop-oldest", "drop-newest", "coalesce", "reject"}
	lines    = []string{"acks", "rejects"}
	levels   = []string{"debug", "info", "warn", "error"}
)

// arguments takes over the flags of args. After an unknown one the rest cannot be
// understood, so the faults end there.
func (f *flags) arguments(args []string) (errs []error) {
	err := f.set.ParseAll(args, func(fl *pflag.Flag, value string) error {
		if err := f.set.Set(fl.Name, value); err != nil {
			errs = append(errs, fmt.Errorf("--%s %s: want %s", fl.Name, display.Quote(value), wanted(fl)))
		}
		return nil
	})
	switch unknown, ok := errors.AsType[*pflag.NotExistError](err); {
	case ok && unknown.GetSpecifiedShortnames() == "":
		name := unknown.GetSpecifiedName()
		errs = append(errs, fmt.Errorf("unknown flag %s: %s", display.Quote("--"+name), f.instead(name)))
	case err != nil:
		errs = append(errs, errors.New(string(display.Error(err))))
	}
	return errs
}

// instead says what an unknown flag was probably meant to be.
func (f *flags) instead(name string) string {
	var names []string
	f.set.VisitAll(func(fl *pflag.Flag) { names = append(names, fl.Name) })
	if n := config.Nearest(name, names); slices.Contains(names, n) {
		return "want --" + n
	}
	return "want one of those that --help lists"
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
		if fl.Changed || slices.Contains(f.asked, fl.Name) {
			return
		}
		v := getenv(name)
		if v == "" {
			return
		}
		f.elsewhere[fl.Name] = name
		if err := f.set.Set(fl.Name, v); err != nil {
			errs = append(errs, fmt.Errorf("%s=%s: want %s", name, display.Quote(v), wanted(fl)))
		}
	})
	return errs
}

// file reads the configuration file, unless the command has no use for it, and takes
// over the flags that are given nowhere else.
func (f *flags) file() []error {
	if f.set.Lookup("config") == nil {
		return nil
	}
	file, err := config.Load(f.config, fileFlags())
	errs := each(err)
	f.o.File, f.o.Scopes = file, file.Scopes
	for _, e := range file.Flags {
		fl := f.set.Lookup(e.Name)
		if fl == nil || fl.Changed {
			continue
		}
		if len(e.Words) != 1 && fl.Value.Type() != "stringArray" {
			errs = append(errs, file.Fault(e.Line, e.Name+": want one word"))
			continue
		}
		f.elsewhere[e.Name] = strings.TrimSuffix(file.Fault(e.Line, e.Name).Error(), ":")
		for _, w := range e.Words {
			if err := f.set.Set(e.Name, w); err != nil {
				errs = append(errs, file.Fault(e.Line, e.Name+" "+display.Quote(w)+": want "+wanted(fl)))
			}
		}
	}
	return errs
}

// fileFlags are the names of the flags that the file may have, beside those about
// thresholds, which it has by itself.
func fileFlags() (names []string) {
	f := newFlags(commands()[0])
	f.set.VisitAll(func(fl *pflag.Flag) {
		if fl.Name != "help" && fl.Name != "version" && fl.Name != "config" && !slices.Contains(limitNames, fl.Name) {
			names = append(names, fl.Name)
		}
	})
	return names
}

// limitNames are the flags about thresholds.
var limitNames = []string{"high", "low", "critical", "critical-low", "deadband", "on-delay", "off-delay"}

// each returns the errors that were joined into err.
func each(err error) []error {
	if j, ok := err.(interface{ Unwrap() []error }); ok {
		return slices.Clone(j.Unwrap())
	}
	if err == nil {
		return nil
	}
	return []error{err}
}

// title is how an error names a flag: as a flag, a variable, or a line of the file.
func (f *flags) title(name string) string {
	if t, ok := f.elsewhere[name]; ok {
		return t
	}
	return "--" + name
}

// given reports whether the flag stands on the command line.
func (f *flags) given(name string) bool {
	fl := f.set.Lookup(name)
	return fl != nil && fl.Changed && f.elsewhere[name] == ""
}
