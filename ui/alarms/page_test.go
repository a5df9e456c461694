package alarms

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"setpoint/sensors/alarm"
	"setpoint/sensors/threshold"
	"setpoint/ui/theme"
	"setpoint/ui/uitest"
	"setpoint/workflow/monitor"
)

// key is the high alarm of a sensor.
func key(sensor string) monitor.AlarmKey {
	return monitor.AlarmKey{Sensor: sensor, Kind: threshold.High}
}

// holding returns a snapshot that holds n of the alarms of sensors from offset on.
func holding(offset, n int, sensors ...string) *monitor.Snapshot {
	s := &monitor.Snapshot{Wall: uitest.Noon, Time: uitest.Noon, AlarmsN: len(sensors), AlarmsAt: offset}
	for _, name := range sensors[min(offset, len(sensors)):min(offset+n, len(sensors))] {
		s.Alarms = append(s.Alarms, monitor.AlarmRow{AlarmKey: key(name), Unacked: true})
	}
	return s
}

// take shows s as a frame does.
func (p *Page) take(s *monitor.Snapshot) {
	p.Take(s)
	p.settle()
}

func TestTheSelectionStaysWithTheAlarm(t *testing.T) {
	p := New(time.UTC)
	p.take(holding(0, 5, "b", "c", "d"))
	if p.take(holding(0, 5, "a", "b", "c", "d")); p.Selected().Sensor != "a" {
		t.Errorf("selected %q, want the most urgent one until a person selects another", p.Selected().Sensor)
	}
	p.Select(2)
	for _, c := range []struct {
		name    string
		hold    bool
		sensors []string
		want    string
	}{
		{"while more urgent ones come", false, []string{"x", "y", "a", "b", "c"}, "c"},
		{"while it becomes the most urgent one", false, []string{"c", "a", "b"}, "c"},
		{"and with its place when it goes", false, []string{"a", "b"}, "a"},
		{"but is nowhere while the hand is on the list", true, []string{"b", "d"}, ""},
		{"and there again when it comes back", true, []string{"b", "a"}, "a"},
	} {
		p.Hold = c.hold
		p.take(holding(0, 5, c.sensors...))
		got := ""
		if r := p.Selected(); r != nil {
			got = r.Sensor
		}
		if got != c.want {
			t.Errorf("%s: selected %q, want %q", c.name, got, c.want)
		}
	}
	p.take(holding(0, 5, "b", "c", "d"))
	if p.Select(1); p.Selected().Sensor != "c" {
		t.Errorf("below the one that went is %q, want the one in its place", p.Selected().Sensor)
	}
	if p.take(holding(0, 5)); p.Selected() != nil || p.Targets() != nil {
		t.Error("selected one where there is none")
	}
}

func TestMarksGoWithTheirAlarmsAndWithNothingElse(t *testing.T) {
	all := []string{"a", "b", "c", "d", "e", "f", "g", "h"}
	rapid.Check(t, func(t *rapid.T) {
		p := New(time.UTC)
		p.take(holding(0, 9, all...))
		for range rapid.IntRange(1, 8).Draw(t, "marks") {
			p.Select(rapid.IntRange(-8, 8).Draw(t, "to"))
			p.Mark()
		}
		marked := p.Targets()
		if !p.Marked() {
			return // the last mark took the first away
		}
		left := slices.DeleteFunc(slices.Clone(all), func(string) bool { return rapid.Bool().Draw(t, "gone") })
		p.take(holding(0, 9, left...))
		for _, k := range marked {
			if p.marked[k] != slices.Contains(left, k.Sensor) {
				t.Fatalf("marks %v of %v, left are %v", p.marked, marked, left)
			}
		}
		kept := len(p.marked)
		if p.take(holding(2, 3, all...)); len(p.marked) != kept {
			t.Fatalf("%d marks, want %d: those out of sight stay", len(p.marked), kept)
		}
		if p.Unmark() != (kept > 0) || p.Marked() {
			t.Fatal("marks are not taken away")
		}
	})
}

