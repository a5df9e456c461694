package ui

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"setpoint/sensors/threshold"
	"setpoint/ui/uitest"
	"setpoint/workflow/monitor"
)

// A bench is a model with somebody at the keys, and all that it asked for.
type bench struct {
	*Model
	t     *testing.T
	did   []monitor.Command
	views []monitor.View
	fail  error
	later time.Duration
}

// newBench returns a model of 160 by 45 that shows 14 sensors.
func newBench(t *testing.T) *bench {
	b := &bench{t: t}
	b.Model = New(Config{
		Width: 160, Height: 45, Location: time.UTC, User: "ana",
		Look: func(v monitor.View) { b.views = append(b.views, v) },
		Do: func(c monitor.Command) error {
			if d, ok := c.(*monitor.DryRun); ok { // it does nothing but answer
				d.To = []monitor.Share{{Node: "classify", Step: true, N: 1}, {Node: "critical", N: 7002}, {Node: "gone", Gone: true, N: 2}}
				d.Away = 3
				return b.fail
			}
			b.did = append(b.did, c)
			return b.fail
		},
	})
	b.snap()
	b.snap()
	return b
}

// snap sends the snapshot that answers the last view.
func (b *bench) snap() {
	b.later += 100 * time.Millisecond
	b.Update(snapshotMsg{uitest.Plant(14, b.view(), b.later)})
}

// keys types keys, each a name or a single character, and carries out the commands.
func (b *bench) keys(names ...string) {
	b.t.Helper()
	for _, name := range names {
		b.run(b.Model.press(key(name)))
		b.draw()
	}
}

// key returns the message of a key.
func key(name string) tea.KeyPressMsg {
	for _, k := range []struct {
		name string
		code rune
	}{{"up", tea.KeyUp}, {"down", tea.KeyDown}, {"left", tea.KeyLeft}, {"right", tea.KeyRight}, {"esc", tea.KeyEscape}, {"enter", tea.KeyEnter}, {"end", tea.KeyEnd}, {"backspace", tea.KeyBackspace}, {"pgdown", tea.KeyPgDown}, {"tab", tea.KeyTab}} {
		if k.name == name {
			return tea.KeyPressMsg{Code: k.code}
		}
	}
	if name == "space" {
		return tea.KeyPressMsg{Code: tea.KeySpace, Text: " "}
	}
	if c, ok := strings.CutPrefix(name, "ctrl+"); ok {
		return tea.KeyPressMsg{Code: rune(c[0]), Mod: tea.ModCtrl}
	}
	return tea.KeyPressMsg{Code: []rune(name)[0], Text: name}
}

// run carries out a command whose answer is at hand at once.
func (b *bench) run(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	got := make(chan tea.Msg, 1)
	go func() { got <- cmd() }()
	synctest.Wait()
	select {
	case msg := <-got:
		if batch, ok := msg.(tea.BatchMsg); ok {
			for _, c := range batch {
				b.run(c)
			}
			return
		}
		_, next := b.Update(msg)
		b.run(next)
	default: // it waits for a tick
	}
}

// in runs f in fake time, and lets the ticks that it leaves behind end.
func in(t *testing.T, f func(b *bench)) {
	synctest.Test(t, func(t *testing.T) {
		f(newBench(t))
		time.Sleep(time.Minute)
	})
}

func TestNoKeyIsBoundTwice(t *testing.T) {
	for _, tab := range tabs {
		if _, err := actions().Index(tab.name); err != nil {
			t.Errorf("page %s: %v", tab.name, err)
		}
	}
	var others []item
	for _, f := range handlerFaults {
		others = append(others, f.item)
	}
	for _, items := range [][]item{faults(), others} {
		seen := map[byte]bool{}
		for i, c := range hot(items) {
			if c == 0 || seen[c] {
				t.Errorf("%s has no letter of its own", items[i].name)
			}
			seen[c] = true
		}
	}
}

func TestMarkdownHasALineForEachAction(t *testing.T) {
	md := Markdown()
	if got, want := strings.Count(md, "\n"), len(actions())+2; got != want {
		t.Errorf("%d lines, want %d:\n%s", got, want, md)
	}
	if want := "| Watch | `+` `=` | threshold up one step |\n"; !strings.Contains(md, want) {
		t.Errorf("no line %q in\n%s", want, md)
	}
}

