package ui

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"setpoint/sensors/display"
	"setpoint/ui/letters"
	"setpoint/ui/uitest"
	"setpoint/workflow"
	"setpoint/workflow/monitor"
)

// shown returns a model of the given size that shows n sensors.
func shown(w, h, n int, c Config) *Model {
	c.Width, c.Height, c.Location, c.Version, c.User = w, h, time.UTC, "v1.0.0", "ana"
	m := New(c)
	m.Update(snapshotMsg{uitest.Plant(n, m.view(), 0)})
	m.Update(snapshotMsg{uitest.Plant(n, m.view(), 0)}) // now it asks for no more than there is
	return m
}

func TestFrameLooksAsItDid(t *testing.T) {
	for _, c := range []struct {
		name string
		w, h int
		conf Config
	}{
		{"160x45", 160, 45, Config{Theme: "dark"}},
		{"120x32", 120, 32, Config{Theme: "dark"}},
		{"80x24", 80, 24, Config{Theme: "dark"}},
		{"60x16", 60, 16, Config{Theme: "dark"}},
		{"40x10", 40, 10, Config{Theme: "dark"}},
		{"mono-80x24", 80, 24, Config{NoColor: true}},
		{"ascii-80x24", 80, 24, Config{Theme: "dark", ASCII: true}},
		{"light-80x24", 80, 24, Config{Theme: "light"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			uitest.Golden(t, c.name, uitest.Text(shown(c.w, c.h, 14, c.conf).frame))
		})
	}
}

func TestPagesLookAsTheyDid(t *testing.T) {
	for _, c := range []struct {
		name, page string
		w, h       int
		conf       Config
	}{
		{"flow-160x45", onFlow, 160, 45, Config{Theme: "dark"}},
		{"flow-80x24", onFlow, 80, 24, Config{Theme: "dark"}},
		{"flow-60x16", onFlow, 60, 16, Config{Theme: "dark"}},
		{"flow-40x10", onFlow, 40, 10, Config{Theme: "dark"}},
		{"flow-mono-80x24", onFlow, 80, 24, Config{NoColor: true}},
		{"flow-ascii-80x24", onFlow, 80, 24, Config{Theme: "dark", ASCII: true}},
		{"letters-160x45", onLetters, 160, 45, Config{Theme: "dark"}},
		{"letters-80x24", onLetters, 80, 24, Config{Theme: "dark"}},
		{"letters-60x16", onLetters, 60, 16, Config{Theme: "dark"}},
		{"letters-40x10", onLetters, 40, 10, Config{Theme: "dark"}},
		{"letters-mono-80x24", onLetters, 80, 24, Config{NoColor: true}},
		{"alarms-160x45", onAlarms, 160, 45, Config{Theme: "dark"}},
		{"alarms-120x32", onAlarms, 120, 32, Config{Theme: "dark"}},
		{"alarms-80x24", onAlarms, 80, 24, Config{Theme: "dark"}},
		{"alarms-60x16", onAlarms, 60, 16, Config{Theme: "dark"}},
		{"alarms-40x10", onAlarms, 40, 10, Config{Theme: "dark"}},
		{"alarms-ascii-80x24", onAlarms, 80, 24, Config{Theme: "dark", ASCII: true}},
		{"alarms-mono-80x24", onAlarms, 80, 24, Config{NoColor: true}},
		{"journal-160x45", onJournal, 160, 45, Config{Theme: "dark"}},
		{"journal-120x32", onJournal, 120, 32, Config{Theme: "dark"}},
		{"journal-80x24", onJournal, 80, 24, Config{Theme: "dark"}},
		{"journal-60x16", onJournal, 60, 16, Config{Theme: "dark"}},
		{"journal-40x10", onJournal, 40, 10, Config{Theme: "dark"}},
		{"journal-ascii-80x24", onJournal, 80, 24, Config{Theme: "dark", ASCII: true}},
		{"journal-mono-80x24", onJournal, 80, 24, Config{NoColor: true}},
	} {
		t.Run(c.name, func(t *testing.T) {
			m := shown(c.w, c.h, 14, c.conf)
			m.turn(c.page)
			for i := range 2 { // the second has rates
				m.Update(snapshotMsg{uitest.Plant(14, m.view(), time.Duration(i+1)*time.Second)})
			}
			uitest.Golden(t, c.name, uitest.Text(m.frame))
		})
	}
}

