package screen

import (
	"unicode/utf8"

	"setpoint/sensors/display"
	"setpoint/ui/theme"
)

// An Area is a rectangle of a sheet with coordinates of its own, from 0,0 at its
// top left. Painting outside of it does nothing.
type Area struct {
	s          *Sheet
	X, Y, W, H int // on the sheet
}

// Sub returns the part of a that begins at x, y and is at most w by h.
func (a Area) Sub(x, y, w, h int) Area {
	left, top := min(max(x, 0), a.W), min(max(y, 0), a.H)
	right, bottom := min(max(x+w, left), a.W), min(max(y+h, top), a.H)
	return Area{a.s, a.X + left, a.Y + top, right - left, bottom - top}
}

// Has reports whether the sheet's cell x, y lies in a.
func (a Area) Has(x, y int) bool {
	return x >= a.X && x < a.X+a.W && y >= a.Y && y < a.Y+a.H
}

// Rune paints one sign, which must be one column wide.
func (a Area) Rune(x, y int, st theme.Style, r rune) {
	if x < 0 || y < 0 || x >= a.W || y >= a.H {
		return
	}
	a.s.put(a.X+x, a.Y+y, cell{r, st})
}

// Run paints n signs r from x to the right.
func (a Area) Run(x, y, n int, st theme.Style, r rune) {
	for i := max(x, 0); i < min(x+n, a.W); i++ {
		a.Rune(i, y, st, r)
	}
}

// Text paints t from x to the right and returns the column after it.
func (a Area) Text(x, y int, st theme.Style, t display.Safe) int {
	if a.s.theme.ASCII {
		t = display.ASCII(t)
	}
	for i := range len(t) {
		if t[i] >= 0x80 {
			return a.wide(x+i, y, st, string(t[i:]))
		}
		a.Rune(x+i, y, st, rune(t[i]))
		if i+1 < len(t) && t[i+1] >= 0x80 {
			return a.wide(x+i, y, st, string(t[i:])) // it may join the letter before it
		}
	}
	return x + len(t)
}

// Right paints t so that it ends before column x, and returns where it begins.
func (a Area) Right(x, y int, st theme.Style, t display.Safe) int {
	from := x - a.Width(t)
	a.Text(from, y, st, t)
	return from
}

// Width returns how many columns t takes in a.
func (a Area) Width(t display.Safe) int {
	if a.s.theme.ASCII {
		t = display.ASCII(t)
	}
	return display.Width(t)
}

// wide paints a text that is more than ASCII. A sign that takes no column joins the
// cell before it.
func (a Area) wide(x, y int, st theme.Style, t string) int {
	from := 0
	for i, r := range t {
		w := display.Width(display.Safe(t[i : i+utf8.RuneLen(r)]))
		if w == 0 {
			continue
		}
		if i > from {
			x = a.cluster(x, y, st, t[from:i])
		}
		from = i
	}
	return a.cluster(x, y, st, t[from:])
}

// cluster paints one sign, with the marks that sit on it, and returns the column
// after it.
func (a Area) cluster(x, y int, st theme.Style, v string) int {
	first, size := utf8.DecodeRuneInString(v)
	end := x + display.Width(display.Safe(v))
	if x < 0 || y < 0 || y >= a.H || end > a.W || end == x {
		return end
	}
	if size < len(v) {
		a.s.clusters = append(a.s.clusters, v)
		first = rest - rune(len(a.s.clusters))
	}
	a.s.put(a.X+x, a.Y+y, cell{first, st})
	for x++; x < end; x++ {
		a.s.put(a.X+x, a.Y+y, cell{rest, st})
	}
	return end
}

// Clear makes a blank.
func (a Area) Clear() {
	for y := range a.H {
		a.Run(0, y, a.W, theme.Plain, ' ')
	}
}

// Add gives all cells of a the modifiers mod.
func (a Area) Add(mod theme.Style) {
	for y := range a.H {
		row := (a.Y+y)*a.s.w + a.X
		for i := range a.W {
			a.s.cells[row+i].style |= mod
		}
	}
}

// Theme returns what a is painted with.
func (a Area) Theme() *theme.Theme { return a.s.theme }
