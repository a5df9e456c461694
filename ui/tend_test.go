package ui

import (
	"reflect"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"setpoint/sensors/alarm"
	"setpoint/sensors/threshold"
	"setpoint/ui/uitest"
	"setpoint/workflow/monitor"
)

// hostile gives everything on the pages of alarms and changes a hostile text.
func hostile(s *monitor.Snapshot, evil string) {
	full := uitest.Plant(14, monitor.View{Alarms: 20, Changes: 20}, 0)
	s.Alarms, s.AlarmsN, s.Alarm, s.Hygiene = full.Alarms, full.AlarmsN, full.Alarm, full.Hygiene
	for i := range s.Alarms {
		r := &s.Alarms[i]
		r.Sensor, r.Unit, r.Reason, r.AckedBy = evil, evil, evil, evil
		r.Advice.Action, r.Advice.Cause, r.Advice.Consequence = evil, evil, evil
	}
	s.Alarm.AlarmRow, s.Alarm.Origin = s.Alarms[0], evil
	for i := range s.Alarm.Past {
		s.Alarm.Past[i].By = evil
	}
	for i := range s.Alarm.Path {
		s.Alarm.Path[i].What, s.Alarm.Path[i].By = evil, evil
	}
	for _, keys := range [][]alarm.Key{s.Hygiene.Chattering, s.Hygiene.Standing} {
		keys[0].Sensor = evil
	}
	s.Hygiene.Top[0].Key.Sensor, s.Hygiene.Rows[0].Name = evil, evil
	s.Changes, s.ChangeN = full.Changes, full.ChangeN
	for i := range s.Changes {
		c := &s.Changes[i]
		c.By, c.Scope, c.Text, c.Why, c.Evidence = evil, monitor.Scope{Group: evil}, evil, evil, evil
	}
	s.Changes[0].What = evil
	s.Store = &monitor.StoreStatus{Dir: evil, State: evil, Error: evil, Since: uitest.Noon}
}

// at returns the latches of kinds.
func at(kinds ...threshold.Kind) (l threshold.Latches) {
	for _, k := range kinds {
		l = l.Set(k)
	}
	return l
}

func TestAlarmsAreTended(t *testing.T) {
	ack := func(k threshold.Kind, sensors ...string) monitor.Command {
		return monitor.Acknowledge{Sensors: sensors, Kinds: at(k), By: "ana"}
	}
	shelve := func(d time.Duration) []monitor.Command {
		return []monitor.Command{monitor.Shelve{Sensor: "oven-3", Kinds: at(threshold.Critical), For: d, By: "ana"}}
	}
	verdict := func(seq uint64, v monitor.Verdict) []monitor.Command {
		return []monitor.Command{monitor.GiveVerdict{Seq: seq, Verdict: v, By: "ana"}}
	}
	for name, c := range map[string]struct {
		keys string
		want []monitor.Command
	}{
		"a acknowledges the selected alarm, no other of its sensor": {"a", []monitor.Command{ack(threshold.Critical, "oven-3")}},
		"a acknowledges the marked ones":                            {"space space a", []monitor.Command{ack(threshold.High, "oven-2"), ack(threshold.Critical, "oven-3")}},
		"a does nothing to an acknowledged one":                     {"j j j j j j a", nil},
		"esc takes the marks away":                                  {"space space esc g a", []monitor.Command{ack(threshold.Critical, "oven-3")}},
		"A acknowledges all that are shown": {"A", []monitor.Command{
			ack(threshold.Low, "tank-low"), ack(threshold.High, "oven-2", "chiller", "freezer"), ack(threshold.Critical, "oven-3"), ack(threshold.Stale, "duct-3"),
		}},
		"in full A acknowledges what is shown": {"space enter A", []monitor.Command{ack(threshold.High, "oven-2")}},
		"and so does a":                        {"space enter a", []monitor.Command{ack(threshold.High, "oven-2")}},
		"s shelves for 15 minutes":             {"s 1", shelve(15 * time.Minute)},
		"or an hour":                           {"s h", shelve(time.Hour)},
		"or four":                              {"s j j enter", shelve(4 * time.Hour)},
		"or eight":                             {"s 8", shelve(8 * time.Hour)},
		"or once":                              {"s o", shelve(0)},
		"or not at all":                        {"s esc", nil},
		"what is not shelved has no way out":   {"s u esc", nil},
		"what is shelved has one":              {"G k k k s u", []monitor.Command{monitor.Unshelve{Sensor: "pump-7", Kinds: at(threshold.High), By: "ana"}}},
		"o wants a reason":                     {"o space enter esc", nil},
		"and takes the sensor out of service for it": {
			"o g o x backspace n e space 2 enter", []monitor.Command{monitor.TakeOut{Sensor: "oven-3", Reason: "gone 2", By: "ana"}},
		},
		"o puts it back, if that is wanted": {"G o y", []monitor.Command{monitor.PutBack{Sensor: "boiler", By: "ana"}}},
		"else it stays out":                 {"G o n", nil},
		"v says that it was real":           {"v r", verdict(9, monitor.Real)},
		"or not":                            {"v f", verdict(9, monitor.False)},
		"or nothing any more":               {"v n", verdict(9, monitor.NoVerdict)},
		"an alarm never raised is not real": {"G k k k k v r", nil},
	} {
		t.Run(name, func(t *testing.T) {
			in(t, func(b *bench) {
				b.keys("3")
				b.snap()
				b.keys(strings.Fields(c.keys)...)
				if !reflect.DeepEqual(b.did, c.want) || b.open.mode != onPage {
					t.Errorf("did %+v, want %+v; mode %d", b.did, c.want, b.open.mode)
				}
			})
		})
	}
}

