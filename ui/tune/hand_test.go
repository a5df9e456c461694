package tune

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"setpoint/sensors/threshold"
	"setpoint/workflow/monitor"
)

// rule returns r in a form that can be compared.
func rule(r threshold.Rule) string {
	return fmt.Sprintf("%g %g %v %v", r.At, r.Deadband, r.OnDelay, r.OffDelay)
}

func TestHandlesMoveInReadableSteps(t *testing.T) {
	for name, c := range map[string]struct {
		kind   threshold.Kind
		handle Handle
		moves  []int
		want   string
	}{
		"on goes up a step":                             {threshold.High, On, []int{1}, "85.5 1 1m0s 1m0s"},
		"on goes down ten steps":                        {threshold.High, On, []int{-10}, "80 1 1m0s 1m0s"},
		"the off edge goes up: the deadband shrinks":    {threshold.High, Edge, []int{1}, "85 0.8 1m0s 1m0s"},
		"the off edge goes down":                        {threshold.High, Edge, []int{-2}, "85 1.4 1m0s 1m0s"},
		"the off edge stops where the alarm begins":     {threshold.High, Edge, []int{10}, "85 0 1m0s 1m0s"},
		"on the low side the deadband grows upwards":    {threshold.Low, Edge, []int{1}, "77 1.2 1m0s 1m0s"},
		"the on-delay goes through round times":         {threshold.High, OnDelay, []int{1, 1}, "85 1 5m0s 1m0s"},
		"the off-delay does, and ends at none":          {threshold.High, OffDelay, []int{-10, -10, -10}, "85 1 1m0s 0s"},
		"ten steps of a delay are about ten times more": {threshold.High, OnDelay, []int{10}, "85 1 10m0s 1m0s"},
		"a delay ends at the longest":                   {threshold.High, OnDelay, []int{10, 10, 10, 10, 10, 10, 10}, "85 1 720h0m0s 1m0s"},
	} {
		t.Run(name, func(t *testing.T) {
			p := opened(t)
			p.Open("oven-2", c.kind)
			answer(t, p)
			p.handle = c.handle
			for _, n := range c.moves {
				check(t, p.Move(n))
			}
			if got := rule(p.Rule()); got != c.want {
				t.Errorf("NEW is %s, want %s", got, c.want)
			}
		})
	}
}

func TestValuesAreTyped(t *testing.T) {
	for name, c := range map[string]struct {
		handle Handle
		text   string
		want   string // NEW, or of an error a part
	}{
		"a number":                             {On, "88.5", "88.5 1 1m0s 1m0s"},
		"a number below zero":                  {On, " -16.5 ", "-16.5 1 1m0s 1m0s"},
		"a comma":                              {On, "88,5", "88.5 1 1m0s 1m0s"},
		"off":                                  {On, "OFF", "NaN 1 1m0s 1m0s"},
		"no number":                            {On, "warm\x1b[2J", `"warm\x1b[2J": want a number or off`},
		"no number at all":                     {On, "nan", "want a number or off"},
		"a number beyond all":                  {On, "1e999", "want a number or off"},
		"where the alarm ends":                 {Edge, "83.2", "85 1.8 1m0s 1m0s"},
		"an end beyond the begin":              {Edge, "86", "want a value at or below 85"},
		"an end that is off":                   {Edge, "off", "want a value at or below 85"},
		"seconds":                              {OnDelay, "90", "85 1 1m30s 1m0s"},
		"seconds with their unit":              {OnDelay, "90s", "85 1 1m30s 1m0s"},
		"minutes":                              {OffDelay, "2m", "85 1 1m0s 2m0s"},
		"no delay":                             {OffDelay, "off", "85 1 1m0s 0s"},
		"a delay below zero":                   {OnDelay, "-1s", "want a time"},
		"a delay longer than the longest":      {OnDelay, "721h", "want a time"},
		"a delay in no unit that there is":     {OnDelay, "2 weeks", "want a time"},
		"a delay whose seconds beat the clock": {OnDelay, "1e300", "want a time"},
	} {
		t.Run(name, func(t *testing.T) {
			p := opened(t)
			p.handle = c.handle
			if err := p.Type(c.text); err != nil {
				if !strings.Contains(err.Error(), c.want) || p.Touched() {
					t.Errorf("error %q, want %q; touched %t", err, c.want, p.Touched())
				}
			} else if got := rule(p.Rule()); got != c.want {
				t.Errorf("NEW is %s, want %s", got, c.want)
			}
		})
	}
}

