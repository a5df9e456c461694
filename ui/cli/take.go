package cli

import (
	"errors"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"setpoint/sensors/display"
	"setpoint/sensors/stamp"
	"setpoint/ui/config"
)

// takeSources takes the sources of a run: of the command line, else of the file.
func takeSources(f *flags, args []string) (errs []error) {
	o := f.o
	switch {
	case len(args) > 0:
		o.Sources = args
	case len(o.File.Sources) > 0:
		o.Sources = o.File.Sources
	default:
		o.Sources = []string{"sim:"}
	}
	for _, a := range args {
		errs = append(errs, mistyped(a)...)
	}
	if o.ReadOnly && len(args) > 0 {
		errs = append(errs, fmt.Errorf("--read-only and source %s: want one of them, it shows what --state DIR holds", display.Quote(args[0])))
	}
	return errs
}

// mistyped is the fault of a word that is a command in the wrong place, or nearly
// one, and names no file.
func mistyped(word string) []error {
	if word == "" || len(word) > 20 || strings.ContainsAny(word, "./:") {
		return nil
	}
	meant := config.Nearest(word, Commands())
	if !slices.Contains(Commands(), meant) {
		return nil
	}
	if _, err := os.Stat(word); err == nil {
		return nil
	}
	if meant == word {
		return []error{fmt.Errorf("%s is a command: want it as the first word", display.Quote(word))}
	}
	return []error{fmt.Errorf("%s is no source, command or file: want %s", display.Quote(word), meant)}
}

// recordings takes sources that have an end.
func (f *flags) recordings(args []string) (errs []error) {
	f.o.Sources = args
	for _, a := range args {
		if strings.HasPrefix(a, "sim:") || strings.HasPrefix(a, "hwmon:") {
			errs = append(errs, fmt.Errorf("%s has no end: want recorded readings, such as FILE.csv", display.Quote(a)))
		}
	}
	return errs
}

// takeRecordings takes the recordings that a command reads, and its budget.
func takeRecordings(f *flags, args []string) (errs []error) {
	errs = f.recordings(args)
	if len(args) == 0 {
		errs = append(errs, errors.New("no SOURCE: want recorded readings, such as FILE.csv"))
	}
	if f.set.Lookup("budget") == nil {
		return errs
	}
	b, ok := parseBudget(f.budget)
	if !ok {
		errs = append(errs, fmt.Errorf("--budget %s: want N/hour, N/day, N/week or N/month", display.Quote(f.budget)))
	}
	f.o.Budget = b
	return errs
}

// parseBudget reads N/TIME.
func parseBudget(s string) (Budget, bool) {
	const day = 24 * time.Hour
	number, unit, _ := strings.Cut(s, "/")
	n, err := strconv.ParseFloat(number, 64)
	per, ok := map[string]time.Duration{"hour": time.Hour, "day": day, "week": 7 * day, "month": 30 * day}[unit]
	return Budget{n, per}, ok && err == nil && n > 0 && n <= 1e6
}

// first takes the word that a command wants first, and returns the others.
func (f *flags) first(args, known []string) (rest []string, errs []error) {
	switch {
	case len(args) == 0:
		return nil, []error{fmt.Errorf("%s: want %s", f.o.Command, strings.Join(known, ", "))}
	case !slices.Contains(known, args[0]):
		return nil, []error{fmt.Errorf("%s %s: want %s", f.o.Command, display.Quote(args[0]), config.Nearest(args[0], known))}
	}
	f.o.What = args[0]
	return args[1:], nil
}

func takeForm(f *flags, args []string) []error {
	rest, errs := f.first(args, formats)
	return append(errs, f.recordings(rest)...)
}

func takeShell(f *flags, args []string) []error {
	rest, errs := f.first(args, shells)
	return append(errs, takeNothing(f, rest)...)
}

// takeDeed takes what is to be done with letters, and with which.
func takeDeed(f *flags, args []string) []error {
	rest, errs := f.first(args, deeds)
	for _, a := range rest {
		id, err := strconv.ParseUint(a, 10, 64)
		if err != nil {
			errs = append(errs, fmt.Errorf("letter %s: want the number that setpoint letters list shows", display.Quote(a)))
		}
		f.o.IDs = append(f.o.IDs, id)
	}
	n, name := len(rest), "letters "+f.o.What
	switch {
	case len(errs) > 0:
	case f.o.What == "list" && (n > 0 || f.o.All):
		errs = append(errs, errors.New(name+": want no ID"))
	case f.o.What == "show" && (n != 1 || f.o.All):
		errs = append(errs, errors.New(name+": want one ID"))
	case f.o.What != "list" && (n > 0) == f.o.All:
		errs = append(errs, errors.New(name+": want IDs or --all"))
	}
	return errs
}

// takeTimes takes the span that is asked for.
func takeTimes(f *flags, args []string) []error {
	errs := takeNothing(f, args)
	for _, t := range []struct {
		name, text string
		to         *time.Time
	}{{"from", f.from, &f.o.From}, {"to", f.to, &f.o.To}} {
		at, ok := stamp.Parse([]byte(t.text))
		if t.text != "" && !ok {
			errs = append(errs, fmt.Errorf("--%s %s: want a time such as 2026-03-01T12:00:00Z", t.name, display.Quote(t.text)))
		}
		*t.to = at
	}
	if !f.o.From.IsZero() && !f.o.To.IsZero() && !f.o.From.Before(f.o.To) {
		errs = append(errs, errors.New("--to: want a time after --from"))
	}
	return errs
}

func takeNothing(f *flags, args []string) (errs []error) {
	for _, a := range args {
		errs = append(errs, fmt.Errorf("%s %s: want nothing more", f.o.Command, display.Quote(a)))
	}
	return errs
}
