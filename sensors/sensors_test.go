package sensors

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestCheckName(t *testing.T) {
	for sentence, c := range map[string]struct {
		name string
		want string // part of the error; "" is none
	}{
		"a plain name will do":                    {"oven-2", ""},
		"spaces and other scripts will do":        {"Kühlraum 3 — 温度", ""},
		"control characters are kept for display": {"a\x1b[31mb\n", ""},
		"the longest name will do":                {strings.Repeat("n", MaxName), ""},
		"an empty name will not":                  {"", "empty"},
		"a longer name will not":                  {strings.Repeat("n", MaxName+1), "1025 bytes"},
		"bytes are counted, not letters":          {strings.Repeat("é", MaxName/2+1), "1026 bytes"},
		"half a letter will not":                  {"caf\xc3", "UTF-8"},
		"a surrogate will not":                    {"\xed\xa0\x80", "UTF-8"},
	} {
		t.Run(sentence, func(t *testing.T) {
			err := CheckName(c.name)
			switch {
			case c.want == "" && err != nil:
				t.Errorf("refused: %v", err)
			case c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)):
				t.Errorf("error %v, want one that says %q", err, c.want)
			}
		})
	}
}

func TestCelsius(t *testing.T) {
	for sentence, c := range map[string]struct {
		v        float64
		unit     string
		want     float64
		wantUnit string
	}{
		"ice melts at 32 °F":                   {32, "°F", 0, DegC},
		"water boils at 212 F":                 {212, "F", 100, DegC},
		"the scales meet at -40":               {-40, "fahrenheit", -40, DegC},
		"ice melts at 273.15 K":                {273.15, "K", 0, DegC},
		"nothing is colder than 0 kelvin":      {0, "kelvin", -273.15, DegC},
		"celsius by another name is celsius":   {21.5, "degC", 21.5, DegC},
		"a reading without a unit is left":     {21.5, "", 21.5, ""},
		"a unit that is no temperature's too":  {1013, "hPa", 1013, "hPa"},
		"a unit is not guessed from its start": {5, "Kg", 5, "Kg"},
	} {
		t.Run(sentence, func(t *testing.T) {
			in := Reading{Sensor: "s", Value: c.v, Unit: c.unit, Quality: Suspect}
			got := Celsius(in)
			if math.Abs(got.Value-c.want) > 1e-9 || got.Unit != c.wantUnit {
				t.Errorf("%g %q, want %g %q", got.Value, got.Unit, c.want, c.wantUnit)
			}
			if got.Value, got.Unit = in.Value, in.Unit; got != in {
				t.Errorf("more than value and unit changed: %+v", got)
			}
		})
	}
	if got := Celsius(Reading{Value: math.NaN(), Unit: "°F"}); !math.IsNaN(got.Value) {
		t.Errorf("a bad reading became %g", got.Value)
	}
}

func TestCelsiusIsDoneOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := Reading{
			Value: rapid.Float64().Draw(t, "value"),
			Unit:  rapid.SampledFrom([]string{"°F", "F", "K", "C", "℃", "", "%", DegC}).Draw(t, "unit"),
		}
		once := Celsius(r)
		if twice := Celsius(once); twice != once {
			t.Fatalf("%+v became %+v, then %+v", r, once, twice)
		}
	})
}

func TestDifferencesConvertByScaleOnly(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		unit := rapid.SampledFrom([]string{"°F", "K", DegC, ""}).Draw(t, "unit")
		from := rapid.Float64Range(-100, 100).Draw(t, "from")
		d := rapid.Float64Range(0, 100).Draw(t, "difference")
		want := Celsius(Reading{Value: from + d, Unit: unit}).Value - Celsius(Reading{Value: from, Unit: unit}).Value
		if got := CelsiusDifference(d, unit); math.Abs(got-want) > 1e-9 {
			t.Fatalf("a difference of %g %s is %g °C, want %g", d, unit, got, want)
		}
	})
	if got := CelsiusDifference(1.8, "°F"); math.Abs(got-1) > 1e-9 {
		t.Errorf("1.8 °F is %g °C, want 1", got)
	}
}

func TestFiniteIsWhatASensorCanMeasure(t *testing.T) {
	for v, want := range map[float64]bool{0: true, -40: true, math.MaxFloat64: true, math.Inf(1): false, math.Inf(-1): false} {
		if Finite(v) != want {
			t.Errorf("finite %g is %t, want %t", v, !want, want)
		}
	}
	if Finite(math.NaN()) {
		t.Error("NaN is finite")
	}
}

func TestQualitiesAndDrivesHaveNames(t *testing.T) {
	for q, want := range map[Quality]string{Good: "good", Suspect: "suspect", Bad: "bad", 99: "bad"} {
		if q.String() != want {
			t.Errorf("quality %d is %q, want %q", q, q, want)
		}
	}
	for d, want := range map[Drive]string{Idle: "idle", Cool: "cooling", Heat: "heating", -7: "idle"} {
		if d.String() != want {
			t.Errorf("drive %d is %q, want %q", int8(d), d, want)
		}
	}
}
