package chart

import (
	"setpoint/ui/screen"
	"setpoint/ui/theme"
)

// Bars paints counts as bars from the bottom of a upwards, one column each, the
// newest at the right edge. They begin at nought and are scaled to the largest of
// those in sight, but to no less than floor.
func Bars(a screen.Area, counts []int, floor int, style func(n int) theme.Style) {
	counts = counts[max(len(counts)-a.W, 0):]
	top := max(floor, 1)
	for _, n := range counts {
		top = max(top, n)
	}
	for i, n := range counts {
		full := max(n, 0) * 8 * a.H / top
		if n > 0 {
			full = max(full, 1) // what is there is seen
		}
		x := a.W - len(counts) + i
		if full == 0 {
			a.Rune(x, a.H-1, theme.Faint, a.Theme().Spark[1])
		}
		for y := a.H - 1; full > 0; y-- {
			a.Rune(x, y, style(n), a.Theme().Spark[min(full, 8)])
			full -= 8
		}
	}
}
