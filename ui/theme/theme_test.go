package theme

import (
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/ansi"

	"setpoint/sensors/threshold"
	"setpoint/workflow/monitor"
)

func TestBlanksAndBackgroundAreTheTerminalsOwn(t *testing.T) {
	for _, name := range Names {
		for _, isDark := range []bool{true, false} {
			th := New(name, isDark, colorprofile.TrueColor, false)
			if th.SGR(Plain) != "" {
				t.Errorf("%s: a blank has style %q", name, th.SGR(Plain))
			}
			for s := range bases {
				if strings.Contains(th.SGR(s|Bold|Shade), "48;") {
					t.Errorf("%s: style %d forces a background", name, s)
				}
			}
		}
	}
}

func TestStatesHaveColoursOfTheirOwn(t *testing.T) {
	for _, name := range []string{"dark", "light", "contrast"} {
		for _, p := range []colorprofile.Profile{colorprofile.ANSI, colorprofile.ANSI256, colorprofile.TrueColor} {
			th := New(name, true, p, false)
			seen := map[string]Style{}
			for _, s := range []Style{Good, High, Critical, Low, Bad} {
				if other, taken := seen[th.SGR(s)]; taken || th.SGR(s) == "" {
					t.Errorf("%s in %v: styles %d and %d are both %q", name, p, s, other, th.SGR(s))
				}
				seen[th.SGR(s)] = s
			}
		}
	}
}

func TestThereIsNoColourWithoutColours(t *testing.T) {
	for _, p := range []colorprofile.Profile{colorprofile.ASCII, colorprofile.NoTTY} {
		th := New("dark", true, p, false)
		for s := range 256 {
			if strings.Contains(th.SGR(Style(s)), "38;") || strings.Contains(th.SGR(Style(s)), "48;") {
				t.Errorf("style %d is %q", s, th.SGR(Style(s)))
			}
		}
	}
	if New("mono", true, colorprofile.TrueColor, false).SGR(High) != "" {
		t.Error("mono has colours")
	}
}

func TestStatesDifferBySignAndWord(t *testing.T) {
	for _, ascii := range []bool{false, true} {
		th := New("dark", true, colorprofile.TrueColor, ascii)
		words, signs := map[string]bool{}, map[rune]bool{}
		add := func(s monitor.Status, k threshold.Kind, unacked bool) {
			sign, word, _ := th.State(s, k, unacked)
			words[word], signs[sign] = true, true
			if ansi.StringWidthWc(string(sign)) != 1 {
				t.Errorf("sign %q is not one column wide", sign)
			}
		}
		for _, unacked := range []bool{true, false} {
			add(monitor.StatusCritical, threshold.Critical, unacked)
			add(monitor.StatusCritical, threshold.CriticalLow, unacked)
			add(monitor.StatusHigh, threshold.High, unacked)
			add(monitor.StatusLow, threshold.Low, unacked)
		}
		add(monitor.StatusBad, 0, false)
		add(monitor.StatusReturned, 0, true)
		add(monitor.StatusNormal, 0, false)
		add(monitor.StatusWaiting, 0, false)
		if len(words) != 8 || len(signs) != 7 {
			t.Errorf("ascii %v: %d words and %d signs, want 8 and 7: %v %v", ascii, len(words), len(signs), words, signs)
		}
	}
}
