package screen

import (
	"setpoint/sensors/display"
	"setpoint/ui/theme"
)

// A Form is lines of a label and a text, painted one below the other into its area.
type Form struct {
	Area
	Label int // width of the labels
	Y     int // the next line
}

// Line paints a text after its label, in as many lines as it takes; without a text it
// paints nothing.
func (f *Form) Line(label display.Safe, st theme.Style, text display.Safe) {
	if text == "" {
		return
	}
	f.Text(0, f.Y, theme.Dim, label)
	for _, part := range Wrap(text, max(f.W-f.Label, 1)) {
		f.Text(f.Label, f.Y, st, part)
		f.Y++
	}
}
