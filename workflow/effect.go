package workflow

import (
	"fmt"
	"time"
)

// most is the greatest number that a configuration may ask for of anything.
const most = 1 << 24

// defaults returns o with what it stands for where it is zero.
func (o Effect[E, S]) defaults() Effect[E, S] {
	if o.Queue <= 0 {
		o.Queue = 64
	}
	if o.Grace <= 0 {
		o.Grace = time.Second
	}
	if o.MaxAbandoned <= 0 {
		o.MaxAbandoned = 16
	}
	o.Lanes = max(o.Lanes, 1)
	return o
}

// faults returns everything that is wrong with how the named handler is to be run.
func (o *Effect[E, S]) faults(name string) (errs []error) {
	fault := func(ok bool, what string, v any, want string) {
		if !ok {
			errs = append(errs, fmt.Errorf("handler %q: %s %v: want %s", name, what, v, want))
		}
	}
	number := func(what string, n int) { fault(n >= 0 && n <= most, what, n, fmt.Sprint("0 to ", most)) }
	span := func(what string, d time.Duration) { fault(d >= 0, what, d, "0 or more") }
	number("lanes", o.Lanes)
	number("queue", o.Queue)
	number("abandoned attempts", o.MaxAbandoned)
	span("timeout", o.Timeout)
	span("grace", o.Grace)
	_, known := ParseOverflow(o.Overflow.String())
	fault(known, "policy", uint8(o.Overflow), fmt.Sprint("0 to ", len(overflowNames)-1))
	r := o.Retry
	number("attempts", r.MaxAttempts)
	span("first wait", r.Initial)
	span("longest wait", r.Max)
	span("budget", r.Budget)
	fault(r.Max <= 0 || r.Max >= r.Initial, "longest wait", r.Max, fmt.Sprint("at least the first, ", r.Initial))
	fault(r.Multiplier == 0 || r.Multiplier >= 1, "multiplier", r.Multiplier, "1 or more")
	return errs
}
