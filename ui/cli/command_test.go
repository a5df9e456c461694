package cli

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"setpoint/sensors/threshold"
)

func TestCommandsTakeTheirOwnFlags(t *testing.T) {
	for line, right := range map[string]func(*Options) bool{
		"whatif --json --sensor a --sensor b --labels l.csv --critical off x.csv -": func(o *Options) bool {
			return o.JSON && slices.Equal(o.Only, []string{"a", "b"}) && o.Labels == "l.csv" && slices.Equal(o.Sources, []string{"x.csv", "-"}) &&
				o.Settings.Default[threshold.Critical].At != nil
		},
		"suggest --budget 2/day --band x.csv": func(o *Options) bool { return o.Budget == Budget{2, 24 * time.Hour} && o.Band },
		"suggest x.csv":                       func(o *Options) bool { return o.Budget == Budget{1, 7 * 24 * time.Hour} && !o.Band },
		"export prometheus --tests x.csv": func(o *Options) bool {
			return o.What == "prometheus" && o.Tests && slices.Equal(o.Sources, []string{"x.csv"})
		},
		"letters list --json --state d":        func(o *Options) bool { return o.What == "list" && o.JSON && o.State == "d" },
		"letters show 7":                       func(o *Options) bool { return o.What == "show" && slices.Equal(o.IDs, []uint64{7}) },
		"letters redrive 7 8":                  func(o *Options) bool { return o.What == "redrive" && slices.Equal(o.IDs, []uint64{7, 8}) },
		"letters drop --all":                   func(o *Options) bool { return o.What == "drop" && o.All && o.IDs == nil },
		"history --sensor a --from 2026-03-01": func(o *Options) bool { return o.From.Year() == 2026 && o.To.IsZero() && o.Only[0] == "a" },
		"verify --state d":                     func(o *Options) bool { return o.State == "d" },
		"completion fish":                      func(o *Options) bool { return o.What == "fish" },
		"--state d --read-only --adaptive --stats 1s --emit acks,rejects": func(o *Options) bool {
			return o.Command == "" && o.State == "d" && o.ReadOnly && o.Adaptive && o.Stats == time.Second && o.Acks && o.Rejects
		},
	} {
		t.Run(line, func(t *testing.T) {
			words := strings.Fields(line)
			o := parsed(t, words)
			if !right(o) || !strings.HasPrefix(words[0], "-") && o.Command != words[0] {
				t.Errorf("%+v", o)
			}
		})
	}
}

func TestFaultsOfCommandsSayWhatIsWanted(t *testing.T) {
	for line, want := range map[string]string{
		"whatif":                            "no SOURCE: want recorded readings",
		"whatif sim:":                       `"sim:" has no end: want recorded readings`,
		"export grafana hwmon:":             `"hwmon:" has no end: want recorded readings`,
		"--read-only x.csv":                 `--read-only and source "x.csv": want one of them`,
		"--realarm -5s":                     "--realarm -5s: want 0 or more",
		"version x":                         `version "x": want nothing more`,
		"whatif --fps 3 x.csv":              `unknown flag "--fps"`,
		"whatif --hgh 3 x.csv":              `unknown flag "--hgh": want --high`,
		"suggest --budget 0/week x.csv":     `--budget "0/week": want N/hour`,
		"suggest --budget 1 x.csv":          `--budget "1": want N/hour`,
		"export":                            "export: want prometheus, grafana, homeassistant",
		"export promethius":                 `export "promethius": want prometheus`,
		"letters":                           "letters: want list, show, redrive, drop",
		"letters lst":                       `letters "lst": want list`,
		"letters list 3":                    "letters list: want no ID",
		"letters show":                      "letters show: want one ID",
		"letters redrive":                   "letters redrive: want IDs or --all",
		"letters drop --all 3":              "letters drop: want IDs or --all",
		"letters drop x":                    `letter "x": want the number`,
		"history --from yesterday":          `--from "yesterday": want a time such as`,
		"history --from 2026-1-1":           `--from "2026-1-1": want a time`,
		"history oven":                      `history "oven": want nothing more`,
		"completion csh":                    `completion "csh": want `,
		"whatfi":                            `"whatfi" is no source, command or file: want whatif`,
		"verfy":                             `"verfy" is no source, command or file: want verify`,
		"--fps 3 whatif x.csv":              `"whatif" is a command: want it as the first word`,
		"--state a --ephemeral":             `--ephemeral and --state "a": want one of them`,
		"--stats 1ms":                       "--stats 1ms: want 0, or 10ms or more",
		"--on-delay oven=fast":              `--on-delay "oven=fast": want a time such as 90s`,
		"--off-delay -1s":                   `--off-delay "-1s": want 0 or more`,
		"history --from 2026-02 --to 2e300": `--to "2e300": want a time`,
		"history --from 2026-03-02 --to 2026-03-01": "--to: want a time after --from",
	} {
		t.Run(line, func(t *testing.T) {
			if _, err := parse(strings.Fields(line)); err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("error %v, want %s", err, want)
			}
		})
	}
}

