package uitest

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
)

var update = flag.Bool("update", false, "write the golden files anew")

// Text returns a frame as text: each of its lines, with a sign at the end, and
// below each a line with one letter for the style of each cell, "." being the
// plain one. A legend says which letter is which style.
func Text(frame string) string {
	var b strings.Builder
	l := legend{letters: map[string]byte{"": '.'}}
	for line := range strings.SplitSeq(frame, "\n") {
		text, styles := l.line(line)
		fmt.Fprintf(&b, "%s|\n%s\n", text, strings.TrimRight(styles, "."))
	}
	for i, sgr := range l.order {
		fmt.Fprintf(&b, "%c = %s\n", letter(i), sgr)
	}
	return b.String()
}

// legend gives letters to styles in the order in which they come.
type legend struct {
	letters map[string]byte
	order   []string
}

// letter returns the letter of the i-th style.
func letter(i int) byte {
	const all = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
	return all[i%len(all)]
}

// line splits a line of a frame into its text and the letters of its styles.
func (l *legend) line(s string) (text, styles string) {
	now := ""
	var state byte
	for len(s) > 0 {
		seq, width, n, next := ansi.DecodeSequenceWc(s, state, nil)
		state, s = next, s[n:]
		if sgr, ok := strings.CutPrefix(seq, "\x1b["); ok && width == 0 {
			if now = strings.TrimSuffix(sgr, "m"); now != "" && l.letters[now] == 0 {
				l.letters[now] = letter(len(l.order))
				l.order = append(l.order, now)
			}
			continue
		}
		text += seq
		styles += strings.Repeat(string(rune(l.letters[now])), width)
	}
	return text, styles
}

// Golden compares got with the file testdata/name.txt; the flag -update writes it.
func Golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name+".txt")
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v: run the test with -update once", err)
	}
	gotLines, wantLines := strings.Split(got, "\n"), strings.Split(string(want), "\n")
	for i := range max(len(gotLines), len(wantLines)) {
		if g, w := at(gotLines, i), at(wantLines, i); g != w {
			t.Fatalf("%s line %d:\n got %q\nwant %q\n(-update rewrites it)", path, i+1, g, w)
		}
	}
}

// at returns line i, "" beyond the end.
func at(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return ""
}

// Measure returns how many lines frame has and how wide the widest and the
// narrowest of them are.
func Measure(frame string) (lines, widest, narrowest int) {
	narrowest = 1 << 30
	for line := range strings.SplitSeq(frame, "\n") {
		w := ansi.StringWidthWc(line)
		lines, widest, narrowest = lines+1, max(widest, w), min(narrowest, w)
	}
	return lines, widest, narrowest
}