func FuzzTypedValuesMakeAValidRule(f *testing.F) {
	for _, s := range []string{"88.5", "90s", "2m", "off", "-1e308", "0x1p-2", "1_000", "9223372036s"} {
		f.Add(s, uint8(0))
		f.Add(s, uint8(1))
		f.Add(s, uint8(2))
	}
	p := opened(f)
	f.Fuzz(func(t *testing.T, text string, h uint8) {
		p.Discard()
		p.handle = Handle(h % uint8(handles))
		err := p.Type(text)
		if bad := p.allowed(p.Rule()); bad != nil {
			t.Fatalf("%q made NEW %s: %v", text, rule(p.Rule()), bad)
		}
		if err != nil && p.Touched() {
			t.Fatalf("%q is refused (%v), but NEW is %s", text, err, rule(p.Rule()))
		}
		if err != nil && strings.ContainsAny(err.Error(), "\x1b\a") {
			t.Fatalf("raw text in %q", err)
		}
	})
}

func TestUndoTakesBackEveryStep(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		p := opened(t)
		seen := []string{rule(p.Rule())}
		for range rapid.IntRange(0, 30).Draw(r, "steps") {
			if rapid.Bool().Draw(r, "turn") {
				p.NextHandle(1)
			}
			if check(t, p.Move(rapid.SampledFrom([]int{-10, -1, 1, 10}).Draw(r, "n"))); rule(p.Rule()) != seen[len(seen)-1] {
				seen = append(seen, rule(p.Rule()))
			}
		}
		for i := len(seen) - 2; i >= 0; i-- {
			if !p.Undo() || rule(p.Rule()) != seen[i] {
				r.Fatalf("step %d is %s, want %s", i, rule(p.Rule()), seen[i])
			}
		}
		if p.Undo() || p.Touched() {
			r.Fatal("something is left to undo")
		}
		for i := 1; i < len(seen); i++ {
			if !p.Redo() || rule(p.Rule()) != seen[i] {
				r.Fatalf("redo %d is %s, want %s", i, rule(p.Rule()), seen[i])
			}
		}
		if p.Redo() {
			r.Fatal("something is left to redo")
		}
	})
}

func TestAPullOfTheMouseIsOneStep(t *testing.T) {
	p := opened(t)
	paint(p, 160, 42, dark)
	y := p.spots.geometry.Line(85)
	p.Click(p.spots.trace.X+5, y)
	for i := 1; i < 5; i++ {
		p.Drag(y-i, false)
	}
	at := p.Rule().At
	p.Drag(y-9, true)
	p.Drag(y-9, false)
	if !(at > 85) || p.Rule().At != at {
		t.Errorf("pulled to %g, then %g", at, p.Rule().At)
	}
	if !p.Undo() || p.Rule().At != 85 || p.Undo() {
		t.Error("a pull is not one step")
	}
}

func TestAClickTakesAHandle(t *testing.T) {
	p := opened(t)
	paint(p, 80, 21, dark)
	for h := range handles {
		if p.Click(p.spots.handles.X+3, p.spots.handles.Y+int(h)); p.Handle() != h {
			t.Errorf("a click on line %d takes %v", h, p.Handle())
		}
	}
	at := p.Rule()
	if p.Wheel(0, 0, 1); p.Rule().OffDelay >= at.OffDelay {
		t.Error("the wheel does not move the handle down")
	}
}

func TestNewIsKeptWhileAnotherThresholdIsTuned(t *testing.T) {
	p := opened(t)
	check(t, p.Move(4))
	p.Open("roof", threshold.Critical)
	answer(t, p)
	if p.Touched() {
		t.Error("another threshold is touched")
	}
	p.Open("oven-2", threshold.High)
	answer(t, p)
	if p.Rule().At != 87 || !p.Touched() {
		t.Errorf("NEW is %s", rule(p.Rule()))
	}
	if !p.Discard() || p.Rule().At != 85 || p.Discard() {
		t.Error("not discarded, or twice")
	}
}

func TestTheSettingOfASensorSaysNoMoreThanItMust(t *testing.T) {
	p := opened(t)
	p.asks.quick.Own = threshold.Setting{OffDelay: new(time.Minute)}
	check(t, p.Move(2))
	s := p.Setting()
	if s.At == nil || *s.At != 86 || s.Deadband != nil || s.OnDelay != nil || s.OffDelay == nil {
		t.Errorf("the sensor says %+v", s)
	}
	p.NextScope()
	if s = p.Setting(); p.Scope() != (monitor.Scope{Group: "ovens"}) || s.Deadband == nil || *s.OnDelay != time.Minute {
		t.Errorf("%+v says %+v", p.Scope(), s)
	}
	if p.NextScope(); p.Scope() != (monitor.Scope{}) {
		t.Errorf("the widest scope is %+v", p.Scope())
	}
}

