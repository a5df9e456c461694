package display_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"

	"setpoint/sensors/display"
)

// hostile is what a stranger may send, and what is shown of it.
var hostile = map[string]struct{ in, want string }{
	"plain text":                        {"oven-2", "oven-2"},
	"a unit":                            {"°C", "°C"},
	"letters of many scripts":           {"Küche 炉 Печь", "Küche 炉 Печь"},
	"right-to-left letters":             {"תנור", "תנור"},
	"nothing":                           {"", ""},
	"an escape sequence":                {"a\x1b[2Jb", "a·[2Jb"},
	"a CSI with 40 parameters":          {"\x1b[" + strings.Repeat("1;", 40) + "m", "·[" + strings.Repeat("1;", 40) + "m"},
	"an OSC title":                      {"\x1b]0;pwned\a", "·]0;pwned·"},
	"an OSC 52 clipboard":               {"\x1b]52;c;eA==\x1b\\", "·]52;c;eA==·\\"},
	"a DCS":                             {"\x1bPq\x1b\\", "·Pq·\\"},
	"an APC":                            {"\x1b_G\x1b\\", "·_G·\\"},
	"a PM":                              {"\x1b^x\x1b\\", "·^x·\\"},
	"a C1 CSI as UTF-8":                 {"\u009b2J", "·2J"},
	"a C1 CSI as one byte":              {"\x9b2J", "·2J"},
	"a C1 OSC and ST":                   {"\u009d0;x\u009c", "·0;x·"},
	"newline, tab, return, bell, NUL":   {"a\nb\tc\rd\ae\x00f", "a·b·c·d·e·f"},
	"delete and backspace":              {"a\x7f\bb", "a··b"},
	"line separators":                   {"a\u2028b\u2029c", "a·b·c"},
	"a bidi override":                   {"a\u202eb\u2066c\u2069", "a·b·c·"},
	"zero-width characters":             {"a\u200bb\u200dc\u2060d\ufeffe", "a·b·c·d·e"},
	"a soft hyphen":                     {"a\u00adb", "a·b"},
	"private and unassigned characters": {"a\ue000b\U000e0fffc\uffffd", "a·b·c·d"},
	"tag characters":                    {"a\U000e0041b", "a·b"},
	"a surrogate in UTF-8":              {"a\xed\xa0\x80b", "a···b"},
	"invalid bytes":                     {"a\xff\xfeb\xc3", "a··b·"},
	"an overlong escape":                {"\xc0\x9b[2J", "··[2J"},
	"a replacement character":           {"a\ufffdb", "a\ufffdb"},
	"a composed letter":                 {"e\u0301", "e\u0301"},
	"four marks":                        {"e\u0301\u0302\u0303\u0304x", "e\u0301\u0302\u0303\u0304x"},
	"a hundred marks":                   {"e" + strings.Repeat("\u0301", 100) + "x", "e" + strings.Repeat("\u0301", 4) + "·x"},
	"a mark with nothing below it":      {"\u0301e", "·e"},
	"a mark after a control":            {"\x1b\u0301e", "·\u0301e"},
	"an emoji family":                   {"👨\u200d👩\u200d👧", "👨\u200d👩\u200d👧"},
	"an emoji with skin tone and heart": {"🧑🏻\u200d❤\ufe0f\u200d🧑🏿", "🧑🏻\u200d❤\ufe0f\u200d🧑🏿"},
	"a joiner at the end of an emoji":   {"👨\u200d", "👨·"},
	"two joiners in an emoji":           {"👨\u200d\u200d👩", "👨··👩"},
	"a joiner between letters":          {"क\u200dष", "क·ष"},
}

func TestWhatIsNotFitIsShownAsADot(t *testing.T) {
	for name, c := range hostile {
		t.Run(name, func(t *testing.T) {
			if got := display.Text(c.in); string(got) != c.want {
				t.Errorf("Text(%q)\ngot  %q\nwant %q", c.in, got, c.want)
			}
		})
	}
}

