package ui

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"setpoint/sensors/threshold"
	"setpoint/sensors/tune"
	"setpoint/ui/uitest"
	"setpoint/workflow/monitor"
)

// A hand is a bench whose commands run beside it, as they do in a program.
type hand struct {
	*bench
	msgs  chan tea.Msg
	mu    sync.Mutex // of asked
	asked []monitor.TuneQuestion
	hold  chan struct{} // an answer waits for it, if it is not nil
}

// atHand runs f with a hand on a bench that can ask the past.
func atHand(t *testing.T, f func(h *hand)) {
	in(t, func(b *bench) {
		h := &hand{bench: b, msgs: make(chan tea.Msg, 1000)}
		b.cfg.Tune = func(ctx context.Context, q monitor.TuneQuestion) (*monitor.TuneAnswer, error) {
			h.mu.Lock()
			h.asked = append(h.asked, q)
			h.mu.Unlock()
			if hold := h.hold; hold != nil {
				<-hold
			}
			return uitest.Tune(ctx, q)
		}
		f(h)
	})
}

// start starts a command.
func (h *hand) start(cmd tea.Cmd) {
	if cmd != nil {
		go func() { h.msgs <- cmd() }()
	}
}

// settle handles what has come until nothing comes any more.
func (h *hand) settle() {
	for {
		synctest.Wait()
		select {
		case msg := <-h.msgs:
			if batch, ok := msg.(tea.BatchMsg); ok {
				for _, cmd := range batch {
					h.start(cmd)
				}
				continue
			}
			_, cmd := h.Update(msg)
			h.start(cmd)
		default:
			return
		}
	}
}

// press types keys; a name of more than one sign that is no key is typed sign by sign.
func (h *hand) press(names ...string) {
	for _, name := range names {
		_, cmd := h.Update(key(name))
		h.start(cmd)
		h.settle()
	}
}

// rest lets the hand rest.
func (h *hand) rest() {
	time.Sleep(2 * handRests)
	h.settle()
}

func (h *hand) shows(t *testing.T, want ...string) {
	t.Helper()
	text := ansi.Strip(h.frame)
	for _, w := range want {
		if !strings.Contains(text, w) {
			t.Errorf("no %q in\n%s", w, text)
		}
	}
}

func TestAThresholdIsTunedFromWatch(t *testing.T) {
	atHand(t, func(h *hand) {
		h.press("j", "t")
		h.rest()
		h.shows(t, "oven-2  high", "what-if", "group ovens", "suggest 9")
		h.press("k", "k", "k")
		h.rest()
		h.shows(t, "DRY RUN", "86.5", "+1.5")
		if n := len(h.asked); h.asked[n-1].Rule.At != 86.5 || len(h.asked[n-1].Curve) == 0 || h.asked[n-2].Curve != nil {
			t.Errorf("asked %+v", h.asked[n-2:])
		}
		if len(h.did) != 0 {
			t.Errorf("looking did %v", h.did)
		}
	})
}

func TestTheFirstLookAsksForTheMarkedThreshold(t *testing.T) {
	atHand(t, func(h *hand) {
		h.press("2")
		h.rest()
		if h.name() != onTune || h.tune.Sensor() != "oven-3" {
			t.Errorf("page %s about %q", h.name(), h.tune.Sensor())
		}
	})
}

func TestTheLatestQuestionCounts(t *testing.T) {
	atHand(t, func(h *hand) {
		h.press("j", "t")
		h.rest()
		slow := make(chan struct{})
		h.hold = slow
		h.press("k")
		h.hold = nil
		h.press("k")
		h.shows(t, "86.0")
		figures := func() string { return ansi.Strip(h.frame)[:len(ansi.Strip(h.frame))/2] }
		before := figures()
		close(slow)
		h.settle()
		if figures() != before || h.asked[len(h.asked)-1].Rule.At != 86 {
			t.Error("an answer to an older question is shown")
		}
	})
}

