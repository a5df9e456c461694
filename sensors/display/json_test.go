package display_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"setpoint/sensors/display"
)

func TestJSONStringsHoldNothingRawThatMovesATerminal(t *testing.T) {
	for in, want := range map[string]string{
		"oven":                 `"oven"`,
		"21 °C 炉":              `"21 °C 炉"`,
		`a"b\c/`:               `"a\"b\\c/"`,
		"a\n\r\t\x1b\x00":      `"a\n\r\t\u001b\u0000"`,
		"\x7f\u009b":           `"\u007f\u009b"`,
		"\u202e\u200d\u2028":   `"\u202e\u200d\u2028"`,
		"\U000e0041\U0010ffff": `"\udb40\udc41\udbff\udfff"`,
		"a\xffb\xc3":           `"a\ufffdb\ufffd"`,
		"\ufffd":               "\"\ufffd\"",
	} {
		if got := string(display.AppendJSON(nil, in)); got != want {
			t.Errorf("AppendJSON(%q)\ngot  %s\nwant %s", in, got, want)
		}
	}
	if got := string(display.AppendJSON([]byte("x:"), "y")); got != `x:"y"` {
		t.Errorf("got %s, want it appended", got)
	}
}

func FuzzJSONDecodesToTheSameText(f *testing.F) {
	for _, c := range hostile {
		f.Add(c.in)
	}
	f.Fuzz(func(t *testing.T, in string) {
		got := display.AppendJSON(nil, in)
		for _, r := range string(got) {
			if !unicode.IsGraphic(r) {
				t.Errorf("%q holds %U", got, r)
			}
		}
		var back string
		if err := json.Unmarshal(got, &back); err != nil {
			t.Fatalf("%q is no JSON: %v", got, err)
		}
		want := in
		if !utf8.ValidString(in) {
			want = strings.Map(func(r rune) rune { return r }, in) // each bad byte becomes U+FFFD
		}
		if back != want {
			t.Errorf("%q decodes to %q", in, back)
		}
	})
}

func BenchmarkAppendJSON(b *testing.B) {
	buf := make([]byte, 0, 256)
	b.ReportAllocs()
	for b.Loop() {
		buf = display.AppendJSON(buf[:0], "rack-a/inlet-12 °C")
	}
}