func TestAFileMayHaveTheNameOfACommand(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("exports", nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if o := parsed(t, []string{"exports"}); !slices.Equal(o.Sources, []string{"exports"}) {
		t.Errorf("%+v", o)
	}
}

func TestEveryCommandHasHelp(t *testing.T) {
	for _, name := range Commands() {
		o := parsed(t, []string{name, "--help", "--fps"})
		help := Help(name)
		if !o.Help || o.Command != name || !strings.Contains(help, "usage: setpoint "+name) || !strings.Contains(help, "--help") || !strings.Contains(Usage(), "setpoint "+name) {
			t.Errorf("%s: %s", name, help)
		}
		for line := range strings.Lines(help) {
			if len(line) > 101 {
				t.Errorf("a line of %d: %s", len(line), line)
			}
		}
	}
	if Help("") != Usage() {
		t.Error("no help for the dashboard")
	}
}

func TestWhatDropsEveryLetterIsSaidOnTheCommandLineOnly(t *testing.T) {
	if _, err := parse([]string{"letters", "drop"}, "SETPOINT_ALL=true"); err == nil {
		t.Error("a variable drops every letter")
	}
}

func TestCompletionKnowsEveryCommandAndFlag(t *testing.T) {
	for _, shell := range shells {
		script := Completion(shell)
		for _, word := range append(Commands(), "until-critical", "budget", "drop-oldest", "homeassistant", "redrive", "contrast") {
			if !strings.Contains(script, word) {
				t.Errorf("%s: no %s", shell, word)
			}
		}
		if script != Completion(shell) {
			t.Errorf("%s: not the same twice", shell)
		}
	}
}

func TestShellsCompleteWithTheScript(t *testing.T) {
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skip("no bash in the path: the completion script is not run")
	}
	script := filepath.Join(t.TempDir(), "setpoint.bash")
	if err := os.WriteFile(script, []byte(Completion("bash")), 0o600); err != nil {
		t.Fatal(err)
	}
	for line, want := range map[string]string{
		"setpoint what": "whatif", "setpoint --until": "--until-critical", "setpoint letters re": "redrive",
		"setpoint --theme con": "contrast", "setpoint suggest --bud": "--budget",
	} {
		words := strings.Fields(line)
		code := `. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($#-1)); _setpoint; echo "${COMPREPLY[*]}"`
		cmd := exec.CommandContext(t.Context(), bash, append([]string{"-c", code, "bash", script}, words...)...)
		cmd.Dir = filepath.Dir(script)
		if out, err := cmd.CombinedOutput(); err != nil || strings.TrimSpace(string(out)) != want {
			t.Errorf("%s: %q, %v, want %s", line, out, err, want)
		}
	}
}
