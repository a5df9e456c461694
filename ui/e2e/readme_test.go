//go:build linux

package e2e_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"setpoint/ui"
	"setpoint/ui/cli"
)

func readme(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(sourceRoot(t), "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// between returns what is between two texts.
func between(t *testing.T, text, begin, end string) string {
	t.Helper()
	_, rest, ok := strings.Cut(text, begin)
	inside, _, closed := strings.Cut(rest, end)
	if !ok || !closed {
		t.Fatalf("nothing between %q and %q", begin, end)
	}
	return inside
}

func TestReadmeHasTheKeysThatAreHandled(t *testing.T) {
	got, want := between(t, readme(t), "<!-- keys -->\n", "<!-- /keys -->"), ui.Markdown()
	if got != want {
		t.Errorf("the table of keys is not up to date, it should be\n%s", want)
	}
}

func TestReadmeHasEveryFlag(t *testing.T) {
	flags := between(t, readme(t), "\n## Flags\n", "\n## ")
	known := regexp.MustCompile("--[a-z][a-z-]*")
	for _, flag := range known.FindAllString(cli.Usage(), -1) {
		if !strings.Contains(flags, "`"+flag+" ") && !strings.Contains(flags, "`"+flag+"`") {
			t.Errorf("%s is missing", flag)
		}
	}
	for _, flag := range known.FindAllString(flags, -1) {
		if !strings.Contains(cli.Usage(), flag) {
			t.Errorf("there is no %s", flag)
		}
	}
}

// changing is what differs from run to run.
var changing = regexp.MustCompile(`"start","v":1,"time":"[^"]*","version":"[^"]*"|"latency_us":\{[^}]*\}`)

func TestReadmeHasTheDefaultsOfFlags(t *testing.T) {
	flags := between(t, readme(t), "\n## Flags\n", "\n## ")
	defaults := regexp.MustCompile(`(--[a-z-]+) (?:[^-(]|-[^-])*\(default "?([^)":]+)"?\)`).FindAllStringSubmatch(cli.Usage(), -1)
	if len(defaults) < 4 {
		t.Fatalf("the help has these defaults only: %q", defaults)
	}
	for _, d := range defaults {
		row := between(t, flags, "`"+d[1]+" ", "|\n")
		if !strings.Contains(row, "("+d[2]+")") {
			t.Errorf("%s does not have (%s)", d[1], d[2])
		}
	}
}

func TestReadmeExampleIsARealRun(t *testing.T) {
	text := readme(t)
	dir := t.TempDir()
	recording := between(t, text, "<!-- recording -->\n```\n", "```")
	if err := os.WriteFile(filepath.Join(dir, "oven.csv"), []byte(recording), 0o600); err != nil {
		t.Fatal(err)
	}
	args := strings.Fields(between(t, between(t, text, "\n## Headless output\n", "<!-- recording -->"), "`setpoint ", "`"))
	cmd := exec.Command(program, args...)
	cmd.Dir = dir
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	want := between(t, text, "<!-- output -->\n```\n", "```")
	if changing.ReplaceAllString(string(out), "") != changing.ReplaceAllString(want, "") {
		t.Errorf("the output is not up to date, it is\n%s", out)
	}
}

func TestReadmeDescribesEveryField(t *testing.T) {
	text := readme(t)
	described := between(t, text, "Times are RFC 3339 in UTC", "\n## ")
	for line := range strings.Lines(between(t, text, "<!-- output -->\n```\n", "```")) {
		var fields map[string]any
		if err := json.Unmarshal([]byte(line), &fields); err != nil {
			t.Fatal(err)
		}
		for name, v := range fields {
			inner, _ := v.(map[string]any)
			if name == "sensors" {
				inner, _ = inner["oven-1"].(map[string]any)
			}
			if name == "handlers" { // described where the actions are
				inner = nil
			}
			delete(inner, "type")
			for name := range inner {
				if !strings.Contains(described, "`"+name+"`") {
					t.Errorf("%s is not described", name)
				}
			}
			if name != "type" && !strings.Contains(described, "`"+name+"`") {
				t.Errorf("%s is not described", name)
			}
		}
	}
}