// turn turns to the page called name.
func (m *Model) turn(name string) {
	for m.name() != name {
		m.at = (m.at + 1) % len(tabs)
	}
	m.draw()
}

func TestFrameIsAsLargeAsTheTerminal(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(1, 200).Draw(t, "w"), rapid.IntRange(1, 70).Draw(t, "h")
		n := rapid.SampledFrom([]int{0, 1, 14, 200}).Draw(t, "sensors")
		m := shown(w, h, n, Config{ASCII: rapid.Bool().Draw(t, "ascii")})
		m.open.mode = rapid.SampledFrom([]mode{onPage, inFilter, inMenu, inAsk, inHelp, inEntry}).Draw(t, "mode")
		m.open.entry.text = rapid.StringN(0, 80, -1).Draw(t, "entry")
		m.at = rapid.IntRange(0, len(tabs)-1).Draw(t, "page")
		m.watch.Filter = rapid.SampledFrom([]string{"", "oven", "no such", "\x1b[2J冷"}).Draw(t, "filter")
		m.status.text = rapid.SampledFrom([]display.Safe{"", "a status that is longer than many a terminal is wide, and then some"}).Draw(t, "status")
		for range rapid.IntRange(0, 4).Draw(t, "zoom") {
			m.watch.Window.Zoom(m.latest, 1)
		}
		m.alarms.Filter = m.watch.Filter
		m.Update(snapshotMsg{uitest.Plant(n, m.view(), 0)})
		m.alarms.Open(rapid.Bool().Draw(t, "in full"))
		m.shown().Select(rapid.IntRange(-3, 20).Draw(t, "selected"))
		m.Update(snapshotMsg{uitest.Plant(n, m.view(), 0)})
		lines, widest, narrowest := uitest.Measure(m.frame)
		if lines != h || widest != w || narrowest != w {
			t.Fatalf("%d lines of %d to %d cells, want %d of %d", lines, narrowest, widest, h, w)
		}
	})
}

func TestHeaderStandsStillAsFiguresGrow(t *testing.T) {
	s := uitest.Plant(14, monitor.View{Rows: 9}, 0)
	head := func(rate float64, n int, p99 time.Duration) string {
		s.Rate, s.Active, s.Returned, s.BadNow, s.Hour, s.Flow.Fold.P99, s.Flow.Queued = rate, n, n, n, n, p99, uint64(n)
		m := New(Config{Width: 160, Height: 45, Location: time.UTC})
		m.Update(snapshotMsg{s})
		return ansi.Strip(strings.SplitN(m.frame, "\n", 2)[0])
	}
	at := func(h string) (out []int) {
		for _, word := range []string{"sensors", "p99", "queue", "▲", "◇", "?", "/h"} {
			out = append(out, utf8.RuneCountInString(h[:strings.Index(h, word)]))
		}
		return out
	}
	small, big := head(3, 0, time.Microsecond), head(1234, 99, 999*time.Millisecond)
	if !slices.Equal(at(small), at(big)) {
		t.Errorf("the header jumps:\n%s\n%s", small, big)
	}
}

func TestASCIIFrameIsASCII(t *testing.T) {
	for _, size := range [][2]int{{160, 45}, {80, 24}, {40, 10}} {
		m := shown(size[0], size[1], 14, Config{ASCII: true})
		for i := range int(modes) * len(tabs) {
			m.at, m.open.mode = i/int(modes), mode(i%int(modes))
			m.draw()
			for _, r := range m.frame {
				if r > '~' {
					t.Fatalf("%v: %q in an ASCII frame", size, r)
				}
			}
		}
	}
}

