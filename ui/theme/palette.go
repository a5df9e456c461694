package theme

import (
	"image/color"

	"charm.land/lipgloss/v2"
	"github.com/charmbracelet/colorprofile"
)

// ink is one colour of a palette: one of the 240 that every terminal since xterm
// shows alike, because its sequence is half as long as that of a free one, and the
// nearest of the sixteen that is legible, because rounding to those turns greys
// invisible.
type ink struct{ wide, ansi int }

// own is the terminal's own colour.
const own = -1

// A palette gives every base style its ink, and the selected row its background,
// if there are more than sixteen colours.
type palette struct {
	inks [bases]ink
	back string
}

var dark = palette{
	inks: [bases]ink{
		Plain: {own, own}, Text: {251, own}, Bright: {255, 15}, Dim: {245, 7}, Faint: {239, 8},
		Accent: {75, 12}, Good: {114, 10}, High: {215, 11}, Critical: {203, 9},
		Low: {80, 14}, Returned: {179, 3}, Bad: {177, 13}, Brand: {75, 12},
	},
	back: "#202B3C",
}

var light = palette{
	inks: [bases]ink{
		Plain: {own, own}, Text: {237, own}, Bright: {232, 0}, Dim: {242, 8}, Faint: {250, 7},
		Accent: {26, 4}, Good: {28, 2}, High: {130, 3}, Critical: {160, 1},
		Low: {30, 6}, Returned: {94, 3}, Bad: {91, 5}, Brand: {26, 4},
	},
	back: "#DDE8F7",
}

var contrastDark = palette{
	inks: [bases]ink{
		Plain: {own, own}, Text: {231, 15}, Bright: {231, 15}, Dim: {253, 15}, Faint: {248, 7},
		Accent: {81, 14}, Good: {84, 10}, High: {220, 11}, Critical: {210, 9},
		Low: {87, 14}, Returned: {220, 11}, Bad: {219, 13}, Brand: {81, 14},
	},
	back: "#00306B",
}

var contrastLight = palette{
	inks: [bases]ink{
		Plain: {own, own}, Text: {16, 0}, Bright: {16, 0}, Dim: {235, 0}, Faint: {240, 8},
		Accent: {19, 4}, Good: {22, 2}, High: {88, 3}, Critical: {124, 1},
		Low: {23, 6}, Returned: {88, 3}, Bad: {54, 5}, Brand: {19, 4},
	},
	back: "#BCD6FF",
}

// color returns k for a terminal of profile p; nil is the terminal's own.
func (k ink) color(p colorprofile.Profile) color.Color {
	switch {
	case p > colorprofile.ANSI && k.wide != own:
		return lipgloss.ANSIColor(k.wide)
	case p == colorprofile.ANSI && k.ansi != own:
		return lipgloss.ANSIColor(k.ansi)
	}
	return nil
}

// style returns what s looks like in colour.
func (c palette) style(s Style, p colorprofile.Profile) lipgloss.Style {
	base := s & baseMask
	if s&Shade != 0 {
		base = Faint
	}
	out := lipgloss.NewStyle().Bold(s&Bold != 0 && s&Shade == 0).Reverse(s&baseMask == Brand && s&Shade == 0)
	if fg := c.inks[base].color(p); fg != nil {
		out = out.Foreground(fg)
	}
	if p > colorprofile.ANSI && s&Select != 0 {
		out = out.Background(p.Convert(lipgloss.Color(c.back)))
	}
	return out
}

// mono returns what s looks like without colour: weight alone, for the signs and
// words already tell every state.
func mono(s Style) lipgloss.Style {
	out := lipgloss.NewStyle()
	if s&Shade != 0 {
		return out.Faint(true)
	}
	switch s & baseMask {
	case Dim, Faint:
		return out.Faint(s&Bold == 0).Bold(s&Bold != 0)
	case Brand:
		return out.Reverse(true).Bold(true)
	}
	return out.Bold(s&Bold != 0)
}