func TestSelectionStaysWithTheSensor(t *testing.T) {
	in(t, func(b *bench) {
		b.keys("j", "j", "down", "k")
		if got := b.watch.Selected(); got != "oven-1" {
			t.Fatalf("selected %q, want oven-1", got)
		}
		s := uitest.Plant(14, b.view(), 0)
		s.Names[0], s.Names[2] = s.Names[2], s.Names[0]
		s.Rows[0], s.Rows[2] = s.Rows[2], s.Rows[0]
		b.Update(snapshotMsg{s})
		if got := b.watch.Selected(); got != "oven-1" {
			t.Errorf("selected %q after the order changed, want oven-1", got)
		}
		b.keys("G")
		if got := b.watch.Selected(); got != s.Names[13] {
			t.Errorf("G selected %q, want the last", got)
		}
		b.keys("g", "n")
		if got := b.watch.Selected(); got != "oven-2" {
			t.Errorf("n selected %q, want oven-2, the next in alarm", got)
		}
	})
}

func TestThresholdMovesByStepsInOrder(t *testing.T) {
	in(t, func(b *bench) {
		b.keys("+", "+", "=", "-")
		want := []float64{86, 87, 88, 87}
		if len(b.did) != len(want) {
			t.Fatalf("did %v", b.did)
		}
		for i, c := range b.did {
			if s := c.(monitor.SetThreshold); s.Value != want[i] || s.Kind != threshold.High || s.Sensor != "oven-3" || s.By != "ana" {
				t.Errorf("command %d is %+v, want high %g", i, s, want[i])
			}
		}
		if !strings.Contains(b.frame, "87.0") {
			t.Error("the moved threshold is not shown at once")
		}
		if !strings.Contains(b.frame, "oven-3 high 87.0") {
			t.Error("the move is not told")
		}
	})
}

func TestMovesThatWaitTakeOneTurn(t *testing.T) {
	b := &bench{t: t}
	b.Model = shown(160, 45, 14, Config{Do: func(monitor.Command) error { return nil }})
	first := b.send(monitor.SetThreshold{Sensor: "a", Value: 1})
	for v := range 100 {
		if b.send(monitor.SetThreshold{Sensor: "a", Value: float64(v)}) != nil {
			t.Fatal("a second command was begun before the first was done")
		}
	}
	if n := len(b.outbox.waiting); n != 1 {
		t.Errorf("%d commands wait, want 1", n)
	}
	b.Update(first())
	if !b.outbox.busy {
		t.Error("the next command was not begun")
	}
}

func TestThresholdsMayNotCross(t *testing.T) {
	in(t, func(b *bench) {
		for range 20 {
			b.keys("+")
		}
		last := b.did[len(b.did)-1].(monitor.SetThreshold)
		if last.Value != 95 {
			t.Errorf("high went up to %g, want 95, where critical is", last.Value)
		}
		if !strings.Contains(b.frame, "high 96 must be below critical 95") {
			t.Errorf("the status is %q", b.status.text)
		}
	})
}

func TestThresholdThatIsOffIsPutOutsideOfTheValues(t *testing.T) {
	in(t, func(b *bench) {
		b.keys("h", "+")
		c := b.did[0].(monitor.SetThreshold)
		if c.Kind != threshold.Low || !(c.Value < 82) || c.Value != float64(int(c.Value)) {
			t.Errorf("got %+v, want low at a round figure below the readings", c)
		}
	})
}

func TestRefusedCommandIsToldAndTakenBack(t *testing.T) {
	in(t, func(b *bench) {
		b.fail = errors.New("read only")
		b.keys("+")
		if !strings.Contains(b.frame, "not done: read only") {
			t.Errorf("the status is %q", b.status.text)
		}
		if strings.Contains(b.frame, "86.0") {
			t.Error("the refused threshold is still shown")
		}
		time.Sleep(10 * time.Second)
		b.Update(statusMsg(b.status.n))
		if b.status.text != "" {
			t.Error("the status stays")
		}
	})
}

func TestAcknowledge(t *testing.T) {
	in(t, func(b *bench) {
		b.keys("a", "A", "P")
		one, all := b.did[0].(monitor.Acknowledge), b.did[1].(monitor.Acknowledge)
		if len(one.Sensors) != 1 || one.Sensors[0] != "oven-3" || len(all.Sensors) != 4 || all.By != "ana" {
			t.Errorf("got %+v and %+v", one, all)
		}
		if p := b.did[2].(monitor.Pause); !p.On {
			t.Error("P did not pause")
		}
		b.keys("G", "a")
		if len(b.did) != 3 {
			t.Error("a is done where there is nothing to acknowledge")
		}
	})
}