func TestAllAlarmsOfASensorAreTendedOnWatch(t *testing.T) {
	in(t, func(b *bench) {
		b.keys("s", "4", "j", "o", "x", "enter")
		want := []monitor.Command{
			monitor.Shelve{Sensor: "oven-3", For: 4 * time.Hour, By: "ana"},
			monitor.TakeOut{Sensor: "oven-2", Reason: "x", By: "ana"},
		}
		if !reflect.DeepEqual(b.did, want) {
			t.Errorf("did %+v, want %+v", b.did, want)
		}
	})
}

func TestChangesAreUndoneAndRedone(t *testing.T) {
	undo := func(id uint64) []monitor.Command { return []monitor.Command{monitor.Undo{ID: id, By: "ana"}} }
	for name, c := range map[string]struct {
		keys, says string
		want       []monitor.Command
	}{
		"u undoes the selected one":                   {"u y", "high of group racks is again on/off at 38.0/37.0", undo(12)},
		"if that is wanted":                           {"u n", "it was moved to 38.5/38.0", nil},
		"u shows an alarm again":                      {"j j j u y", "All alarms of pump-7 are shown again", undo(9)},
		"u puts back into service":                    {"j j u y", "boiler is back in service", undo(10)},
		"^r undoes the undo of the selected one":      {"j j j j ctrl+r y", "redo of change 8", undo(11)},
		"or the selected undo":                        {"j ctrl+r y", "redo of change 8", undo(11)},
		"what is undone is not undone again":          {"j j j j u y", "", nil},
		"what was not undone is not redone":           {"ctrl+r y", "", nil},
		"what cannot be undone is not":                {"G u y", "", nil},
		"a threshold that was off is again inherited": {"G k u y", "critical of all is again inherited, now off", undo(4)},
	} {
		t.Run(name, func(t *testing.T) {
			in(t, func(b *bench) {
				b.keys("6")
				b.snap()
				keys := strings.Fields(c.keys)
				b.keys(keys[:len(keys)-1]...)
				if !strings.Contains(ansi.Strip(b.frame), c.says) {
					t.Errorf("does not say %q", c.says)
				}
				b.keys(keys[len(keys)-1])
				if !reflect.DeepEqual(b.did, c.want) {
					t.Errorf("did %+v, want %+v", b.did, c.want)
				}
			})
		})
	}
}

func TestAnAlarmIsShownInFull(t *testing.T) {
	in(t, func(b *bench) {
		b.keys("3")
		b.snap()
		b.keys("j", "enter")
		b.snap()
		if f := ansi.Strip(b.frame); strings.Contains(f, "tank-low") || !strings.Contains(f, "oven-2 HIGH") || !strings.Contains(f, "PATH OF STATES") {
			t.Errorf("not in full:\n%s", f)
		}
		if cmd := leave(b.Model); cmd != nil || !strings.Contains(ansi.Strip(b.frameNow()), "tank-low") {
			t.Error("q does not go back to the list")
		}
		if cmd := leave(b.Model); cmd == nil {
			t.Error("q does not quit from the list")
		}
	})
}

// frameNow paints the frame anew.
func (b *bench) frameNow() string { b.draw(); return b.frame }