func TestEveryStateHasASignOfItsOwn(t *testing.T) {
	p := New(time.UTC)
	p.Take(holding(0, 1))
	th := theme.New("dark", true, 0, false)
	later := uitest.Noon.Add(90 * time.Second)
	for sentence, c := range map[string]struct {
		row         monitor.AlarmRow
		sign        rune
		text, brief string
	}{
		"unacknowledged on the high side":    {monitor.AlarmRow{AlarmKey: key("s"), Cond: alarm.Active, Unacked: true}, '▲', "unacked", "unacked"},
		"acknowledged":                       {monitor.AlarmRow{AlarmKey: key("s"), Cond: alarm.Active}, '△', "acked", "acked"},
		"unacknowledged on the low side":     {monitor.AlarmRow{AlarmKey: monitor.AlarmKey{Kind: threshold.Low}, Cond: alarm.Active, Unacked: true}, '▼', "unacked", "unacked"},
		"acknowledged below":                 {monitor.AlarmRow{Cond: alarm.Active}, '▽', "acked", "acked"},
		"pending":                            {monitor.AlarmRow{Cond: alarm.Pending, Ends: later}, 'p', "pending, 1m30 left", "1m30 left"},
		"returning":                          {monitor.AlarmRow{Cond: alarm.Returning, Ends: later}, 'r', "returning, 1m30 left", "1m30 left"},
		"returned, not acknowledged":         {monitor.AlarmRow{Unacked: true}, '◇', "returned", "returned"},
		"shelved for a time":                 {monitor.AlarmRow{Cond: alarm.Active, Suppressed: alarm.Shelved, Until: later}, 'z', "shelved to 14:33", "to 14:33"},
		"shelved once":                       {monitor.AlarmRow{Suppressed: alarm.Shelved}, 'z', "shelved once", "once"},
		"suppressed by design":               {monitor.AlarmRow{Cond: alarm.Active, Suppressed: alarm.ByDesign}, 'x', "by design", "by design"},
		"out of service":                     {monitor.AlarmRow{Suppressed: alarm.OutOfService}, 'o', "out of service", "service"},
		"held, because the reading is bad":   {monitor.AlarmRow{Cond: alarm.Active, Unacked: true, Held: true}, '?', "held, unacked", "held"},
		"of a sensor that has fallen silent": {monitor.AlarmRow{AlarmKey: monitor.AlarmKey{Kind: threshold.Stale}, Cond: alarm.Active, Held: true}, '?', "acked", "acked"},
	} {
		got := p.stands(&th.Glyphs, &c.row)
		if got.sign != c.sign || string(got.text) != c.text || string(got.brief) != c.brief {
			t.Errorf("%s: %c %q %q, want %c %q %q", sentence, got.sign, got.text, got.brief, c.sign, c.text, c.brief)
		}
		if full[colState] < len(got.text) || brief[colState] < len(got.brief) {
			t.Errorf("%s: %q or %q is too wide for its column", sentence, got.text, got.brief)
		}
	}
}

func TestColumnsFitWhateverTheWidth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := rapid.IntRange(30, 300).Draw(t, "w")
		actions := rapid.Bool().Draw(t, "actions")
		g := fit(w, rapid.IntRange(0, 40).Draw(t, "name"), actions)
		end := begins
		for c := range columns {
			if g.w[c] == 0 {
				continue
			}
			if g.x[c] < end {
				t.Fatalf("column %d begins at %d, the one before ends at %d", c, g.x[c], end)
			}
			end = g.x[c] + g.w[c] + 1
		}
		if end-1 > w || g.w[colSensor] == 0 {
			t.Fatalf("%d columns in %d: %+v", end-1, w, g)
		}
		if shown := g.w[colAction] > 0; shown && !actions || !shown && actions && w >= 78 {
			t.Fatalf("width %d, actions %v: the column has %d", w, actions, g.w[colAction])
		}
	})
}

func TestTheTimeToRespondRunsOut(t *testing.T) {
	p := New(time.UTC)
	p.Take(holding(0, 1))
	for sentence, c := range map[string]struct {
		unacked bool
		ago     time.Duration
		want    string
	}{
		"some is left":                    {true, time.Minute, "within 5 min, 4m00 left"},
		"none is left":                    {true, 7 * time.Minute, "within 5 min, over since 2m00"},
		"somebody has seen to it already": {false, 7 * time.Minute, "within 5 min"},
	} {
		r := monitor.AlarmRow{Unacked: c.unacked, Raised: uitest.Noon.Add(-c.ago), Advice: alarm.Advice{Respond: 5 * time.Minute}}
		if got := p.due(&r); string(got.Text) != c.want {
			t.Errorf("%s: %q, want %q", sentence, got.Text, c.want)
		}
	}
}
