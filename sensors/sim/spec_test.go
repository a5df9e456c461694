package sim

import (
	"strings"
	"testing"
)

func TestParse(t *testing.T) {
	tests := []struct {
		name     string
		spec     string
		scenario string
		sensors  int
		rate     float64
		wrong    []string // in the error; none: it is valid
	}{
		{"no scenario is the plant", "sim:", "", 0, 0, nil},
		{"a scenario by name", "sim:guide", "guide", 0, 0, nil},
		{"sensors and rate of the plant", "sim:?sensors=20&rate=0.5", "", 20, 0.5, nil},
		{"in either order", "sim:flood?rate=2&sensors=3", "flood", 3, 2, nil},
		{"an empty query says nothing", "sim:quiet?", "quiet", 0, 0, nil},
		{"an unknown scenario names the nearest", "sim:fludge", "", 0, 0, []string{`"fludge"`, `nearest is "fridge"`, "sim:flood"}},
		{
			"every fault is named", "sim:guid?sensors=0&rate=x&colour=red", "", 0, 0,
			[]string{`"guid"`, `nearest is "guide"`, `sensors="0"`, `rate="x"`, `"colour=red"`},
		},
		{"twice the same is a fault", "sim:?rate=1&rate=2", "", 0, 0, []string{`"rate" is given twice`}},
		{"one more than the most", "sim:?sensors=10001", "", 0, 0, []string{"want 1 to 10000"}},
		{"a rate that is no number", "sim:?rate=NaN", "", 0, 0, []string{`rate="NaN"`}},
		{"a sensor count with a fraction", "sim:?sensors=1.5", "", 0, 0, []string{`sensors="1.5"`}},
		{"the guide takes no sensors", "sim:guide?sensors=4", "", 0, 0, []string{"leave out sensors and rate"}},
		{"another source", "hwmon:", "", 0, 0, []string{`"hwmon:"`, "want sim:"}},
		{"control characters are quoted", "sim:\x1b[2J", "", 0, 0, []string{`"\x1b[2J"`}},
		{"long names are cut", "sim:" + strings.Repeat("x", 500), "", 0, 0, []string{`x"...`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			scenario, sensors, rate, err := Parse(test.spec)
			if (err != nil) != (test.wrong != nil) {
				t.Fatalf("Parse(%q): %v, want an error: %v", test.spec, err, test.wrong != nil)
			}
			if scenario != test.scenario || sensors != test.sensors || rate != test.rate {
				t.Errorf("Parse(%q) = %q %d %g, want %q %d %g", test.spec,
					scenario, sensors, rate, test.scenario, test.sensors, test.rate)
			}
			for _, part := range test.wrong {
				if !strings.Contains(err.Error(), part) {
					t.Errorf("error %q does not contain %q", err, part)
				}
			}
		})
	}
}

// FuzzParse holds that what is accepted can be run and that its name is read back
// as the same, and that no error carries a control character.
func FuzzParse(f *testing.F) {
	for _, spec := range []string{"sim:", "sim:guide", "sim:?sensors=9&rate=0.25", "sim:flod?x", "sim:?rate=1e-400"} {
		f.Add(spec)
	}
	f.Fuzz(func(t *testing.T, spec string) {
		scenario, sensors, rate, err := Parse(spec)
		if err != nil {
			if strings.ContainsAny(err.Error(), "\x1b\x07\r") {
				t.Errorf("error %q carries a control character", err)
			}
			return
		}
		source, err := New(Config{Scenario: scenario, Sensors: sensors, Rate: rate})
		if err != nil {
			t.Fatalf("Parse takes %q, New does not: %v", spec, err)
		}
		scenario2, sensors2, rate2, err := Parse(source.Name())
		if err != nil || scenario2 != scenario || sensors2 != sensors || rate2 != rate {
			t.Errorf("%q is named %q, which is read as %q %d %g, %v", spec, source.Name(), scenario2, sensors2, rate2, err)
		}
	})
}
