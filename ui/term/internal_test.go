package term

import (
	"errors"
	"fmt"
	"strings"
	"syscall"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
)

func TestTheFirstLocaleThatIsSetCounts(t *testing.T) {
	for _, c := range []struct {
		all, ctype, lang string
		utf8             bool
	}{
		{"", "", "", true},
		{"", "", "de_DE.UTF-8", true},
		{"", "", "C.utf8", true},
		{"", "", "C", false},
		{"", "", "de_DE.ISO-8859-1", false},
		{"", "en_US.UTF-8", "C", true},
		{"POSIX", "en_US.UTF-8", "en_US.UTF-8", false},
		{"en_US.UTF-8", "C", "C", true},
	} {
		t.Setenv("LC_ALL", c.all)
		t.Setenv("LC_CTYPE", c.ctype)
		t.Setenv("LANG", c.lang)
		if got := (&Terminal{}).ASCII(); got == c.utf8 {
			t.Errorf("%+v: ASCII is %v", c, got)
		}
	}
}

func TestColoursAreThoseOfTheEnvironment(t *testing.T) {
	for _, c := range []struct {
		term, noColor, colorTerm string
		want                     colorprofile.Profile
	}{
		{"xterm", "", "", colorprofile.ANSI},
		{"xterm-256color", "", "", colorprofile.ANSI256},
		{"xterm-256color", "", "truecolor", colorprofile.TrueColor},
		{"xterm-256color", "1", "truecolor", colorprofile.ASCII},
		{"xterm-256color", "yes please", "", colorprofile.ASCII},
		{"vt100", "", "", colorprofile.ASCII},
		{"xterm-mono", "", "", colorprofile.ASCII},
		{"no-such-terminal", "", "", colorprofile.ANSI},
	} {
		t.Setenv("TERM", c.term)
		t.Setenv("NO_COLOR", c.noColor)
		t.Setenv("COLORTERM", c.colorTerm)
		if got := profile(); got != c.want {
			t.Errorf("%+v: got %v", c, got)
		}
	}
}

func TestTheEndTellsTheExitStatus(t *testing.T) {
	for want, end := range map[int]End{
		0:   {},
		1:   {Signal: syscall.SIGTERM, Err: errors.New("oops")},
		129: {Signal: syscall.SIGHUP},
		143: {Signal: syscall.SIGTERM},
	} {
		if got := end.Status(); got != want {
			t.Errorf("%+v: got %d, want %d", end, got, want)
		}
	}
	if end := endOf(fmt.Errorf("x: %w", tea.ErrInterrupted), false); end.Status() != 130 {
		t.Errorf("an interrupt ends as %+v", end)
	}
	if end := endOf(syscall.EIO, true); end.Status() != 129 {
		t.Errorf("a vanished terminal ends as %+v", end)
	}
}

func TestSequencesWithTooManyParametersAreFound(t *testing.T) {
	for content, want := range map[string]bool{
		"": false, "plain; text;;;": false, "\x1b": false, "\x1b[": false, "a\x1b[1;31mb\x1b[0m": false,
		"\x1b[" + strings.Repeat("1;", 31) + "1m":                 false,
		"\x1b[" + strings.Repeat("1;", 32) + "1m":                 true,
		"\x1b[0mx\x1b[4" + strings.Repeat(":1", 32) + "m\x1b[0m":  true,
		"\x1bP" + strings.Repeat(";", 40) + "q":                   true,
		"\x1b[1m" + strings.Repeat("\x1b[0m", 40):                 false,
		"\x1b[31m" + strings.Repeat("a;", 40) + "\x1b[0m;;;;\x1b": false,
	} {
		if got := overlong(content); got != want {
			t.Errorf("%.60q: got %v", content, got)
		}
	}
}

func TestFailNeverBlocksAndTheFirstFailureCounts(t *testing.T) {
	term := &Terminal{failed: make(chan error, 1)}
	first := errors.New("first")
	term.Fail(first)
	term.Fail(errors.New("second"))
	if got := term.failure(); got != first {
		t.Errorf("got %v", got)
	}
	if got := term.failure(); got != nil {
		t.Errorf("got %v once more", got)
	}
}
