package cli

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"setpoint/sensors/display"
	"setpoint/ui/theme"
	"setpoint/workflow"
)

// check reads what is left of the dashboard's flags, and finds values that make no
// sense.
func (f *flags) check() (errs []error) {
	if f.set.Lookup("speed") == nil {
		return nil
	}
	o := f.o
	fault := func(name, format string, a ...any) {
		errs = append(errs, fmt.Errorf("%s %s", f.title(name), fmt.Sprintf(format, a...)))
	}
	o.Speed = math.Inf(1)
	if f.speed != "max" {
		v, err := strconv.ParseFloat(strings.TrimPrefix(f.speed, "x"), 64)
		if err != nil || !(v >= 0.001 && v <= 1e6) {
			fault("speed", "%s: want a number from 0.001 to 1000000, or max", display.Quote(f.speed))
		}
		o.Speed = v
	}
	if f.overflow != "" {
		policy, ok := workflow.ParseOverflow(f.overflow)
		if !ok {
			fault("overflow", "%s: want block, drop-oldest, drop-newest, coalesce or reject", display.Quote(f.overflow))
		}
		o.Overflow = &policy
	}
	for _, e := range strings.FieldsFunc(strings.Join(f.emit, ","), func(r rune) bool { return r == ',' }) {
		if !slices.Contains(lines, e) {
			fault("emit", "%s: want acks or rejects", display.Quote(e))
		}
		o.Rejects = o.Rejects || e == "rejects"
		o.Acks = o.Acks || e == "acks"
	}
	if err := o.LogLevel.UnmarshalText([]byte(f.logLevel)); err != nil {
		fault("log-level", "%s: want debug, info, warn or error", display.Quote(f.logLevel))
	}
	if !slices.Contains(theme.Names, o.Theme) {
		fault("theme", "%s: want %s", display.Quote(o.Theme), strings.Join(theme.Names, ", "))
	}
	if o.Queue < 1 || o.Queue > 1<<20 {
		fault("queue", "%d: want 1 to %d", o.Queue, 1<<20)
	}
	if o.FPS < 1 || o.FPS > 60 {
		fault("fps", "%d: want 1 to 60", o.FPS)
	}
	return append(errs, f.checkTimes()...)
}

// shortestStats is how often statistics may be written at most.
const shortestStats = 10 * time.Millisecond

// checkTimes finds times, and choices about state, that make no sense.
func (f *flags) checkTimes() (errs []error) {
	o := f.o
	fault := func(name, format string, a ...any) {
		errs = append(errs, fmt.Errorf("%s %s", f.title(name), fmt.Sprintf(format, a...)))
	}
	if o.Duration < 0 {
		fault("duration", "%v: want 0 or more", o.Duration)
	}
	if o.IdleTimeout < 0 {
		fault("idle-timeout", "%v: want 0 or more", o.IdleTimeout)
	}
	if o.Realarm < 0 {
		fault("realarm", "%v: want 0 or more", o.Realarm)
	}
	if o.Stats != 0 && o.Stats < shortestStats {
		fault("stats", "%v: want 0, or %v or more", o.Stats, shortestStats)
	}
	if f.given("ephemeral") && o.Ephemeral && f.given("state") {
		fault("ephemeral", "and --state %s: want one of them", display.Quote(o.State))
	}
	return errs
}