func TestNoKeyWaitsForAnAnswer(t *testing.T) {
	atHand(t, func(h *hand) {
		h.press("j", "t")
		h.rest()
		calm := h.frame
		h.hold = make(chan struct{})
		h.press("k", "k", "tab")
		h.shows(t, "86.0")
		h.rest()
		if h.frame == calm {
			t.Error("nothing says that the answer is awaited")
		}
		h.press("1")
		if h.name() != onWatch {
			t.Error("the page does not turn")
		}
		close(h.hold)
		h.settle()
	})
}

func TestWhatKeysOfTuneDo(t *testing.T) {
	sensor := monitor.Scope{Sensor: "oven-2"}
	for name, c := range map[string]struct {
		keys string
		want string // the commands, or "" for none
	}{
		"enter asks why and applies":         {"k enter c a l m enter", "set oven-2 high 85.5 calm"},
		"the reason may be empty":            {"k enter enter", "set oven-2 high 85.5 "},
		"esc leaves the question":            {"k enter esc", ""},
		"enter does nothing while untouched": {"enter", ""},
		"esc discards NEW":                   {"k esc enter", ""},
		"u takes a step back":                {"k k u enter enter", "set oven-2 high 85.5 "},
		"^r makes it again":                  {"k k u ctrl+r enter enter", "set oven-2 high 86 "},
		"a value is typed":                   {"= - 1 6 . 5 enter enter enter", "set oven-2 high -16.5 "},
		"a value that is none may be mended": {"= x enter backspace 9 9 enter enter enter", "set oven-2 high 99 "},
		"digits that turn no page begin one": {"9 1 . 5 enter enter enter", "set oven-2 high 91.5 "},
		"o widens the scope":                 {"k o enter enter", "set group ovens high 85.5 "},
		"D inherits if that is wanted":       {"o D y", "inherit group ovens high"},
		"D does not without a y":             {"o D n", ""},
		"m labels the selected alarm":        {"[ m f", "label false"},
		"m wants something to label":         {"m r", ""},
		"S runs a shadow":                    {"k S d", "shadow 85.5 24h0m0s"},
		"x exports":                          {"x g", "rules of oven-2 for grafana"},
		"g takes the suggestion":             {"g enter enter", "set oven-2 high 95.8 "},
		"l takes the next threshold":         {"l j enter enter", "set oven-2 critical 84.5 "},
	} {
		t.Run(name, func(t *testing.T) {
			atHand(t, func(h *hand) {
				h.press("j", "t")
				h.rest()
				for k := range strings.FieldsSeq(c.keys) {
					h.press(k)
					h.rest()
				}
				var did []string
				for _, d := range h.did {
					did = append(did, said(d, sensor))
				}
				if got := strings.Join(did, "; "); got != c.want {
					t.Errorf("did %q, want %q", got, c.want)
				}
			})
		})
	}
}

// said tells a command of the Tune page in words.
func said(c monitor.Command, sensor monitor.Scope) string {
	switch c := c.(type) {
	case monitor.SetRule:
		who := "oven-2"
		if c.Scope != sensor {
			who = "group " + c.Scope.Group
		}
		if c.Setting == (threshold.Setting{}) {
			return "inherit " + who + " " + c.Kind.String()
		}
		if !strings.Contains(c.Evidence, " alarms/day, ") || c.By != "ana" {
			return "no evidence: " + c.Evidence
		}
		return strings.TrimSuffix(strings.Join([]string{"set", who, c.Kind.String(), fmt.Sprint(*c.Setting.At), c.Why}, " "), "")
	case monitor.AddLabel:
		return "label " + [...]string{"real", "false", "maintenance"}[c.Label.Kind]
	case monitor.StartShadow:
		return "shadow " + fmt.Sprint(c.Rule.At) + " " + c.For.String()
	case *monitor.WriteRules:
		return "rules of " + c.Sensor + " for " + c.Format
	}
	return "something else"
}