func TestAThresholdThatIsOffComesBackOutsideOfTheValues(t *testing.T) {
	p := opened(t)
	check(t, p.Type("off"))
	answer(t, p)
	check(t, p.Move(1))
	if at := p.Rule().At; !(at > p.asks.all.hi) || math.IsInf(at, 0) {
		t.Errorf("it comes back at %g, values end at %g", at, p.asks.all.hi)
	}
}

func TestAlarmsAreGoneThrough(t *testing.T) {
	p := opened(t)
	list := p.asks.quick.After.Episodes
	if p.NextAlarm(-1); p.alarm != list[len(list)-1].Raised {
		t.Error("the first one back is not the newest")
	}
	for i := len(list) - 2; i >= 0; i-- {
		if p.NextAlarm(-1); p.alarm != list[i].Raised {
			t.Fatalf("alarm %d", i)
		}
	}
	if p.NextAlarm(-1); p.alarm != list[0].Raised {
		t.Error("it goes beyond the first")
	}
	for range 9 {
		p.Zoom(-1)
		if from, to, ok := p.Zoomed(); ok && (time.Unix(0, p.alarm).Before(from) || time.Unix(0, p.alarm).After(to)) {
			t.Fatal("zooming in loses the alarm")
		}
		answer(t, p)
	}
	p.NextAlarm(1)
	if from, to, _ := p.Zoomed(); time.Unix(0, p.alarm).Before(from) || time.Unix(0, p.alarm).After(to) {
		t.Error("the next alarm is out of sight")
	}
	for range 20 {
		p.Zoom(1)
	}
	if _, _, ok := p.Zoomed(); ok {
		t.Error("zooming out never ends")
	}
}

func TestChangesAreUndoneAndRedoneInTheirOrder(t *testing.T) {
	p := opened(t)
	c := func(id, undoes uint64, undone bool) monitor.Change {
		return monitor.Change{ID: id, What: "threshold", By: "ana", Scope: monitor.Scope{Sensor: "oven-2"}, Kind: threshold.High, Undoes: undoes, Undone: undone, CanUndo: !undone}
	}
	other := c(9, 0, false)
	other.By = "ben"
	for name, s := range map[string]struct {
		newestFirst []monitor.Change
		undo, redo  uint64
	}{
		"the newest of two":                       {[]monitor.Change{c(2, 0, false), c(1, 0, false)}, 2, 0},
		"after an undo the one before":            {[]monitor.Change{c(3, 2, false), c(2, 0, true), c(1, 0, false)}, 1, 3},
		"after two undos none":                    {[]monitor.Change{c(4, 1, false), c(3, 2, false), c(2, 0, true), c(1, 0, true)}, 0, 4},
		"a redo can be undone":                    {[]monitor.Change{c(4, 3, false), c(3, 2, true), c(2, 0, true), c(1, 0, false)}, 4, 0},
		"after a redo the next undo is redone":    {[]monitor.Change{c(5, 4, false), c(4, 1, true), c(3, 2, false), c(2, 0, true), c(1, 0, true)}, 5, 3},
		"a new change leaves nothing to redo":     {[]monitor.Change{c(4, 0, false), c(3, 2, false), c(2, 0, true)}, 4, 0},
		"others' changes are not one's own":       {[]monitor.Change{other, c(1, 0, false)}, 1, 0},
		"nothing was changed":                     {nil, 0, 0},
		"an undo of what is forgotten is an undo": {[]monitor.Change{c(7, 3, false)}, 0, 7},
	} {
		p.snap.Changes = s.newestFirst
		if id, _ := p.UndoChange("ana"); id != s.undo {
			t.Errorf("%s: undo of %d, want %d", name, id, s.undo)
		}
		if id, _ := p.RedoChange("ana"); id != s.redo {
			t.Errorf("%s: redo of %d, want %d", name, id, s.redo)
		}
	}
}

func TestTheEvidenceIsInWords(t *testing.T) {
	p := opened(t)
	check(t, p.Move(7))
	if p.Evidence() != "" {
		t.Error("there is evidence before there is an answer")
	}
	answer(t, p)
	got := p.Evidence()
	for _, want := range []string{" -> ", " alarms/day, ", "/2 found, ", "14 d, 100% good"} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in %q", want, got)
		}
	}
	if got := string(p.Moves("->")); got != "85.0 -> 88.5" {
		t.Errorf("it moves %q", got)
	}
}
