package display_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"setpoint/sensors/display"
)

func TestNamesThatLookAlikeAreToldApart(t *testing.T) {
	var n display.Namer
	alike := []string{"oven", "oven ", " oven", "oven\u200b", "oven·", "oven\x1b", "oven\x1c", "o\u0308ven", "öven", "oven\u00a0", "öven~1234"}
	seen := map[display.Safe]string{}
	for _, name := range alike {
		l := n.Label(name)
		if other, taken := seen[l]; taken {
			t.Errorf("%q and %q are both %q", name, other, l)
		}
		seen[l] = name
		if n.Label(name) != l {
			t.Errorf("%q has two labels", name)
		}
	}
	for _, plain := range []string{"oven", "öven", "oven·", "rack-a/inlet 1", "炉", "a~b-oven"} {
		if got := n.Label(plain); string(got) != plain {
			t.Errorf("%q is shown as %q", plain, got)
		}
	}
}

func TestALabelDependsOnTheNameAlone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		names := rapid.SliceOfDistinct(rapid.StringOf(rapid.SampledFrom([]rune("ab~0 \x1b\x1c\u0301\u200b·"))), rapid.ID).Draw(t, "names")
		var forth, back display.Namer
		labels := map[display.Safe]bool{}
		for _, name := range names {
			labels[forth.Label(name)] = true
		}
		if len(labels) != len(names) {
			t.Errorf("%d names have %d labels", len(names), len(labels))
		}
		for _, name := range slices.Backward(names) {
			if a, b := forth.Label(name), back.Label(name); a != b && len(a) == len(b) {
				t.Errorf("%q is %q or %q, by the order of the names", name, a, b)
			}
		}
	})
}
