package ui

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"setpoint/ui/uitest"
	"setpoint/workflow"
	"setpoint/workflow/monitor"
)

func TestKeysTurnPages(t *testing.T) {
	in(t, func(b *bench) {
		for _, c := range []struct{ key, page, shows string }{
			{"4", onFlow, "law holds"},
			{"5", onLetters, "dead letters"},
			{"6", onJournal, "change 12"},
			{"3", onAlarms, "hygiene"},
			{"1", onWatch, "sensors"},
			{"3", onAlarms, "its past"},
			{"tab", onFlow, "outcomes"},
			{"tab", onLetters, "letter 17"},
			{"tab", onJournal, "journal"},
			{"tab", onWatch, "alerts"},
		} {
			b.keys(c.key)
			b.snap()
			if b.name() != c.page || !strings.Contains(ansi.Strip(b.frame), c.shows) {
				t.Errorf("%s turned to %s, without %q", c.key, b.name(), c.shows)
			}
		}
		b.Update(tea.MouseClickMsg{X: b.spots[len(tabs)-4].X, Y: 1, Button: tea.MouseLeft})
		if b.name() != onAlarms {
			t.Error("a click on its tab does not turn to Alarms")
		}
	})
}

func TestLettersAreAskedForOnlyWhileTheyAreShown(t *testing.T) {
	in(t, func(b *bench) {
		if b.view().Letters != 0 {
			t.Error("on Watch")
		}
		if b.keys("5"); b.views[len(b.views)-1].Letters < 30 {
			t.Errorf("view %+v", b.views[len(b.views)-1])
		}
		if b.keys("4"); b.view().Letters != 0 {
			t.Error("on Flow")
		}
	})
}

func TestKeysOfOtherPagesDoNothing(t *testing.T) {
	in(t, func(b *bench) {
		b.keys("4", "a", "A", "+", "-", "0", "i", "/", "r", "R", "d", "D", "s")
		b.keys("1", "f", "space", "r")
		if len(b.did) != 0 || b.open.mode != onPage {
			t.Errorf("did %v, mode %d", b.did, b.open.mode)
		}
	})
}

func TestHandlersAreDisturbedFromTheFlowPage(t *testing.T) {
	in(t, func(b *bench) {
		b.keys("4", "j", "f", "f")
		b.keys("j", "j", "f") // critical, which fails already: the hand is on that
		if strings.Contains(b.frame, "handler critical") == false || b.open.menu.at != 2 {
			t.Errorf("menu %q, line %d", b.open.menu.title, b.open.menu.at)
		}
		b.keys("g", "esc", "f", "s") // g moves nothing in a menu
		b.keys("j", "f")             // nothing can be injected into the escalation
		b.keys("G", "f")             // nor into a source
		want := []monitor.Command{
			monitor.DisturbHandler{Handler: "high", Fault: monitor.Failing, By: "ana"},
			monitor.DisturbHandler{Handler: "critical", Fault: monitor.Sound, By: "ana"},
		}
		if !reflect.DeepEqual(b.did, want) || b.open.mode != onPage {
			t.Errorf("did %+v, want %+v", b.did, want)
		}
	})
}

func TestAReadingPassesOnlyWhilePaused(t *testing.T) {
	in(t, func(b *bench) {
		b.keys("4", "s", "space")
		s := uitest.Plant(14, b.view(), b.later)
		s.Paused = true
		b.Update(snapshotMsg{s})
		b.keys("s", "space")
		want := []monitor.Command{monitor.Pause{On: true}, monitor.Step{}, monitor.Pause{}}
		if !reflect.DeepEqual(b.did, want) {
			t.Errorf("did %+v, want %+v", b.did, want)
		}
	})
}

func TestLettersAreRetriedAndDropped(t *testing.T) {
	retry := func(ids ...uint64) monitor.Command { return monitor.RetryLetters{IDs: ids, By: "ana"} }
	drop := func(ids ...uint64) monitor.Command { return monitor.DropLetters{IDs: ids, By: "ana"} }
	for name, c := range map[string]struct {
		keys string
		want []monitor.Command
	}{
		"r retries the selected one":         {"G r", []monitor.Command{retry(21)}},
		"but none that is on its way":        {"j r", nil},
		"x writes all to a file":             {"x", []monitor.Command{&monitor.WriteLetters{}}},
		"or the marked ones":                 {"space x", []monitor.Command{&monitor.WriteLetters{IDs: []uint64{17}}}},
		"R retries the marked ones":          {"space j space R", []monitor.Command{retry(17, 21)}},
		"R asks before it retries all":       {"R x y", []monitor.Command{monitor.RetryLetters{By: "ana"}}},
		"n keeps it from that":               {"R n R esc R q", nil},
		"D sends nothing, whatever the key":  {"D y D enter space D r", nil},
		"d drops the selected one":           {"G d y", []monitor.Command{drop(21)}},
		"d drops the marked ones":            {"space space d y", []monitor.Command{drop(17, 18)}},
		"d drops nothing without a y":        {"d n d esc", nil},
		"a second mark takes the first away": {"space k space g r", []monitor.Command{retry(17)}},
		"esc takes all marks away":           {"space space esc d y", []monitor.Command{drop(21)}},
	} {
		t.Run(name, func(t *testing.T) {
			in(t, func(b *bench) {
				b.keys("5")
				b.snap()
				b.keys(strings.Fields(c.keys)...)
				if !reflect.DeepEqual(b.did, c.want) {
					t.Errorf("did %+v, want %+v", b.did, c.want)
				}
			})
		})
	}
}

