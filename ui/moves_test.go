package ui

import (
	"math"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"setpoint/ui/uitest"
	"setpoint/workflow/monitor"
)

// values are where the commands put thresholds, in their order.
func (b *bench) values() (out []float64) {
	for _, c := range b.did {
		out = append(out, c.(monitor.SetThreshold).Value)
	}
	return out
}

func TestMovesAreUndoneAndRedone(t *testing.T) {
	off := math.NaN()
	for _, c := range []struct {
		name string
		keys string
		want []float64
	}{
		{"u takes back the last move", "++u", []float64{86, 87, 86}},
		{"u takes back one after the other", "++uuu", []float64{86, 87, 86, 85}},
		{"^r makes it again", "++uurrr", []float64{86, 87, 86, 85, 86, 87}},
		{"a new move forgets what was undone", "+u-r", []float64{86, 85, 84}},
		{"without a move there is nothing to undo", "ur", nil},
		{"0 switches off and on again", "+00", []float64{86, off, 86}},
		{"u switches on what 0 switched off", "0u", []float64{off, 85}},
		{"u goes back to the sensor", "+ju", []float64{86, 85}},
		{"+ puts one that is off outside of the values", "0+", []float64{off, 95}},
	} {
		t.Run(c.name, func(t *testing.T) {
			in(t, func(b *bench) {
				for _, k := range c.keys {
					name := string(k)
					if name == "r" {
						name = "ctrl+r"
					}
					b.keys(name)
				}
				got := b.values()
				if len(got) != len(c.want) {
					t.Fatalf("got %v, want %v", got, c.want)
				}
				for i, w := range c.want {
					if got[i] != w && !(math.IsNaN(got[i]) && math.IsNaN(w)) {
						t.Fatalf("got %v, want %v", got, c.want)
					}
				}
			})
		})
	}
}

func TestUndoShowsWhatItUndoes(t *testing.T) {
	in(t, func(b *bench) {
		b.keys("+", "h", "G", "u")
		if sensor, k := b.watch.Marked(); sensor != "oven-3" || k.String() != "high" {
			t.Errorf("selected %q %v", sensor, k)
		}
		if !strings.Contains(b.frame, "oven-3 high 85.0") {
			t.Errorf("status %q", b.status.text)
		}
	})
}

func TestPlaceOfWhatWasSwitchedOffIsFoundAfterOtherMoves(t *testing.T) {
	in(t, func(b *bench) {
		b.keys("+", "0", "j", "+", "k")
		if got := b.moves.last(b.watch.Marked()); got != 86 {
			t.Errorf("it was at %g, want 86", got)
		}
	})
}

func TestPullOfTheMouseIsOneMove(t *testing.T) {
	in(t, func(b *bench) {
		y := -1
		for i, line := range strings.Split(b.frame, "\n") {
			if i > 4 && strings.Contains(line, "HIGH") {
				y = i
			}
		}
		b.Update(tea.MouseClickMsg{X: 60, Y: y, Button: tea.MouseLeft})
		for i := range 3 {
			_, cmd := b.Update(tea.MouseMotionMsg{X: 60, Y: y + 1 + i, Button: tea.MouseLeft})
			b.run(cmd)
		}
		b.Update(tea.MouseReleaseMsg{X: 60, Y: y + 3})
		if len(b.did) < 2 {
			t.Fatalf("did %v", b.did)
		}
		b.keys("u")
		if got := b.values(); got[len(got)-1] != 85 {
			t.Errorf("undone to %v, want 85", got)
		}
		if len(b.moves.done) != 0 {
			t.Errorf("%d moves are left", len(b.moves.done))
		}
	})
}

func TestRefusedMoveIsNotUndone(t *testing.T) {
	in(t, func(b *bench) {
		b.fail = uitest.ErrLaw
		b.keys("+", "u")
		if len(b.did) != 1 {
			t.Errorf("did %v, want the refused move alone", b.did)
		}
	})
}
