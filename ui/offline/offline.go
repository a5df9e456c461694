package offline

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"setpoint/sensors/display"
	"setpoint/ui/cli"
	"setpoint/workflow/monitor"
	"setpoint/workflow/store"
)

// Run does what o.Command asks, and writes the answer to out.
func Run(ctx context.Context, o *cli.Options, out io.Writer, by string) error {
	switch o.Command {
	case "history":
		return monitor.WriteHistory(ctx, out, o.State, o.Only, o.From, o.To)
	case "verify":
		return verify(ctx, o.State, out)
	case "letters":
		return letters(ctx, o, out, by)
	case "whatif":
		return whatif(ctx, o, out)
	case "suggest":
		return suggested(ctx, o, out)
	case "export":
		return exported(ctx, o, out)
	case "completion":
		_, err := io.WriteString(out, cli.Completion(o.What))
		return err
	}
	return fmt.Errorf("unknown command %s", display.Quote(o.Command))
}

// StateDir is the usual folder of state: setpoint in the user's state directory.
func StateDir(getenv func(string) string) (string, error) {
	if dir := getenv("XDG_STATE_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "setpoint"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", fmt.Errorf("no state directory: %w: name one with --state", err)
	}
	return filepath.Join(home, ".local", "state", "setpoint"), nil
}

func verify(ctx context.Context, dir string, out io.Writer) error {
	r, err := store.Verify(ctx, dir)
	if err != nil {
		return &monitor.StoreError{Err: err}
	}
	_, err = fmt.Fprintf(out, "whole: %d readings, %d records in the journal, %d letters, %d notes, %d bytes\n",
		r.Readings, r.Records, r.Letters, r.Notes, r.Bytes)
	return err
}

// studies reads the recordings, and keeps the sensors that are asked about.
func studies(ctx context.Context, o *cli.Options) ([]monitor.Study, error) {
	sources, err := monitor.Open(o.Sources, monitor.OpenOptions{Speed: math.Inf(1), Stdin: os.Stdin})
	if err != nil {
		return nil, err
	}
	list, err := monitor.Studies(ctx, monitor.Config{Sources: sources, Settings: o.Settings})
	if err == nil && len(list) == 0 {
		err = &monitor.SourceError{Err: errors.New("no reading in these sources: setpoint --headless --emit rejects says why")}
	}
	if err != nil {
		return nil, err
	}
	if len(o.Only) == 0 {
		return list, nil
	}
	var some []monitor.Study
	var errs []error
	for _, name := range o.Only {
		i := slices.IndexFunc(list, func(s monitor.Study) bool { return s.Sensor == name })
		if i < 0 {
			errs = append(errs, &monitor.UsageError{Err: fmt.Errorf("--sensor %s: there is no such sensor", display.Quote(name))})
			continue
		}
		some = append(some, list[i])
	}
	return some, errors.Join(errs...)
}

// lines writes one JSON object a line.
func lines[T interface{ AppendJSON([]byte) []byte }](out io.Writer, list []T) error {
	var buf []byte
	for _, v := range list {
		buf = append(v.AppendJSON(buf), '\n')
	}
	_, err := out.Write(buf)
	return err
}

func letters(ctx context.Context, o *cli.Options, out io.Writer, by string) error {
	if o.What == "redrive" || o.What == "drop" {
		c := monitor.Config{State: o.State, Settings: o.Settings}
		s, err := monitor.HandleLetters(ctx, c, o.What == "redrive", o.IDs, by)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(out, "%d redriven, %d dropped, %d letters are left\n", s.Flow.Redriven, s.Flow.DroppedLetters, s.Flow.Kept)
		return err
	}
	list, err := monitor.StoredLetters(ctx, o.State, o.IDs)
	if err != nil {
		return err
	}
	var buf []byte
	for i := range list {
		switch l := &list[i]; {
		case o.JSON:
			buf = append(l.AppendJSON(buf), '\n')
		case o.What == "show":
			buf = append(buf, shown(l)...)
		default:
			buf = fmt.Appendf(buf, "%6d  %s  %-12s  %-9s  %d tries  %s  %s\n", l.ID, l.At.UTC().Format("2006-01-02 15:04:05"),
				display.Text(l.Node), l.Reason, l.Attempts, display.Text(l.Sensor), display.Truncate(display.Text(l.Err), 80))
		}
	}
	if len(list) == 0 && !o.JSON {
		buf = append(buf, "no dead letters\n"...)
	}
	_, err = out.Write(buf)
	return err
}

// shown returns all of a letter, a field a line.
func shown(l *monitor.Letter) string {
	var text strings.Builder
	for _, f := range []struct {
		name string
		v    display.Safe
	}{
		{"letter", display.Safe(fmt.Sprint(l.ID))},
		{"failed", display.Safe(l.At.UTC().Format("2006-01-02 15:04:05"))},
		{"node", display.Text(l.Node)},
		{"reason", display.Text(l.Reason)},
		{"error", display.Text(l.Err)},
		{"tries", display.Safe(fmt.Sprint(l.Attempts))},
		{"redriven", display.Safe(fmt.Sprint(l.Redrives))},
		{"event", display.Safe(fmt.Sprint(l.Event))},
		{"sensor", display.Text(l.Sensor)},
		{"time", display.Safe(l.Time.UTC().Format("2006-01-02T15:04:05.000Z"))},
		{"payload", display.Text(l.Payload)},
		{"state", display.Text(l.State)},
		{"revision", display.Safe(fmt.Sprint(l.Revision))},
	} {
		fmt.Fprintf(&text, "%-9s %s\n", f.name, cmp.Or(f.v, "-"))
	}
	return text.String()
}