func TestInject(t *testing.T) {
	in(t, func(b *bench) {
		b.keys("I")
		if len(b.did) != 0 {
			t.Fatal("I injected before anything was chosen")
		}
		b.keys("i", "esc", "i", "j", "enter", "I", "i", "u")
		want := []monitor.Fault{monitor.StepFault, monitor.StepFault, monitor.Stuck}
		for i, c := range b.did {
			if f := c.(monitor.InjectFault); f.Fault != want[i] || f.Sensor != "oven-3" {
				t.Errorf("command %d is %+v, want %s", i, f, want[i])
			}
		}
		if len(b.did) != len(want) {
			t.Errorf("%d commands, want %d", len(b.did), len(want))
		}
	})
}

func TestFilterNarrowsAsItIsTyped(t *testing.T) {
	in(t, func(b *bench) {
		b.keys("/", "o", "v", "q", "backspace")
		if v := b.views[len(b.views)-1]; v.Filter != "ov" {
			t.Errorf("asked for %q, want ov", v.Filter)
		}
		b.snap()
		b.keys("enter", "j")
		if got := b.watch.Selected(); got != "oven-2" {
			t.Errorf("selected %q, want oven-2", got)
		}
		b.keys("esc")
		if b.watch.Filter != "" {
			t.Error("esc does not clear the filter")
		}
		b.keys("/")
		b.Update(tea.PasteMsg{Content: "rack\nrm -rf"})
		if b.watch.Filter != "rack" {
			t.Errorf("pasted %q, want the first line", b.watch.Filter)
		}
	})
}

func TestFrozenScreenStandsStillWhileDataGoOn(t *testing.T) {
	in(t, func(b *bench) {
		b.keys("p")
		b.snap()
		b.snap()
		at := b.watch.View().Until
		if at.IsZero() {
			t.Fatal("the window of time goes on")
		}
		before := strings.SplitAfterN(b.frame, "\n", 2)[1]
		b.later += 12 * time.Second
		b.snap()
		head, after, _ := strings.Cut(b.frame, "\n")
		if after != before {
			t.Error("the page moved")
		}
		if !strings.Contains(head, "FROZEN 12s") {
			t.Errorf("header %q does not say so", head)
		}
		b.keys("j", "<")
		b.snap()
		if c := b.watch.Row(); c == nil || c.Name != "oven-2" || b.watch.View().Until != at {
			t.Error("selecting and zooming do not work")
		}
		b.keys("p")
		if !b.watch.View().Until.IsZero() {
			t.Error("it stays frozen")
		}
	})
}

func TestZoomAndScroll(t *testing.T) {
	in(t, func(b *bench) {
		span := func() time.Duration { return b.watch.View().Span }
		b.keys("<")
		if span() != 10*time.Minute {
			t.Errorf("< shows %v, want 10 min", span())
		}
		b.keys(">", ">")
		if span() != time.Hour {
			t.Errorf("> > shows %v, want 1 h", span())
		}
		for span() < 90*24*time.Hour {
			b.keys(">")
		}
		if b.keys(">"); span() != 0 {
			t.Errorf("the longest is followed by %v, want automatic", span())
		}
		b.keys(",", ",")
		if !b.watch.Window.Past() {
			t.Error(", does not scroll back")
		}
		b.keys(".", ".", ".")
		if b.watch.Window.Past() {
			t.Error(". does not come back to now")
		}
		b.keys(",", "end")
		if b.watch.Window.Past() {
			t.Error("end does not come back to now")
		}
	})
}

func TestQuit(t *testing.T) {
	m := shown(80, 24, 3, Config{})
	quits := func(name string) bool {
		cmd := m.press(key(name))
		if cmd == nil {
			return false
		}
		_, ok := cmd().(tea.QuitMsg)
		return ok
	}
	for _, open := range []string{"?", "i"} {
		m.press(key(open))
		if quits("q") {
			t.Errorf("q in %q quits, want back first", open)
		}
	}
	if !quits("q") || !quits("ctrl+c") {
		t.Error("q or ^c does not quit")
	}
	m.press(key("/"))
	if quits("q") || !quits("ctrl+c") {
		t.Error("while the filter is typed q is a letter and ^c quits")
	}
}

func TestMouse(t *testing.T) {
	in(t, func(b *bench) {
		click := func(x, y int) { b.Update(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft}) }
		click(10, 6)
		if got := b.watch.Selected(); got != "oven-1" {
			t.Errorf("a click selected %q, want oven-1", got)
		}
		b.snap()
		lines := strings.Split(uitest.Text(b.frame), "\n")
		at := -1
		for i := 0; i < len(lines); i += 2 {
			if strings.Contains(lines[i], " HIGH │") && i > 4 {
				at = i / 2
				break
			}
		}
		click(60, at)
		b.Update(tea.MouseMotionMsg{X: 60, Y: at + 9, Button: tea.MouseLeft})
		b.Update(tea.MouseReleaseMsg{X: 60, Y: at + 9})
		if !b.outbox.busy {
			t.Fatal("dragging the line of the threshold moved nothing")
		}
		before := b.watch.View().Span
		b.Update(tea.MouseWheelMsg{X: 60, Y: 30, Button: tea.MouseWheelDown})
		if b.watch.View().Span == before {
			t.Error("the wheel does not zoom the chart")
		}
		b.Update(tea.MouseWheelMsg{X: 120, Y: 10, Button: tea.MouseWheelDown})
		if b.watch.View().AlertOffset == 0 {
			t.Error("the wheel does not scroll the alerts")
		}
	})
}

