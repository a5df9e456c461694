package quality

import (
	"reflect"
	"testing"
)

func TestKindOf(t *testing.T) {
	for sentence, c := range map[string]struct {
		unit, name string
		want       Kind
	}{
		"degrees":                          {"°C", "oven", temperature},
		"degrees, as others write them":    {"degC", "oven", temperature},
		"kelvin are converted at the edge": {"K", "oven", temperature},
		"a percentage called humidity":     {"%", "Bathroom Humidity", humidity},
		"a percentage that says so":        {"%RH", "bath", humidity},
		"a percentage of something":        {"%", "valve", Kind{}},
		"no unit, whatever the name":       {"", "temperature", Kind{}},
		"a unit nobody knows":              {"furlong", "horse", Kind{}},
	} {
		if got := KindOf(c.unit, c.name); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v, want %+v", sentence, got, c.want)
		}
	}
	for unit := range vacuum {
		if _, ok := new(KindOf(unit, "")).outside(-1e9); !ok {
			t.Errorf("nothing is less than the vacuum in %s", unit)
		}
	}
}
