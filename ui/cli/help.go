package cli

import (
	"fmt"
	"strings"
)

// width is how wide the help is, in columns.
const width = 100

const aboutSources = `A SOURCE is
  sim:[SCENARIO][?sensors=N&rate=HZ]   simulated sensors: a small plant, or the scenario
                                       guide, flood, quiet, fridge, failing (the source
                                       fails, and works again) or hanging (it falls silent)
  hwmon:[DIR]                          this machine's own temperature sensors
  FILE.csv, FILE.jsonl (.gz too)       recorded readings, played at --speed
  store:DIR                            the readings that a state directory holds, all at once
  -                                    CSV or JSON lines on standard input
`

const aboutRecordings = `A SOURCE is FILE.csv or FILE.jsonl (.gz too), store:DIR for the readings that a state
directory holds, or - for standard input.
`

const completionHelp = `Keep the script where the shell looks for it:
  bash: setpoint completion bash >~/.local/share/bash-completion/completions/setpoint
  zsh:  setpoint completion zsh >"${fpath[1]}/_setpoint"
  fish: setpoint completion fish >~/.config/fish/completions/setpoint.fish
`

const statuses = `exit status: 0 ended as asked; 1 a bug; 2 wrong usage or configuration; 3 the store;
4 a source failed; 5 stopped by --until-critical; 130, 143 after SIGINT, SIGTERM, drained.
`

// Usage is the help text of the dashboard, with a line for each command.
func Usage() string {
	var b strings.Builder
	b.WriteString("setpoint watches sensor streams and lets you tune alarm thresholds.\n\nusage: ")
	for i, c := range commands() {
		if i > 0 {
			b.WriteString("       ")
		}
		line := strings.TrimRight("setpoint "+strings.TrimLeft(c.name+" "+c.args, " "), " ")
		if i > 0 && len(line) > 28 {
			line = "setpoint " + c.name + " ..."
		}
		fmt.Fprintf(&b, "%-36s %s\n", line, c.help)
	}
	b.WriteString("       setpoint COMMAND --help              more on a command\n\n" + aboutSources +
		"\nflags (each also as an environment variable, --max-events as SETPOINT_MAX_EVENTS,\nand in setpoint.yaml, as max-events):\n" +
		newFlags(commands()[0]).set.FlagUsagesWrapped(width) + "\n" + statuses)
	return b.String()
}

// Help is the help text of a command, or with "" that of the dashboard.
func Help(name string) string {
	c := find([]string{name})
	if c.name == "" {
		return Usage()
	}
	text := fmt.Sprintf("setpoint %s: %s\n\nusage: %s\n\n", c.name, c.help, strings.TrimRight("setpoint "+c.name+" "+c.args, " "))
	if c.about != "" {
		text += c.about + "\n"
	}
	return text + "flags:\n" + newFlags(c).set.FlagUsagesWrapped(width)
}