func TestAlarmsAreFilteredByName(t *testing.T) {
	in(t, func(b *bench) {
		b.keys("3", "/", "O", "v", "e", "x", "backspace", "enter")
		if v := b.view(); v.AlarmFilter != "Ove" || v.Filter != "" {
			t.Errorf("view %+v", v)
		}
		b.snap()
		if f := ansi.Strip(b.frame); strings.Contains(f, "tank-low") || !strings.Contains(f, "/Ove") {
			t.Errorf("not filtered:\n%s", f)
		}
		b.Update(tea.PasteMsg{Content: "nothing is typed"})
		if b.keys("esc"); b.view().AlarmFilter != "" {
			t.Error("esc does not clear the filter")
		}
		b.keys("1")
		if b.view().Alarms != 0 || b.view().Changes != 0 {
			t.Error("Watch asks for alarms or changes")
		}
	})
}

func TestTheHeaderTellsOfFloodShelvesAndStore(t *testing.T) {
	for name, c := range map[string]struct {
		do   func(*monitor.Snapshot)
		want string
	}{
		"a flood":              {func(s *monitor.Snapshot) { s.Flood = true }, "FLOOD"},
		"shelved alarms":       {func(s *monitor.Snapshot) { s.Shelved = 7 }, "z 7"},
		"a store that is full": {func(s *monitor.Snapshot) { s.Store = &monitor.StoreStatus{State: "full", Since: uitest.Noon} }, "▲ store full: nothing kept since 14:32"},
		"and what was lost": {func(s *monitor.Snapshot) {
			s.Store = &monitor.StoreStatus{State: "failing", Since: uitest.Noon, Lost: 9}
		}, "since 14:32, 9"},
		"a store that is well":  {func(s *monitor.Snapshot) { s.Store = &monitor.StoreStatus{State: "ok"} }, "6 Journal   "},
		"a run that keeps none": {func(s *monitor.Snapshot) { s.Store = nil }, "6 Journal   "},
	} {
		t.Run(name, func(t *testing.T) {
			for _, size := range [][2]int{{160, 45}, {80, 24}} {
				m := shown(size[0], size[1], 3, Config{})
				s := uitest.Plant(3, m.view(), time.Second)
				c.do(s)
				m.Update(snapshotMsg{s})
				top := strings.Join(strings.SplitN(ansi.Strip(m.frame), "\n", 3)[:2], "\n")
				if !strings.Contains(top, c.want) {
					t.Errorf("%v: no %q in\n%s", size, c.want, top)
				}
			}
		})
	}
}

func TestNoAlarmAndNoChangeSayWhy(t *testing.T) {
	m := shown(80, 24, 3, Config{})
	for page, want := range map[string][]string{
		onAlarms:  {"no alarm is on, pending, unacknowledged or shelved", "no alarm is selected", "nothing to count"},
		onJournal: {"nothing was changed yet", "no change is selected"},
	} {
		m.turn(page)
		s := uitest.Plant(3, m.view(), 0)
		s.Alarms, s.AlarmsN, s.Alarm, s.Hygiene, s.Changes, s.ChangeN = nil, 0, nil, nil, nil, 0
		m.Update(snapshotMsg{s})
		for _, w := range want {
			if !strings.Contains(m.frame, w) {
				t.Errorf("%s: no %q in\n%s", page, w, ansi.Strip(m.frame))
			}
		}
	}
}

func BenchmarkFrameOfPages(b *testing.B) {
	for _, page := range []string{onAlarms, onJournal} {
		b.Run(page, func(b *testing.B) {
			m := shown(160, 45, 24, Config{Theme: "dark"})
			m.turn(page)
			m.Update(snapshotMsg{uitest.Plant(24, m.view(), 0)})
			b.ReportAllocs()
			for b.Loop() {
				m.draw()
			}
		})
	}
}

func TestTheMouseSelectsAlarmsAndChanges(t *testing.T) {
	in(t, func(b *bench) {
		b.keys("3")
		b.snap()
		click := func(y int) { b.Update(tea.MouseClickMsg{X: 20, Y: y, Button: tea.MouseLeft}) }
		click(6) // below tabs, border and heads
		if r := b.alarms.Selected(); r == nil || r.Sensor != "tank-low" {
			t.Errorf("a click selects %+v", r)
		}
		b.Update(tea.MouseWheelMsg{X: 20, Y: 6, Button: tea.MouseWheelDown})
		if r := b.alarms.Selected(); r == nil || r.Sensor != "duct-3" {
			t.Errorf("the wheel selects %+v", r)
		}
		b.keys("enter")
		if click(4); b.alarms.Selected().Sensor != "duct-3" {
			t.Error("a click selects an alarm that is not in sight")
		}
		b.keys("6")
		b.snap()
		if click(5); b.journal.Selected().ID != 11 {
			t.Errorf("a click selects change %d", b.journal.Selected().ID)
		}
	})
}
