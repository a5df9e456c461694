package journal

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"setpoint/sensors/threshold"
	"setpoint/ui/uitest"
	"setpoint/workflow/monitor"
)

// holding returns a snapshot of a journal with n changes, of which it holds rows from
// offset on.
func holding(n, offset, rows int) *monitor.Snapshot {
	s := &monitor.Snapshot{Wall: uitest.Noon, Time: uitest.Noon, ChangeN: n, View: monitor.View{ChangeOffset: offset, Changes: rows}}
	for i := offset; i < min(offset+rows, n); i++ {
		s.Changes = append(s.Changes, monitor.Change{ID: uint64(n - i)})
	}
	return s
}

func TestTheSelectionStaysWithTheChange(t *testing.T) {
	p := New(time.UTC)
	selected := func() uint64 {
		if c := p.Selected(); c != nil {
			return c.ID
		}
		return 0
	}
	p.Take(holding(5, 0, 9))
	p.Take(holding(7, 0, 9))
	if selected() != 7 {
		t.Errorf("selected %d, want the newest until a hand selects another", selected())
	}
	p.Select(2)
	p.Take(holding(9, 0, 9))
	if selected() != 5 || p.at != 4 {
		t.Errorf("selected %d on line %d, want 5 on line 4", selected(), p.at)
	}
	p.Select(-100)
	if p.Take(holding(10, 0, 9)); selected() != 10 {
		t.Errorf("selected %d, want the newest again", selected())
	}
	p.first = 3
	p.Select(4)
	if p.Take(holding(12, 3, 9)); p.first != 5 {
		t.Errorf("the list begins at line %d, want 5: it stands still while new ones come", p.first)
	}
}

func TestAChangeInWords(t *testing.T) {
	p := New(time.UTC)
	p.Take(holding(0, 0, 1))
	set := func(at float64) threshold.Setting { return threshold.Setting{At: &at} }
	rule := func(at, deadband float64, on time.Duration) threshold.Rule {
		return threshold.Rule{At: at, Deadband: deadband, OnDelay: on}
	}
	for sentence, c := range map[string]struct {
		change monitor.Change
		want   string
	}{
		"a high threshold ends below where it begins": {monitor.Change{What: moved, Kind: threshold.High, Before: rule(85, 1, 0), After: rule(88.5, 1, 0)}, "high 85.0/84.0 → 88.5/87.5"},
		"a low one above":                {monitor.Change{What: moved, Kind: threshold.CriticalLow, Before: rule(5, 0.5, 0), After: rule(4.25, 0.5, 0)}, "critical low 5.00/5.50 → 4.25/4.75"},
		"with its deadband and delays":   {monitor.Change{What: moved, Kind: threshold.High, Before: rule(85, 1, 0), After: rule(85, 2, time.Minute)}, "high 85.0/84.0 → 85.0/83.0, deadband 1.00 → 2.00, on-delay 0 s → 1 min"},
		"switched off":                   {monitor.Change{What: moved, Kind: threshold.High, Before: rule(85, 1, 0), After: rule(threshold.Off, 1, 0)}, "high 85.0/84.0 → off"},
		"of which only the file is told": {monitor.Change{What: moved, Kind: threshold.High, New: set(30)}, "high inherited → 30.0"},
		"a kind that does not exist":     {monitor.Change{What: moved, Kind: 200, New: set(30), After: rule(1, 1, 1)}, "threshold 200 inherited → 30.0"},
		"a shelf says until when":        {monitor.Change{What: "shelve", Text: "high, for 1h0m0s", Until: uitest.Noon.Add(time.Hour)}, "high, until 15:32"},
		"all others say it themselves":   {monitor.Change{What: "shelve", Text: "high, once"}, "high, once"},
	} {
		if got := p.text(&c.change, '→'); string(got) != c.want {
			t.Errorf("%s: %q, want %q", sentence, got, c.want)
		}
	}
}

func TestColumnsFitWhateverTheWidth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := rapid.IntRange(42, 300).Draw(t, "w")
		g := fit(w, rapid.IntRange(0, 60).Draw(t, "scope"))
		end := 2
		for c := range columns {
			if g.w[c] > 0 {
				if g.x[c] < end {
					t.Fatalf("column %d begins at %d, the one before ends at %d", c, g.x[c], end)
				}
				end = g.x[c] + g.w[c] + 1
			}
		}
		if end-1 > w || g.w[colText] < 31 {
			t.Fatalf("%d columns in %d: %+v", end-1, w, g)
		}
	})
}