func TestRowsHoldTheirOrderForTwoSeconds(t *testing.T) {
	in(t, func(b *bench) {
		_, cmd := b.Update(key("j"))
		if !b.views[len(b.views)-1].Hold {
			t.Fatal("a key does not hold the rows")
		}
		msg := cmd()
		if batch, ok := msg.(tea.BatchMsg); ok {
			msg = batch[len(batch)-1]()
		}
		b.Update(msg)
		if b.views[len(b.views)-1].Hold {
			t.Error("the rows are still held")
		}
	})
}

func TestViewIsAskedForOnlyWhenItChanges(t *testing.T) {
	in(t, func(b *bench) {
		n := len(b.views)
		b.snap()
		b.snap()
		if len(b.views) != n {
			t.Errorf("asked for %d views while nothing changed", len(b.views)-n)
		}
	})
}

func TestThemeFollowsTheTerminal(t *testing.T) {
	m := shown(80, 24, 3, Config{})
	dark := m.frame
	_, cmd := m.Update(tea.ColorProfileMsg{Profile: colorprofile.ANSI256})
	if cmd == nil {
		t.Error("the background is not asked for")
	}
	m.Update(tea.ColorProfileMsg{Profile: colorprofile.ASCII})
	if strings.Contains(m.frame, "[38;") || strings.Contains(m.frame, ";38;") {
		t.Error("colour where there is none")
	}
	if m.frame == dark {
		t.Error("the frame did not change")
	}
	if v := m.View(); !v.AltScreen || v.WindowTitle != "setpoint" || v.MouseMode != tea.MouseModeCellMotion || v.BackgroundColor != nil {
		t.Errorf("view %+v", v)
	}
}

func TestSelectionIsTheWorstUntilSomebodySelects(t *testing.T) {
	in(t, func(b *bench) {
		swap := func() {
			s := uitest.Plant(14, b.view(), 0)
			s.Names[0], s.Names[1] = s.Names[1], s.Names[0]
			b.Update(snapshotMsg{s})
		}
		swap()
		if got, v := b.watch.Selected(), b.watch.View(); got != "oven-2" || v.Selected != "" {
			t.Errorf("selected %q, asked for %q; want the first", got, v.Selected)
		}
		b.keys("+")
		b.snap()
		if got := b.watch.Selected(); got != "oven-2" {
			t.Errorf("selected %q, want oven-2, whose threshold was moved", got)
		}
	})
}

func TestNextReachesSensorsOutOfSight(t *testing.T) {
	in(t, func(b *bench) {
		s := uitest.Plant(14, b.view(), 0)
		for i := range s.Statuses {
			s.Statuses[i] = monitor.StatusNormal
		}
		s.Statuses[12], s.Rows = monitor.StatusReturned, s.Rows[:4]
		b.Update(snapshotMsg{s})
		b.keys("n")
		if got := b.watch.Selected(); got != s.Names[12] {
			t.Errorf("n selected %q, want %q", got, s.Names[12])
		}
		b.keys("g", "N")
		if got := b.watch.Selected(); got != s.Names[12] {
			t.Errorf("N selected %q, want %q", got, s.Names[12])
		}
		s.Statuses[12] = monitor.StatusNormal
		if b.keys("n"); b.status.text != "all sensors are normal" {
			t.Errorf("status %q", b.status.text)
		}
	})
}

func TestFrozenScreenTakesOnlyWhatItAskedFor(t *testing.T) {
	in(t, func(b *bench) {
		b.keys("p", "j")
		late := b.views[len(b.views)-2]
		b.Update(snapshotMsg{uitest.Plant(14, late, time.Hour)})
		if b.watch.Row().Time.After(uitest.Noon.Add(time.Minute)) {
			t.Error("it took one that answers an older view")
		}
		b.snap()
		if c := b.watch.View(); c.Selected != "oven-2" || !c.Hold {
			t.Errorf("view %+v", c)
		}
		before := b.frame
		time.Sleep(time.Minute)
		b.snap()
		if _, after, _ := strings.Cut(b.frame, "\n"); !strings.HasSuffix(before, after) {
			t.Error("it moved again")
		}
	})
}
