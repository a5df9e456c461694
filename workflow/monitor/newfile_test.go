package monitor

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
)

func TestANewFileNeverTakesAnOldOnesPlace(t *testing.T) {
	t.Chdir(t.TempDir())
	synctest.Test(t, func(t *testing.T) { // all in one second
		for i := range 4 {
			path, err := writeNew("flow", "dot", func(out io.Writer) error {
				_, err := fmt.Fprint(out, i)
				return err
			})
			if err != nil || !filepath.IsAbs(path) || !regexp.MustCompile(`/setpoint-flow-\d{8}T\d{6}(-\d)?\.dot$`).MatchString(path) {
				t.Fatalf("%q, %v", path, err)
			}
			text, err := os.ReadFile(path)
			info, _ := os.Stat(path)
			if err != nil || string(text) != fmt.Sprint(i) || info.Mode().Perm() != 0o600 {
				t.Errorf("%q: %q, %v, %v", path, text, info.Mode(), err)
			}
		}
	})
}

func TestAFileThatCannotBeWrittenToItsEndIsRemoved(t *testing.T) {
	t.Chdir(t.TempDir())
	full := errors.New("disk full")
	if _, err := writeNew("flow", "dot", func(io.Writer) error { return full }); !errors.Is(err, full) {
		t.Errorf("error %v", err)
	}
	if left, err := os.ReadDir("."); len(left) > 0 || err != nil {
		t.Errorf("%v is left, %v", left, err)
	}
}

func TestAFolderThatCannotBeWrittenToIsSaid(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	if err := os.Remove(dir); err != nil {
		t.Fatal(err)
	}
	if _, err := writeNew("flow", "dot", func(io.Writer) error { return nil }); err == nil {
		t.Error("it is written nowhere")
	}
}

func TestTheGraphIsWrittenWithItsFigures(t *testing.T) {
	t.Chdir(t.TempDir())
	m := newMonitor(t, Config{}, (&script{name: "s"}).reads("a", 0, 20, 45, 20))
	ran(t, m)
	for format, wants := range map[string][]string{
		"dot":     {"digraph", `normal\n2 handled, 0 dead, 0 open`, "escalation", "outcome"},
		"mermaid": {"flowchart LR", "2 handled, 0 dead, 0 open"},
	} {
		c := &WriteGraph{Format: format}
		must(t, m.Do(c))
		text, err := os.ReadFile(c.Path)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range wants {
			if !strings.Contains(string(text), want) {
				t.Errorf("%s: no %q in\n%s", format, want, text)
			}
		}
	}
	if err := m.Do(&WriteGraph{Format: "gif\x1b"}); err == nil || err.Error() != `unknown format "gif\x1b" of a graph: want dot or mermaid` {
		t.Errorf("error %v", err)
	}
}

func TestHandlingsAreThoseOfTheGraph(t *testing.T) {
	m := newMonitor(t, Config{Stay: true, Live: true}, &script{name: "s"})
	list := m.snapshot(View{}).Handlings
	byName := map[string]Handling{}
	for _, h := range list {
		byName[h.Handler] = h
	}
	if len(list) != 6 || list[0].Handler != "normal" {
		t.Errorf("%+v", list)
	}
	for _, name := range Disturbable {
		if h := byName[name]; h.Attempts != 3 || h.Timeout == 0 || h.Queue != 1024 || h.MostHanging != 16 || h.Lanes != 1 {
			t.Errorf("%s: %+v", name, h)
		}
	}
	if h := byName["escalation"]; !h.Waits || h.Lanes != 64 || h.Breaker != "" {
		t.Errorf("%+v", h)
	}
}
