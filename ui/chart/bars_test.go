package chart

import (
	"strings"
	"testing"

	"github.com/charmbracelet/colorprofile"

	"setpoint/ui/screen"
	"setpoint/ui/theme"
)

func TestBarsBeginAtNoughtAndEndAtTheRight(t *testing.T) {
	for _, c := range []struct {
		name   string
		w, h   int
		counts []int
		want   string
	}{
		{"one line", 6, 1, []int{0, 1, 8, 16}, "  ▁▁▄█"},
		{"two lines", 4, 2, []int{0, 4, 12, 16}, "  ▄█\n▁▄██"},
		{"the newest are shown", 2, 1, []int{16, 0, 8}, "▁█"},
		{"few stay low", 3, 1, []int{0, 1, 2}, "▁▁▂"},
		{"what is below nought is nought", 2, 1, []int{-3, 8}, "▁█"},
		{"nothing", 2, 1, nil, "  "},
		{"no room", 0, 0, []int{1}, ""},
	} {
		var s screen.Sheet
		s.Reset(c.w, c.h, theme.New("mono", true, colorprofile.ASCII, false))
		Bars(s.Area(), c.counts, 8, func(int) theme.Style { return theme.Plain })
		if got := strings.NewReplacer("\x1b[m", "", "\x1b[2m", "").Replace(s.String()); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}