func TestStrangersTextDoesNotReachTheTerminal(t *testing.T) {
	const evil = "e\x1b]0;owned\a\x1b[2J\u202evil\u200b\n"
	s := uitest.Snapshot(3)
	s.Names[0], s.Rows[0].Name, s.Rows[0].Unit, s.Rows[0].Fault = evil, evil, evil, evil
	s.Chart.Row = s.Rows[0]
	s.Done, s.Speed = evil, evil
	s.Sources = []monitor.SourceStatus{{Name: evil, State: evil, Error: evil}}
	for i := range s.Alerts {
		a := &s.Alerts[i]
		a.Sensor, a.Unit, a.Text, a.By = evil, evil, evil, evil
	}
	s.Flow.Nodes[1].Name = evil
	s.Flow.Sources = []workflow.SourceStats{{Name: evil, State: workflow.SourceFailed, Err: errors.New(evil)}}
	s.Findings = []monitor.Finding{{Text: evil}}
	s.Disturbed = map[string]monitor.HandlerFault{evil: evil}
	s.Faults = map[string]workflow.Transition{evil: {What: evil, Key: evil, Err: errors.New(evil)}}
	s.Handlings = []monitor.Handling{{Handler: evil, Breaker: evil}}
	s.Recent = []workflow.Transition{{Node: evil, What: evil, Key: evil, Err: errors.New(evil)}}
	s.Letters, s.LetterN = []monitor.Letter{{ID: 1, Node: evil, Reason: evil, Err: evil, First: evil + evil, Sensor: evil, Payload: evil, State: evil}}, 1
	hostile(s, evil)
	m := New(Config{Width: 160, Height: 45, Version: evil, User: evil, Location: time.UTC})
	m.Update(snapshotMsg{s})
	for i := range int(modes) * len(tabs) {
		mode := mode(i % int(modes))
		m.at, m.open.mode, m.watch.Filter, m.watch.Typing = i/int(modes), mode, evil, true
		m.open.ask.lines = letters.DryRun(&monitor.DryRun{To: []monitor.Share{{Node: evil, N: 1}}})
		m.draw()
		for _, bad := range []string{"\x1b]", "\a", "\x1b[2J", "\u202e", "\u200b"} {
			if strings.Contains(m.frame, bad) {
				t.Errorf("mode %d: the frame contains %q", mode, bad)
			}
		}
		if lines, widest, _ := uitest.Measure(m.frame); lines != 45 || widest != 160 {
			t.Errorf("mode %d: %d lines of %d cells", mode, lines, widest)
		}
	}
}

func TestEmptyPlacesSayWhy(t *testing.T) {
	m := New(Config{Width: 160, Height: 45, Location: time.UTC})
	want := func(texts ...string) {
		t.Helper()
		for _, text := range texts {
			if !strings.Contains(m.frame, text) {
				t.Errorf("no %q in\n%s", text, m.frame)
			}
		}
	}
	want("starting", "no alarm yet")
	empty := &monitor.Snapshot{Sources: []monitor.SourceStatus{{Name: "sim:"}}, Wall: uitest.Noon, Law: uitest.ErrLaw}
	m.Update(snapshotMsg{empty})
	want("waiting for the first reading of sim:", "no alarm yet", "no sensor is selected", "law broken", "received 10")
	m.watch.Filter = "x"
	m.Update(snapshotMsg{uitest.Plant(14, monitor.View{Filter: "nope", Rows: 20}, 0)})
	want(`no sensor matches "x"`)
}

func BenchmarkFrame(b *testing.B) {
	m := shown(160, 45, 24, Config{Theme: "dark"})
	s := uitest.Plant(24, m.watch.View(), 0)
	m.watch.Take(s)
	b.ReportAllocs()
	for b.Loop() {
		m.draw()
	}
	if len(m.frame) < 160*45 {
		b.Fatal("frame is not full")
	}
}

func BenchmarkFrameOf10000Sensors(b *testing.B) {
	m := shown(160, 45, 10_000, Config{Theme: "dark"})
	m.watch.Select(9_999) // the last one
	m.Update(snapshotMsg{uitest.Plant(10_000, m.watch.View(), 0)})
	b.ReportAllocs()
	for b.Loop() {
		m.draw()
	}
}
