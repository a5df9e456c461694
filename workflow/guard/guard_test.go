package guard_test

import (
	"errors"
	"io"
	"runtime"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"go.uber.org/goleak"

	"setpoint/workflow/guard"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestAPanicInAGoroutineIsReportedAndNotFatal(t *testing.T) {
	reported := make(chan error)
	guard.Go("clock", func(err error) { reported <- err }, func() { panic(io.ErrUnexpectedEOF) })
	err := <-reported
	caught, ok := errors.AsType[*guard.PanicError](err)
	switch {
	case !ok:
		t.Fatalf("got %T, want *guard.PanicError", err)
	case err.Error() != `panic in clock: "unexpected EOF"`:
		t.Errorf("got %s", err)
	case !strings.Contains(string(caught.Stack), "TestAPanicInAGoroutine"):
		t.Errorf("the stack does not show where it happened:\n%s", caught.Stack)
	case !errors.Is(err, io.ErrUnexpectedEOF):
		t.Error("the panic's own error is lost")
	}
}

func TestAGoroutineThatEndsWellReportsNothing(t *testing.T) {
	for name, end := range map[string]func(){"return": func() {}, "Goexit": runtime.Goexit} {
		done := make(chan struct{})
		guard.Go(name, func(err error) { t.Errorf("%s was reported: %v", name, err) }, func() {
			defer close(done)
			end()
		})
		<-done
	}
}

func TestCatchHandsOnTheErrorOfItsFunction(t *testing.T) {
	for _, want := range []error{nil, io.EOF} {
		if got := guard.Catch("x", func() error { return want }); got != want {
			t.Errorf("got %v, want %v", got, want)
		}
	}
}

func TestPanicValuesAreQuotedAndCut(t *testing.T) {
	for name, c := range map[string]struct {
		value any
		want  string
	}{
		"a word":            {"no", `panic in x: "no"`},
		"a number":          {42, `panic in x: "42"`},
		"an escape":         {"a\x1b[2Jb\u009bc\nd", `panic in x: "a\x1b[2Jb\u009bc\nd"`},
		"bidi":              {"a\u202eb", `panic in x: "a\u202eb"`},
		"invalid UTF-8":     {"a\xffb", `panic in x: "a\xffb"`},
		"80 bytes":          {strings.Repeat("n", 80), `panic in x: "` + strings.Repeat("n", 80) + `"`},
		"long":              {strings.Repeat("n", 1<<20), `panic in x: "` + strings.Repeat("n", 80) + `"…`},
		"cut between runes": {strings.Repeat("n", 79) + "°C", `panic in x: "` + strings.Repeat("n", 79) + `"…`},
		"long, not UTF-8":   {strings.Repeat("\x80", 200), `panic in x: "` + strings.Repeat(`\x80`, 76) + `"…`},
	} {
		t.Run(name, func(t *testing.T) {
			err := guard.Catch("x", func() error { panic(c.value) })
			if err.Error() != c.want {
				t.Errorf("got  %s\nwant %s", err, c.want)
			}
		})
	}
}

func FuzzErrorsAreOneHarmlessLine(f *testing.F) {
	f.Add("a\x1b]0;x\a\u2028\u202e\xff")
	f.Fuzz(func(t *testing.T, s string) {
		got := (&guard.PanicError{Where: "x", Value: s}).Error()
		if !utf8.ValidString(got) {
			t.Errorf("%q is not valid UTF-8", got)
		}
		for _, r := range got {
			if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Cs, unicode.Co, unicode.Zl, unicode.Zp) {
				t.Errorf("%q holds %U", got, r)
			}
		}
	})
}