func TestTheDryRunSaysWhatWouldBeSentWhere(t *testing.T) {
	in(t, func(b *bench) {
		b.keys("5")
		b.snap()
		b.keys("D")
		for _, want := range []string{
			"dry run: nothing is sent", "7,003 letters (all)", "1 to classify: judged anew", "7,002 to critical: handled again",
			"2 to gone: no node has this name any more", "3 more: on their way",
		} {
			if !strings.Contains(ansi.Strip(b.frame), want) {
				t.Errorf("no %q", want)
			}
		}
		b.keys("esc", "space", "D")
		if !strings.Contains(ansi.Strip(b.frame), "7,003 letters (marked)") {
			t.Error("the mark does not count")
		}
		b.keys("esc", "esc", "R")
		if !strings.Contains(ansi.Strip(b.frame), "retry all letters?") {
			t.Error("R does not ask")
		}
		b.keys("n")
		b.fail = errors.New("the store is gone")
		if b.keys("D"); b.open.mode != onPage || !strings.Contains(b.frame, "the store is gone") {
			t.Error("a dry run that fails does not say so")
		}
	})
}

func TestTheGraphIsWrittenToAFile(t *testing.T) {
	in(t, func(b *bench) {
		b.keys("4", "x", "m", "x", "enter")
		want := []monitor.Command{&monitor.WriteGraph{Format: "mermaid"}, &monitor.WriteGraph{Format: "dot"}}
		if !reflect.DeepEqual(b.did, want) {
			t.Errorf("did %+v, want %+v", b.did, want)
		}
		b.Update(sentMsg{c: &monitor.WriteGraph{Path: "/home/a\x1b[2J/setpoint-flow-1.dot"}})
		if text := ansi.Strip(b.frame); !strings.Contains(text, "wrote the graph to setpoint-flow-1.dot in /home/a·[2J/") {
			t.Error("it does not say where")
		}
	})
}

func TestANodeIsOpenedWhereThereIsNoRoomForItBeside(t *testing.T) {
	for w, opens := range map[int]bool{80: true, 160: false} {
		m := shown(w, 45, 3, Config{})
		m.turn(onFlow)
		m.draw()
		enter := m.keys.by[onFlow]["enter"]
		if enter.Offered(m) != opens {
			t.Errorf("%d columns: enter is on offer: %t", w, !opens)
		}
		enter.Do(m)
		if m.draw(); !strings.Contains(ansi.Strip(m.frame), "last fault") {
			t.Errorf("%d columns: it is not in sight", w)
		}
		m.back()
		if m.draw(); strings.Contains(ansi.Strip(m.frame), "last fault") == opens {
			t.Errorf("%d columns: esc", w)
		}
	}
}

func TestNoLettersSayWhy(t *testing.T) {
	m := shown(80, 24, 3, Config{})
	m.turn(onLetters)
	s := uitest.Plant(3, m.view(), 0)
	s.Letters, s.LetterN, s.Flow.Redriven = nil, 0, 0
	m.Update(snapshotMsg{s})
	if want := "no dead letters: every event was handled"; !strings.Contains(m.frame, want) {
		t.Errorf("no %q", want)
	}
	if m.keys.by[onLetters]["r"].Offered(m) {
		t.Error("r is on offer")
	}
}

func TestTroubleIsToldOnEveryPage(t *testing.T) {
	finding := func(s *monitor.Snapshot) {
		s.Findings = []monitor.Finding{{Since: uitest.Noon, Text: "falling behind: 120 readings coalesced"}}
	}
	source := func(state string) func(*monitor.Snapshot) {
		return func(s *monitor.Snapshot) { s.Flow.Sources[0].State = state }
	}
	for name, c := range map[string]struct {
		do           func(*monitor.Snapshot)
		wide, narrow string
	}{
		"a finding":           {finding, "▲ falling behind: 120 readings", "! finding"},
		"a failed source":     {source(workflow.SourceFailed), "sim:plant failed", "! source failed"},
		"a silent source":     {source(workflow.SourceStale), "sim:plant is stale", "! source stale"},
		"one that is started": {source(workflow.SourceRestarting), "sim:plant is restarting", "! source restarting"},
		"all is well":         {func(*monitor.Snapshot) {}, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			for _, tab := range tabs {
				for w, want := range map[int]string{80: c.wide, 79: c.narrow} {
					m := shown(w, 24, 3, Config{})
					m.turn(tab.name)
					s := uitest.Plant(3, m.view(), time.Second)
					c.do(s)
					m.Update(snapshotMsg{s})
					top := strings.Join(strings.SplitN(ansi.Strip(m.frame), "\n", 3)[:2], "\n")
					if !strings.Contains(top, want) || want == "" && strings.ContainsAny(top, "!") {
						t.Errorf("page %s, %d columns: no %q in\n%s", tab.name, w, want, top)
					}
				}
			}
		})
	}
}
