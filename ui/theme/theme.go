// Package theme says how things look: a palette of twelve colours, the styles made
// of it, and the signs. A state is told by sign, word and colour, never by colour
// alone, so every theme, the colourless one included, says the same.
//
// The terminal's background is never touched; only the selected row has one of
// its own, and that only where there are more than sixteen colours.
package theme

import (
	"strings"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
)

// A Style is what a cell looks like: one of the base styles, and modifiers.
type Style uint8

// The base styles. Three greys and bright figures for what is calm, one accent
// for what the hand can do, and the state colours for what has that state.
const (
	Plain    Style = iota // blanks
	Text                  // words
	Bright                // figures, names
	Dim                   // labels
	Faint                 // borders, axes
	Accent                // keys, the marked threshold
	Good                  // normal
	High                  // beyond high
	Critical              // beyond critical or critical low
	Low                   // beyond low
	Returned              // back to normal, not acknowledged
	Bad                   // bad or suspect readings
	Brand                 // the program's name: reversed
	bases

	Bold     Style = 0x20 // heavier
	Select   Style = 0x40 // on the selected row
	Shade    Style = 0x80 // behind a dialog: everything faint
	baseMask Style = 0x1f
)

// Names lists the themes by name. "auto" is dark until the terminal has said that
// its background is light.
var Names = []string{"auto", "dark", "light", "mono", "contrast"}

// A Theme is a look: the sequences that switch a terminal to each style, and the
// signs to draw with.
type Theme struct {
	Glyphs
	sgr [256]string
}

// New returns the theme called name; any name that is not in [Names] is "auto".
// A terminal whose profile knows no colours gets "mono" whatever the name. isDark
// is the background of "auto" and "contrast".
func New(name string, isDark bool, p colorprofile.Profile, ascii bool) *Theme {
	t := &Theme{Glyphs: glyphs}
	if ascii {
		t.Glyphs = asciiGlyphs
	}
	look := look(name, isDark, p)
	for s := range bases {
		for _, mod := range []Style{0, Bold, Select, Bold | Select} {
			t.sgr[s|mod] = prefix(look(s | mod))
			t.sgr[s|mod|Shade] = prefix(look(s | mod | Shade))
		}
	}
	return t
}

// SGR returns the sequence that switches from the plain style to s, "" if s is
// the plain style.
func (t *Theme) SGR(s Style) string { return t.sgr[s] }

// Bare reports whether a blank in style s looks like a plain one.
func (t *Theme) Bare(s Style) bool { return s&Select == 0 && s&baseMask != Brand }

// look returns the function that gives a style its look.
func look(name string, isDark bool, p colorprofile.Profile) func(Style) lipgloss.Style {
	if name == "mono" || p <= colorprofile.ASCII {
		return mono
	}
	c := dark
	switch {
	case name == "contrast" && isDark:
		c = contrastDark
	case name == "contrast":
		c = contrastLight
	case name == "light", name != "dark" && !isDark:
		c = light
	}
	return func(s Style) lipgloss.Style { return c.style(s, p) }
}

// prefix returns what lipgloss writes before a text in style s.
func prefix(s lipgloss.Style) string {
	before, _, _ := strings.Cut(s.Render("x"), "x")
	return before
}