func TestEscLeavesToWhereItCameFrom(t *testing.T) {
	atHand(t, func(h *hand) {
		h.press("3")
		h.snap()
		h.press("t")
		h.rest()
		if h.name() != onTune || h.tune.Sensor() == "" {
			t.Fatalf("t on Alarms turned to %s about %q", h.name(), h.tune.Sensor())
		}
		h.press("k", "4", "2")
		h.rest()
		if !h.tune.Touched() {
			t.Error("NEW is gone after a look at another page")
		}
		if h.press("esc"); h.name() != onTune || h.tune.Touched() {
			t.Error("the first esc discards")
		}
		if h.press("esc"); h.name() != onAlarms {
			t.Errorf("the second esc leaves to %s", h.name())
		}
	})
}

func TestAnAppliedThresholdIsUndoneThroughTheJournal(t *testing.T) {
	atHand(t, func(h *hand) {
		h.press("j", "t")
		h.rest()
		s := uitest.Plant(14, h.view(), h.later)
		s.Changes = []monitor.Change{{ID: 7, What: "threshold", By: "ana", Scope: monitor.Scope{Sensor: "oven-2"}, Kind: threshold.High, CanUndo: true}}
		h.Update(snapshotMsg{s})
		h.press("u")
		if len(h.did) != 1 || h.did[0] != (monitor.Undo{ID: 7, By: "ana"}) {
			t.Errorf("did %v", h.did)
		}
	})
}

func TestTheFileIsWrittenAfterALook(t *testing.T) {
	atHand(t, func(h *hand) {
		h.press("j", "t", "w")
		h.shows(t, "no configuration file to write")
		h.cfg.Unwritten = func() []monitor.Written {
			return []monitor.Written{{Scope: monitor.Scope{Sensor: "oven-2"}, Kind: threshold.High, New: threshold.Setting{At: new(88.5)}}}
		}
		h.press("w")
		h.shows(t, "oven-2 high: nothing → 88.5")
		h.fail = errors.New("setpoint.yaml was changed by hand")
		h.press("y")
		h.shows(t, "not done: setpoint.yaml was changed by hand")
		if len(h.did) != 1 || h.did[0] != (monitor.WriteSettings{By: "ana"}) {
			t.Errorf("did %v", h.did)
		}
		h.cfg.Unwritten = func() []monitor.Written { return nil }
		h.press("w")
		h.shows(t, "says it all already")
	})
}

func TestAMoveOnWatchSaysWhatItWouldHaveDone(t *testing.T) {
	atHand(t, func(h *hand) {
		h.press("j")
		h.snap()
		h.press("+", "+", "+")
		if len(h.asked) != 0 {
			t.Error("it asks before the hand rests")
		}
		h.rest()
		if len(h.asked) != 2 {
			t.Fatalf("asked %+v", h.asked)
		}
		from, to := h.asked[0].Rule.At, h.asked[1].Rule.At
		if from > to {
			from, to = to, from
		}
		if to <= from {
			t.Errorf("asked for %g and %g", from, to)
		}
		h.shows(t, "if "+fmt.Sprint(from)+".0 → ", " /day")
		h.press("+")
		h.rest()
		if len(h.asked) != 3 {
			t.Error("where the move began is asked for twice")
		}
		time.Sleep(moveLasts)
		h.settle()
		if strings.Contains(ansi.Strip(h.frame), " /day") {
			t.Error("it is said for ever")
		}
	})
}

func TestEveryKindOfLabelIsOnOffer(t *testing.T) {
	for i, k := range labelKinds {
		if k.kind != tune.LabelKind(i) {
			t.Errorf("%s is kind %d", k.name, k.kind)
		}
	}
	for i, f := range monitor.RuleFormats {
		if ruleFormats[i].name != f {
			t.Errorf("format %s is offered as %s", f, ruleFormats[i].name)
		}
	}
}