func TestTruncateKeepsWholeCharactersAndSaysThatItCut(t *testing.T) {
	for name, c := range map[string]struct {
		in    display.Safe
		cells int
		want  display.Safe
	}{
		"it fits":                      {"oven", 4, "oven"},
		"one too many":                 {"ovens", 4, "ove…"},
		"one cell":                     {"oven", 1, "…"},
		"no cell":                      {"oven", 0, ""},
		"fewer than none":              {"oven", -3, ""},
		"empty":                        {"", 3, ""},
		"wide characters that fit":     {"炉炉", 4, "炉炉"},
		"wide characters cut":          {"炉炉炉", 5, "炉炉…"},
		"half a wide character":        {"炉炉炉", 4, "炉…"},
		"marks stay with their letter": {"e\u0301e\u0301e\u0301", 2, "e\u0301…"},
		"marks at the end":             {"ee\u0301", 2, "ee\u0301"},
		"no joiner at the cut":         {"👨\u200d👩\u200d👧", 4, "👨…"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := display.Truncate(c.in, c.cells); got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestPaddingGivesExactlyTheCells(t *testing.T) {
	for name, c := range map[string]struct {
		in          display.Safe
		cells       int
		right, left display.Safe
	}{
		"short":          {"°C", 4, "°C  ", "  °C"},
		"exact":          {"°C", 2, "°C", "°C"},
		"long":           {"oven-1", 3, "ov…", "ov…"},
		"half a wide":    {"炉炉", 2, "… ", " …"},
		"no cell":        {"x", 0, "", ""},
		"very wide room": {"x", 100, "x" + display.Safe(strings.Repeat(" ", 99)), display.Safe(strings.Repeat(" ", 99)) + "x"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := display.Pad(c.in, c.cells); got != c.right {
				t.Errorf("Pad: got %q, want %q", got, c.right)
			}
			if got := display.PadLeft(c.in, c.cells); got != c.left {
				t.Errorf("PadLeft: got %q, want %q", got, c.left)
			}
		})
	}
}

func TestASCIIKeepsTheWidth(t *testing.T) {
	for in, want := range map[string]display.Safe{
		"oven-2": "oven-2", "21 °C": "21 ?C", "炉": "??", "e\u0301": "e", "a\x1bb": "a.b",
	} {
		if got := display.ASCII(display.Text(in)); got != want {
			t.Errorf("ASCII(%q) = %q, want %q", in, got, want)
		}
	}
	if got := display.ASCII(display.Truncate("Küchenofen", 4)); got != "K?c~" {
		t.Errorf("got %q", got)
	}
}

func TestQuoteEscapesWhatTextWouldNotKeep(t *testing.T) {
	for in, want := range map[string]string{
		"oven":                            `"oven"`,
		"21 °C café":                      `"21 °C café"`,
		`say "hi" \`:                      `"say \"hi\" \\"`,
		"a\x1b[2J\n":                      `"a\x1b[2J\n"`,
		"\u009b\u202e\u2028":              `"\u009b\u202e\u2028"`,
		"\xff\U000e0041":                  `"\xff\U000e0041"`,
		"e" + strings.Repeat("\u0301", 5): `"e` + strings.Repeat("\u0301", 4) + `\u0301"`,
		strings.Repeat("é", 80):           `"` + strings.Repeat("é", 80) + `"`,
		strings.Repeat("é", 81):           `"` + strings.Repeat("é", 80) + `"…`,
	} {
		if got := display.Quote(in); got != want {
			t.Errorf("Quote(%q)\ngot  %s\nwant %s", in, got, want)
		}
	}
}

func TestErrorsAreOneLine(t *testing.T) {
	for name, c := range map[string]struct {
		err  error
		want display.Safe
	}{
		"none":    {nil, ""},
		"a plain": {errors.New("oven: no such sensor"), "oven: no such sensor"},
		"joined":  {errors.Join(errors.New("a: b"), errors.New("c: d")), "a: b; c: d"},
		"hostile": {errors.New("open \x1b[2J\u202e: no such file"), "open ·[2J·: no such file"},
	} {
		if got := display.Error(c.err); got != c.want {
			t.Errorf("%s: got %q, want %q", name, got, c.want)
		}
	}
	if got := display.Width(display.Error(errors.New(strings.Repeat("é\x1b", 1<<20)))); got != 4096 {
		t.Errorf("an endless error has %d cells, want 4096", got)
	}
}

// forbidden returns the first rune of s that must not reach a terminal.
func forbidden(s string) (rune, bool) {
	last := rune(0)
	for i, r := range s {
		joined := r == '\u200d' && i > 0 && last != r && i+len("\u200d") < len(s)
		if !unicode.IsGraphic(r) && !joined {
			return r, true
		}
		last = r
	}
	return 0, false
}

// crowded reports whether some character of s has more than four marks, or none
// stands below the first.
func crowded(s string) bool {
	marks := 4
	for _, r := range s {
		switch {
		case r == '\u200d':
		case unicode.IsMark(r):
			marks++
		default:
			marks = 0
		}
		if marks > 4 {
			return true
		}
	}
	return false
}

func checkSafe(t *testing.T, what, in string, got display.Safe) {
	t.Helper()
	s := string(got)
	if !utf8.ValidString(s) {
		t.Errorf("%s(%q) = %q is not valid UTF-8", what, in, s)
	}
	if r, bad := forbidden(s); bad {
		t.Errorf("%s(%q) = %q holds %U", what, in, s, r)
	}
	if crowded(s) {
		t.Errorf("%s(%q) = %q has too many marks on a character", what, in, s)
	}
	if w, want := display.Width(got), ansi.WcWidth.StringWidth(s); w != want {
		t.Errorf("Width(%q) = %d, the renderer says %d", s, w, want)
	}
}

func FuzzDisplay(f *testing.F) {
	for _, c := range hostile {
		f.Add(c.in, 5)
	}
	f.Add(strings.Repeat("\x1b[1;2m炉e\u0301", 1<<12), 77)
	f.Fuzz(func(t *testing.T, in string, n int) {
		n %= 300
		safe := display.Text(in)
		checkSafe(t, "Text", in, safe)
		if again := display.Text(string(safe)); again != safe {
			t.Errorf("Text is not stable: %q, then %q", safe, again)
		}
		cut := display.Truncate(safe, n)
		checkSafe(t, "Truncate", in, cut)
		if w := display.Width(cut); w > max(n, 0) {
			t.Errorf("Truncate(%q, %d) has %d cells", safe, n, w)
		}
		if cut != safe && display.Width(safe) <= n {
			t.Errorf("Truncate(%q, %d) = %q cut what fits", safe, n, cut)
		}
		for _, padded := range []display.Safe{display.Pad(safe, n), display.PadLeft(safe, n)} {
			checkSafe(t, "Pad", in, padded)
			if w := display.Width(padded); w != max(n, 0) {
				t.Errorf("%q padded to %d has %d cells", safe, n, w)
			}
		}
		if a := display.ASCII(safe); len(a) != display.Width(safe) || display.Width(a) != len(a) {
			t.Errorf("ASCII(%q) = %q is not as wide", safe, a)
		}
		checkSafe(t, "Quote", in, display.Safe(display.Quote(in)))
		checkSafe(t, "Error", in, display.Error(errors.New(in)))
		checkSafe(t, "Label", in, new(display.Namer).Label(in))
		if w := display.Width(safe + "|" + safe); w != 2*display.Width(safe)+1 {
			t.Errorf("side by side %q changes its width", safe)
		}
	})
}

func TestAMegabyteIsNoMatter(t *testing.T) {
	for _, unit := range []string{"a", "\x1b", "\u0301", "炉", "👨\u200d", "\xff"} {
		in := strings.Repeat(unit, 1<<20/len(unit))
		got := display.Pad(display.Text(in), 40)
		checkSafe(t, "Pad", unit, got)
		if w := display.Width(got); w != 40 {
			t.Errorf("a megabyte of %q gives %d cells", unit, w)
		}
	}
}

func BenchmarkText(b *testing.B) {
	for _, name := range []string{"rack-a/inlet-12", "Küche °C", "a\x1b[2Jb"} {
		b.Run(fmt.Sprintf("%q", name), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_ = display.Text(name)
			}
		})
	}
}

func BenchmarkPad(b *testing.B) {
	for _, name := range []string{"rack-a/inlet-12", "Küche °C", "炉炉炉炉炉炉炉炉炉"} {
		safe := display.Text(name)
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_ = display.Pad(safe, 16)
			}
		})
	}
}
